"""What waits to be answered: a text, with the mining that is to answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from mining.report_json import report_dict
from models.predictions import Predictor
from serving.state import State, refuse_other_model

_BYTES_OF_TOKEN: Final = 3  # of UTF-8; on the sample 2.5 to 3.8 by language, for Thai 7.4


@dataclass(frozen=True, slots=True)
class Served:
    """One mining in the shapes that are asked for, and the model that it was made with.

    Attributes:
        causes: Cause id to cause, in the shape of ``report.json``, most people first.
        oppositions: In the shape of ``report.json``, the one that matters most first.
    """

    state: State
    predictor: Predictor
    causes: Mapping[str, dict[str, Any]]
    oppositions: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, state: State, predictor: Predictor) -> Self:
        """The mining in ``state``, to be asked with ``predictor``.

        Raises:
            OtherModelError: It was made with another model.
        """
        refuse_other_model(state.stored.model, predictor.info)
        report: Any = report_dict(state.stored.mining, state.stored.model)
        causes = {cause["id"]: cause for cause in report["causes"]}
        return cls(state, predictor, causes, report["oppositions"])

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
    """About how many tokens the model reads in a text that waits, as ``tokens_of`` counts."""
    return tokens_of(asked.text)


def tokens_of(text: str) -> int:
    """About how many tokens the model reads in ``text``: an estimate that costs nothing, 2 or more."""
    return 2 + len(text.encode("utf-8", "surrogatepass")) // _BYTES_OF_TOKEN
