"""``countervoice mine``: a file of feedback in; the report and the state of the service out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from data.errors import InputError, WriteError
from data.margins import Margins, check_margins, told_of
from data.records import Rejection
from data.writing import reason_of
from mining.journal import journal_of, write_journal
from mining.pipeline import mine
from mining.readings import as_people_read
from mining.recognition import Identity
from mining.register import REGISTER_NAME, check_register, open_register
from mining.report_csv import CSV_NAMES, write_csv_tables
from mining.report_html import write_html
from mining.report_json import write_json
from mining.results import Mining
from mining.settings import MiningSettings
from models.predictions import Floats, ModelInfo, Predictor
from serving.analysis import REJECTED_NAME, Analysis, analyse, keep_from_overwriting, read_file
from serving.cause_notes import notes_of
from serving.fixes.folder import FixedFolder, note_fixes
from serving.loops.gathering import MOST_STATEMENTS, loops_of
from serving.progress import Stages, silent
from serving.rejected_file import check_reasons, put_rejections, without_mined
from serving.rows import Span, span_of
from serving.scored_columns import refuse_scored_text
from serving.state import STATE_NAME, journal_path, refuse_inside, write_state
from serving.store import examples_of
from serving.work_folder import put_in_place, work_folder

REPORT_NAMES = ("report.json", "report.html", *CSV_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """The mining and its files; ``rejected_path`` is None when every row could be read.

    ``notes`` are lines on the edits of people: splits that made no cause, names that may not fit any more.
    """

    mining: Mining
    html: Path
    json: Path
    rejected_path: Path | None
    notes: Sequence[str] = ()


def guarded(settings: MiningSettings, model: ModelInfo) -> MiningSettings:
    """Settings whose guards are the error rates that the model measured on its own dev rows."""
    return replace(settings, degree_guard=model.degree_error, sentiment_guard=model.sentiment_error)


def mine_file(
    source: Path,
    out: Path,
    predictor: Predictor,
    *,
    columns: Mapping[str, str],
    settings: MiningSettings | None = None,
    register: Path | None = None,
    margins: Margins | None = None,
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> Mined:
    """Mine ``source`` and leave report.html, report.json, the tables, rejected.csv and the state in the folder ``out``.

    Everything is written into a hidden folder inside ``out`` and moved in place at the end, so that an
    interrupted run leaves the files of the run before as they were. Causes keep the ids that they have in ``register``
    (default: the one in ``out``), which is written before the reports are moved: no id that was shown can be given
    twice.

    Raises:
        InputError: The source cannot be read, or holds nothing to mine, or was scored, or ``out`` is a file, or the
            margins speak of others than it does.
        WriteError: There is no room or no right to write into ``out``; what an earlier mining left there stays.
        StateError: The register cannot be read, or is in use.
    """
    check_target(out, register)
    refuse_scored_text(source)
    for name in CSV_NAMES:
        keep_from_overwriting(source, out / name, "a table of the report")
    read = read_file(source, columns, rejected_path=out / REJECTED_NAME, say=say, stages=stages)
    if margins is not None:  # before the model reads for minutes
        check_margins(margins, map(told_of, read.feedback))
    analysis = analyse(read.feedback, predictor, stages=stages)
    found = Found(
        analysis=analysis,
        model=predictor.info,
        rejected=len(read.rejections),
        own_ids=read.columns.id is not None,
        outcome=read.columns.outcome,
    )
    return mine_found(
        found,
        out,
        settings=settings,
        register=register,
        margins=margins,
        rejections=read.rejections,
        source=source,
        say=say,
        stages=stages,
    )


def check_target(out: Path, register: Path | None = None) -> None:
    """Refuse, before the model reads for hours, a folder and a register that a mining could not be written into.

    Raises:
        InputError: ``out`` is a file, or its rejected.csv is something else.
        StateError: ``out`` is the inside of a mining; or the register, by default that in ``out``, cannot be read.
    """
    refuse_inside(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file: name a folder")
    check_reasons(out / REJECTED_NAME)
    check_register(register or out / REGISTER_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is mined: predicted statements, by which model, and how many rows could not be read.

    Attributes:
        own_ids: The messages have ids of their own; numbers of rows mean nothing in another file.
        outcome: Name of the column that the outcomes of the messages are from.
    """

    analysis: Analysis
    model: ModelInfo
    rejected: int
    own_ids: bool
    outcome: str | None = None


def mine_found(
    found: Found,
    out: Path,
    *,
    settings: MiningSettings | None,
    register: Path | None = None,
    margins: Margins | None = None,
    rejections: Sequence[Rejection] = (),
    source: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
    publishing: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Mined:
    """Mine predicted statements and leave the report and the state in the folder ``out``, as ``mine_file`` does.

    What is written is moved in place within ``publishing``, which may refuse; ``rejections`` are rows of the input
    ``source``, and take the place of those of the mining before in rejected.csv.
    """
    analysis, model = found.analysis, found.model
    moment = datetime.now(UTC)
    with _write_errors_told(out), work_folder(out) as fresh:
        with open_register(register or out / REGISTER_NAME, at=moment, create=True) as opened:
            chosen = guarded(settings or MiningSettings(), model)
            mining, index = mine(
                analysis.feedback,
                analysis.statements,
                analysis.predictions,
                chosen,
                rejected=found.rejected,
                confusion=model.confusion,
                register=opened,
                identity=Identity(model.version, by_text=not found.own_ids),
                outcome=found.outcome,
                margins=margins,
                on_progress=lambda stage: _begin(stages, stage),
            )
            notes = notes_of(opened)
            # Within the block: were the disk full, the register would tell of a mining that nobody has seen, and what
            # is new would be told against that one.
            stages("Writing the report")
            write_json(fresh / "report.json", mining, model, created_at=moment)
            write_html(fresh / "report.html", mining, model)
            write_csv_tables(fresh, mining)
            write_state(
                fresh / STATE_NAME,
                mining,
                index,
                model=model,
                created_at=moment.isoformat(timespec="seconds"),
                own_ids=found.own_ids,
                feedback=analysis.feedback,
                embeddings=_quoted_embeddings(analysis, mining),
            )
            said = as_people_read(analysis.predictions, analysis.statements, index.readings)
            journal = journal_of(analysis.feedback, analysis.statements, said, mining, chosen, model)
            write_journal(journal_path(fresh), journal)
        with publishing():
            if source is not None and rejections:
                put_rejections(rejections, out / REJECTED_NAME, source)
            else:
                without_mined(out / REJECTED_NAME)
            _publish(fresh, out)
    note_fixes(FixedFolder(out, register), chosen, moment)
    if len(analysis.statements) <= MOST_STATEMENTS:
        write_html(out / "report.html", mining, model, loops_of(out, register, chosen, moment, say))
    return Mined(
        mining=mining,
        html=out / "report.html",
        json=out / "report.json",
        rejected_path=out / REJECTED_NAME if rejections else None,
        notes=notes,
    )


@contextmanager
def _write_errors_told(out: Path) -> Iterator[None]:
    """A full disk and a missing right, whichever of the files in ``out`` met it first."""
    try:
        yield
    except OSError as error:
        raise _not_written(out, reason_of(error)) from error
    except WriteError as error:
        raise _not_written(out, str(error)) from error
    except DBAPIError as error:  # the store is a file of SQLite
        raise _not_written(out, str(error.orig)) from error


def _not_written(out: Path, reason: str) -> WriteError:
    return WriteError(f"cannot write the mining into {out}: {reason}; make room, or choose another --out")


def _begin(stages: Stages, name: str) -> None:
    stages(name[:1].upper() + name[1:])


def _quoted_embeddings(analysis: Analysis, mining: Mining) -> dict[Span, Floats]:
    """Span of each quoted statement to its embedding: few, however many statements were mined."""
    quoted = {span_of(example) for example in examples_of(mining)}
    rows = zip(map(span_of, analysis.statements), analysis.predictions.embeddings, strict=True)
    return {span: embedding for span, embedding in rows if span in quoted}


def _publish(fresh: Path, out: Path) -> None:
    for name in REPORT_NAMES:
        (fresh / name).replace(out / name)
    put_in_place(fresh / STATE_NAME, out)
