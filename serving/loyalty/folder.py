"""The loyalty of a mining folder."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from mining.loyalty.report import LoyaltySettings, loyalty_of
from mining.loyalty.results import Loyalty
from mining.results import Cause
from mining.settings import share_gate
from serving.customers import customers_in
from serving.state import journal_in
from serving.store import StoredMining


def loyalty_in(
    folder: Path,
    stored: StoredMining,
    customers: Path | None = None,
    settings: LoyaltySettings | None = None,
    *,
    today: date,
    pseudonym: Callable[[str], str] | None = None,
) -> Loyalty:
    """What the mining in ``folder`` tells.

    Args:
        folder: That ``mine --out`` wrote.
        stored: The mining in it.
        customers: The file of customers; None for customers.csv in the folder, if it is there.
        settings: Of the report.
        today: In UTC; no later day is observed.
        pseudonym: Name to the one under which the service keeps it; those are tried, too.

    Raises:
        StateError: There is no journal.
        InputError: The file of customers cannot be read.
        SettingsError: The ratings do not fit the scale.
    """
    found = customers_in(folder, customers, pseudonym=pseudonym)
    return loyalty_of(
        journal_in(folder),
        found,
        stored.labels,
        settings or LoyaltySettings(),
        today=today,
        doubted=frozenset(cause.id for cause in stored.mining.causes if _doubts_praise(cause)),
        gate=share_gate(stored.mining.settings),
    )


def _doubts_praise(cause: Cause) -> bool:
    """Whether misreading alone may have made all praise of the cause."""
    return any(side.label == "praise" and side.near_zero for side in cause.sides)
