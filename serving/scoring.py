"""``countervoice score``: a file of feedback in, one row per statement out, in memory that does not grow with it.

The file is scored chunk by chunk, and each chunk is kept as a part as soon as it is finished (`serving.parts`). A
killed run reads the file again from its start, finds the parts, and scores what is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn

from data.columns import describe_guess
from data.errors import InputError, WriteError
from data.language import LanguageCensus
from data.reading import FeedbackFile, Reading
from data.records import Feedback, Rejection
from data.writing import rejection_columns, table_writer
from models.predictions import Predictor
from serving.analysis import REJECTED_NAME, all_statements, no_message, predicted, with_languages
from serving.assembly import assemble_file, assemble_folder, move
from serving.parts import Identity, Parts, input_identity
from serving.progress import Stages, silent
from serving.score_output import ScoreSettings, checked_output
from serving.scored_table import Origin, scored_table
from serving.version import version


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
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> Scored:
    """Score ``source`` and write one row per statement to ``out``.

    Without ``out`` it is ``<source stem>.scored.parquet`` beside ``source``; the suffix chooses the format. Finished
    chunks are kept in ``<out>.parts`` until the output is there. A run that finds them there goes on from them, if
    the input, the model and the settings are the same; otherwise it starts anew and says so.

    Raises:
        InputError: The source cannot be read, or changed meanwhile, or holds no message.
        WriteError: There is no room or no right to write. Finished chunks are kept.
    """
    out = checked_output(source, out, settings)
    before = _stamp(source)
    stages(f"Reading {source.name}")
    file = FeedbackFile(source, columns)
    say(describe_guess(file.columns))
    identity = _identity(source, predictor, columns, settings)
    parts = Parts(out.with_name(f"{out.name}.parts"), identity)
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
        say=say,
        stages=stages,
    )
    try:
        return run.score()
    except KeyboardInterrupt:
        say(run.how_to_go_on())
        raise
    except WriteError as error:
        raise WriteError(f"{error}; {run.how_to_go_on()}") from None
    finally:
        if not parts.resumable:
            parts.remove()


def _identity(
    source: Path, predictor: Predictor, columns: Mapping[str, str], settings: ScoreSettings
) -> Identity:
    return Identity(
        input=input_identity(source),
        model=asdict(predictor.info),
        settings={
            "version": version(),
            "columns": dict(columns),
            "embeddings": settings.embeddings,
            "chunk_rows": settings.chunk_rows,
            "chunk_characters": settings.chunk_characters,
        },
    )


def _stamp(source: Path) -> tuple[int, int]:
    stat = source.stat()
    return stat.st_size, stat.st_mtime_ns


@dataclass(frozen=True, slots=True)
class _Chunk:
    messages: list[Feedback] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.messages) + len(self.rejections)


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
    say: Callable[[str], None]
    stages: Stages

    def __post_init__(self) -> None:
        self._totals = _Totals()
        self._rejected = self.parts.folder / "_rejected.csv"
        self._rejected_out = self.out.with_name(REJECTED_NAME)

    def score(self) -> Scored:
        if self.parts.languages is None:
            self.stages("Finding the languages")
            self.parts.begin(self._common_languages())
        self._score_chunks()
        if _stamp(self.source) != self.before:
            raise InputError(f"{self.source} changed while it was read: run the same command again")
        self.stages(f"Writing {self.out.name}")
        self._put_in_place()
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
            f"{self._totals.rows:,} of {self.file.rows:,} rows are finished and kept in {self.parts.folder}; "
            f"the same command goes on from there"
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
        with table_writer(self._rejected_out) as append:
            for chunk in _chunks(self._reading(), self.settings):
                append(rejection_columns(chunk.rejections))
        raise no_message(self.source, self.file.rows, self._rejected_out)

    def _reading(self) -> Reading:
        return self.file.reading(self.parts.folder / "_ids.db")

    def _score_chunks(self) -> None:
        """Make the parts that are not there yet, and write all rejected rows."""
        progress: Callable[[int], None] | None = None
        reading = self._reading()
        with table_writer(self._rejected) as append_rejected:
            append_rejected(rejection_columns([]))
            for number, chunk in enumerate(_chunks(reading, self.settings)):
                append_rejected(rejection_columns(chunk.rejections))
                origin = self._origin(chunk.rows, len(chunk.rejections))
                statements = self._finished(number, origin)
                if statements is None:
                    progress = progress or self._start_scoring()
                    statements = self._score(number, chunk, origin, progress)
                elif progress is not None:
                    progress(chunk.rows)
                self._totals.add(origin, statements)
        for note in reading.notes():
            self.say(note)

    def _origin(self, rows: int, rejected: int) -> Origin:
        own_ids = self.file.columns.id is not None
        return Origin(model=self.predictor.info, rows=rows, rejected=rejected, own_ids=own_ids)

    def _finished(self, number: int, origin: Origin) -> int | None:
        """The number of statements of a part that an earlier run left, or None."""
        found = self.parts.finished(number)
        return found[1] if found is not None and found[0] == origin else None

    def _start_scoring(self) -> Callable[[int], None]:
        done = self._totals.rows
        if done:
            self.say(f"going on after {done:,} of {self.file.rows:,} rows that an earlier run finished")
        return self.stages("Scoring rows", self.file.rows, done=done)

    def _score(self, number: int, chunk: _Chunk, origin: Origin, progress: Callable[[int], None]) -> int:
        feedback = with_languages(chunk.messages, self.parts.languages)
        statements = all_statements(feedback)
        on_progress = _in_rows(progress, len(statements), chunk.rows)
        analysis = predicted(feedback, statements, self.predictor, on_progress=on_progress)
        self.parts.write(number, scored_table(analysis, origin, embeddings=self.settings.embeddings))
        if not statements:
            progress(chunk.rows)
        return len(statements)

    def _put_in_place(self) -> None:
        totals = self._totals
        if totals.rejected or self._rejected_out.exists():  # those of an earlier run are not this run's
            move(self._rejected, self._rejected_out)
        if self.settings.partitioned:
            assemble_folder(self.parts, self.out)
            return
        origin = self._origin(totals.rows, totals.rejected)
        assemble_file(self.parts, totals.chunks, self.out, origin)
        self.parts.remove()


def _chunks(reading: Iterable[Feedback | Rejection], settings: ScoreSettings) -> Iterator[_Chunk]:
    """The rows in chunks whose ends depend on the rows before them alone."""
    chunk = _Chunk()
    characters = 0
    for found in reading:
        if isinstance(found, Feedback):
            chunk.messages.append(found)
            characters += len(found.text)
        else:
            chunk.rejections.append(found)
        if chunk.rows >= settings.chunk_rows or characters >= settings.chunk_characters:
            yield chunk
            chunk, characters = _Chunk(), 0
    if chunk.rows:
        yield chunk


def _in_rows(progress: Callable[[int], None], statements: int, rows: int) -> Callable[[int], None]:
    """Progress in statements as progress in rows: the sum is ``rows`` when all statements are done."""
    done = 0

    def on_progress(newly_done: int) -> None:
        nonlocal done
        before = done * rows // statements
        done += newly_done
        progress(done * rows // statements - before)

    return on_progress
