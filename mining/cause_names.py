"""What a cause is called wherever causes are listed, and the mark of one that is of no one subject."""

from collections.abc import Iterable
from typing import Final

from mining.report_words import excerpt
from mining.results import Cause

NO_SUBJECT: Final = "(no one subject)"

NAME_LENGTH: Final = 60
"""Code points of a label that a list shows, if it has the room."""


def subject_mark(cause: Cause | None) -> str:
    """``(no one subject)`` for a cause of none; nothing for any other, nor where the mining has no such cause."""
    return NO_SUBJECT if cause is not None and not cause.names_subject else ""


def cause_name(label: str, cause: Cause | None, longest: int = NAME_LENGTH) -> str:
    """``label``, cut at ``longest`` code points, with the mark of ``cause`` behind it: ``thanks (no one subject)``."""
    return " ".join(filter(None, (excerpt(label, longest), subject_mark(cause))))


def subjects_first(causes: Iterable[Cause]) -> list[Cause]:
    """The causes in their order, those of no one subject behind all others."""
    return sorted(causes, key=lambda cause: not cause.names_subject)
