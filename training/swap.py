"""The folders of a promotion: a checkpoint takes the place of another by renames, and the old one stays beside it.

running             what ``serve --model`` names
running.previous    the one before it
.running.promoting  while a promotion is under way: the copy before it is in place, and what the renames pass by

A link is moved as what it is: where ``running`` is one, the link becomes ``running.previous`` and ``running`` a folder;
what the link names stays as it was.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.errors import CheckpointError, PromotionError
from data.writing import reason_of
from models.checkpoint import DEFAULT, load_predictor, read_calibration

_ASIDE = "aside"
_SENTENCE = "Too few examples, and the courier was late."

Rename = tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a checkpoint is served from.

    Attributes:
        path: The folder, or a link to one, as ``serve --model`` names it.
    """

    path: Path

    @classmethod
    def of(cls, path: Path) -> "Place":
        """The place that ``path`` names.

        Raises:
            PromotionError: It is the checkpoint that ships.
        """
        named = path if path.name not in ("", "..") else path.resolve()
        place = cls(named)
        if place._real == DEFAULT:
            raise PromotionError(
                f"{path} is the checkpoint that ships, and an update would overwrite what is promoted over it: copy "
                "it to a folder of yours, serve that one with --model, and promote over it"
            )
        return place

    @property
    def previous(self) -> Path:
        """Where the checkpoint before this one is kept."""
        return self.path.with_name(f"{self.path.name}.previous")

    @property
    def staging(self) -> Path:
        """What is under way lies here, on the same file system; it also keeps a second promotion out."""
        return self.path.with_name(f".{self.path.name}.promoting")

    @property
    def _real(self) -> Path:
        """Links on the way are followed; whether the place itself is one is left open."""
        return self.path.parent.resolve() / self.path.name

    def check_candidate(self, candidate: Path) -> None:
        """See that there is a checkpoint to replace, and that ``candidate`` is another one.

        Raises:
            PromotionError: There is none here, or the candidate is this one or holds it.
        """
        if not self.path.is_dir():
            back = f"`countervoice promote --back --over {self.path}` puts {self.previous.name} there"
            start = "put the checkpoint there that is served, without a promotion"
            raise PromotionError(f"{self.path} is no folder: {back if self.previous.is_dir() else start}")
        if candidate.resolve() in (self.path.resolve(), *self._real.parents):
            raise PromotionError(
                f"{candidate} is {self.path} or holds it: give the folder of another checkpoint"
            )

    def take(self, candidate: Path, version: str) -> None:
        """Put a copy of ``candidate`` here; the one of before becomes ``previous``, and an older previous one goes.

        Args:
            candidate: A checkpoint folder.
            version: The version of it that was compared.

        Raises:
            PromotionError: It is not to be replaced, has changed since, or cannot be copied or renamed.
            CheckpointError: The copy cannot be loaded, or gives no numbers.
        """
        self.check_candidate(candidate)
        with self._staged() as staging:
            fresh = staging / self.path.name
            try:
                _copy(candidate, fresh)
                _check(fresh, version)
                retire = [(self.previous, staging / _ASIDE)] if os.path.lexists(self.previous) else []
                self._rename([*retire, (self.path, self.previous), (fresh, self.path)])
            finally:
                _remove(fresh)
            _remove(staging / _ASIDE)

    def back(self) -> None:
        """Change this checkpoint and the previous one; where a promotion was killed midway, put the latter back.

        Raises:
            PromotionError: There is no previous one, or they cannot be renamed.
            CheckpointError: The previous one is not whole.
        """
        if not self.previous.is_dir():
            raise PromotionError(f"{self.previous} is no folder: nothing was promoted over {self.path}")
        read_calibration(self.previous)
        if not os.path.lexists(self.path):
            self._rename([(self.previous, self.path)])
            return
        with self._staged() as staging:
            aside = staging / _ASIDE
            self._rename([(self.path, aside), (self.previous, self.path), (aside, self.previous)])

    @contextmanager
    def _staged(self) -> Iterator[Path]:
        """The staging folder, made here and removed at the end unless it still holds a checkpoint."""
        try:
            self.staging.mkdir()
        except FileExistsError:
            raise PromotionError(
                f"{self.staging} is there: another promotion is under way, or one was killed; in that case see that "
                f"{self.path} is there, and remove {self.staging.name} once you want nothing of what it holds"
            ) from None
        except OSError as error:
            raise PromotionError(f"cannot write beside {self.path}: {_reason(error)}") from None
        try:
            yield self.staging
        finally:
            with suppress(OSError):
                self.staging.rmdir()

    def _rename(self, renames: Sequence[Rename]) -> None:
        """All of ``renames`` or, where one fails or is interrupted, none."""
        begun: list[Rename] = []
        try:
            for source, target in renames:
                begun.append((source, target))
                source.rename(target)
        except BaseException as error:
            _undo(begun)
            if isinstance(error, OSError):
                raise PromotionError(
                    f"{self.path} cannot be replaced ({_reason(error)}); everything is as it was"
                ) from None
            raise


def _undo(begun: Sequence[Rename]) -> None:
    for source, target in reversed(begun):
        if os.path.lexists(source) or not os.path.lexists(target):
            continue  # begun, and not done
        try:
            target.rename(source)
        except OSError as error:
            raise PromotionError(
                f"{source} was moved to {target} and cannot be moved back ({_reason(error)}): move it by hand"
            ) from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copytree(source, target, copy_function=_copy_file)
    except OSError as error:
        raise PromotionError(f"cannot copy {source} to {target}: {_reason(error)}") from None


def _copy_file(source: str, target: str) -> None:
    """Down to the disk: a name must not get there before what it names."""
    with Path(source).open("rb") as old, Path(target).open("wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
    shutil.copystat(source, target)


def _check(folder: Path, version: str) -> None:
    predictor = load_predictor(folder)
    if predictor.info.version != version:
        raise PromotionError(
            f"the candidate has changed while it was compared (it was {version}): call again"
        )
    said = predictor.predict([_SENTENCE])
    if not all(
        np.isfinite(each).all() for each in (said.sentiment, said.degree, said.topics, said.embeddings)
    ):
        raise CheckpointError(f"{folder} answers with what is no number: train it again")


def _remove(path: Path) -> None:
    """A link goes without what it names."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _reason(error: OSError) -> str:
    """Why; copytree gathers the errors of all files, of which the first will do."""
    return str(error.args[0][0][2]) if isinstance(error, shutil.Error) else reason_of(error)
