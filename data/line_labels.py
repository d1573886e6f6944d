"""A label that opens a line, such as "Shop's reply:" or "商家回复："."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

_NAMES_FILE: Final = Path(__file__).with_name("reply_names.yaml")
# Scripts from Thai on are written without spaces, or put endings and words into one.
_THAI: Final = "\u0e00"

# Up to six words, which in Chinese, Japanese and Thai are written as one; no part of a sentence
# before a comma, no address and no time of day.
_WORD: Final = r"[^\s:：,;.!?，。；！？]{1,20}"
_OPENING: Final = re.compile(rf"\s{{0,20}}(?=[^\W\d_])({_WORD}(?: {_WORD}){{0,5}}) ?[:：](?!//|\d)")


def opening_label(line: str) -> str | None:
    """The label of one to six words that ``line`` opens with, as it is written; None without one."""
    found = _OPENING.match(line)
    return None if found is None else found[1]


def names_a_reply(label: str) -> bool:
    """Whether ``label`` says that a shop replies below: "Shop reply", "商家回复". "Answer" and "Shop" alone do not."""
    plain = unicodedata.normalize("NFC", label).casefold()
    names = _reply_names()
    if names["reply"].search(plain):
        return True
    return bool(names["answer"].search(plain) and names["shop"].search(plain))


@cache
def _reply_names() -> dict[str, re.Pattern[str]]:
    import yaml

    lists: dict[str, str] = yaml.safe_load(_NAMES_FILE.read_text(encoding="utf-8"))
    return {kind: _any_of(words.split(",")) for kind, words in lists.items()}


def _any_of(words: list[str]) -> re.Pattern[str]:
    plain = [" ".join(unicodedata.normalize("NFC", word).casefold().split()) for word in words]
    return re.compile("|".join(("" if word >= _THAI else r"\b") + re.escape(word) for word in plain))
