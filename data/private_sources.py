"""Sources that only the company reads, told by their names: "Email", "khảo sát khách hàng", "客服电话"."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_NAMES_FILE: Final = Path(__file__).with_name("private_sources.yaml")
_UNSPACED: Final = frozenset({"ja", "ko", "th", "zh"})
_COMPOUNDING: Final = frozenset({"da", "de", "nl", "sv"})
_PUBLIC: Final = "public"
_HUMP: Final = re.compile(r"(?<=[^\W\d_A-Z]{2})(?=[A-Z])")  # in customerSurvey, but not in iPhone


@dataclass(frozen=True, slots=True)
class _Terms:
    """Words as ``_words`` gives them: whole ones between two spaces, ends of words before one, and parts of any."""

    private: frozenset[str]
    public: frozenset[str]


def only_the_company_reads(name: str) -> bool:
    """Whether a word of the list, in whatever language, is in the name of a source or a channel, and no forum is."""
    words = _words(name) + _words(_HUMP.sub(" ", name))
    singular = f" {' '.join(word.removesuffix('s') for word in words.split())} "
    terms = _terms()
    if any(term in words for term in terms.public):
        return False
    return any(term in words or term in singular for term in terms.private)


@cache
def _terms() -> _Terms:
    import yaml

    lists: dict[str, str] = yaml.safe_load(_NAMES_FILE.read_text(encoding="utf-8"))
    terms = {tag: [_words(term) for term in text.split(",")] for tag, text in lists.items()}
    public = frozenset(term.strip() for term in terms.pop(_PUBLIC))
    return _Terms(frozenset(_within(tag, term) for tag, own in terms.items() for term in own), public)


def _within(tag: str, term: str) -> str:
    """What of a term has to be in the words of a name: its spaces too, as far as its language sets words apart."""
    if tag in _UNSPACED:
        return term.strip()
    return term.lstrip() if tag in _COMPOUNDING else term


def _words(name: str) -> str:
    """The words of ``name`` without case, each between two spaces; marks belong to their letters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(char if unicodedata.category(char)[0] in "LM" else " " for char in folded)
    return f" {' '.join(letters.split())} "
