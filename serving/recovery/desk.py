"""The desk where rescue is worked: the queue of a mining folder, its entries, and their effect."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from data.customers import Customers, author_key
from data.errors import NobodyError, RecoveryError, SettingsError
from data.playbook import MOST, PLAYBOOK_NAME, SHIPPED, Playbook, read_playbook
from mining.journal import JOURNAL_NAME, read_journal
from mining.recovery.complainers import Complainer, Complainers, complainers, person_key
from mining.recovery.effect import (
    Effect,
    closed_groups,
    effect_of,
    landmark_groups,
    last_known,
    randomised_groups,
)
from mining.recovery.holdout import Holdout
from mining.recovery.person_ids import person_id
from mining.recovery.queue import Entry, Queue, queue_of
from mining.recovery.standing import Outcome, Standing, Stood, state_of
from mining.written_days import UNDATED, days_in, without_stray_dates
from serving.customers import customers_in
from serving.database.authors import is_pseudonym
from serving.marks import Mark, kept_once, mark_of
from serving.recovery.ledger import LEDGER_NAME, Ledger
from serving.state import find_state

Entering = Callable[[str], AbstractContextManager[object]]
"""What is held while the ledger is written, asked with whom a log may name for the person; it may refuse."""

WITHIN_DAYS: Final = 60
MOST_HELD_OUT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Desk:
    """Rescue over the mining in ``folder``, the one that ``countervoice mine --out`` was given.

    Attributes:
        playbook, customers: Files; None for ``playbook.yaml`` and ``customers.csv`` in the folder, where they are
            there, else the playbook that ships, and no customers.
        pseudonym: Name to the one under which the service keeps it; None where names are kept as they are.
    """

    folder: Path
    playbook: Path | None = None
    customers: Path | None = None
    pseudonym: Callable[[str], str] | None = None

    @property
    def ledger(self) -> Ledger:
        """Its ledger, which lies beside the register of causes and outlives minings."""
        return Ledger(self.folder / LEDGER_NAME, self._known_as)

    def queue(self, today: date) -> Queue:
        """Everybody who complained, as of ``today``.

        Raises:
            CountervoiceError: The mining, the ledger, the playbook or the customers cannot be read.
        """
        standings = self._standings(self._complainers().people)
        return queue_of(
            self._complainers(),
            self.rules(),
            standings.mined,
            today=today,
            customers=self._customers(),
            holdout=self.ledger.holdout(),
            not_mined=sum(state_of(each, None) == "contacted" for each in standings.not_mined.values()),
        )

    def contact(
        self,
        person: str,
        gesture: str | None,
        cost: float | None,
        *,
        who: str,
        at: datetime,
        again: bool = False,
        entering: Entering = nullcontext,
    ) -> tuple[Entry, str, float]:
        """Enter that ``person`` was contacted; the entry, the gesture and its cost.

        Args:
            person: Id, or name as the source has it.
            gesture: Id of one in the playbook; None for the one to begin with.
            cost: None for that in the playbook.
            at: In UTC, not in the future.

        Raises:
            NobodyError: There is no such person in the queue.
            RecoveryError: The person was contacted already and is not closed, or is held out.
            SettingsError: There is no such gesture, or the cost is no cost.
        """
        rules, found = self.rules(), self._find(person)
        chosen = rules.gestures.get(gesture or rules.response(found.causes, found.topics).gesture.id)
        if chosen is None:
            raise SettingsError(
                f"no gesture {gesture!r} in the playbook: choose one of {', '.join(rules.gestures)}"
            )
        spent = chosen.cost if cost is None else cost
        if not 0 <= spent <= MOST:
            raise SettingsError(f"the cost is {spent}; allowed is a number from 0 to {MOST:,.0f}")
        _not_later_than_now(at)
        with entering(self._logged_as(found.key)):
            self.ledger.contact(
                found.key,
                found.feedback,
                chosen.id,
                spent,
                who=who,
                at=at,
                complained_at=found.last_at,
                again=again,
            )
        return self._entry(found), chosen.id, spent

    def close(
        self, person: str, outcome: Outcome, *, who: str, at: datetime, entering: Entering = nullcontext
    ) -> Entry | Stood:
        """Enter how it ended with ``person``, contacted or not.

        Who was contacted can be closed whatever was mined since: a corrected export may have no word of them.

        Raises:
            NobodyError: There is no such person in the queue, and none was contacted before.
            RecoveryError: The last contact is later.
        """
        _not_later_than_now(at)
        if (key := self._contacted_before(person)) is not None:
            with entering(self._logged_as(key)):
                self.ledger.close(key, (), outcome, who=who, at=at, complained_at=None)
            standing = self.ledger.standings().get(self._known_as(key))
            return Stood(id=person_id(key), state=state_of(standing, None), standing=standing)
        found = self._find(person)
        with entering(self._logged_as(found.key)):
            self.ledger.close(found.key, found.feedback, outcome, who=who, at=at, complained_at=found.last_at)
        return self._entry(found)

    def hold_out(self, share: float) -> tuple[Holdout, int]:
        """Hold out a share of people from now on, drawn by a stable hash; how many in the queue that are.

        It cannot begin earlier: whoever chose its begin by what came of it would choose its answer. Nor later: a share
        that is in force already goes on from where it began.

        Raises:
            SettingsError: The share is not from 0 (end it) to a half.
        """
        if not 0 <= share <= MOST_HELD_OUT:
            raise SettingsError(f"the share is {share}; allowed is 0 (end it) to {MOST_HELD_OUT}")
        people = self._complainers().people
        holdout = self.ledger.draw(share, datetime.now(UTC))
        return holdout, sum(map(holdout.holds, people))

    def effect(self, today: date, within: int = WITHIN_DAYS) -> Effect:
        """Whether the contacted did better, by the best design that the data allow.

        With customers that tell who left: randomised where a holdout is in force, else from a landmark on; people are
        followed up to the last day that the data know of. Without: by the outcomes that people entered.
        """
        customers = self._customers()
        if customers is None or not customers.tells_leaving:
            return effect_of(closed_groups(self.ledger.standings().values()), "closed")
        people, holdout = self._complainers().people, self.ledger.holdout()
        standings = self._standings(people).mined
        until = last_known(self._mined().days, customers.by_author.values(), today)
        if holdout is not None:
            groups = randomised_groups(
                people, customers.by_author, standings, holdout, until=until, within=within
            )
            return effect_of(groups, "randomised", until)
        landmark = self.rules().longest
        groups = landmark_groups(
            people, customers.by_author, standings, until=until, within=within, landmark=landmark
        )
        return effect_of(groups, "landmark", until)

    def forget(self, person: str) -> bool:
        """Delete all that the ledger holds of ``person``, an id or a name, in the queue or not any more."""
        named = f"author:{author_key(person)}"
        keys = {key for key in self.ledger.people() if key == named or person_id(key) == person}
        return self.ledger.forget(keys) > 0

    def rules(self) -> Playbook:
        """The playbook."""
        own = self.playbook or self.folder / PLAYBOOK_NAME
        return read_playbook(own if self.playbook or own.exists() else SHIPPED)

    def _standings(self, people: Iterable[str]) -> "_Standings":
        """How those stand whom the ledger knows, held against the keys of ``people``."""
        found = self.ledger.standings()
        known = {key: self._known_as(key) for key in people} if found else {}
        here = set(known.values())
        return _Standings(
            mined={key: found[same] for key, same in known.items() if same in found},
            not_mined={key: each for key, each in found.items() if each.contacted and key not in here},
        )

    def _contacted_before(self, person: str) -> str | None:
        """The key in the ledger of such a person, an id or a name; None where there is none."""
        named, gone = f"author:{author_key(person)}", self._standings(self._complainers().people).not_mined
        for key in sorted(self.ledger.people() if gone else ()):
            known = self._known_as(key)
            if known in gone and (key == named or person in (person_id(key), person_id(known))):
                return key
        return None

    def _known_as(self, key: str) -> str:
        """The key of the author's pseudonym: a mining of a file and one of what is kept name the same person apart."""
        name = key.removeprefix("author:")
        if self.pseudonym is None or name == key or is_pseudonym(name):
            return key
        return person_key(self.pseudonym(name), "")

    def _logged_as(self, key: str) -> str:
        """The pseudonym of an author, which outlives an erasure: whoever has names could try them against an id."""
        name = self._known_as(key).removeprefix("author:")
        return name if is_pseudonym(name) else person_id(key)

    def _customers(self) -> Customers | None:
        return customers_in(self.folder, self.customers, pseudonym=self.pseudonym)

    def _complainers(self) -> Complainers:
        return self._mined().complainers

    def _mined(self) -> "_Mined":
        path = find_state(self.folder) / JOURNAL_NAME
        return _read(path, mark_of(path))

    def _find(self, person: str) -> Complainer:
        people = self._complainers().people
        named = f"author:{author_key(person)}"
        found = next((each for key, each in people.items() if person_id(key) == person), people.get(named))
        if found is None:
            raise NobodyError(
                f"nobody {person!r} in the queue: `countervoice recover queue` lists the people"
            )
        return found

    def _entry(self, person: Complainer) -> Entry:
        (entry,) = queue_of(
            Complainers({person.key: person}, 0),
            self.rules(),
            self._standings([person.key]).mined,
            today=datetime.now(UTC).date(),
            customers=self._customers(),
        ).entries
        return entry


@dataclass(frozen=True, slots=True)
class _Standings:
    """How people stand: those with a complaint by their key in this mining, others who were contacted as known."""

    mined: Mapping[str, Standing]
    not_mined: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class _Mined:
    """What rescue needs of a journal: who complained, and the days in UTC on which anybody wrote, but stray dates."""

    complainers: Complainers
    days: frozenset[date]


@kept_once
def _read(path: Path, mark: Mark) -> _Mined:
    """What the journal at ``path`` tells as long as it is the one with this mark."""
    journal = read_journal(path)
    days = set(days_in(without_stray_dates(journal).table.column("created_at")).tolist()) - {UNDATED}
    return _Mined(complainers(journal), frozenset(map(date.fromordinal, days)))


def forget_read() -> None:
    """Keep no words of anybody in memory; they are read again when they are asked for."""
    _read.forget()


def _not_later_than_now(at: datetime) -> None:
    if at > datetime.now(UTC):
        raise RecoveryError(f"{at:%Y-%m-%d} is in the future: give today or a day before")
