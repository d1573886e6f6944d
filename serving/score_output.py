"""Where a scoring writes, and what it may be asked for: refused before the long work starts, not after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import InputError, WriteError
from data.writing import FORMATS, reason_of
from serving.analysis import REJECTED_NAME, keep_from_overwriting
from serving.parts import PART
from serving.rejected_file import check_reasons
from serving.scored_columns import refuse_scored
from serving.version import version


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSettings:
    """How a file is scored.

    Attributes:
        embeddings: Add what `countervoice mine` needs to mine the scored file without the model.
        partitioned: Leave a folder of Parquet parts, not one file.
        chunk_rows: Rows that are scored and kept as one; what a killed run loses at most.
        chunk_characters: A chunk ends early when its messages hold this many characters.
    """

    embeddings: bool = False
    partitioned: bool = False
    chunk_rows: int = 4096
    chunk_characters: int = 1_000_000

    def identity(self, columns: Mapping[str, str]) -> dict[str, Any]:
        """What, beside the input and the model, makes a finished part the one that a later run would make."""
        return {
            "version": version(),
            "columns": dict(columns),
            "embeddings": self.embeddings,
            "chunk_rows": self.chunk_rows,
            "chunk_characters": self.chunk_characters,
        }


def checked_output(source: Path, out: Path | None, settings: ScoreSettings = ScoreSettings()) -> Path:
    """The path to write, its folder made where there is none, or an error if it cannot be written in that form.

    Raises:
        InputError: The source was scored already, or the suffix is unknown or does not go with the settings, or the
            place is taken.
        WriteError: The folder cannot be made.
    """
    refuse_scored(source)
    if out is None:
        out = source.with_name(f"{source.stem}.scored{'' if settings.partitioned else '.parquet'}")
    _check_form(out, settings)
    if out.name == REJECTED_NAME:
        raise InputError(f"{REJECTED_NAME} is where rejected rows go: choose another name for --out")
    keep_from_overwriting(source, out.with_name(REJECTED_NAME))
    check_reasons(out.with_name(REJECTED_NAME))
    if out.resolve() == source.resolve():
        raise InputError(f"--out {out} is the input itself: choose another name")
    _check_place(out, settings)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot make the folder {out.parent}: {reason_of(error)}") from error
    return out


def _check_form(out: Path, settings: ScoreSettings) -> None:
    suffix = out.suffix.lower()
    if settings.partitioned:
        if suffix in FORMATS and suffix != ".parquet":
            raise InputError(f"--partitioned leaves a folder of Parquet files: name --out without {suffix}")
    elif suffix not in FORMATS:
        raise InputError(f"cannot write {out.name}: the suffix must be one of {', '.join(FORMATS)}")
    elif settings.embeddings and suffix != ".parquet":
        raise InputError(f"--embeddings needs Parquet: name --out with .parquet, not {suffix}")


def _check_place(out: Path, settings: ScoreSettings) -> None:
    if not settings.partitioned:
        if out.is_dir():
            raise InputError(f"--out {out} is a folder: name a file, or give --partitioned")
        return
    if out.is_file():
        raise InputError(f"--out {out} is a file: name a folder, or leave out --partitioned")
    if out.is_dir() and any(not PART.fullmatch(path.name) for path in out.iterdir()):
        raise InputError(f"--out {out} holds more than the parts of a scoring: choose another name")
