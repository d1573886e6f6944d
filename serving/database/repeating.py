"""A change that meets those of others is made again: they were first, and it sees what they did."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from data.errors import DatabaseError
from serving.database.connection import Database

TRIES: Final = 8
_WAIT_S: Final = 0.05
_CROSSED: Final = frozenset({"40001", "40P01"})  # serialisation failure, deadlock: as PostgreSQL numbers them

T = TypeVar("T")


def made_again(database: Database, change: Callable[[Session], T]) -> T:
    """What ``change`` returns, made in one transaction; made anew where another writer was first.

    Raises:
        DatabaseError: The database cannot be used, or others were first each time; nothing was changed.
    """
    for number in range(1, TRIES + 1):
        try:
            with database.writing() as session:
                return change(session)
        except (IntegrityError, DatabaseError) as error:
            if not _others_were_first(error):
                raise
            last = error
        time.sleep(random.uniform(0, _WAIT_S * number))  # noqa: S311 - so that they do not meet again
    raise DatabaseError(f"others changed the same {TRIES} times meanwhile: nothing was changed") from last


def _others_were_first(error: IntegrityError | DatabaseError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) in _CROSSED
