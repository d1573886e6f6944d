"""The title of a review and the text below it: one message."""

import re
import unicodedata
from typing import Final

from data.non_answers import says_nothing
from data.visible import is_blank

_CUT: Final = re.compile(r"[ (\[]{0,3}\.{1,6}[)\]]{0,3}\Z")  # behind what an export left of a text


def titled(title: str, text: str, language: str | None = None) -> str:
    """The message of a title and a text: the title less outer spaces, a blank line, and the text as it is.

    Without the blank line the title could be taken for a line that a program wrapped (``data.wrapped_lines``).

    Where one of them says nothing ("n/a", "see title"), the other is the message; and the text is, where the title is
    its beginning, whole or cut off ("Otherwise a nice bo…"). ``language`` is its tag where the file tells it.
    """
    headline = title.strip()
    if _is_empty(headline, language):
        return title if is_blank(text) else text
    if _is_empty(text, language):
        return headline
    return text if _begins_with(text, headline) else f"{headline}\n\n{text}"


def _is_empty(text: str, language: str | None) -> bool:
    return is_blank(text) or says_nothing(text, language)


def _begins_with(text: str, title: str) -> bool:
    return _folded(text).startswith(_CUT.sub("", _folded(title)))


def _folded(text: str) -> str:
    """Without case and in one spacing; an ellipsis is three full stops."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
