"""What a training did, step by step: a JSON line and a TensorBoard event for every few steps, and one for each epoch.

tensorboard --logdir OUT.state
"""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from data.writing import whole_file

EVERY = 10
STEPS = "steps.jsonl"


class RunLog:
    """Losses and rates of one training, written into its state folder.

    Args:
        folder: Of the training's state.
        done: Steps that an earlier call finished and saved; lines of later ones are dropped, they come again.
    """

    def __init__(self, folder: Path, done: int) -> None:
        self._path = folder / STEPS
        kept = [line for line in read_steps(folder) if line["step"] <= done]
        with whole_file(self._path, "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in kept)
        self._events = _events(folder, done)
        self._sums: dict[str, list[float]] = {}
        self._rate: float | None = None  # of the last step that is not written

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._events is not None:
            self._events.close()

    def stepped(self, step: int, losses: dict[str, float], rate: float) -> None:
        """Note the losses of a step, by part; every ``EVERY`` steps their means are written."""
        for part, loss in losses.items():
            self._sums.setdefault(part, []).append(loss)
        self._rate = rate
        if step % EVERY == 0:
            self._write_means(step)

    def judged(self, step: int, dev: dict[str, float]) -> None:
        """Note the dev scores after ``step``, and the losses since the last line: few rows make few steps."""
        self._write_means(step)
        self._write(step, {f"dev/{head}": score for head, score in dev.items()})

    def _write_means(self, step: int) -> None:
        if self._rate is None:
            return
        means = {part: round(sum(values) / len(values), 4) for part, values in self._sums.items()}
        self._write(step, {f"loss/{part}": mean for part, mean in means.items()} | {"rate": self._rate})
        self._sums, self._rate = {}, None

    def _write(self, step: int, values: dict[str, float]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step} | values) + "\n")
        if self._events is not None:
            for name, value in values.items():
                self._events.add_scalar(name, value, step)


def read_steps(folder: Path) -> list[dict[str, float]]:
    """The lines of a training's state folder, first step first; none where nothing was written."""
    return whole_lines(folder / STEPS)


def whole_lines(path: Path) -> list[dict[str, Any]]:
    """What the lines of ``path`` hold, none where there is no file; a last one that a full disk tore is cut off."""
    if not path.exists():
        return []
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        os.truncate(path, path.stat().st_size - len(lines.pop()))
    return [json.loads(line) for line in lines]


def _events(folder: Path, done: int) -> Any:
    """A writer of TensorBoard events, None where tensorboardX (extra ``train``) is not installed."""
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=done + 1, flush_secs=30)
