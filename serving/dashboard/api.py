"""The page of the dashboard and its files: no data, and so no key. What it shows, the browser asks /v1 for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mining.report_html import TEMPLATES
from serving.errors import http_error_response

PAGE: Final = "/dashboard"
SLASHED: Final = f"{PAGE}/"  # from there the page would not find its files, which it names beside itself
FOLDER: Final = Path(__file__).parent
ROUTE: Final = f"GET {PAGE}"
_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FILES: Final = (
    "style.css",
    "app.js",
    "alarms.js",
    "causes.js",
    "classify.js",
    "dialog.js",
    "dom.js",
    "edits.js",
    "entries.js",
    "fixes.js",
    "marks.js",
    "oppositions.js",
    "recovery.js",
    "service.js",
    "states.js",
    "words.js",
)
FILES: Final[Mapping[str, Path]] = {
    PAGE: FOLDER / "page.html",
    f"{PAGE}/report.css": TEMPLATES / "report.css",  # one look for the report and for this
    **{f"{PAGE}/{name}": FOLDER / name for name in _FILES},
}
PATHS: Final = frozenset({*FILES, SLASHED})
# Feedback is written by strangers: were a text of theirs ever taken for markup, nothing of it would run or be sent.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class DashboardPages:
    """ASGI middleware: answers ``PATHS``, behind whatever looks at hosts and limits, and passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or scope["path"] not in PATHS:
            await self.app(scope, receive, send)
            return
        await _answer(scope["path"], scope["method"])(scope, receive, send)


def _answer(path: str, method: str) -> Response:
    if method not in ("GET", "HEAD"):
        return http_error_response(
            HTTPException(405, f"{method} is not for this path: use GET", {"Allow": "GET, HEAD"})
        )
    if path == SLASHED:
        return RedirectResponse("../dashboard")
    file = FILES[path]
    return Response(_content(file), media_type=_TYPES[file.suffix])


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()
