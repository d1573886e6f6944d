"""GET /v1/loyalty: the loyalty of the mining that is served, of its people by id, never by name."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import InputError, SettingsError, StateError
from mining.loyalty.json_loyalty import loyalty_dict
from mining.loyalty.report import LoyaltySettings
from mining.loyalty.results import Loyalty
from mining.rating_scale import Scale
from mining.register import REGISTER_NAME
from serving.access import ScopedRoute
from serving.customers import CUSTOMERS_NAME
from serving.loyalty.folder import loyalty_in
from serving.loyalty.number_range import number_range
from serving.marks import Mark, kept_once, mark_of
from serving.requests import keeper_of, mined_folder, number_in_query
from serving.state import journal_path, stored_in

PEOPLE: Final = 20
MAX_PEOPLE: Final = 500

Marks = tuple[Mark, ...]


def loyalty_routes() -> list[ScopedRoute]:
    """The route of this file."""
    return [ScopedRoute("/loyalty", show_loyalty, "read", query=["limit", "scale"])]


async def show_loyalty(request: Request) -> Response:
    """GET /v1/loyalty?limit=20&scale=0-10: ``limit`` people at most in each list."""
    limit, scale = number_in_query(request, "limit", 1, MAX_PEOPLE) or PEOPLE, _scale(request)
    folder, keeper = mined_folder(request), keeper_of(request)
    try:
        found = await run_in_threadpool(
            _kept, folder, _marks(folder), scale, datetime.now(UTC).date(), keeper.pseudonym
        )
    except StateError as error:
        if journal_path(folder).exists():
            raise
        message = "the mining that is served has no journal: mine again, with this version"
        raise HTTPException(404, message) from error
    except (InputError, SettingsError) as error:
        raise HTTPException(409, str(error)) from None
    return JSONResponse(await run_in_threadpool(_answer, found, limit))


def query() -> list[dict[str, Any]]:
    """The parameters, as OpenAPI has them."""
    schema = {"type": "integer", "minimum": 1, "maximum": MAX_PEOPLE, "default": PEOPLE}
    return [
        {"name": "limit", "in": "query", "schema": schema},
        {
            "name": "scale",
            "in": "query",
            "description": "Lowest and highest rating; without it 1-5, 0-5, 1-7 or 0-10, as it fits.",
            "schema": {"type": "string", "examples": ["0-100"]},
        },
    ]


def _scale(request: Request) -> Scale | None:
    given = request.query_params.get("scale")
    try:
        return None if given is None else number_range(given)
    except ValueError as error:
        raise HTTPException(422, f"scale: {error}") from None


def _answer(found: Loyalty, limit: int) -> dict[str, Any]:
    return loyalty_dict(found, most=limit, names=False)


@kept_once
def _kept(
    folder: Path, marks: Marks, scale: Scale | None, today: date, pseudonym: Callable[[str], str]
) -> Loyalty:
    """What was found out is kept for the day, as long as its files have these ``marks``: it takes seconds."""
    settings = LoyaltySettings(scale=scale, scale_option="?scale=LOW-HIGH")
    return loyalty_in(folder, stored_in(folder), settings=settings, today=today, pseudonym=pseudonym)


def _marks(folder: Path) -> Marks:
    files = (journal_path(folder), folder / CUSTOMERS_NAME, folder / REGISTER_NAME)
    return tuple(mark_of(path) for path in files)
