"""Log lines for people or for programs, one for each request; none holds a text, a key or an author."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from pydantic import ValidationError

from serving.exchange import Exchange, exchange

LogFormat = Literal["text", "json"]
LOG_FORMATS: Final = get_args(LogFormat)
_QUIET: Final = frozenset({"GET /livez", "GET /readyz", "GET /healthz", "GET /metrics"})
_FOREIGN: Final = ("", "bentoml", "uvicorn.error")  # loggers that BentoML gives handlers
_FIELDS: Final = "countervoice"  # of a record: what else its line says

requests = logging.getLogger("serving.request")


class JsonFormatter(logging.Formatter):
    """A line is one JSON object: time, level, logger, message, request_id where there is one, and fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := exchange():
            line["request_id"] = current.id
        line |= getattr(record, _FIELDS, {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for people: time, level, message; a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = f"{_time(record)} {record.levelname:<7} {record.getMessage()}"
        if fields := getattr(record, _FIELDS, {}):
            line += "  " + " ".join(f"{name}={value}" for name, value in fields.items())
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def configure_logs(form: LogFormat) -> None:
    """Send what we say to the standard output; in JSON, also what the server around us says."""
    formatter = JsonFormatter() if form == "json" else TextFormatter()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    ours = logging.getLogger("serving")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
    for name in _FOREIGN:
        for theirs in logging.getLogger(name).handlers:
            theirs.addFilter(_without_input)
            if form == "json":
                theirs.setFormatter(formatter)


def with_fields(**fields: Any) -> dict[str, Any]:
    """The ``extra`` of a record whose line says more than its message; none of it may be a customer's words."""
    return {_FIELDS: fields}


def log_exchange(told: Exchange, status: int, seconds: float) -> None:
    """One line on a request that was answered; good looks at health and metrics only at level DEBUG."""
    fields: dict[str, Any] = {
        "request_id": told.id,
        "route": told.route,
        "status": status,
        "ms": round(1000 * seconds, 1),
        "texts": told.texts,
        "tokens": told.tokens,
    }
    fields |= {name: value for name, value in (("key_id", told.key_id), ("code", told.code)) if value}
    quiet = told.route in _QUIET and status < 500 and told.code is None
    requests.log(logging.DEBUG if quiet else logging.INFO, "request", extra={_FIELDS: fields})


def _without_input(record: logging.LogRecord) -> bool:
    """Takes out tracebacks that quote what was sent: BentoML logs those of requests that are not valid.

    Such a request, answered with 400, is no fault of the service: its line is of level ``warning``.
    """
    if record.exc_info and isinstance(record.exc_info[1], ValidationError):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
    return True


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
