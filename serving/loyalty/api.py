"""GET /v1/loyalty: the loyalty of the mining that is served, of its people by id, never by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import DatabaseError, InputError, SettingsError, StateError
from mining.journal import JOURNAL_NAME
from mining.loyalty.json_loyalty import loyalty_dict
from mining.loyalty.results import Loyalty
from mining.register import REGISTER_NAME
from serving.access import ScopedRoute
from serving.customers import CUSTOMERS_NAME
from serving.loyalty.folder import loyalty_in
from serving.marks import Mark, kept_once, mark_of
from serving.requests import keeper_of, mined_folder, number_in_query
from serving.state import STATE_NAME, stored_in

PEOPLE: Final = 20
MAX_PEOPLE: Final = 500

Marks = tuple[Mark, ...]


def loyalty_routes() -> list[ScopedRoute]:
    """The route of this file."""
    return [ScopedRoute("/loyalty", show_loyalty, "read", query=["limit"])]


async def show_loyalty(request: Request) -> Response:
    """GET /v1/loyalty?limit=20: ``limit`` people at most in each list."""
    limit = number_in_query(request, "limit", 1, MAX_PEOPLE) or PEOPLE
    folder, keeper = mined_folder(request), keeper_of(request)
    try:
        found = await run_in_threadpool(_kept, folder, _marks(folder), keeper.pseudonym)
    except StateError as error:
        raise _not_told(folder, error) from error
    except (InputError, SettingsError) as error:
        raise HTTPException(409, str(error)) from None
    return JSONResponse(await run_in_threadpool(_answer, found, limit))


def query() -> list[dict[str, Any]]:
    """The parameters, as OpenAPI has them."""
    schema = {"type": "integer", "minimum": 1, "maximum": MAX_PEOPLE, "default": PEOPLE}
    return [{"name": "limit", "in": "query", "schema": schema}]


def _not_told(folder: Path, error: StateError) -> Exception:
    """Told as any other thing that is kept and cannot be reached, unless there is no journal at all."""
    if (folder / STATE_NAME / JOURNAL_NAME).exists():
        return DatabaseError(str(error))
    return HTTPException(404, "the mining that is served has no journal: mine again, with this version")


def _answer(found: Loyalty, limit: int) -> dict[str, Any]:
    return loyalty_dict(found, most=limit, names=False)


@kept_once
def _kept(folder: Path, marks: Marks, pseudonym: Callable[[str], str]) -> Loyalty:
    """What was found out is kept as long as its files have these ``marks``: it takes seconds."""
    return loyalty_in(folder, stored_in(folder), pseudonym=pseudonym)


def _marks(folder: Path) -> Marks:
    files = (folder / STATE_NAME / JOURNAL_NAME, folder / CUSTOMERS_NAME, folder / REGISTER_NAME)
    return tuple(mark_of(path) for path in files)
