"""What a training starts from, and what a head keeps of it where its own dev rows cannot say it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from models.checkpoint import CALIBRATION, Calibration, checkpoint_info, read_calibration
from models.confusion import CLEAR_DEGREE, Confusion, Table, read_confusion
from models.metrics import metric
from models.wide import NO_WIDE, Wide, load_wide
from training.dev_rows import HEADS, LEAST_ROWS, LEAST_SIDES, SIDES, can_calibrate, labels_of, with_sides

KEPT = "kept"
"""Entry of ``metrics.json``: head to the version of the checkpoint that its calibration and confusion are of."""

SILENT: Final = 1.0
"""Threshold from which a model reports no topic, and stands by no call: of heads that nobody trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A checkpoint of ours, or an encoder of which nothing was measured.

    Attributes:
        name: As the user gave it.
        calibration: Of the checkpoint; the defaults without one.
        wide: Its wide part.
        confusion: Its counts of errors, by head.
        versions: Head to the version of the checkpoint that its calibration was measured with; empty without one.
    """

    name: str
    calibration: Calibration = field(default_factory=lambda: Calibration(languages=()))
    wide: Wide = NO_WIDE
    confusion: Confusion = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, encoder: str) -> "Start":
        """What ``encoder`` (a folder or hub name) brings.

        Raises:
            CheckpointError: It is a checkpoint of which a part is missing or cannot be read.
        """
        folder = Path(encoder)
        if not (folder / CALIBRATION).exists():
            return cls(name=encoder)
        version = checkpoint_info(folder).version
        return cls(
            name=encoder,
            calibration=read_calibration(folder),
            wide=load_wide(folder),
            confusion=read_confusion(folder) or {},
            versions=dict.fromkeys(HEADS, version) | (metric(folder, KEPT) or {}),
        )

    def kept(self, dev: pd.DataFrame) -> dict[str, str]:
        """Heads that keep what they had since no dev row has a label of them, with the version that it is of."""
        return {head: version for head, version in self.versions.items() if dev[head].isna().all()}

    def untrained(self, train: pd.DataFrame) -> tuple[str, ...]:
        """Heads that stay as chance drew them: over an encoder without heads, those that no row teaches."""
        if self.versions:
            return ()
        return tuple(head for head in HEADS if not _teaches(train, head))

    def calibration_before(self, train: pd.DataFrame) -> Calibration:
        """What the dev rows may leave as it is: of a checkpoint whose topics ``train`` wakes, with the default."""
        if not self._wakes_topics(train):
            return self.calibration
        return replace(self.calibration, topic_threshold=Calibration(languages=()).topic_threshold)

    def _wakes_topics(self, train: pd.DataFrame) -> bool:
        return self.calibration.topic_threshold >= SILENT and _teaches(train, "topics")

    def kept_confusion(self, heads: Mapping[str, str]) -> dict[str, Mapping[str, Table]]:
        """The counts of errors of ``heads``, as far as the checkpoint came with them."""
        names = [*heads, *([CLEAR_DEGREE] if "degree" in heads else [])]
        return {name: self.confusion[name] for name in names if name in self.confusion}

    def remarks(self, train: pd.DataFrame, dev: pd.DataFrame) -> list[str]:
        """Lines on heads that nobody trains, on those without dev rows, and on those with too few for a calibration."""
        untrained = self.untrained(train)
        lines = [
            f"no training rows of {head}: this head is untrained, and {_mute(head)}" for head in untrained
        ]
        if kept := self.kept(dev):
            lines.append(
                f"no dev rows of {_listed(list(kept))}: temperature, thresholds, error, n-grams and confusion stay "
                f"those of {self.name}"
            )
        if self._wakes_topics(train):
            default = self.calibration_before(train).topic_threshold
            lines.append(
                f"topics of {self.name} were untrained: their threshold is {default:g} unless dev rows choose one"
            )
        for head in [head for head in HEADS if head not in untrained]:
            rows = len(labels_of(dev, head))
            if can_calibrate(dev, head):
                lines += self._on_sides(dev, head)
            elif rows:
                lines.append(
                    f"{rows:,} dev rows of {head} cannot calibrate it (from {LEAST_ROWS} on, of different labels, "
                    f"they do): {self._stays(head)}"
                )
        return lines

    def _on_sides(self, dev: pd.DataFrame, head: str) -> list[str]:
        if head not in SIDES or with_sides(dev, head).any():
            return []
        whose = f"stays that of {self.name}" if self.versions else "is not measured"
        return [
            f"fewer than {LEAST_SIDES} dev rows of {head} are {' or '.join(SIDES[head])}, or only one of these: the "
            f"error of {error_of(self.calibration, head):g} {whose}"
        ]

    def _stays(self, head: str) -> str:
        what = "threshold" if head == "topics" else "error"
        if self.versions:
            n_grams = ", n-grams" if head in self.wide.weights else ""
            return f"temperature{n_grams} and {what} stay those of {self.name}"
        value = self.calibration.topic_threshold if head == "topics" else error_of(self.calibration, head)
        return f"temperature 1 and the {what} of {value:g} are not measured"


def error_of(calibration: Calibration, head: str) -> float:
    """How often one side of ``head`` ("sentiment" or "degree") is called the opposite, in [0, 1]."""
    return calibration.degree_error if head == "degree" else calibration.sentiment_error


def _teaches(train: pd.DataFrame, head: str) -> bool:
    """Whether any row that is ever seen has a label of ``head``."""
    return bool(train[head][train.weight > 0].notna().any())


def _mute(head: str) -> str:
    return "reports none" if head == "topics" else "abstains from every call"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
