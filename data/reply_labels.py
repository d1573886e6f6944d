"""Labels that open a lower line of many texts: what stands behind them may be the shop's reply.

Such lines are not left out: nothing tells a reply from what the author wrote into a form. People are told.
"""

from collections import Counter
from functools import lru_cache
from typing import Final

from data.columns import asks_for_a_side
from data.line_labels import opening_label

_LEAST_TEXTS: Final = 10
_LEAST_SHARE: Final = 0.05
_COUNTED: Final = 1000  # labels at once
_READ: Final = 100  # lines of a text


class ReplyLabels:
    """Counts the texts of a file by the labels of their lower lines, in memory that does not grow with it.

    Of files with more than 1,000 labels a count may be too low, by at most one in 1,000 texts (Misra-Gries).
    """

    def __init__(self) -> None:
        self._texts = 0
        self._counts: Counter[str] = Counter()
        self._written: dict[str, str] = {}

    def add(self, text: str) -> None:
        """Count a text; labels that ask for a side ("Cons:") are those of forms."""
        self._texts += 1
        labels = lower_labels(text)
        self._counts.update(labels.keys())
        for folded, written in labels.items():
            self._written.setdefault(folded, written)
        if len(self._counts) > _COUNTED:
            self._counts = Counter({label: count - 1 for label, count in self._counts.items() if count > 1})
            self._written = {label: self._written[label] for label in self._counts}

    def notes(self) -> tuple[str, ...]:
        """A line for people on each label that opens a lower line of 5 % of the texts, and of at least ten."""
        least = max(_LEAST_TEXTS, _LEAST_SHARE * self._texts)
        found = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            f"{self._written[label] + ':'!r} opens a lower line of {count:,} texts: all is read as the author's words; "
            "where the shop replies there, leave these lines out of the file"
            for label, count in found
            if count >= least
        )


def lower_labels(text: str) -> dict[str, str]:
    """The labels that open a line below other text, folded to as written, but those that ask for a side."""
    if "\n" not in text or not (":" in text or "：" in text):
        return {}
    lines = [line for line in text.split("\n", _READ)[:_READ] if line.strip()]
    labels = [label for line in lines[1:] if (label := opening_label(line)) is not None]
    return {label.casefold(): label for label in labels if not _is_of_a_form(label)}


@lru_cache(_COUNTED)
def _is_of_a_form(label: str) -> bool:
    return asks_for_a_side(label)
