"""Answers that say nothing, such as "n/a", "-" or "keine": what people write where a form wants some text."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

_NON_ANSWERS_FILE: Final = Path(__file__).with_name("non_answers.yaml")
_LONGEST: Final = 60  # characters; no answer of the list is longer
_OUTER: Final = frozenset("PZC")  # punctuation, spaces, controls: "(none)", "None.", "-keine-"
_TELLING: Final = frozenset("+×")  # pluses are praise, and the cross is a mark of its own in Japan
# Faces typed in punctuation, and the brackets that Russian has of them: they take a side.
_FACE: Final = re.compile(r"[:;=]'?[-^]?[()\[\]|/\\*]|\^[_.-]*\^|[->][_.][-<]|^\)+$|^\(+$")
_PARTING: Final = str.maketrans("-_,’", "   '")


def says_nothing(text: str, language: str | None = None) -> bool:
    """Whether ``text`` as a whole is no answer: one of the list, or without letter, digit, pictograph and face.

    ``language`` is its tag where the file tells it; without one the answers of all languages are compared.
    """
    if any(map(str.isalnum, text)):
        return len(text) <= _LONGEST and _plain(text) in _non_answers(language) and not _FACE.search(text)
    return not (any(map(_is_telling, text)) or _FACE.search(unicodedata.normalize("NFKC", text.strip())))


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
    """Without case, outer punctuation and what parts words: "No-comment!" as "no comment"."""
    inner = unicodedata.normalize("NFKC", text).casefold().translate(_PARTING)
    while inner and unicodedata.category(inner[0])[0] in _OUTER:
        inner = inner[1:]
    while inner and unicodedata.category(inner[-1])[0] in _OUTER:
        inner = inner[:-1]
    return " ".join(inner.split())
