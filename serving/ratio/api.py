"""GET /v1/ratio."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import SettingsError
from mining.ratio.holding import Scale
from serving.access import ScopedRoute
from serving.ratio.command import answer

DEFAULTS: Final = {"target": 4.2, "respond": 0.1, "low": 1.0, "high": 5.0}
_LARGEST: Final = 1e6
_LONGEST: Final = 24  # characters of a number


def ratio_routes() -> list[ScopedRoute]:
    """The route of this file."""
    return [ScopedRoute("/ratio", show_ratio, "read")]


async def show_ratio(request: Request) -> Response:
    """GET /v1/ratio?target=4.2&respond=0.1&low=1&high=5."""
    try:
        scale = Scale(**{name: _number(request, name, default) for name, default in DEFAULTS.items()})
    except SettingsError as error:
        raise HTTPException(422, str(error)) from None
    return JSONResponse(answer(scale))


def query() -> list[dict[str, Any]]:
    """The parameters, as OpenAPI has them."""
    return [
        {"name": name, "in": "query", "schema": {"type": "number", "default": default}}
        for name, default in DEFAULTS.items()
    ]


def _number(request: Request, name: str, default: float) -> float:
    given = request.query_params.get(name)
    if given is None:
        return default
    try:
        value = float(given) if len(given) <= _LONGEST else float("nan")
    except ValueError:
        value = float("nan")
    if not abs(value) <= _LARGEST:
        raise HTTPException(422, f"{name}: a number is needed, at most {_LARGEST:,.0f}")
    return value
