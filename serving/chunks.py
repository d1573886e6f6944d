"""A scoring in chunks: how a file is cut, and what becomes of one chunk, whoever works on it."""

from collections.abc import Callable, Generator, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from data.feedback_rows import Reading
from data.reading import FeedbackFile
from data.records import Feedback, Rejection
from models.predictions import ModelInfo, Predictor
from serving.analysis import all_statements, predicted, with_languages
from serving.score_output import ScoreSettings
from serving.scored_table import Origin, scored_table

if TYPE_CHECKING:
    import pyarrow as pa

IDS: Final = "_ids.db"  # in the folder of parts: ids seen, while the file is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Consecutive rows of a file: messages, and the rows that could not be read."""

    number: int
    messages: tuple[Feedback, ...]
    rejections: tuple[Rejection, ...]

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return len(self.messages) + len(self.rejections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What makes a chunk the same wherever it is scored.

    Attributes:
        folder: The folder of parts, on the machine that reads the file.
        model: Which model scores, on which runtime.
        languages: The common languages of the whole file.
    """

    file: FeedbackFile
    folder: Path
    settings: ScoreSettings
    model: ModelInfo
    languages: frozenset[str]

    def reading(self) -> Reading:
        """Start a pass over all rows."""
        return self.file.reading(self.folder / IDS)

    def origin(self, rows: int, rejected: int) -> Origin:
        """What a part of so many rows, or the whole output, says of itself."""
        own_ids = self.file.columns.id is not None
        return Origin(model=self.model, rows=rows, rejected=rejected, own_ids=own_ids)

    def score(
        self, chunk: Chunk, predictor: Predictor, on_progress: Callable[[int], None] = lambda rows: None
    ) -> "pa.Table":
        """The scored table of a chunk; ``on_progress`` gets the number of rows newly done."""
        feedback = with_languages(chunk.messages, self.languages)
        statements = all_statements(feedback)
        in_rows = _in_rows(on_progress, len(statements), chunk.rows)
        analysis = predicted(feedback, statements, predictor, on_progress=in_rows)
        if not statements:
            on_progress(chunk.rows)
        origin = self.origin(chunk.rows, len(chunk.rejections))
        return scored_table(analysis, origin, embeddings=self.settings.embeddings)


class PartMaker(Protocol):
    """An engine: makes parts of a plan, in any order."""

    def __call__(self, plan: Plan, finished: Set[int]) -> Generator[tuple[int, int, bytes], None, None]:
        """Number, rows and content of each part whose number is not among ``finished``.

        Raises:
            EngineError: They cannot be made.
        """
        ...


def chunks(reading: Iterable[Feedback | Rejection], settings: ScoreSettings) -> Iterator[Chunk]:
    """The rows in chunks whose ends depend on the rows before them alone."""
    messages: list[Feedback] = []
    rejections: list[Rejection] = []
    characters = number = 0
    for found in reading:
        if isinstance(found, Feedback):
            messages.append(found)
            characters += len(found.text)
        else:
            rejections.append(found)
        if len(messages) + len(rejections) >= settings.chunk_rows or characters >= settings.chunk_characters:
            yield Chunk(number=number, messages=tuple(messages), rejections=tuple(rejections))
            messages, rejections, characters, number = [], [], 0, number + 1
    if messages or rejections:
        yield Chunk(number=number, messages=tuple(messages), rejections=tuple(rejections))


def _in_rows(progress: Callable[[int], None], statements: int, rows: int) -> Callable[[int], None]:
    """Progress in statements as progress in rows: the sum is ``rows`` when all statements are done."""
    done = 0

    def on_progress(newly_done: int) -> None:
        nonlocal done
        before = done * rows // statements
        done += newly_done
        progress(done * rows // statements - before)

    return on_progress
