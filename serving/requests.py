"""What the routes read out of a request, refused in one way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from serving.engine import Engine, NotMinedError
from serving.keeper import Keeper
from serving.state import has_state

LARGEST_MEASURE: Final = 1e6
_LONGEST_MEASURE: Final = 24  # characters


def keeper_of(request: Request) -> Keeper:
    """What keeps feedback and jobs."""
    keeper: Keeper = request.app.state.keeper
    return keeper


def engine_of(request: Request) -> Engine:
    """What answers from the mining."""
    engine: Engine = request.app.state.engine
    return engine


def mined_folder(request: Request) -> Path:
    """The folder that is served.

    Raises:
        NotMinedError: There is no mining in it.
    """
    folder = keeper_of(request).settings.state
    if not has_state(folder):
        raise NotMinedError
    return folder


async def json_body(request: Request) -> bytes:
    """The body of a request that says it is JSON.

    Raises:
        HTTPException: 415; it says something else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, f"content-type is {kind or 'missing'}: send application/json")
    return await request.body()


def number_in_query(request: Request, name: str, low: int, high: int) -> int | None:
    """A whole number in the query, or None where it is not given.

    Raises:
        HTTPException: 422; it is no number from ``low`` to ``high``.
    """
    given = request.query_params.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 20 and low <= int(given) <= high):
        raise HTTPException(422, f"{name}: a whole number from {low} to {high} is needed")
    return int(given)


def measure_in_query(request: Request, name: str, default: float) -> float:
    """A number of at most ``LARGEST_MEASURE`` either way in the query, or ``default`` where it is not given.

    Raises:
        HTTPException: 422; it is none.
    """
    given = request.query_params.get(name)
    if given is None:
        return default
    try:
        value = float(given) if len(given) <= _LONGEST_MEASURE else float("nan")
    except ValueError:
        value = float("nan")
    if not abs(value) <= LARGEST_MEASURE:
        raise HTTPException(422, f"{name}: a number is needed, at most {LARGEST_MEASURE:,.0f}")
    return value


def word_in_query(request: Request, name: str, words: Sequence[str]) -> str | None:
    """One of ``words`` in the query, or None where it is not given.

    Raises:
        HTTPException: 422; it is another word.
    """
    given = request.query_params.get(name)
    if given is not None and given not in words:
        raise HTTPException(422, f"{name}: one of {', '.join(words)} is needed")
    return given
