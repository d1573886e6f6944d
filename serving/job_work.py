"""What jobs do: mine or score everything that is kept."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import DatabaseError, StateError
from data.grouping import with_grouping_segments
from data.non_answers import says_nothing
from data.own_words import own_words
from data.records import Feedback
from data.visible import is_blank
from data.writing import whole_file
from models.predictions import Predictor
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.database.feedback import count, everything
from serving.database.jobs import Job, Kind
from serving.job_pulse import JobPulse
from serving.progress import Stages

JOBS: Final = "jobs"  # folder of results, in the state folder
SNAPSHOT: Final = "feedback.jsonl"
Result = dict[str, Any]


def job_folder(state: Path, job_id: str) -> Path:
    """Where the files of a job lie."""
    return state / JOBS / job_id


def remove_files(state: Path, job_id: str | None = None) -> None:
    """Remove the files of a job, or of all jobs."""
    shutil.rmtree(state / JOBS if job_id is None else job_folder(state, job_id), ignore_errors=True)


def remove_all_files(state: Path) -> None:
    """Remove the files of all jobs.

    Raises:
        DatabaseError: Some are left.
    """
    remove_files(state)
    if (state / JOBS).exists():
        raise DatabaseError(f"the results of jobs in {state / JOBS} cannot be removed: check its rights")


def mine_kept(job: Job, settings: Configuration, database: Database, pulse: JobPulse) -> Result:
    """Mine everything that is kept; the mining in the state folder changes at the end, as one.

    Raises:
        SystemExit: The job was cancelled or lost, and nothing has changed in the state folder.
        StateError: Nothing is kept, the register cannot be read, or somebody else mines into the same folder.
        CheckpointError: The model cannot be loaded.
    """
    from mining.settings import MiningSettings
    from serving.analysis import analyse
    from serving.mining_run import Found, check_target, mine_found

    _need_feedback(database)
    check_target(settings.state)
    predictor = _predictor(settings, pulse)
    pulse("Reading feedback")
    messages, set_aside = _heard(database)
    analysis = analyse(messages, predictor, stages=pulse)
    found = Found(analysis=analysis, model=predictor.info, rejected=set_aside, own_ids=True)
    mining = mine_found(
        found,
        settings.state,
        settings=MiningSettings(**job.options),
        stages=pulse,
        publishing=pulse.publishing,
    ).mining
    return {
        "messages": len(messages),
        "set_aside": mining.data.rejected,
        "people": mining.data.people,
        "causes": len(mining.causes),
        "oppositions": len(mining.oppositions),
    }


def score_kept(job: Job, settings: Configuration, database: Database, stages: Stages) -> Result:
    """Score everything that is kept; taken up again, it goes on from the chunks that are finished.

    Raises:
        StateError: Nothing is kept.
        CheckpointError: The model cannot be loaded.
        WriteError: There is no room for the result.
    """
    from serving.scoring import score_file

    _need_feedback(database)
    predictor = _predictor(settings, stages)
    stages("Reading feedback")
    folder = job_folder(settings.state, job.id)
    source = _snapshot(folder, database)
    out = folder / f"scored.{job.options['format']}"
    scored = score_file(source, out, predictor, columns={"id": "id", "text": "text"}, stages=stages)
    source.unlink()
    return {
        "messages": scored.messages,
        "set_aside": scored.rejected,
        "statements": scored.statements,
        "file": out.name,
    }


WORK: Final[Mapping[Kind, Callable[[Job, Configuration, Database, JobPulse], Result]]] = {
    "mine": mine_kept,
    "score": score_kept,
}


def _need_feedback(database: Database) -> None:
    if not count(database):
        raise StateError("no feedback is kept: POST /v1/feedback first")
    if not any(map(_says_something, everything(database))):
        raise StateError("no message that is kept says anything: all are like 'n/a'")


def _heard(database: Database) -> tuple[tuple[Feedback, ...], int]:
    """The messages that say something, and how many others are kept now: more may come while these are read.

    Of their segments those are left that group people: a report shows the values.
    """
    messages, others = [], 0
    for message in everything(database):
        if _says_something(message):
            messages.append(message)
        else:
            others += 1
    return with_grouping_segments(messages), others


def _says_something(message: Feedback) -> bool:
    """Whether a file would be read with it: what is scored is written to one."""
    text = own_words(message.text).text
    return not is_blank(text) and not says_nothing(text, message.language)


def _predictor(settings: Configuration, stages: Stages) -> Predictor:
    from models.checkpoint import load_predictor

    stages("Loading the model")
    return load_predictor(settings.model, runtime=settings.runtime)


def _snapshot(folder: Path, database: Database) -> Path:
    """What is kept, as a file; the one of an attempt before is taken, so that its chunks still count."""
    path = folder / SNAPSHOT
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(path, "w") as file:
            for message in everything(database):
                row = {"id": message.id, "text": message.text, "language": message.language}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path
