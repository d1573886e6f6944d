"""The title of a review and the text below it: one message."""

import re
import unicodedata
from typing import Final

from data.non_answers import says_nothing
from data.visible import is_blank

_CUT: Final = re.compile(r"[ (\[]{0,3}\.{1,6}[)\]]{0,3}\Z")  # behind what an export left of a text
_WITHIN_A_WORD: Final = re.compile(r"[^\W\d_\u0e00-\u0e7f\u2e80-\u9fff]{2}")  # of a script that parts words
_READ: Final = 20_000  # characters; longer messages are refused, and a run of marks takes time by its square


def titled(title: str, text: str, language: str | None = None) -> str:
    """The message of a title and a text: the title less outer spaces, a blank line, and the text as it is.

    Without the blank line the title could be taken for a line that a program wrapped (``data.wrapped_lines``).

    Where one of them says nothing ("n/a", "see title"), the other is the message; and the text is, where the title is
    its beginning, whole or cut off ("Otherwise a nice bo…"). "Bad" above "Badminton" is none: one word that only begins
    another says something else. ``language`` is its tag where the file tells it.
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
    whole, headline = _folded(text), _folded(title)
    beginning = _CUT.sub("", headline)
    may_be_cut = " " in headline or ".." in headline
    return whole.startswith(beginning) and (may_be_cut or not _WITHIN_A_WORD.match(whole, len(beginning) - 1))


def _folded(text: str) -> str:
    """Without case and in one spacing; an ellipsis is three full stops."""
    return " ".join(unicodedata.normalize("NFKC", text[:_READ]).casefold().split())
