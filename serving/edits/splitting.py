"""A split with what it names in the last mining, where the folder has the words of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import EditError, StateError
from mining.edits import split
from mining.journal import Journal
from mining.register import Register
from mining.report_words import count
from mining.splitting import Named, named_in
from serving.state import journal_in


@dataclass(frozen=True, slots=True)
class SplitOff:
    """A new cause, and what its split names in the last mining; ``named`` is None where its words are not there."""

    cause: str
    named: Named | None


def split_off(
    register: Register,
    journal: Journal | None,
    cause: str,
    *,
    phrases: Sequence[str],
    statements: Sequence[str],
    name: str,
) -> SplitOff:
    """Split a new cause off ``cause``, as ``mining.edits.split`` does.

    Raises:
        EditError: As there; or none of the statements of the cause in ``journal`` is named.
    """
    new = split(register, cause, phrases=phrases, statements=statements, name=name)
    named = None if journal is None else named_in(register, journal, cause, phrases, statements)
    if named is not None and not named.found:
        said = (
            f"none of the {count(named.of)} statements of {cause} in the last mining {holding(0, statements)}"
        )
        raise EditError(
            f"{said}: `countervoice causes show {cause}` quotes some of them",
            f"{said}: GET /v1/causes/{cause} quotes some of them",
        )
    return SplitOff(new, named)


def journal_if_any(state: Path) -> Journal | None:
    """The journal in ``state``; None without one: the register may lie elsewhere, and outlive its mining."""
    try:
        return journal_in(state)
    except StateError:
        return None


def holding(found: int, statements: Sequence[str]) -> str:
    """What ``found`` statements do that a split by phrases, and by ``statements`` if any, names."""
    if found > 1:
        return "hold a phrase or are named" if statements else "hold a phrase"
    return "holds a phrase or is named" if statements else "holds a phrase"
