"""The folder of parts: what a scoring has finished, chunk by chunk, so that a killed one can go on.

_manifest.json          what the parts were made from: written once, before the first part
part-000000.parquet     the statements of one chunk; a part that is there is finished
"""

import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError, WriteError
from data.parquet import parquet_metadata, read_parquet
from data.writing import reason_of, whole_file
from serving.scored_table import Origin, origin_of

FORMAT: Final = 1
MANIFEST: Final = "_manifest.json"  # programs that read folders of Parquet skip names with an underscore

PART: Final = re.compile(r"part-\d{6,}\.parquet")

_OURS: Final = re.compile(
    rf"{PART.pattern}|_manifest\.json|_rejected\.csv|_ids\.db|_scored\.\w+|.*\.\d+\.tmp"
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What decides whether finished parts can be used: each of the three as plain JSON values."""

    input: dict[str, Any]
    model: dict[str, Any]
    settings: dict[str, Any]

    def change_since(self, manifest: dict[str, Any]) -> str | None:
        """What differs from a scoring that was interrupted, for people; None if nothing does."""
        if manifest.get("format") != FORMAT:
            return "the format of the parts"
        for name in ("input", "model", "settings"):
            if json.loads(json.dumps(getattr(self, name))) != manifest.get(name):
                return f"the {name}"
        return None


def input_identity(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file: its name and its date may change."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


class Parts:
    """The parts of one scoring.

    Attributes:
        folder: Where they are.
        restarted: Why finished parts of an earlier run were thrown away; None if there were none.
        languages: The common languages of the input, if an interrupted run found them.
    """

    def __init__(self, folder: Path, basis: Basis) -> None:
        """Open the folder, or make it; parts that were made from something else are thrown away.

        Raises:
            InputError: The folder holds files of somebody else.
            WriteError: It cannot be made or emptied.
        """
        self.folder = folder
        self.restarted: str | None = None
        self.languages: frozenset[str] | None = None
        self._basis = basis
        _refuse_strangers(folder)
        manifest = _manifest(folder)
        if manifest is not None:
            self.restarted = basis.change_since(manifest)
        if manifest is not None and self.restarted is None:
            self.languages = frozenset(manifest["languages"])
        else:
            self.remove()
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise WriteError(f"cannot make the folder {folder}: {reason_of(error)}") from None

    @property
    def resumable(self) -> bool:
        """A later run can go on from here."""
        return (self.folder / MANIFEST).exists()

    @property
    def taken_over(self) -> bool:
        """Another scoring has the folder: it took it away, or began in it with something else."""
        manifest = _manifest(self.folder)
        if self.languages is None:  # not begun
            return not self.folder.exists()
        return manifest is None or self._basis.change_since(manifest) is not None

    def begin(self, languages: frozenset[str]) -> None:
        """Write the manifest: from now on parts are kept."""
        manifest = {
            "format": FORMAT,
            "input": self._basis.input,
            "model": self._basis.model,
            "settings": self._basis.settings,
            "languages": sorted(languages),
        }
        with whole_file(self.folder / MANIFEST, "w") as file:
            json.dump(manifest, file, indent=1, ensure_ascii=False)
        self.languages = languages

    def statements(self, number: int, origin: Origin) -> int | None:
        """The number of statements of a part that was made from ``origin``; None if it has to be made."""
        found = self._finished(self._path(number))
        return found[1] if found is not None and found[0] == origin else None

    def finished(self) -> dict[int, Origin]:
        """Number of each finished part to its origin."""
        paths = [path for path in self.folder.iterdir() if PART.fullmatch(path.name)]
        found = {int(path.stem.removeprefix("part-")): self._finished(path) for path in paths}
        return {number: part[0] for number, part in found.items() if part is not None}

    def rows(self) -> int:
        """Rows of the input that the finished parts stand for."""
        return sum(origin.rows for origin in self.finished().values())

    def write(self, number: int, part: bytes) -> None:
        """Write a part, the ``encoded`` table of a chunk, whole or not at all.

        Raises:
            WriteError: It cannot be written, or another scoring has the folder.
        """
        if self.taken_over:
            raise WriteError(f"{self.folder} is not of this scoring any more")
        with whole_file(self._path(number), "wb") as file:
            file.write(part)

    def tables(self, count: int) -> Iterator[pa.Table]:
        """The first ``count`` parts, in order.

        Raises:
            WriteError: One is gone: another scoring took the folder away.
        """
        return (self._table(self._path(number)) for number in range(count))

    def remove(self) -> None:
        """Take the folder away."""
        try:
            if self.folder.exists():
                shutil.rmtree(self.folder)
        except OSError as error:
            raise WriteError(f"cannot empty {self.folder}: {reason_of(error)}") from None

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:06}.parquet"

    @staticmethod
    def _table(path: Path) -> pa.Table:
        try:
            return read_parquet(path)
        except FileNotFoundError:
            raise WriteError(f"{path} is gone, though it was finished") from None

    @staticmethod
    def _finished(path: Path) -> tuple[Origin, int] | None:
        """Origin and number of statements of a part; None if it is not there, or torn by a power cut."""
        try:
            found = parquet_metadata(path)
        except (pa.ArrowException, OSError):
            return None
        origin = origin_of(found.metadata)
        return None if origin is None else (origin, found.num_rows)


def encoded(table: pa.Table) -> bytes:
    """A table as the content of a part."""
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def _refuse_strangers(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file where a folder for parts is needed: move it away")
    strangers = (
        [path for path in folder.iterdir() if not _OURS.fullmatch(path.name)] if folder.exists() else []
    )
    if strangers:
        raise InputError(
            f"{strangers[0]} is none of the files of a scoring: move it, or choose another --out"
        )


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
