"""What is served and within which limits: the answer of GET /v1/info."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from models.checkpoint import DEFAULT
from models.metrics import metric
from serving.configuration import Configuration
from serving.database.feedback import count
from serving.database.jobs import MAX_OF_ALL, MAX_OF_ONE
from serving.database.keys import Scope
from serving.engine import WAITING_TEXTS, Engine
from serving.feedback_messages import MAX_FEEDBACK
from serving.job_supervisor import KEEP
from serving.keeper import Keeper
from serving.messages import MAX_CHARACTERS, MAX_TEXTS
from serving.store import StoredMining
from serving.version import version

_ALL: Final = "all"  # the scorecard's row over all sources of a language


class LanguageScore(BaseModel):
    """How well the model did on dev rows of a language: macro-F1, of topics micro-F1; null where there were none."""

    language: str
    sentiment: float | None = None
    topics: float | None = None
    degree: float | None = None


class ModelAnswer(BaseModel):
    """The model, the probability below which it abstains, by head, and the languages it was measured on."""

    name: str
    version: str
    runtime: str
    abstain_below: dict[str, float]
    languages: list[LanguageScore]


class MinedAnswer(BaseModel):
    """The mining that is served."""

    created_at: str
    messages: int
    people: int
    causes: int
    oppositions: int
    granularity: float


class LimitsAnswer(BaseModel):
    """What one request or caller may ask for."""

    texts: int
    characters: int
    feedback: int
    waiting_texts: int
    latency_budget_s: float
    requests_a_minute: int
    jobs_of_one: int
    jobs_of_all: int
    days_of_results: int


class InfoAnswer(BaseModel):
    """What is served; ``mined`` is null before the first mining; ``scopes`` are those of whoever asks."""

    version: str
    model: ModelAnswer
    mined: MinedAnswer | None
    kept: int
    redacted: bool
    limits: LimitsAnswer
    scopes: list[Scope]


def info(keeper: Keeper, engine: Engine, scopes: Sequence[Scope]) -> InfoAnswer:
    """Everything at once.

    Raises:
        DatabaseError: What is kept cannot be counted.
    """
    model, settings, served = engine.predictor.info, keeper.settings, engine.served
    return InfoAnswer(
        version=version(),
        model=ModelAnswer(
            name=model.name,
            version=model.version,
            runtime=model.runtime,
            abstain_below=dict(model.abstain_below),
            languages=measured(settings.model or DEFAULT, model.languages),
        ),
        mined=_mined(served.state.stored) if served else None,
        kept=count(keeper.database),
        redacted=settings.redact,
        limits=_limits(settings),
        scopes=list(scopes),
    )


def _mined(stored: StoredMining) -> MinedAnswer:
    mined_with: Mapping[str, Any] = stored.mining.settings
    return MinedAnswer(
        created_at=stored.created_at,
        messages=stored.mining.data.messages,
        people=stored.mining.data.people,
        causes=len(stored.mining.causes),
        oppositions=len(stored.mining.oppositions),
        granularity=mined_with["granularity"],
    )


def measured(checkpoint: Path, languages: Sequence[str]) -> list[LanguageScore]:
    """The scores of each language of the checkpoint, from its scorecard; without one, the languages alone."""
    scores: dict[str, dict[str, float]] = {language: {} for language in languages}
    for row in _scorecard(checkpoint):
        if row["source"] == _ALL and row["language"] in scores:
            scores[row["language"]][row["head"]] = row["score"]
    return [LanguageScore(language=language, **heads) for language, heads in scores.items()]


def _scorecard(checkpoint: Path) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = metric(checkpoint, "scorecard") or ()
    return rows


def _limits(settings: Configuration) -> LimitsAnswer:
    return LimitsAnswer(
        texts=MAX_TEXTS,
        characters=MAX_CHARACTERS,
        feedback=MAX_FEEDBACK,
        waiting_texts=WAITING_TEXTS,
        latency_budget_s=settings.latency_budget,
        requests_a_minute=settings.rate,
        jobs_of_one=MAX_OF_ONE,
        jobs_of_all=MAX_OF_ALL,
        days_of_results=KEEP.days,
    )
