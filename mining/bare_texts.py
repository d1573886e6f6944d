"""Texts by their words alone: who copies one varies its case, spacing, punctuation and emoji."""

import unicodedata

from data.hashtags import without_hashtags


class _Wordy(dict[int, str]):
    """A table for ``str.translate``: letters, marks and digits stay, all else becomes a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = char if unicodedata.category(char)[0] in "LMN" else " "
        return self[code]


_WORDY = _Wordy()


def bare(text: str) -> str:
    """Lower-cased letters, marks and digits, one space between words; "" for a text without any."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_WORDY).casefold().split())


def has_letters(text: str) -> bool:
    """Whether a text says anything in words; emoji, numbers and hashtags alone have no subject."""
    return any(map(str.isalpha, without_hashtags(text)))
