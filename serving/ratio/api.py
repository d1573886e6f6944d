"""GET /v1/ratio."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import SettingsError
from mining.ratio.holding import HIGH, LOW, RESPOND, TARGET, Scale, as_far_up
from serving.access import ScopedRoute
from serving.ratio.answer import answer
from serving.requests import measure_in_query

DEFAULTS: Final = {"respond": RESPOND, "low": LOW, "high": HIGH}


def ratio_routes() -> list[ScopedRoute]:
    """The route of this file."""
    return [ScopedRoute("/ratio", show_ratio, "read", query=["target", *DEFAULTS])]


async def show_ratio(request: Request) -> Response:
    """GET /v1/ratio?target=4.2&respond=0.1&low=1&high=5; without a target one as far up the scale as 4.2 of five."""
    asked = {name: measure_in_query(request, name, default) for name, default in DEFAULTS.items()}
    usual = as_far_up(TARGET, asked["low"], asked["high"])
    try:
        found = answer(Scale(target=measure_in_query(request, "target", usual), **asked))
    except SettingsError as error:
        raise HTTPException(422, str(error)) from None
    return JSONResponse(found)


def query() -> list[dict[str, Any]]:
    """The parameters, as OpenAPI has them."""
    target = f"Mean to hold; without it one as far up the scale as {TARGET:g} of five."
    return [
        {"name": "target", "in": "query", "description": target, "schema": {"type": "number"}},
        *(
            {"name": name, "in": "query", "schema": {"type": "number", "default": default}}
            for name, default in DEFAULTS.items()
        ),
    ]
