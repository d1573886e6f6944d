"""What answers: a mining and the model, behind a bounded queue; the mining can be changed while it answers."""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from data.errors import CountervoiceError, StateError
from mining.journal import JOURNAL_NAME, forget_in_journal
from mining.report_json import report_dict
from models.predictions import ModelInfo, Predictor
from serving.batcher import MicroBatcher
from serving.classify import classify
from serving.forgetting import forget_in_file, without_feedback
from serving.recovery.forgetting import forget_feedback
from serving.state import INDEX_NAME, STATE_NAME, STORE_NAME, State, find_state, read_state

BATCH_TEXTS = 64
WAITING_TEXTS = 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """One mining in the shapes that are asked for.

    Attributes:
        causes: Cause id to cause, in the shape of ``report.json``, most people first.
        oppositions: In the shape of ``report.json``, the one that matters most first.
    """

    state: State
    causes: Mapping[str, dict[str, Any]]
    oppositions: Sequence[dict[str, Any]]

    @property
    def messages(self) -> Mapping[str, str]:
        """Feedback id to whole text, of the messages that examples quote."""
        return self.state.stored.messages


class Engine:
    """Classifies messages against the mining in ``served``; a request sees one mining from its start to its end."""

    def __init__(self, state: State, predictor: Predictor, folder: Path | None = None) -> None:
        """``folder`` is where the state was read from; without one it cannot be read again."""
        self.predictor = predictor
        self._folder = folder
        self._changing = Lock()
        self._seen = self._mark()
        self._batcher = MicroBatcher(self._classify, batch_items=BATCH_TEXTS, waiting_items=WAITING_TEXTS)
        self.served = self._checked(state)

    @classmethod
    def load(cls, state: Path, model: Path | None, runtime: str = "auto") -> "Engine":
        """Load the mining in the folder ``state`` and the checkpoint ``model`` (None: the default one).

        ``runtime`` is one of ``models.runtime.RUNTIMES``.

        Raises:
            CheckpointError: The model cannot be loaded.
            StateError: The mining cannot be read, or was made with another model.
        """
        from models.checkpoint import load_predictor

        return cls(read_state(state), load_predictor(model, runtime=runtime), state)

    async def classify(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """One answer per text, in the shape of ``serving.messages.MessageAnswer``.

        Raises:
            BusyError: Too many texts are waiting already.
        """
        return await self._batcher.submit(texts)

    def refresh(self) -> bool:
        """Serve the mining in the folder if it is another one; requests under way end with the one they began with.

        Raises:
            StateError: It cannot be read, or was made with another model; the one before is served on, and it is not
                tried again.
        """
        mark = self._mark()
        if self._folder is None or mark in (None, self._seen):
            return False
        with self._changing:
            self._seen = mark
            state = read_state(self._folder)
            if self._mark() != mark:  # changed while it was read: what was read may be a part of each
                self._seen = None
                return False
            self.served = self._checked(state)
        return True

    def _mark(self) -> tuple[int, int] | None:
        """Tells one mining in the folder from the next; None while there is none."""
        if self._folder is None:
            return None
        try:
            found = (self._folder / STATE_NAME / INDEX_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def forget(self, ids: AbstractSet[str]) -> None:
        """Quote none of the feedback ``ids`` any more, now and after the next start."""
        with self._changing:
            state = self.served.state
            if not ids.isdisjoint(state.stored.messages):
                self.served = self._checked(replace(state, stored=without_feedback(state.stored, ids)))
            self._forget_in_folder(ids)

    def _forget_in_folder(self, ids: AbstractSet[str]) -> None:
        if self._folder is None:
            return
        try:
            state = find_state(self._folder)
            forget_in_file(state / STORE_NAME, ids)
            forget_feedback(self._folder, ids)
            if (state / JOURNAL_NAME).exists():  # there is none in the state of an earlier version
                forget_in_journal(state / JOURNAL_NAME, ids)
        except (CountervoiceError, sqlite3.Error) as error:
            log.error("erased feedback is not quoted any more, but lies in the state folder: %s", error)

    def _checked(self, state: State) -> Served:
        check_same_model(state.stored.model, self.predictor.info)
        report: Any = report_dict(state.stored.mining, state.stored.model)
        causes = {cause["id"]: cause for cause in report["causes"]}
        return Served(state, causes, report["oppositions"])

    def _classify(self, texts: list[str]) -> list[dict[str, Any]]:
        state = self.served.state
        return classify(texts, self.predictor, state.index, state.stored)


def check_same_model(mined: ModelInfo, loaded: ModelInfo) -> None:
    """Refuse a model whose vectors mean something else than those of the mining.

    Raises:
        StateError: The models differ.
    """
    if mined.version != loaded.version:
        raise StateError(
            f"the mining was made with model {mined.name} {mined.version}, the one to serve is {loaded.name} "
            f"{loaded.version}: mine again with it, or give --model the first"
        )
