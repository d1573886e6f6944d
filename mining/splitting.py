"""What a split names among the statements of the last mining, counted when it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mining.edits import digest_of, places_after_edits, plain
from mining.journal import Journal
from mining.register import Register


@dataclass(frozen=True, slots=True)
class Named:
    """Statements of a cause that a split names, by phrase or id, ``found`` of ``of``, and how many people said them."""

    found: int
    of: int
    people: int

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.found / self.of


def named_in(
    register: Register, journal: Journal, cause: str, phrases: Sequence[str], statements: Sequence[str]
) -> Named | None:
    """How many statements of ``cause``, with what edits since brought into it, the split names.

    None where the journal has the words of none: the cause waits for its first mining, or the journal is of another
    register.

    Raises:
        EditError: No such statement.
    """
    wanted = [plain(phrase) for phrase in phrases]
    digests = {register.statement(statement).text for statement in statements}
    words = _words_by_digest(journal)
    places = places_after_edits(register)
    inside = [each for each in register.statements() if places(each) == cause and each.text in words]
    found = [
        each.id
        for each in inside
        if each.text in digests or any(phrase in words[each.text] for phrase in wanted)
    ]
    return Named(len(found), len(inside), _people(journal, found)) if inside else None


def _people(journal: Journal, statements: Sequence[str]) -> int:
    persons = dict(zip(journal.column("feedback_id"), journal.column("person"), strict=True))
    return len(
        {persons.get(message, message) for message in (each.rpartition("#")[0] for each in statements)}
    )


def _words_by_digest(journal: Journal) -> Mapping[str, str]:
    """What each text says, as phrases are looked for in it; texts that were erased say nothing."""
    return {digest_of(text): plain(text) for text in journal.column("text") if text is not None}
