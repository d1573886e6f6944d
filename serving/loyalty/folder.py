"""The loyalty of a mining folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from data.customers import Customers, author_key, read_customers
from mining.loyalty.report import LoyaltySettings, loyalty_of
from mining.loyalty.results import Loyalty
from serving.state import journal_in, labels_in

CUSTOMERS_NAME: Final = "customers.csv"


def loyalty_in(
    folder: Path,
    customers: Path | None = None,
    settings: LoyaltySettings | None = None,
    *,
    pseudonym: Callable[[str], str] | None = None,
) -> Loyalty:
    """What the mining in ``folder`` tells.

    Args:
        folder: That ``mine --out`` wrote.
        customers: The file of customers; None for ``CUSTOMERS_NAME`` in the folder, if it is there.
        settings: Of the report.
        pseudonym: Name to the one under which the service keeps it; those are tried, too.

    Raises:
        StateError: There is no mining, or none with a journal.
        InputError: The file of customers cannot be read.
        SettingsError: The ratings do not fit the scale.
    """
    path = customers or folder / CUSTOMERS_NAME
    found = read_customers(path) if customers or path.is_file() else None
    if found is not None and pseudonym is not None:
        found = _also_by(pseudonym, found)
    return loyalty_of(journal_in(folder), found, labels_in(folder), settings or LoyaltySettings())


def _also_by(pseudonym: Callable[[str], str], customers: Customers) -> Customers:
    hidden = {author_key(pseudonym(name)): each for name, each in customers.by_author.items()}
    return Customers({**hidden, **customers.by_author}, customers.tells_leaving)
