"""A predictor that tells at once which model it is, and loads it when it is first asked something."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from models.checkpoint import DEFAULT, checkpoint_info, load_predictor
from models.predictions import ModelInfo, Predictions, Predictor
from models.runtime import choose_runtime


class LazyPredictor:
    """The checkpoint in a folder, for those who may not need its answers."""

    def __init__(self, folder: Path | None = None, *, runtime: str = "auto") -> None:
        """Look at the checkpoint; the arguments and errors are those of ``load_predictor``."""
        folder = folder or DEFAULT
        info = checkpoint_info(folder)
        self._load: Callable[[], Predictor] = lambda: load_predictor(folder, runtime=runtime)
        self._info = replace(info, runtime=choose_runtime(folder, runtime))

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._info

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        """Classify and embed ``texts``; ``on_progress`` gets the number of texts newly done."""
        return self._loaded.predict(texts, on_progress=on_progress)

    @cached_property
    def _loaded(self) -> Predictor:
        return self._load()
