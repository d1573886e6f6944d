"""One shape for every error under /v1: ``{"error": {"code": ..., "message": ..., "request_id": ...}}``."""

import logging

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import EditError, StandingError, UnknownIdError
from serving.batcher import BusyError
from serving.exchange import exchange
from serving.messages import ErrorAnswer, ErrorBody

log = logging.getLogger(__name__)

CODES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "body_too_slow",
    409: "conflict",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
    503: "unavailable",
}


def error_response(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error as JSON."""
    current = exchange()
    if current:
        current.code = code
    body = ErrorBody(code=code, message=message, request_id=current.id if current else None)
    return JSONResponse(
        ErrorAnswer(error=body).model_dump(exclude_none=True), status_code=status, headers=headers
    )


async def on_http_error(request: Request, error: Exception) -> Response:
    """An HTTPException, raised by us or by Starlette's routing."""
    if not isinstance(error, HTTPException):
        raise TypeError(f"not an HTTPException: {error!r}")
    return http_error_response(error)


def http_error_response(error: HTTPException) -> Response:
    """The same outside of Starlette's routing."""
    headers = dict(error.headers) if error.headers else None
    return error_response(error.status_code, CODES.get(error.status_code, "error"), error.detail, headers)


async def on_edit(request: Request, error: Exception) -> Response:
    """An edit, a fix or a belief that cannot be made: of what is not there, against what stands, or put wrongly."""
    if not isinstance(error, EditError):
        raise TypeError(f"not an EditError: {error!r}")
    statuses = {UnknownIdError: 404, StandingError: 409}
    status = next((status for kind, status in statuses.items() if isinstance(error, kind)), 422)
    return error_response(status, CODES[status], error.over_http)


async def on_invalid(request: Request, error: Exception) -> Response:
    """A body that is not the request it should be: the first problem, with its place."""
    if not isinstance(error, ValidationError):
        raise TypeError(f"not a ValidationError: {error!r}")
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if problem["type"] == "json_invalid":
        return error_response(400, "invalid_json", problem["msg"])
    place = ".".join(str(part) for part in problem["loc"]) or "body"
    return error_response(422, "invalid_request", f"{place}: {problem['msg']}")


async def on_busy(request: Request, error: Exception) -> Response:
    """Its turn would come too late."""
    if not isinstance(error, BusyError):
        raise TypeError(f"not a BusyError: {error!r}")
    return busy_response(error)


def busy_response(error: BusyError) -> Response:
    """The same outside of Starlette's routing."""
    message = f"too much is waiting: {error}; try again in {error.retry_after_s} s"
    return error_response(503, "busy", message, {"Retry-After": str(error.retry_after_s)})


async def on_not_mined(request: Request, error: Exception) -> Response:
    """Nothing was mined yet."""
    return error_response(404, "not_mined", str(error))


async def on_unavailable(request: Request, error: Exception) -> Response:
    """The database cannot be reached, or a file of the state cannot be read."""
    return unavailable_response(error)


def unavailable_response(error: Exception) -> Response:
    """The same outside of Starlette's routing: the log has the reason, the client does not."""
    log.error("%s", error)
    message = "what is kept cannot be reached: try again in a moment"
    return error_response(503, "unavailable", message, {"Retry-After": "5"})


async def on_bug(request: Request, error: Exception) -> Response:
    """Anything else: the log has the traceback, the client does not."""
    return error_response(500, "internal", "the service failed on this request: see its log")
