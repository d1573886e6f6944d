"""Every operation under /v1, as its description says it; a test holds them against the routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from mining.recovery.standing import STATES
from mining.sides import KINDS
from serving.database.keys import Scope
from serving.edits.api import EDITS, MAX_EDITS
from serving.edits.messages import EditRequest, EditsAnswer, MadeEditAnswer
from serving.export_messages import ExportAnswer, ExportRequest
from serving.feedback_api import AUDIT_ROWS, MAX_AUDIT_ROWS
from serving.feedback_messages import (
    MAX_FEEDBACK,
    AuditLog,
    ErasureAnswer,
    ErasureRequest,
    FeedbackAnswer,
    FeedbackRequest,
    LiftAnswer,
    LiftRequest,
    StoreAnswer,
)
from serving.fixes.messages import (
    FixesAnswer,
    FixRequest,
    NewFixAnswer,
    WithdrawalRequest,
    WithdrawnFixAnswer,
)
from serving.gap.messages import BeliefAnswer, BeliefRequest, GapsAnswer
from serving.info import InfoAnswer
from serving.job_messages import JobAnswer, JobsAnswer, MineRequest, ScoreRequest
from serving.jobs_api import JOBS, MAX_JOBS, MEDIA_TYPES
from serving.loyalty.api import query as loyalty_query
from serving.loyalty.messages import LoyaltyRecord
from serving.messages import ClassifyRequest, MessageAnswer
from serving.ratio.answer import HoldingRecord
from serving.ratio.api import query as ratio_query
from serving.record_schemas import list_of, schema_named
from serving.recovery.api import ANY_STATE, MAX_PEOPLE, PEOPLE
from serving.recovery.messages import RecoveryAnswer, RecoveryRequest, RecoveryStanding
from serving.watch.api import ALARMS, MAX_ALARMS
from serving.watch.messages import Alarms

_JSON: Final = ("application/json",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes:
        needs: The scope of the key.
        answer_schema: What is answered, where it is not ``answer`` itself; the same for ``request_schema``.
        statuses: Status of a good answer to what it means.
        headers: Status of a good answer to the headers that come with it.
        errors: Statuses of errors that only this operation has.
        query: Parameters of the query, as OpenAPI has them.
    """

    method: str = "GET"
    path: str
    id: str
    summary: str
    needs: Scope
    request: type[BaseModel] | None = None
    request_schema: dict[str, Any] = field(default_factory=dict)
    example: Mapping[str, Any] | None = None
    answer: type[BaseModel] | None = None
    answer_schema: dict[str, Any] = field(default_factory=dict)
    media_types: Sequence[str] = _JSON
    statuses: Mapping[str, str] = field(default_factory=lambda: {"200": "Done."})
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[dict[str, Any]] = ()


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A reference to the schema of a message."""
    return schema_named(model.__name__)


def _number(name: str, high: int, default: int | None = None) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": high}
    return {
        "name": name,
        "in": "query",
        "schema": schema if default is None else {**schema, "default": default},
    }


_NOT_MINED: Final = {"404": "There is no mining yet."}
_CAUSE_ERRORS: Final = {"404": "There is no such cause in the mining that is served, or no mining yet."}


def _choice(name: str, values: Sequence[str]) -> dict[str, Any]:
    """A word in the query; the first one is the default."""
    return {
        "name": name,
        "in": "query",
        "schema": {"type": "string", "enum": list(values), "default": values[0]},
    }


_FEEDBACK_ERRORS: Final = {"404": "No such feedback is kept."}
_RECOVERY_ERRORS: Final = {
    "404": "There is no such person in the queue, or no mining yet.",
    "409": "The person was contacted already, or is held out.",
}
_JOB_ERRORS: Final = {"404": "There is no such job."}

OPERATIONS: Final[Sequence[Operation]] = (
    Operation(
        method="POST",
        path="/classify",
        id="classify",
        summary="Classify messages and show the counter-voice of each.",
        needs="read",
        request=ClassifyRequest,
        example={"texts": ["Quá ít ví dụ so với số công ty trong nước"]},
        answer=MessageAnswer,
        answer_schema={"type": "array", "items": schema_of(MessageAnswer)},
        statuses={"200": "One answer per text, in order."},
    ),
    Operation(
        path="/causes",
        id="list_causes",
        summary="Causes of the mining that is served, most people first.",
        needs="read",
        answer_schema=list_of("causes", "ListedCause"),
        errors=_NOT_MINED,
    ),
    Operation(
        path="/causes/{cause_id}",
        id="show_cause",
        summary="One cause with its sides, examples, members and its oppositions, at most one of each kind.",
        needs="read",
        answer_schema=schema_named("WholeCause"),
        errors=_CAUSE_ERRORS,
    ),
    Operation(
        path="/oppositions",
        id="list_oppositions",
        summary="Oppositions, the one that matters most first.",
        needs="read",
        answer_schema=list_of("oppositions", "ListedOpposition"),
        query=({"name": "kind", "in": "query", "schema": {"type": "string", "enum": list(KINDS)}},),
        errors=_NOT_MINED,
    ),
    Operation(
        path="/oppositions/{cause_id}",
        id="show_oppositions",
        summary="The oppositions of one cause, at most one of each kind, with their sides, members and examples.",
        needs="read",
        answer_schema=schema_named("OppositionsOfCause"),
        errors={
            "404": "This cause has no opposition in the mining that is served, or there is no mining yet."
        },
    ),
    Operation(
        method="POST",
        path="/feedback",
        id="store_feedback",
        summary="Keep one feedback or a list, all or none; the same again changes nothing, the erased stays out.",
        needs="write",
        request=FeedbackRequest,
        request_schema={
            "oneOf": [
                schema_of(FeedbackRequest),
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MAX_FEEDBACK,
                    "items": schema_of(FeedbackRequest),
                },
            ]
        },
        example={"id": "f-1", "text": "Too few examples.", "author": "anna", "rating": 2},
        answer=StoreAnswer,
        statuses={"201": "Some of it is new.", "200": "All of it was there, or was erased before."},
        errors={"409": "An id is there, or twice in the request, with another content; nothing was stored."},
    ),
    Operation(
        path="/feedback/{feedback_id}",
        id="show_feedback",
        summary="One feedback as it is kept.",
        needs="read",
        answer=FeedbackAnswer,
        errors=_FEEDBACK_ERRORS,
    ),
    Operation(
        method="DELETE",
        path="/feedback/{feedback_id}",
        id="erase_feedback",
        summary="Erase one feedback, and quote it no more; with `again`, another may come under its id.",
        needs="write",
        answer=ErasureAnswer,
        query=({"name": "again", "in": "query", "schema": {"type": "string", "enum": ["true", "false"]}},),
        errors=_FEEDBACK_ERRORS,
    ),
    Operation(
        method="POST",
        path="/erasures",
        id="erase_many",
        summary="Erase all feedback of one author, with these ids, or from before a day, and quote it no more.",
        needs="admin",
        request=ErasureRequest,
        example={"author": "anna@example.org"},
        answer=ErasureAnswer,
    ),
    Operation(
        method="POST",
        path="/erasures/lift",
        id="lift_erasures",
        summary="Let erased messages come again.",
        needs="admin",
        request=LiftRequest,
        example={"ids": ["f-1"]},
        answer=LiftAnswer,
    ),
    Operation(
        method="POST",
        path="/exports",
        id="export_author",
        summary="Everything that is kept of one author.",
        needs="admin",
        request=ExportRequest,
        example={"author": "anna@example.org"},
        answer=ExportAnswer,
    ),
    Operation(
        path="/audit",
        id="show_audit",
        summary="Who changed what, newest first.",
        needs="admin",
        answer=AuditLog,
        query=(_number("limit", MAX_AUDIT_ROWS, AUDIT_ROWS), _number("before", 2**31 - 1)),
    ),
    Operation(
        method="POST",
        path="/jobs/mine",
        id="ask_mine",
        summary="Mine everything that is kept; what comes out is served as soon as it is done.",
        needs="admin",
        request=MineRequest,
        example={"granularity": 0.2, "replace": True},
        answer=JobAnswer,
        statuses={"202": "It waits; Location says where to look."},
        headers={"202": ("Location",)},
        errors={"409": "The mining that is served is of a file, and would be lost: ask with `replace`."},
    ),
    Operation(
        method="POST",
        path="/jobs/score",
        id="ask_score",
        summary="Classify every statement that is kept, into a file.",
        needs="write",
        request=ScoreRequest,
        example={"format": "csv"},
        answer=JobAnswer,
        statuses={"202": "It waits; Location says where to look."},
        headers={"202": ("Location",)},
    ),
    Operation(
        path="/jobs",
        id="show_jobs",
        summary="The last jobs, newest first.",
        needs="read",
        answer=JobsAnswer,
        query=(_number("limit", MAX_JOBS, JOBS),),
    ),
    Operation(
        path="/jobs/{job_id}",
        id="show_job",
        summary="A job as it stands.",
        needs="read",
        answer=JobAnswer,
        errors=_JOB_ERRORS,
    ),
    Operation(
        method="DELETE",
        path="/jobs/{job_id}",
        id="stop_job",
        summary="Cancel a job of your own, or as an admin any.",
        needs="write",
        answer=JobAnswer,
        statuses={"200": "It is over.", "202": "It runs, and will end soon."},
        errors=_JOB_ERRORS,
    ),
    Operation(
        path="/jobs/{job_id}/result",
        id="send_result",
        summary="The file of a scoring.",
        needs="read",
        media_types=tuple(MEDIA_TYPES.values()),
        errors={"404": "There is no such job, or its file is gone.", "409": "The job is not done."},
    ),
    Operation(
        path="/loyalty",
        id="show_loyalty",
        summary="Who is loyal, what leaving is associated with, who may leave, and word of mouth.",
        needs="read",
        answer=LoyaltyRecord,
        errors={
            "404": "There is no mining, or none with a journal.",
            "409": "The ratings or the file of customers in the folder cannot be used.",
        },
        query=loyalty_query(),
    ),
    Operation(
        path="/ratio",
        id="show_ratio",
        summary="Good experiences that hold a mean rating against one lowest rating.",
        needs="read",
        answer=HoldingRecord,
        query=ratio_query(),
    ),
    Operation(
        path="/gap",
        id="show_gap",
        summary="What leaders believe beside what was measured; what is shown takes no more beliefs.",
        needs="read",
        answer=GapsAnswer,
        errors=_NOT_MINED,
    ),
    Operation(
        method="POST",
        path="/gap",
        id="add_belief",
        summary="Seal what somebody believes, before the measured share is shown.",
        needs="write",
        request=BeliefRequest,
        example={"subject": "delivery", "share": 0.1, "by": "COO"},
        answer=BeliefAnswer,
        statuses={
            "201": "It is sealed; a later one of the same person takes its place until the share is shown."
        },
        errors={
            **_NOT_MINED,
            "409": "The measured share of this was shown already; nothing was entered.",
        },
    ),
    Operation(
        path="/fixes",
        id="list_fixes",
        summary="Fixes with their verdicts by the last mining, and withdrawn ones, in the order of their days.",
        needs="read",
        answer=FixesAnswer,
    ),
    Operation(
        method="POST",
        path="/fixes",
        id="add_fix",
        summary="Register what is done about a cause; a registration cannot be changed, only withdrawn.",
        needs="write",
        request=FixRequest,
        example={"cause_id": "c-0012", "owner": "Ana, packaging", "action": "New lids", "date": "2026-05-04"},
        answer=NewFixAnswer,
        statuses={
            "201": "It is registered; registered_after_looking says whether it came too late to be proof."
        },
        errors={
            **_NOT_MINED,
            "409": "This cause has a fix of this day; nothing was registered.",
        },
    ),
    Operation(
        path="/fixes/{cause_id}",
        id="show_fixes",
        summary="The fixes of one cause, withdrawn ones too.",
        needs="read",
        answer=FixesAnswer,
        errors={"404": "No fix of this cause is registered."},
    ),
    Operation(
        method="POST",
        path="/fixes/{number}/withdrawal",
        id="add_withdrawal",
        summary="Withdraw a fix that was registered by mistake, for good; it stays in sight and is counted nowhere.",
        needs="admin",
        request=WithdrawalRequest,
        example={"reason": "the lids are of another cause", "by": "Ana, packaging"},
        answer=WithdrawnFixAnswer,
        statuses={"201": "It is withdrawn; seen_verdict is the verdict that could be seen by then."},
        errors={
            "404": "There is no fix with this number, or no mining yet.",
            "409": "It was withdrawn before; nothing has changed.",
        },
    ),
    Operation(
        path="/edits",
        id="list_edits",
        summary="What people changed in causes, and what minings found, newest first.",
        needs="read",
        answer=EditsAnswer,
        query=(
            {"name": "cause", "in": "query", "schema": {"type": "string"}},
            _number("limit", MAX_EDITS, EDITS),
        ),
        errors={"404": "There is no such cause, nor was there."},
    ),
    Operation(
        method="POST",
        path="/edits",
        id="add_edit",
        summary="Name, cost, merge, split, hide or unhide a cause, move a statement, or say how it is read.",
        needs="admin",
        request=EditRequest,
        example={"kind": "rename", "cause": "c-0004", "name": "Worked examples"},
        answer=MadeEditAnswer,
        statuses={"201": "It is kept; takes_effect says whether it waits for the next mining."},
        errors={
            "404": "There is no such cause or statement, or no mining yet.",
            "409": "It contradicts what stands; nothing was changed.",
        },
    ),
    Operation(
        path="/alarms",
        id="list_alarms",
        summary="Alarms that `countervoice watch` told, newest first.",
        needs="read",
        answer=Alarms,
        query=(_number("limit", MAX_ALARMS, ALARMS),),
    ),
    Operation(
        path="/recovery",
        id="show_recovery",
        summary="Whom to contact, the most urgent first.",
        needs="read",
        answer=RecoveryAnswer,
        errors=_NOT_MINED,
        query=(
            _choice("state", (*STATES, ANY_STATE)),
            _number("limit", MAX_PEOPLE, PEOPLE),
            {"name": "after", "in": "query", "schema": {"type": "string"}},
        ),
    ),
    Operation(
        method="POST",
        path="/recovery/{person}",
        id="enter_recovery",
        summary="Enter that a person was contacted, or how it ended.",
        needs="write",
        request=RecoveryRequest,
        example={"state": "contacted", "gesture": "apology_by_name", "cost": 5},
        answer=RecoveryStanding,
        errors=_RECOVERY_ERRORS,
    ),
    Operation(
        path="/info",
        id="show_info",
        summary="The model, the languages it was measured on, the mining that is served, and the limits.",
        needs="read",
        answer=InfoAnswer,
    ),
)
