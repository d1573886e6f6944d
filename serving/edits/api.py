"""The routes of edits: what was edited and found, newest first, and a new edit."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import CountervoiceError, InUseError
from mining.edits import hide, merge, move, registered, rename, set_cost, unhide
from mining.journal import Journal
from mining.kept_file import holds_something
from mining.readings import read_as
from mining.register import REGISTER_NAME, Register, open_register, read_register
from serving.access import ScopedRoute, caller_of
from serving.database.audit import recording
from serving.edits.messages import (
    CostRequest,
    EditRequest,
    EditsAnswer,
    HideRequest,
    MadeEditAnswer,
    MergeRequest,
    MoveRequest,
    RenameRequest,
    SideRequest,
    SplitRequest,
    UnhideRequest,
    Wanted,
    edit_answer,
    made_answer,
)
from serving.edits.splitting import SplitOff, journal_if_any, split_off
from serving.edits.words import causes_of
from serving.engine import Engine
from serving.requests import engine_of, json_body, keeper_of, mined_folder, number_in_query

EDITS: Final = 100
MAX_EDITS: Final = 1_000
_PATIENCE_S: Final = 2.0  # with another edit; a mining has the register for minutes
_COME_BACK_S: Final = "10"
_LONGEST_SUBJECT: Final = 300

log = logging.getLogger(__name__)


def edits_routes() -> list[ScopedRoute]:
    """Routes of edits, under /v1."""
    return [
        ScopedRoute("/edits", list_edits, "read", query=["cause", "limit"]),
        ScopedRoute("/edits", add_edit, "admin", "POST"),
    ]


async def list_edits(request: Request) -> Response:
    """GET /v1/edits?cause=c-0004&limit=100: what people changed and minings found, newest first."""
    limit = number_in_query(request, "limit", 1, MAX_EDITS) or EDITS
    folder, cause = keeper_of(request).settings.state, request.query_params.get("cause")
    answer = await run_in_threadpool(_edits, folder, cause, limit)
    return JSONResponse(answer.model_dump(mode="json"))


async def add_edit(request: Request) -> Response:
    """POST /v1/edits: a name shows at once, all else from the next mining on."""
    wanted = EditRequest.model_validate_json(await json_body(request)).root
    answer = await run_in_threadpool(_edited, request, wanted)
    return JSONResponse(answer.model_dump(mode="json"), 201)


def _edits(folder: Path, cause: str | None, limit: int) -> EditsAnswer:
    register = folder / REGISTER_NAME
    if cause is None and not holds_something(register):
        return EditsAnswer(edits=[])
    with _told(register), read_register(register, wait_s=_PATIENCE_S) as opened:
        if cause is not None:
            registered(opened, cause)
        about = (entry for entry in reversed(opened.log()) if cause is None or cause in causes_of(entry))
        mined_at = opened.mined_at
        return EditsAnswer(edits=[edit_answer(entry, mined_at) for entry in islice(about, limit)])


def _edited(request: Request, wanted: Wanted) -> MadeEditAnswer:
    """Make the edit, with its row in the audit log.

    The register is locked before the database, as a mining job does that tells its progress, and kept before it: an
    edit that is not kept has no row.
    """
    folder, database, who = mined_folder(request), keeper_of(request).database, caller_of(request).name
    register = folder / REGISTER_NAME
    journal = journal_if_any(folder) if isinstance(wanted, SplitRequest) else None
    with (
        _told(register),
        ExitStack() as audit,
        open_register(register, wait_s=_PATIENCE_S) as opened,
    ):
        split = _make(opened, wanted, journal)
        entry = opened.log()[-1]
        answer = made_answer(entry, opened.mined_at, split)
        subject = str(entry.details.get("statement", entry.cause))[:_LONGEST_SUBJECT]
        audit.enter_context(recording(database, who, f"edit.{entry.kind}", subject))
    if isinstance(wanted, RenameRequest):
        _show(engine_of(request))
    return answer


def _make(register: Register, wanted: Wanted, journal: Journal | None) -> SplitOff | None:
    """The edit that is wanted; what it split off, if anything.

    Raises:
        EditError: It cannot be made.
    """
    match wanted:
        case RenameRequest(cause=cause, name=name):
            rename(register, cause, name)
        case CostRequest(cause=cause, cost=cost):
            set_cost(register, cause, cost)
        case MergeRequest(cause=cause, into=into):
            merge(register, cause, into)
        case SplitRequest(cause=cause, containing=phrases, statements=statements, name=name):
            return split_off(
                register, journal, cause, phrases=phrases, statements=statements, name=name or ""
            )
        case HideRequest(cause=cause):
            hide(register, cause)
        case UnhideRequest(cause=cause):
            unhide(register, cause)
        case MoveRequest(statement=statement, cause=cause):
            move(register, statement, cause)
        case SideRequest(statement=statement, side=side):
            read_as(register, statement, side)
    return None


def _show(engine: Engine) -> None:
    """Serve the new name before it is answered; other processes look for themselves."""
    try:
        engine.refresh()
    except CountervoiceError as error:
        log.error("a new name is not served: %s", error)


@contextmanager
def _told(register: Path) -> Iterator[None]:
    """Refuse where there is no register to edit, or where somebody else has it for long."""
    if not holds_something(register):
        message = (
            "no register of causes in the folder that is served: it may have been named with "
            "`countervoice mine --register`, and is edited there with `countervoice causes`"
        )
        raise HTTPException(404, message)
    try:
        yield
    except InUseError as error:
        message = "a mining or another edit has the register of causes: try again when it is done"
        raise HTTPException(503, message, {"Retry-After": _COME_BACK_S}) from error
