"""Whether a text shouts: capitals where the script has them, or repeated marks in any script."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = 8
_CAPITALS: Final = 0.7
_MARKS: Final = re.compile(r"[!?！？]{2}")


def shouts(text: str) -> bool:
    """Whether ``text`` repeats "!" or "?", or is written in capitals.

    Capitals need at least 8 letters of a script that has both cases, 7 in 10 of them upper case, so that a name or an
    abbreviation ("GPS", "USB-C") is no shout.
    """
    if _MARKS.search(unicodedata.normalize("NFC", text)):
        return True
    cased = [letter for letter in text if letter.lower() != letter.upper()]
    upper = sum(letter.isupper() for letter in cased)
    return len(cased) >= _LETTERS and upper >= _CAPITALS * len(cased)
