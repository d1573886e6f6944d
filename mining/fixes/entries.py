"""What the ledger of fixes holds, as frozen records: fixes, what minings said of them, and what was withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data.errors import StandingError, UnknownIdError
from mining.fixes.results import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing that was done about a cause.

    Attributes:
        number: Its own, in the order of registering; 0 before that.
        cause: Permanent id.
        day: First day on which it is in force, UTC; may be to come.
        side: The side of the cause that it answers; None for every side but praise.
        registered_at: When it was written down, UTC.
        looked_until: Day of the last message that had been mined by then; None for none.
    """

    number: int = 0
    cause: str
    owner: str
    action: str
    day: date
    side: str | None = None
    registered_at: datetime
    looked_until: date | None = None

    @property
    def late(self) -> bool:
        """Whether messages from later than its day had been mined when it was registered."""
        return self.looked_until is not None and self.looked_until > self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a mining said of a fix, kept where it differs from what the mining before said."""

    fix: int
    at: datetime
    verdict: Verdict
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A registration that was taken back: it can be read for ever, and is counted nowhere.

    Attributes:
        fix: Number of the fix.
        at: When, UTC.
        by: Who did.
        reason: Why.
        seen: The verdict that could be seen by then; None where no message from later than the day of the fix had been
            mined.
    """

    fix: int
    at: datetime
    by: str
    reason: str
    seen: Verdict | None


@dataclass(frozen=True, slots=True)
class Entries:
    """All of a ledger.

    Attributes:
        fixes: Those that stand, in the order of their days.
        withdrawn: Those that do not, in the order of their days.
        looks: What minings said of either, oldest first.
    """

    fixes: Sequence[Fix] = ()
    withdrawn: Sequence[tuple[Fix, Withdrawal]] = ()
    looks: Sequence[Look] = ()

    def standing(self, number: int) -> Fix:
        """The fix with this number.

        Raises:
            UnknownIdError: There is none.
            StandingError: It was withdrawn.
        """
        for fix, withdrawal in self.withdrawn:
            if fix.number == number:
                raise StandingError(
                    f"fix {number} was withdrawn on {withdrawal.at:%Y-%m-%d} by {withdrawal.by} already"
                )
        for fix in self.fixes:
            if fix.number == number:
                return fix
        said = f"there is no fix {number}"
        raise UnknownIdError(
            f"{said}: `countervoice fix list` shows the number of each", f"{said}: GET /v1/fixes lists them"
        )
