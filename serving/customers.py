"""The file of customers that goes with a mining folder."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from data.customers import Customers, author_key, read_customers

CUSTOMERS_NAME: Final = "customers.csv"


def customers_in(
    folder: Path, given: Path | None = None, *, pseudonym: Callable[[str], str] | None = None
) -> Customers | None:
    """The customers of a mining.

    Args:
        folder: That ``mine --out`` wrote.
        given: The file; None for ``CUSTOMERS_NAME`` in the folder, if it is there.
        pseudonym: Name to the one under which the service keeps it; customers are found by both.

    Returns:
        None where no file is given, and none lies in the folder.

    Raises:
        ColumnError: A column is missing.
        InputError: The file cannot be read.
    """
    beside = folder / CUSTOMERS_NAME
    if given is None and not beside.is_file():
        return None
    found = read_customers(given or beside)
    if pseudonym is None:
        return found
    hidden = {author_key(pseudonym(name)): each for name, each in found.by_author.items()}
    return replace(found, by_author={**hidden, **found.by_author})
