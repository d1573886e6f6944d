"""Hashtags are taken out, and what is said around them stays."""

import pytest

from data.hashtags import without_hashtags


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("#slow #late", ""),
        ("The courier was #slow again", "The courier was again"),
        ("#ช้ามาก 🤘", "🤘"),
        ("#moon#lemon_club", ""),
        ("＃slow", ""),
        ("#太慢了#又送晚了", "#太慢了#又送晚了"),
        ("Written in C# for #1", "Written in C# for"),
        ("no tag", "no tag"),
    ],
)
def test_without_hashtags(text: str, left: str) -> None:
    assert " ".join(without_hashtags(text).split()) == left
