"""A request is answered from one mining, and without what was erased meanwhile, however many batches it takes."""

import asyncio
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.errors import CheckpointError, CountervoiceError, StateError
from mining.results import Mining
from models.predictions import ModelInfo, Predictions
from serving import engine as serving_engine
from serving.engine import Engine
from serving.state import INDEX_NAME, STATE_NAME, STORE_NAME, State, read_state, write_state
from serving.work_folder import put_in_place
from tests.fakes import KeywordPredictor
from tests.serving.job_world import mined_folder
from tests.serving.small_world import (
    example_embeddings,
    small_feedback,
    small_index,
    small_mining,
    small_state,
)

LONG = "Too few examples. " + "x" * 4_000
TEXTS = [LONG] * 6  # a batch holds one of them


class Paused(KeywordPredictor):
    """Stands still in its second batch until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.reached, self.go_on = threading.Event(), threading.Event()

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        self.batches.append(len(texts))
        if len(self.batches) == 2:
            self.reached.set()
            self.go_on.wait(20)
        return super().predict(texts, on_progress=on_progress)


class Newer(KeywordPredictor):
    """A model of another version, which counts its calls."""

    calls = 0

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(name="newer", version="f" * 12, languages=("vi",))

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        self.calls += 1
        return super().predict(texts, on_progress=on_progress)


def missing() -> KeywordPredictor:
    raise CheckpointError("no Countervoice checkpoint")


def mined_with(folder: Path, predictor: KeywordPredictor) -> None:
    """Put a mining of another model in the place of the one in ``folder``, as a job does."""
    new = folder / "new"
    write_state(
        new,
        small_mining(),
        small_index(),
        model=predictor.info,
        created_at="2026-02-01T00:00:00+00:00",
        own_ids=True,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )
    put_in_place(new, folder)


def relabelled(state: State) -> State:
    mining: Mining = state.stored.mining
    causes = tuple(replace(cause, label="renamed") for cause in mining.causes)
    stored = replace(state.stored, mining=replace(mining, causes=causes))
    return replace(state, stored=stored)


def answers_while(
    change: Callable[[Engine], None],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Paused]:
    """The answers to a large request, and to a small one after it, with ``change`` made in its second batch."""

    async def run() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        engine = Engine(small_state(), predictor, latency_budget_s=0)  # a busy machine refuses nobody here
        large = asyncio.create_task(engine.classify(TEXTS))
        await asyncio.to_thread(predictor.reached.wait, 20)
        change(engine)
        small = asyncio.create_task(engine.classify(["Too few examples"]))
        await asyncio.sleep(0)
        predictor.go_on.set()
        return await large, await small

    predictor = Paused()
    return *asyncio.run(run()), predictor


def first_statements(answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [answer["statements"][0] for answer in answers]


def test_a_large_request_sees_one_mining_from_its_start_to_its_end() -> None:
    def change(engine: Engine) -> None:
        assert engine.served is not None
        engine.served = replace(engine.served, state=relabelled(engine.served.state))

    large, small, predictor = answers_while(change)
    assert {said["cause"]["label"] for said in first_statements(large)} == {"examples"}
    assert {said["cause"]["label"] for said in first_statements(small)} == {"renamed"}
    assert len(predictor.batches) > 3


def test_what_is_erased_meanwhile_is_not_quoted() -> None:
    quoted: set[str] = {"f-3", "f-4"}
    large, small, _ = answers_while(lambda engine: engine.forget(quoted))
    assert len(large) == len(TEXTS)
    for said in first_statements([*large, *small]):
        assert said["counter"]["label"] == "too_much"
        assert said["counter"]["example"] is None


def test_forgetting_removes_what_a_killed_mining_left(tmp_path: Path) -> None:
    folder = mined_folder(tmp_path / "out")
    left = folder / ".mining-dead"
    left.mkdir()
    (left / "report.json").write_text("Too few examples", encoding="utf-8")
    Engine(read_state(folder), KeywordPredictor(), folder).forget({"f-3"})
    assert not left.exists()


def test_a_promoted_model_takes_over_with_its_mining_and_no_request_is_dropped(tmp_path: Path) -> None:
    folder, old, new = mined_folder(tmp_path / "out"), Paused(), Newer()

    async def run() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        large = asyncio.create_task(engine.classify(TEXTS))
        await asyncio.to_thread(old.reached.wait, 20)
        mined_with(folder, new)
        assert await asyncio.to_thread(engine.refresh)
        small = asyncio.create_task(engine.classify(["Too few examples"]))
        await asyncio.sleep(0)
        old.go_on.set()
        return await large, await small

    engine = Engine(read_state(folder), old, folder, latency_budget_s=0, promoted=lambda: new)
    large, small = asyncio.run(run())
    assert engine.predictor is new
    assert {said["cause"]["id"] for said in first_statements([*large, *small])} == {"c-0001"}
    assert len(old.batches) == len(TEXTS)  # what had begun ended with the model that it began with
    assert new.calls == 2  # to warm up, and the small request


@pytest.mark.parametrize(("first", "is_final"), [(KeywordPredictor, True), (missing, False)])
def test_a_mining_of_a_model_that_is_not_promoted_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: Callable[[], KeywordPredictor],
    is_final: bool,
) -> None:
    """Once where the models differ; a model that cannot be loaded may be some time later."""
    folder, promoted = mined_folder(tmp_path / "out"), [first, first, Newer]
    engine = Engine(read_state(folder), KeywordPredictor(), folder, promoted=lambda: promoted.pop(0)())
    before = engine.served
    mined_with(folder, Newer())
    with pytest.raises(CountervoiceError):
        engine.refresh()
    assert engine.served is before
    assert not engine.refresh()
    monkeypatch.setattr(serving_engine, "_TRY_AGAIN_S", 0.0)
    assert not engine.refresh()  # told already
    assert engine.refresh() is not is_final


def test_a_mining_of_another_model_is_passed_over_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever form its index has; and the next mining is served as soon as it is there."""
    folder = mined_folder(tmp_path / "out")
    monkeypatch.setattr("models.checkpoint.load_predictor", lambda model, runtime: Newer())
    (folder / STATE_NAME / INDEX_NAME / "causes.npz").write_bytes(b"")
    with caplog.at_level("WARNING", logger="serving"):
        engine = Engine.load(folder, None)
    assert engine.served is None
    assert "mine again" in caplog.text
    ((statement,),) = [answer["statements"] for answer in asyncio.run(engine.classify(["Too few examples"]))]
    assert (statement["degree"]["label"], statement["cause"]) == ("too_little", None)
    assert not engine.refresh()
    mined_with(folder, Newer())
    assert engine.refresh()
    assert engine.mined.causes


def unreadable(folder: Path) -> State:
    raise StateError("the register is in use")


def engine_that_read_in_vain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine over a mining in ``folder``, when the next one was there and could not be read."""
    mined_folder(folder)
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    mined_with(folder, KeywordPredictor())
    with monkeypatch.context() as locked:
        locked.setattr(serving_engine, "read_state", unreadable)
        with pytest.raises(StateError, match="in use"):
            engine.refresh()
    return engine


def test_a_mining_that_could_not_be_read_is_tried_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_that_read_in_vain(tmp_path / "out", monkeypatch)
    assert not engine.refresh()
    monkeypatch.setattr(serving_engine, "_TRY_AGAIN_S", 0.0)
    assert engine.refresh()
    assert engine.mined.state.stored.created_at.startswith("2026-02-01")
    assert not engine.refresh()


def test_a_mining_after_one_that_could_not_be_read_is_served_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_that_read_in_vain(tmp_path / "out", monkeypatch)
    mined_with(tmp_path / "out", KeywordPredictor())
    assert engine.refresh()


def test_a_mining_that_cannot_be_read_is_told_once_and_does_not_keep_a_worker_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "out"
    (folder / STATE_NAME).mkdir(parents=True)
    (folder / STATE_NAME / STORE_NAME).write_text("junk", encoding="utf-8")
    monkeypatch.setattr(serving_engine, "_TRY_AGAIN_S", 0.0)
    monkeypatch.setattr("models.checkpoint.load_predictor", lambda model, runtime: KeywordPredictor())
    engine = Engine.load(folder, None)
    assert engine.served is None
    (told,) = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert re.search(r"answers name no causes: .*countervoice\.db is not a Countervoice store", told)
    assert not engine.refresh()
    mined_with(folder, KeywordPredictor())
    assert engine.refresh()


def test_a_store_without_an_index_that_appears_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    engine = Engine(None, KeywordPredictor(), folder)
    (folder / STATE_NAME).mkdir(parents=True)
    (folder / STATE_NAME / STORE_NAME).write_text("junk", encoding="utf-8")
    monkeypatch.setattr(serving_engine, "_TRY_AGAIN_S", 0.0)
    with pytest.raises(StateError, match="is not a Countervoice store"):
        engine.refresh()
    assert not engine.refresh()


def test_a_mining_that_comes_while_the_model_loads_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mined_folder(tmp_path / "out")

    def slow(model: Path | None, *, runtime: str) -> KeywordPredictor:
        mined_with(folder, KeywordPredictor())
        return KeywordPredictor()

    monkeypatch.setattr("models.checkpoint.load_predictor", slow)
    engine = Engine.load(folder, None)
    assert engine.refresh()
    assert engine.mined.state.stored.created_at.startswith("2026-02-01")
    assert not engine.refresh()
