"""Hashtags: they file a text under something, and say nothing by themselves."""

import re
from typing import Final

# Han and kana end one: it may be a sentence there ("#太慢了#"), and the text goes on without a space behind it.
_HASHTAG: Final = re.compile(r"[#＃][^\s#＃\u2e80-\u9fff]+")


def without_hashtags(text: str) -> str:
    """``text`` with a space in place of each hashtag but Chinese and Japanese ones."""
    return _HASHTAG.sub(" ", text)
