"""What one loop (a fix, a watch, a rescue) has to say in the report: a question, a table, and how to ask it oneself."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTable:
    """One part of the report's section on acting.

    Attributes:
        title: In a few words.
        question: That the table answers, or what its figures mean.
        columns: Names; the first column names the rows.
        rows: Cells in words, as many as ``columns``; none where there is nothing to show.
        note: What was left out, what was refused, what is assumed.
        command: That shows all of it.
    """

    title: str
    question: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str
    command: str
