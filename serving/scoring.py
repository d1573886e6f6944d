"""``countervoice score``: a file of feedback in, one row per statement out, in memory that does not grow with it.

The file is scored chunk by chunk, and each chunk is kept as a part as soon as it is finished (`serving.parts`). A
killed run reads the file again from its start, finds the parts, and scores what is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from data.columns import describe_columns
from data.errors import EngineError, InputError, WriteError
from data.feedback_rows import Reading
from data.language import LanguageCensus
from data.reading import FeedbackFile
from data.records import Feedback
from data.writing import rejection_columns, table_writer
from models.predictions import Predictor
from serving.analysis import REJECTED_NAME, no_message
from serving.assembly import assemble_file, assemble_folder
from serving.chunks import IDS, Chunk, PartMaker, Plan, chunks
from serving.parts import Basis, Parts, encoded, input_identity
from serving.progress import Stages, silent
from serving.rejected_file import put_reasons
from serving.score_output import ScoreSettings, checked_output
from serving.scored_table import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What was written, and where; ``rejected_path`` is None when every row could be read."""

    path: Path
    rows: int
    messages: int
    statements: int
    rejected: int
    rejected_path: Path | None


def score_file(
    source: Path,
    out: Path | None,
    predictor: Predictor,
    *,
    columns: Mapping[str, str],
    settings: ScoreSettings = ScoreSettings(),  # noqa: B008  (frozen)
    engine: PartMaker | None = None,
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> Scored:
    """Score ``source`` and write one row per statement to ``out``.

    Without ``out`` it is ``<source stem>.scored.parquet`` beside ``source``; the suffix chooses the format. Finished
    chunks are kept in ``<out>.parts`` until the output is there. A run that finds them there goes on from them, if
    the input, the model and the settings are the same; otherwise it starts anew and says so. An ``engine`` makes the
    parts elsewhere; what it leaves out ``predictor`` does here.

    Raises:
        InputError: The source cannot be read, or changed meanwhile, or holds no message.
        WriteError: There is no room or no right to write: finished chunks are kept. Or another scoring seems to write
            to the same ``out``.
        EngineError: The engine failed. Finished chunks are kept.
    """
    out = checked_output(source, out, settings)
    before = _stamp(source)
    stages(f"Reading {source.name}")
    file = FeedbackFile(source, columns)
    for line in describe_columns(file.columns):
        say(line)
    basis = Basis(
        input=input_identity(source), model=asdict(predictor.info), settings=settings.identity(columns)
    )
    parts = Parts(out.with_name(f"{out.name}.parts"), basis)
    if parts.restarted:
        say(f"{parts.restarted} changed since a scoring was interrupted: starting anew")
    run = _Run(
        source=source,
        before=before,
        file=file,
        out=out,
        parts=parts,
        predictor=predictor,
        settings=settings,
        engine=engine,
        say=say,
        stages=stages,
    )
    try:
        return run.score()
    except KeyboardInterrupt:
        say(run.how_to_go_on())
        raise
    except (WriteError, EngineError) as error:
        if parts.taken_over:
            raise WriteError(_two_write(out)) from None
        raise type(error)(f"{error}; {run.how_to_go_on()}") from None
    finally:
        if not (parts.resumable or parts.taken_over):
            parts.remove()


def _two_write(out: Path) -> str:
    return (
        f"another scoring seems to write to the same --out {out}: its output may be what you asked for; "
        f"if not, run the same command again when it has ended"
    )


def _stamp(source: Path) -> tuple[int, int]:
    stat = source.stat()
    return stat.st_size, stat.st_mtime_ns


@dataclass(slots=True)
class _Totals:
    rows: int = 0
    rejected: int = 0
    statements: int = 0
    chunks: int = 0

    def add(self, origin: Origin, statements: int) -> None:
        self.rows += origin.rows
        self.rejected += origin.rejected
        self.statements += statements
        self.chunks += 1


@dataclass(kw_only=True)
class _Run:
    """One run of a scoring, from the first row to the output."""

    source: Path
    before: tuple[int, int]
    file: FeedbackFile
    out: Path
    parts: Parts
    predictor: Predictor
    settings: ScoreSettings
    engine: PartMaker | None
    say: Callable[[str], None]
    stages: Stages

    def __post_init__(self) -> None:
        self._totals = _Totals()
        self._rejected = self.parts.folder / "_rejected.csv"
        self._rejected_out = self.out.with_name(REJECTED_NAME)

    def score(self) -> Scored:
        plan = self._plan()
        if self.engine is not None:
            self._make_parts(self.engine, plan)
        self._score_chunks(plan)
        if _stamp(self.source) != self.before:
            raise InputError(f"{self.source} changed while it was read: run the same command again")
        self.stages(f"Writing {self.out.name}")
        self._put_in_place(plan)
        totals = self._totals
        return Scored(
            path=self.out,
            rows=totals.rows,
            messages=totals.rows - totals.rejected,
            statements=totals.statements,
            rejected=totals.rejected,
            rejected_path=self._rejected_out if totals.rejected else None,
        )

    def how_to_go_on(self) -> str:
        """What people can do after an interruption."""
        if not self.parts.resumable:
            return "nothing was finished yet; run the same command again"
        return (
            f"{self.parts.rows():,} of {self.file.rows:,} rows are finished and kept in {self.parts.folder}; "
            f"the same command goes on from there"
        )

    def _plan(self) -> Plan:
        """What all chunks have in common; the languages are those that an interrupted run found, if there was one."""
        if self.parts.languages is None:
            self.stages("Finding the languages")
            self.parts.begin(self._common_languages())
        return Plan(
            file=self.file,
            folder=self.parts.folder,
            settings=self.settings,
            model=self.predictor.info,
            languages=self.parts.languages or frozenset(),
        )

    def _common_languages(self) -> frozenset[str]:
        census = LanguageCensus()
        messages = 0
        for found in self._reading():
            if isinstance(found, Feedback):
                messages += 1
                if found.language is None:
                    census.add(found.text)
        if not messages:
            self._refuse()
        return census.common()

    def _refuse(self) -> NoReturn:
        reading = self._reading()
        with table_writer(self._rejected) as append:
            for chunk in chunks(reading, self.settings):
                append(self._reasons(chunk))
        put_reasons(self._rejected, self._rejected_out, self.source)
        raise no_message(self.source, self.file.rows, reading.silent, self._rejected_out)

    def _reading(self) -> Reading:
        return self.file.reading(self.parts.folder / IDS)

    def _make_parts(self, engine: PartMaker, plan: Plan) -> None:
        """Have the parts made that are not there yet, in any order; they are kept as they come."""
        finished = self.parts.finished()
        progress = self._start_scoring(sum(origin.rows for origin in finished.values()))
        with closing(engine(plan, finished.keys())) as made:
            for number, rows, part in made:
                self.parts.write(number, part)
                progress(rows)

    def _score_chunks(self, plan: Plan) -> None:
        """Make the parts that are not there yet, and write all rejected rows."""
        progress: Callable[[int], None] | None = None
        reading = plan.reading()
        with table_writer(self._rejected) as append_rejected:
            append_rejected(rejection_columns([], self.source))
            for chunk in chunks(reading, self.settings):
                append_rejected(self._reasons(chunk))
                origin = plan.origin(chunk.rows, len(chunk.rejections))
                statements = self.parts.statements(chunk.number, origin)
                if statements is None:
                    progress = progress or self._start_scoring(self._totals.rows)
                    table = plan.score(chunk, self.predictor, progress)
                    self.parts.write(chunk.number, encoded(table))
                    statements = len(table)
                elif progress is not None:
                    progress(chunk.rows)
                self._totals.add(origin, statements)
        for note in reading.notes():
            self.say(note)

    def _reasons(self, chunk: Chunk) -> Mapping[str, Sequence[Any]]:
        return rejection_columns(chunk.rejections, self.source)

    def _start_scoring(self, done: int) -> Callable[[int], None]:
        if done:
            self.say(f"going on after {done:,} of {self.file.rows:,} rows that an earlier run finished")
        return self.stages("Scoring rows", self.file.rows, done=done)

    def _put_in_place(self, plan: Plan) -> None:
        totals = self._totals
        if totals.rejected or self._rejected_out.exists():  # those of an earlier run are not this run's
            put_reasons(self._rejected, self._rejected_out, self.source)
        if self.settings.partitioned:
            assemble_folder(self.parts, self.out)
            return
        assemble_file(self.parts, totals.chunks, self.out, plan.origin(totals.rows, totals.rejected))
        self.parts.remove()
