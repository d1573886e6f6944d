"""Edits of causes as they go over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from mining.edits import waits
from mining.register import LogEntry
from serving.edits.splitting import SplitOff
from serving.edits.words import told
from serving.messages import without_nul

MAX_SEEDS: Final = 100  # phrases or statements of one split
_UNTOLD: Final = frozenset({"members", "text", "texts"})  # digests, by which minings know messages again

Line = Annotated[str, Field(min_length=1, max_length=500, strict=True), AfterValidator(without_nul)]
CauseId = Annotated[Line, Field(description="Id of a cause, of an earlier mining, too.")]
StatementId = Annotated[
    Line, Field(description="Id of a statement, or of its message where this holds only one.")
]
Reading = Literal["too_little", "too_much", "complaint", "praise", "neither", "as_read"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RenameRequest(_Request):
    """The cause goes by a name of yours."""

    kind: Literal["rename"]
    cause: CauseId
    name: Line


class CostRequest(_Request):
    """What one case of the cause costs, in one unit for all causes."""

    kind: Literal["cost"]
    cause: CauseId
    cost: float


class MergeRequest(_Request):
    """The cause becomes part of another one, for good."""

    kind: Literal["merge"]
    cause: CauseId
    into: CauseId


class SplitRequest(_Request):
    """What contains a phrase, or is named, leaves the cause for a new one, and what is more like it follows."""

    kind: Literal["split"]
    cause: CauseId
    containing: list[Line] = Field(
        [], max_length=MAX_SEEDS, description="Statements with such a phrase leave."
    )
    statements: list[StatementId] = Field([], max_length=MAX_SEEDS, description="These statements leave.")
    name: Line | None = Field(None, description="Of the new cause.")


class HideRequest(_Request):
    """The cause is left out of reports and answers."""

    kind: Literal["hide"]
    cause: CauseId


class UnhideRequest(_Request):
    """A hidden cause comes back."""

    kind: Literal["unhide"]
    cause: CauseId


class MoveRequest(_Request):
    """The statement, and every copy of its text, goes to the cause."""

    kind: Literal["move"]
    statement: StatementId
    cause: CauseId


class SideRequest(_Request):
    """The statement, and every copy of its text, is read so; as_read takes back what was said."""

    kind: Literal["side"]
    statement: StatementId
    side: Reading


Wanted = (
    RenameRequest
    | CostRequest
    | MergeRequest
    | SplitRequest
    | HideRequest
    | UnhideRequest
    | MoveRequest
    | SideRequest
)


class EditRequest(RootModel[Annotated[Wanted, Field(discriminator="kind")]]):
    """One edit, by its kind."""


class EditAnswer(BaseModel):
    """An entry of the history: an edit of people, or what a mining found.

    ``cause`` is empty where a statement of no cause was read; ``what`` says it in a sentence, ``details`` in fields;
    ``takes_effect`` is "next_mining" for an edit that waits for one.
    """

    number: int
    at: datetime
    by: Literal["people", "mining"]
    kind: str
    cause: str
    what: str
    details: Mapping[str, Any]
    takes_effect: Literal["now", "next_mining"]


class SplitAnswer(BaseModel):
    """A cause that was split off, and what the split names of the ``of`` statements of its cause in the last mining.

    Its numbers are null where that mining has no words of the cause.
    """

    cause: str
    statements: int | None
    of: int | None
    people: int | None


class MadeEditAnswer(EditAnswer):
    """An edit that was made; ``split`` is null for all other kinds."""

    split: SplitAnswer | None


class EditsAnswer(BaseModel):
    """The history, newest first."""

    edits: list[EditAnswer]


def edit_answer(entry: LogEntry, mined_at: str) -> EditAnswer:
    """An entry of the log as it is told; ``mined_at`` is the time of the last mining."""
    return EditAnswer.model_validate(_fields(entry, mined_at))


def made_answer(entry: LogEntry, mined_at: str, split: SplitOff | None) -> MadeEditAnswer:
    """An edit that was made just now."""
    return MadeEditAnswer.model_validate(
        {**_fields(entry, mined_at), "split": None if split is None else _split(split)}
    )


def _fields(entry: LogEntry, mined_at: str) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at,
        "by": entry.actor,
        "kind": entry.kind,
        "cause": entry.cause,
        "what": told(entry),
        "details": {key: value for key, value in entry.details.items() if key not in _UNTOLD},
        "takes_effect": "next_mining" if waits(entry, mined_at) else "now",
    }


def _split(split: SplitOff) -> dict[str, Any]:
    named = split.named
    if named is None:
        return {"cause": split.cause, "statements": None, "of": None, "people": None}
    return {"cause": split.cause, "statements": named.found, "of": named.of, "people": named.people}
