"""What says nothing in words has no subject."""

import pytest

from mining.bare_texts import has_letters


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("#lemonbrew 🤘", False),
        ("5/5 👍", False),
        ("The courier was #slow", True),
        ("#太慢了", True),
    ],
)
def test_emoji_numbers_and_hashtags_alone_say_nothing(text: str, says: bool) -> None:
    assert has_letters(text) == says
