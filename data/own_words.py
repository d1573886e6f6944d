"""What the writer of a message wrote in it: neither markup nor the mail that it answers."""

from dataclasses import dataclass

from data.markup import without_markup
from data.quoted_mail import without_quoted_mail


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """A text as its writer meant it.

    Attributes:
        text: Maybe blank, where there was nothing but markup.
        marked_up: Whether HTML was removed.
        quoting: Whether a quoted mail was cut off.
    """

    text: str
    marked_up: bool
    quoting: bool


def own_words(text: str) -> OwnWords:
    """The words of whoever wrote ``text``; a text of neither HTML nor quoted mail stays as it is.

    Own words stay as they are, unless the text was escaped more often than ``without_markup`` reads.
    """
    shown = without_markup(text)
    own = without_quoted_mail(shown)
    return OwnWords(text=own, marked_up=shown != text, quoting=own != shown)
