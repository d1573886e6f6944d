"""Sources that only the company reads, told by their names: "Email", "khảo sát khách hàng", "客服电话"."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

_NAMES_FILE: Final = Path(__file__).with_name("private_sources.yaml")
_UNSPACED: Final = frozenset({"ja", "ko", "th", "zh"})


def only_the_company_reads(name: str) -> bool:
    """Whether a word of the list, in whatever language, is in the name of a source or a channel."""
    words, (spaced, unspaced) = _words(name), _names()
    singular = f" {' '.join(word.removesuffix('s') for word in words.split())} "
    return any(term in words or term in singular for term in spaced) or any(
        term in words for term in unspaced
    )


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Words of languages with spaces between them, each between two spaces; and those of the others."""
    import yaml

    lists: dict[str, str] = yaml.safe_load(_NAMES_FILE.read_text(encoding="utf-8"))
    terms = {tag: {_words(term) for term in text.split(",")} for tag, text in lists.items()}
    spaced = frozenset[str]().union(*(own for tag, own in terms.items() if tag not in _UNSPACED))
    return spaced, frozenset(term.strip() for tag in _UNSPACED for term in terms[tag])


def _words(name: str) -> str:
    """The words of ``name`` without case, each between two spaces; marks belong to their letters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(char if unicodedata.category(char)[0] in "LM" else " " for char in folded)
    return f" {' '.join(letters.split())} "
