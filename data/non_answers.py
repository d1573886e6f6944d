"""Answers that say nothing, such as "n/a", "-" or "keine": what people write where a form wants some text."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from data.plain_cells import plain_cell

_NON_ANSWERS_FILE: Final = Path(__file__).with_name("non_answers.yaml")
_LONGEST: Final = 60  # characters; no answer of the list is longer
_TELLING: Final = frozenset("+×")  # pluses are praise, and the cross is a mark of its own in Japan
# Faces typed in punctuation, and the brackets that Russian has of them: they take a side.
_FACE: Final = re.compile(r"[:;=]'?[-^]?[()\[\]|/\\*]|[()][-^]?'?[:;=]|\^[_.-]*\^|[->][_.][-<]|^\)+$|^\(+$")
_RUN: Final = re.compile(r"([*$€£¥])\1")  # five stars, or dear


def says_nothing(text: str, language: str | None = None) -> bool:
    """Whether ``text`` as a whole is no answer: one of the list, or without letter, digit, pictograph and face.

    "No!" is no such answer: who cries out says something. Stars and signs of money in a row are ratings.
    ``language`` is its tag where the file tells it; without one the answers of all languages are compared.
    """
    if any(map(str.isalnum, text)):
        if len(text) > _LONGEST or _plain(text) not in _non_answers(language):
            return False
        return not (_FACE.search(text) or "!" in unicodedata.normalize("NFKC", text))
    marks = unicodedata.normalize("NFKC", text.strip())
    return not (any(map(_is_telling, text)) or _FACE.search(marks) or _RUN.search(marks))


def _is_telling(char: str) -> bool:
    """Whether a character that is no letter is a pictograph; U+FFFD stands for one that was lost."""
    return char in _TELLING or (unicodedata.category(char) == "So" and char != "\ufffd")


@cache
def _non_answers(language: str | None) -> frozenset[str]:
    """The folded answers that are none in ``language``, in any of them where it is None."""
    lists = _lists()
    told = lists if language is None else {"any", language} & lists.keys()
    return frozenset().union(*(lists[name] for name in told))


@cache
def _lists() -> dict[str, frozenset[str]]:
    import yaml

    lists: dict[str, str] = yaml.safe_load(_NON_ANSWERS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(_plain(answer) for answer in text.split(",")) for name, text in lists.items()}


def _plain(text: str) -> str:
    """Without case, outer punctuation and what parts words: "(No-comment)" as "no comment"."""
    return plain_cell(text, around="PZC")
