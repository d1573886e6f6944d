"""Jobs as they go over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serving.database.jobs import Job, JobState, Kind


class MineRequest(BaseModel):
    """How to mine what is kept."""

    model_config = ConfigDict(extra="forbid", strict=True)

    granularity: float | None = Field(None, ge=0, le=1, description="0 few broad causes, 1 many narrow ones.")
    replace: bool = Field(
        False, description="Whether a mining of a file may give way to one of what is kept."
    )

    @property
    def settings(self) -> dict[str, Any]:
        """Those of the mining that were asked for."""
        return self.model_dump(exclude_none=True, exclude={"replace"})


class ScoreRequest(BaseModel):
    """How to write the scores of what is kept."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["jsonl", "csv", "parquet"] = "jsonl"


class JobAnswer(BaseModel):
    """A job as it stands.

    ``progress`` has ``stage``, and ``done`` of ``total`` where the stage can be counted; ``result`` is empty until
    the job is done; ``error`` says why it failed.
    """

    id: str
    kind: Kind
    state: JobState
    options: Mapping[str, Any]
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int


class JobsAnswer(BaseModel):
    """The last jobs, newest first."""

    jobs: list[JobAnswer]


def job_answer(job: Job) -> JobAnswer:
    """What GET answers; whose job it is stays in the audit log."""
    return JobAnswer(**{name: getattr(job, name) for name in JobAnswer.model_fields})
