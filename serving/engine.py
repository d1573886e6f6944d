"""What answers: a mining and its model, behind a bounded queue; both can be changed while it answers."""

import logging
import math
import time
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any, Final

from data.errors import InUseError, OtherModelError, StateError
from mining.register import REGISTER_NAME
from models.predictions import ModelInfo, Predictor
from serving.asked import Asked, Served, size_of, tokens_of
from serving.batcher import BusyError, Limits, MicroBatcher
from serving.classify import classify
from serving.exchange import exchange
from serving.forgetting import forget_in_folder, without_feedback
from serving.marks import Mark, is_settled, mark_of
from serving.metrics import Metrics
from serving.pace import LATENCY_BUDGET_S
from serving.recovery.forgetting import NOWHERE, Elsewhere
from serving.state import (
    INDEX_NAME,
    STATE_NAME,
    STORE_NAME,
    State,
    has_state,
    names_in,
    read_state,
    refuse_inside,
)
from serving.tracing import batch_span
from serving.under_way import UnderWay

BATCH_TOKENS: Final = 2_048
WAITING_TEXTS: Final = 1_024
_TRY_AGAIN_S: Final = 10.0  # a mining that could not be read
_SENTENCE: Final = "Too few examples, and the courier was late. The price is fine."

log = logging.getLogger(__name__)


class NotMinedError(Exception):
    """There is no mining yet."""

    def __init__(self) -> None:
        super().__init__(
            "there is no mining yet: keep feedback with POST /v1/feedback and mine it with POST /v1/jobs/mine, or run "
            "`countervoice mine FILE --out` into the folder that is served"
        )


@dataclass(frozen=True, slots=True)
class _Failure:
    """A mining that was read in vain: which, when, and what was told of it."""

    mark: Mark
    at: float
    told: str


class Engine:
    """Classifies messages against the mining in ``served``; a request sees one mining from its start to its end.

    Before the first mining ``served`` is None, and messages are classified without causes.
    """

    def __init__(
        self,
        state: State | None,
        predictor: Predictor,
        folder: Path | None = None,
        *,
        latency_budget_s: float = LATENCY_BUDGET_S,
        promoted: Callable[[], Predictor] | None = None,
    ) -> None:
        """``folder`` is where the state was read from; without one it cannot be read again.

        ``promoted`` loads the model that is to be served by now; without it the model stays ``predictor``.
        A request that would wait longer than ``latency_budget_s`` for its turn is not taken; 0 for any wait.
        """
        self.predictor = predictor
        self.metrics = Metrics()
        self._folder = folder
        self._promoted = promoted
        self._changing = Lock()
        self._seen = self._mark() if state else None
        self._failed: _Failure | None = None
        self._register_seen: Mark = None  # of the register whose names were looked at last
        limits = Limits(
            batch_size=BATCH_TOKENS, waiting_items=WAITING_TEXTS, wait_s=latency_budget_s or math.inf
        )
        self._batcher = MicroBatcher(self._classify, limits, size_of=size_of, on_batch=self.metrics.batch)
        self._under_way = UnderWay()
        self.served = Served.of(state, predictor) if state else None

    @classmethod
    def load(
        cls,
        state: Path,
        model: Path | None,
        runtime: str = "auto",
        latency_budget_s: float = LATENCY_BUDGET_S,
    ) -> "Engine":
        """Load the checkpoint ``model`` (None: the default one), and the mining in the folder ``state``, if any.

        ``runtime`` is one of ``models.runtime.RUNTIMES``.

        A mining of another model is passed over, as if there were none; the next one is served as soon as it is there.
        One that cannot be read is, too, and is tried again: a worker that did not start beside it would never be
        there to mine the next one. ``serving.launch`` refuses it before the first start.

        Raises:
            CheckpointError: The model cannot be loaded.
            StateError: The folder is the inside of a mining.
        """
        from models.checkpoint import load_predictor

        refuse_inside(state)
        load = partial(load_predictor, model, runtime=runtime)
        mark = _mark_in(state)  # before it is read: a mining that comes while the model loads is another one
        engine = cls(None, load(), state, latency_budget_s=latency_budget_s, promoted=load)
        engine._begin_with(state, mark)
        engine.warm_up()
        return engine

    def _begin_with(self, folder: Path, mark: Mark) -> None:
        """Serve what lies in the folder at the start, and nothing where it cannot be served."""
        try:
            mined = _mining_of(self.predictor.info, folder)
        except StateError as error:
            log.error("answers name no causes: %s", error)
            self._failed = _Failure(mark, time.monotonic(), str(error))
            return
        self._seen = mark
        self.served = Served.of(mined, self.predictor) if mined else None

    def warm_up(self) -> None:
        """Load what is loaded at first use, and learn how long a small and a large batch take."""
        sentence = [Asked(_SENTENCE, None, self.served)]
        self._classify(sentence)
        for asked in (sentence, sentence * (BATCH_TOKENS // tokens_of(_SENTENCE))):
            started = time.monotonic()
            self._classify(asked)
            self._batcher.note(asked, time.monotonic() - started)

    async def classify(
        self, texts: Sequence[str], contexts: Sequence[str | None] | None = None
    ) -> list[dict[str, Any]]:
        """One answer per text, in the shape of ``serving.messages.MessageAnswer``.

        ``contexts`` are those of ``serving.classify``.

        Raises:
            BusyError: Its turn would come too late.
        """
        if current := exchange():
            current.texts, current.tokens = len(texts), sum(map(tokens_of, texts))
        with self._under_way:
            served, known = self.served, contexts or [None] * len(texts)
            asked = [Asked(text, context, served) for text, context in zip(texts, known, strict=True)]
            try:
                answers = await self._batcher.submit(asked)
            except BusyError as error:
                self.metrics.refused(error)
                raise
            self._under_way.forget_examples(answers)
        self.metrics.answers(answers)
        return answers

    @property
    def mined(self) -> Served:
        """What is served.

        Raises:
            NotMinedError: There is nothing yet.
        """
        served = self.served
        if served is None:
            raise NotMinedError
        return served

    def metrics_page(self, *, database_up: bool) -> bytes:
        """What is counted, and what holds now, in the text format of Prometheus."""
        model, served = self.predictor.info, self.served
        return self.metrics.page(
            database_up=database_up,
            waiting_texts=self._batcher.waiting_items,
            wait_s=self._batcher.wait_s,
            rate=self._batcher.rate,
            model={"name": model.name, "version": model.version, "runtime": model.runtime},
            mining=served.state.stored if served else None,
        )

    def refresh(self) -> bool:
        """Serve the mining in the folder if it is another one, or if people have given its causes other names.

        Requests under way end with the one they began with.

        Where it was made with another model, and that one has been put in the place of the model since, both change.

        Raises:
            StateError: It was made with another model, and is not tried again; or it cannot be read, and is tried again
                after some seconds, which is told once as long as it fails alike. The one before is served on.
            CheckpointError: The model that it was made with cannot be loaded; the same.
        """
        mark = self._mark()
        if self._folder is None or mark is None or self._failed_lately(mark):
            return False
        if mark == self._seen and not self._is_renamed(self._folder):
            return False
        with self._changing:
            try:
                return self._serve(self._folder, mark)
            except Exception as error:
                before, self._failed = self._failed, _Failure(mark, time.monotonic(), str(error))
                if before and (before.mark, before.told) == (mark, str(error)):
                    return False
                raise

    def _is_renamed(self, folder: Path) -> bool:
        """Whether causes have other names by now; the register is read only where it is another than it was."""
        register = folder / REGISTER_NAME
        mark = mark_of(register)
        if self.served is None or mark == self._register_seen:
            return False
        names = self.served.state.stored.names
        try:
            if names_in(register, wait_s=0) != names:
                return True  # and looked at again, until these names are served
        except InUseError:  # looked at again the next time
            return False
        except StateError as error:
            log.error("new names of causes are not served: %s", error)
            self._register_seen = mark
            return False
        if is_settled(mark):
            self._register_seen = mark
        return False

    def _failed_lately(self, mark: Mark) -> bool:
        """A mining may be there whole and be read in vain: its register is locked, or the disk fails for a moment."""
        failed = self._failed
        return failed is not None and failed.mark == mark and time.monotonic() - failed.at < _TRY_AGAIN_S

    def _serve(self, folder: Path, mark: Mark) -> bool:
        state = read_state(folder)
        if self._mark() != mark:  # changed while it was read: what was read may be a part of each
            return False
        predictor = self._predictor_of(state.stored.model)
        self._seen = mark  # whole and read: if the models differ now, they will the next time, too
        self.served = Served.of(state, predictor)
        self.predictor = predictor
        return True

    def _predictor_of(self, mined: ModelInfo) -> Predictor:
        """The model as it is, or the promoted one, warm, where the mining was made with another."""
        if self._promoted is None or mined.version == self.predictor.info.version:
            return self.predictor
        promoted = self._promoted()
        classify([_SENTENCE], promoted)
        return promoted

    def _mark(self) -> Mark:
        """Tells one mining in the folder from the next; None while there is none."""
        return None if self._folder is None else _mark_in(self._folder)

    def forget(
        self, ids: AbstractSet[str], *, kept: Collection[str] = (), elsewhere: Elsewhere = NOWHERE
    ) -> None:
        """Quote none of the feedback ``ids`` any more, now and after the next start.

        ``kept`` and ``elsewhere`` are those of ``serving.forgetting.forget_in_folder``.

        Raises:
            DatabaseError: They are not quoted, but lie in the folder still.
        """
        with self._changing:
            if self.served is not None:
                self._quote_no_more(self.served, ids, kept)
            if self._folder is not None:
                forget_in_folder(self._folder, ids, kept=kept, elsewhere=elsewhere)

    def _quote_no_more(self, served: Served, ids: AbstractSet[str], kept: Collection[str]) -> None:
        state = served.state
        quoted = state.stored.here(ids, kept) & state.stored.messages.keys()
        if quoted:
            left = replace(state, stored=without_feedback(state.stored, quoted))
            self.served = Served.of(left, served.predictor)
        self._under_way.forget(ids)  # after the change: whoever begins now quotes none of it anyway

    def _classify(self, asked: list[Asked]) -> list[dict[str, Any]]:
        """Answers in order; where the mining was changed while requests waited, each gets those of its own."""
        answers: list[dict[str, Any]] = []
        with batch_span(len(asked), sum(map(size_of, asked))):
            for _, group in groupby(asked, key=lambda each: id(each.served)):
                answers += self._answered(list(group))
        return answers

    def _answered(self, asked: Sequence[Asked]) -> list[dict[str, Any]]:
        texts, contexts = [each.text for each in asked], [each.context for each in asked]
        served = asked[0].served
        if served is None:
            return classify(texts, self.predictor)
        return classify(texts, served.predictor, served.state.index, served.state.stored, contexts)


def _mining_of(model: ModelInfo, folder: Path) -> State | None:
    """The mining in ``folder``, if there is one and it was made with ``model``."""
    if not has_state(folder):
        return None
    try:
        return read_state(folder, model)
    except OtherModelError as error:
        log.warning("answers name no causes: %s", error)
        return None


def _mark_in(folder: Path) -> Mark:
    """Of the index, as erasing changes the store; of a store that has none, so that it is told and not passed over."""
    state = folder / STATE_NAME
    return mark_of(state / INDEX_NAME) or mark_of(state / STORE_NAME)
