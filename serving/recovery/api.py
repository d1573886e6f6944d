"""The routes of the recovery queue: read it, and enter what was done."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import CountervoiceError, DatabaseError, NobodyError, RecoveryError
from mining.recovery.person_ids import PREFIX
from mining.recovery.queue import Entry, Queue
from mining.recovery.standing import STATES, Stood
from serving.access import ScopedRoute, caller_of
from serving.database.audit import recording
from serving.recovery.desk import Desk, Entering
from serving.recovery.messages import RecoveryAnswer, RecoveryRequest, RecoveryStanding
from serving.recovery.records import queue_record, standing_record
from serving.requests import json_body, keeper_of, mined_folder, number_in_query

PEOPLE = 100
MAX_PEOPLE = 1_000
ANY_STATE = "all"
_NOBODY = "no such person in the queue: GET /v1/recovery lists them with their ids"

log = logging.getLogger(__name__)


def recovery_routes() -> list[ScopedRoute]:
    """Routes of the recovery queue, under /v1."""
    return [
        ScopedRoute("/recovery", show_recovery, "read", query=["state", "limit", "after"]),
        ScopedRoute("/recovery/{person}", enter_recovery, "write", "POST"),
    ]


async def show_recovery(request: Request) -> Response:
    """GET /v1/recovery?state=open&limit=100&after=ID: the most urgent people first."""
    limit = number_in_query(request, "limit", 1, MAX_PEOPLE) or PEOPLE
    state = request.query_params.get("state", "open")
    if state not in (*STATES, ANY_STATE):
        raise HTTPException(422, f"state: one of {', '.join(STATES)}, {ANY_STATE} is needed")
    answer = await run_in_threadpool(_queue, request, state, limit, request.query_params.get("after"))
    return JSONResponse(answer.model_dump(mode="json"))


async def enter_recovery(request: Request) -> Response:
    """POST /v1/recovery/{person}: a contact, or the end."""
    wanted = RecoveryRequest.model_validate_json(await json_body(request))
    person, who = request.path_params["person"], caller_of(request).name
    answer = await run_in_threadpool(_enter, request, person, wanted, who)
    return JSONResponse(answer.model_dump(mode="json"))


def _queue(request: Request, state: str, limit: int, after: str | None) -> RecoveryAnswer:
    with _told():
        queue = _desk(request).queue(datetime.now(UTC).date())
    shown = [entry for entry in _behind(queue, state, after) if state in (ANY_STATE, entry.state)][:limit]
    return RecoveryAnswer.model_validate(queue_record(queue, shown))


def _behind(queue: Queue, state: str, after: str | None) -> Sequence[Entry]:
    """Who comes behind the person ``after``, the last one already seen, who may be in another state by now."""
    if after is None:
        return queue.entries

    def place(entry: Entry) -> tuple[bool, float, str]:
        return (state == ANY_STATE and entry.state != "open", -entry.urgency, entry.id)

    seen = next((entry for entry in queue.entries if entry.id == after), None)
    if seen is None:
        raise HTTPException(422, "after: nobody with this id is in the queue; begin again without it")
    return [entry for entry in queue.entries if place(entry) > place(seen)]


def _enter(request: Request, person: str, wanted: RecoveryRequest, who: str) -> RecoveryStanding:
    if not person.startswith(PREFIX):  # a name would stand in logs, and be told to have complained
        raise HTTPException(404, _NOBODY)
    entering = partial(recording, keeper_of(request).database, who, f"recovery.{wanted.state}")
    with _told():
        entered = _entered(_desk(request), person, wanted, who, entering)
    return RecoveryStanding.model_validate(standing_record(entered))


def _desk(request: Request) -> Desk:
    return Desk(mined_folder(request), pseudonym=keeper_of(request).pseudonym)


def _entered(desk: Desk, person: str, wanted: RecoveryRequest, who: str, entering: Entering) -> Entry | Stood:
    now = datetime.now(UTC)
    if wanted.state != "contacted":
        return desk.close(person, wanted.state, who=who, at=now, entering=entering)
    gestures = desk.rules().gestures
    if wanted.gesture is not None and wanted.gesture not in gestures:
        raise HTTPException(422, f"gesture: one of {', '.join(gestures)} is needed")
    entry, _, _ = desk.contact(
        person, wanted.gesture, wanted.cost, who=who, at=now, again=wanted.again, entering=entering
    )
    return entry


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the queue as statuses; what is wrong with the folder is for the log, not for the client."""
    try:
        yield
    except NobodyError as error:
        raise HTTPException(404, _NOBODY) from error
    except RecoveryError as error:
        raise HTTPException(409, str(error)) from error
    except DatabaseError:
        raise  # the audit log is away, which is told as everywhere
    except CountervoiceError as error:
        log.error("the recovery queue cannot be read: %s", error)
        message = "the recovery queue cannot be read: mine again, or see the log of the service"
        raise HTTPException(503, message, {"Retry-After": "60"}) from error
