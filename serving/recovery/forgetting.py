"""Take people out of the ledger when their feedback is erased."""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.customers import author_key
from mining.journal import Journal, read_journal
from mining.recovery.complainers import person_key
from serving.database.authors import is_pseudonym
from serving.recovery.desk import forget_read
from serving.recovery.ledger import LEDGER_NAME, Ledger
from serving.state import journal_path


def _none_of(people: Collection[str]) -> AbstractSet[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known of people by what lies elsewhere than in a mining: each picks some out of keys of the ledger.

    Attributes:
        wrote: Those who wrote something of what is erased.
        stay: Those who have other feedback.
    """

    wrote: Callable[[Collection[str]], AbstractSet[str]] = _none_of
    stay: Callable[[Collection[str]], AbstractSet[str]] = _none_of


NOWHERE: Final = Elsewhere()


def forget_feedback(
    folder: Path, ids: Collection[str], mined: Collection[str], elsewhere: Elsewhere = NOWHERE
) -> None:
    """Delete the entries of everybody in ``folder`` who has no feedback left besides ``ids``, there or elsewhere.

    To be called before the journal forgets whose they are. ``mined`` are those of ``ids`` that the mining has, too:
    the others may be numbers of rows that somebody else had in a mining before, and are those of who ``wrote`` alone.

    Raises:
        StateError: The ledger or the journal cannot be read.
    """
    forget_read()
    ledger = Ledger(folder / LEDGER_NAME)
    if not ledger.path.exists():
        return
    path = journal_path(folder)
    gone, left = _owners(read_journal(path), mined) if path.exists() else (set(), {})
    wrote = elsewhere.wrote(ledger.people())
    gone |= ledger.people_of(mined) | wrote
    going = gone - left.keys() - set(_under_another_name(ledger, left))
    ledger.forget(going - elsewhere.stay(going), mined)
    ledger.forget_messages(frozenset(ids).difference(mined), wrote)


def forget_author(folder: Path, names: Collection[str]) -> int:
    """Delete the entries of the authors ``names``, as they may be kept; how many there were."""
    forget_read()
    keys = [f"author:{author_key(name)}" for name in names]
    return Ledger(folder / LEDGER_NAME).forget(keys)


def _owners(journal: Journal, ids: Collection[str]) -> tuple[set[str], dict[str, set[str]]]:
    """Keys of the people who wrote ``ids``, and of those with words that are not erased, with the ids of these."""
    wanted = frozenset(ids)
    gone: set[str] = set()
    left: dict[str, set[str]] = {}
    columns = [journal.column(name) for name in ("feedback_id", "author", "person", "text")]
    for feedback_id, author, person, words in zip(*columns, strict=True):
        if feedback_id in wanted:
            gone.add(person_key(author, person))
        elif words is not None:
            left.setdefault(person_key(author, person), set()).add(feedback_id)
    return gone, left


def _under_another_name(ledger: Ledger, left: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Keys in the ledger of people in ``left`` whom one of the two has by name, and the other by pseudonym."""
    for hidden in (False, True):
        ids = {each for key, theirs in left.items() if _is_hidden(key) is hidden for each in theirs}
        yield from (key for key in ledger.people_of(ids) if _is_hidden(key) is not hidden)


def _is_hidden(key: str) -> bool:
    return is_pseudonym(key.removeprefix("author:"))
