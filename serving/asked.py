"""What waits to be answered: a text, with the mining that is to answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from serving.state import State

_BYTES_OF_TOKEN: Final = 3  # of UTF-8; on the sample 2.5 to 3.8 by language, for Thai 7.4


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, the value of the context column that it is about where that is known, and the mining, if any."""

    text: str
    context: str | None
    served: Served | None


def size_of(asked: Asked) -> int:
    """The same for a text that waits."""
    return tokens_of(asked.text)


def tokens_of(text: str) -> int:
    """About how many tokens the model reads in ``text``: an estimate that costs nothing, 2 or more."""
    return 2 + len(text.encode("utf-8", "surrogatepass")) // _BYTES_OF_TOKEN
