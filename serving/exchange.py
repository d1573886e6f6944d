"""One request and its answer, as log lines, metrics and error bodies speak of it: never what was said in it."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

OTHER: Final = "other"  # the route of whatever reached none of ours
REQUEST_ID: Final = "x-request-id"
_SANE: Final = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(slots=True)
class Exchange:
    """What is known of a request, filled in by whoever learns it.

    Attributes:
        id: What the client named it, or a random name.
        route: Method and path as they are routed, with the names of parameters and not their values: few by nature.
        texts: How many texts were to be classified.
        tokens: About how many tokens they have.
        key_id: Id of the key that was sent, as ``countervoice keys list`` has it; None where it is none of ours.
        code: Of the error that was answered, where one was.
    """

    id: str
    route: str = OTHER
    texts: int = 0
    tokens: int = 0
    key_id: str | None = None
    code: str | None = None


CURRENT: Final[ContextVar[Exchange | None]] = ContextVar("countervoice_exchange", default=None)


def exchange() -> Exchange | None:
    """The exchange that this code runs for; None outside of any."""
    return CURRENT.get()


def request_id(given: str | None) -> str:
    """The name that a client gave, where it is fit for a header and a log line; else a new one."""
    return given if given and _SANE.fullmatch(given) else secrets.token_hex(16)
