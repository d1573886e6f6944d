"""What answers: the last mining and the model, loaded once, behind a bounded queue."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import StateError
from mining.report_json import report_dict
from models.predictions import ModelInfo, Predictor
from serving.batcher import MicroBatcher
from serving.classify import classify
from serving.state import State, read_state

BATCH_TEXTS = 64
WAITING_TEXTS = 1024


class Engine:
    """Classifies messages against one mining.

    Attributes:
        causes: Cause id to cause, in the shape of ``report.json``, most people first.
        oppositions: In the shape of ``report.json``, the one that matters most first.
    """

    def __init__(self, state: State, predictor: Predictor) -> None:
        check_same_model(state.stored.model, predictor.info)
        self._state = state
        self._predictor = predictor
        self._batcher = MicroBatcher(self._classify, batch_items=BATCH_TEXTS, waiting_items=WAITING_TEXTS)
        report: Any = report_dict(state.stored.mining, state.stored.model)
        self.causes: Mapping[str, dict[str, Any]] = {cause["id"]: cause for cause in report["causes"]}
        self.oppositions: Sequence[dict[str, Any]] = report["oppositions"]

    @classmethod
    def load(cls, state: Path, model: Path | None, runtime: str = "auto") -> "Engine":
        """Load the mining in the folder ``state`` and the checkpoint ``model`` (None: the default one).

        ``runtime`` is one of ``models.runtime.RUNTIMES``.

        Raises:
            CheckpointError: The model cannot be loaded.
            StateError: The mining cannot be read, or was made with another model.
        """
        from models.checkpoint import load_predictor

        return cls(read_state(state), load_predictor(model, runtime=runtime))

    @property
    def messages(self) -> Mapping[str, str]:
        """Feedback id to whole text, of the messages that examples quote."""
        return self._state.stored.messages

    async def classify(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """One answer per text, in the shape of ``serving.messages.MessageAnswer``.

        Raises:
            BusyError: Too many texts are waiting already.
        """
        return await self._batcher.submit(texts)

    def _classify(self, texts: list[str]) -> list[dict[str, Any]]:
        return classify(texts, self._predictor, self._state.index, self._state.stored)


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
