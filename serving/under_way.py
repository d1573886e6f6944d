"""Requests that are being answered while feedback is erased: what they have quoted already is taken out."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import TracebackType
from typing import Any


class UnderWay:
    """Counts requests from their start to their end, and remembers what was erased while there are any."""

    def __init__(self) -> None:
        self._requests = 0
        self._erased: set[str] = set()

    def __enter__(self) -> None:
        self._requests += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._requests -= 1
        if not self._requests:
            self._erased.clear()

    def forget(self, ids: AbstractSet[str]) -> None:
        """Remember feedback that was erased, once nothing new quotes it any more."""
        self._erased.update(ids)

    def forget_examples(self, answers: Sequence[Mapping[str, Any]]) -> None:
        """Take what was erased out of answers in the shape of ``serving.messages.MessageAnswer``."""
        if not self._erased:
            return
        for said in (said for answer in answers for said in answer["statements"]):
            counter = said["counter"]
            if counter and counter["example"] and counter["example"]["id"] in self._erased:
                counter["example"] = None
