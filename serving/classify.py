"""One message, and its counter-voice: where it falls in the last mining, and what the other side says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from data.composed import composed
from data.labels import CLASSES, TOPICS
from data.language import LANGUAGES
from data.records import Feedback, Statement
from mining.readings import as_people_read
from mining.results import Cause, Side
from mining.settings import MiningSettings
from mining.sides import Stance, find_sides
from models.abstaining import abstains
from models.calls import calls
from models.predictions import Floats, ModelInfo, Predictions, Predictor, topics_over
from serving.analysis import Analysis, analyse, with_languages
from serving.rows import span_of
from serving.standing import standing
from serving.store import StoredMining

if TYPE_CHECKING:
    from mining.edited_index import EditedIndex

DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Mined:
    """Where the statements stand in a mining, by row, and the fewest people on each side of an opposition."""

    stance: Stance
    causes: Sequence[Cause | None]
    stored: StoredMining
    side_people: int


@dataclass(frozen=True, slots=True)
class _Answers:
    """Everything known of the statements asked about, by row; ``mined`` is None where nothing was mined yet."""

    predictions: Predictions
    mined: _Mined | None
    model: ModelInfo


def classify(
    texts: Sequence[str],
    predictor: Predictor,
    index: "EditedIndex | None" = None,
    stored: StoredMining | None = None,
    contexts: Sequence[str | None] | None = None,
) -> list[dict[str, Any]]:
    """Answer every text in the shape of ``serving.messages.MessageAnswer``.

    Cause and side are found by the rules of the mining itself: its index and its settings. Which opposition of the
    cause answers, ``serving.standing`` says. The counter's example is the stored one nearest to the statement in the
    model's own embedding: among people who all say the opposite, it tends to the same case and the same language.
    Without a mining there is no cause. A statement that people have read is answered as they read it.
    No answer depends on the texts beside it, neither does its language.

    Args:
        texts: n messages.
        predictor: The one that was used for the mining.
        index: Of the mining.
        stored: The mining.
        contexts: n values of the context column of the mining, None where it is not known: only causes of that value
            are open to the message then. A value without causes of its own is one of the rare ones, as in the mining.
    """
    feedback = [Feedback(id=str(number), text=text) for number, text in enumerate(texts)]
    analysis = analyse(with_languages(feedback, frozenset(LANGUAGES)), predictor)
    known = contexts or [None] * len(texts)
    spoken_of = [known[int(statement.feedback_id)] for statement in analysis.statements]
    if index is not None:
        said = as_people_read(analysis.predictions, analysis.statements, index.readings)
        analysis = replace(analysis, predictions=said)
    answers = _Answers(
        predictions=analysis.predictions,
        mined=None if index is None or stored is None else _mined(analysis, index, stored, spoken_of),
        model=predictor.info,
    )
    told: list[dict[str, Any]] = [
        {"language": message.language, "statements": []} for message in analysis.feedback
    ]
    for row, statement in enumerate(analysis.statements):
        told[int(statement.feedback_id)]["statements"].append(_statement(statement, row, answers))
    return told


def _mined(
    analysis: Analysis, index: "EditedIndex", stored: StoredMining, contexts: Sequence[str | None]
) -> _Mined:
    settings = MiningSettings.from_dict(stored.mining.settings)
    return _Mined(
        stance=find_sides(analysis.predictions, settings),
        causes=_causes(analysis, index, stored, contexts),
        stored=stored,
        side_people=settings.side_people,
    )


def _causes(
    analysis: Analysis, index: "EditedIndex", stored: StoredMining, contexts: Sequence[str | None]
) -> list[Cause | None]:
    """The cause of each statement; those whose context is known are looked up apart from the others."""
    predictions = analysis.predictions
    texts = [statement.text for statement in analysis.statements]
    numbers = np.full(len(texts), -1, dtype=np.int64)
    named = np.array([context is not None for context in contexts], dtype=bool)
    for rows in map(np.flatnonzero, (named, ~named)):
        if len(rows):
            numbers[rows] = index.assign(
                predictions.embeddings[rows],
                predictions.topics[rows],
                contexts=_as_mined([contexts[row] for row in rows.tolist()], index),
                texts=[texts[row] for row in rows.tolist()],
            )
    return [stored.cause_by_id[index.ids[number]] if number >= 0 else None for number in numbers.tolist()]


def _as_mined(contexts: Sequence[str | None], index: "EditedIndex") -> list[str] | None:
    """The contexts as the mining has them, "" for one without causes; None where they are not known."""
    mined = set(index.index.contexts)
    named = [composed(context.strip()) for context in contexts if context is not None]
    return [context if context in mined else "" for context in named] or None


def _statement(statement: Statement, row: int, answers: _Answers) -> dict[str, Any]:
    predictions, abstain_below = answers.predictions, answers.model.abstain_below
    return {
        "text": statement.text,
        "start": statement.start,
        "end": statement.end,
        "sentiment": _labelled("sentiment", predictions.sentiment[row], abstain_below["sentiment"]),
        "topics": _topics(predictions.topics[row], answers.model.topic_threshold),
        "degree": _labelled("degree", predictions.degree[row], abstain_below["degree"]),
        **_counter_voice(row, answers),
    }


def _counter_voice(row: int, answers: _Answers) -> dict[str, Any]:
    """Cause, side, counter and verdict; null where there is none."""
    mined = answers.mined
    cause = mined.causes[row] if mined else None
    if mined is None or cause is None:
        return {"cause": None, "side": None, "counter": None, "verdict": None}
    found = standing(
        row,
        cause,
        mined.stored.oppositions_by_cause.get(cause.id, ()),
        mined.stance,
        side_people=mined.side_people,
    )
    embedding = answers.predictions.embeddings[row]
    return {
        "cause": {"id": cause.id, "label": cause.label, "people": cause.people, "grade": cause.grade},
        "side": _side(found.side, share_known=found.share_known) if found.side else None,
        "counter": _counter(found.counter, embedding, mined.stored) if found.counter else None,
        "verdict": found.verdict,
    }


def _side(side: Side, *, share_known: bool) -> dict[str, Any]:
    corrected = side.corrected
    interval = [_rounded(side.share.low), _rounded(side.share.high)]
    return {
        "label": side.label,
        "people": side.people,
        "share": _rounded(side.share.value) if share_known else None,
        "interval": interval if share_known else None,
        "corrected_share": _rounded(corrected.value) if corrected else None,
        "corrected_interval": [_rounded(corrected.low), _rounded(corrected.high)] if corrected else None,
        "cannot_be_told_from_zero": side.near_zero,
    }


def _counter(side: Side, embedding: Floats, stored: StoredMining) -> dict[str, Any]:
    return {
        "label": side.label,
        "people": side.people,
        "example": _nearest_example(side, embedding, stored),
    }


def _nearest_example(side: Side, embedding: Floats, stored: StoredMining) -> dict[str, str] | None:
    if not side.examples:
        return None
    said = np.stack([stored.embeddings[span_of(example)] for example in side.examples])
    nearest = side.examples[int((said @ embedding).argmax())]
    return {"id": nearest.feedback_id, "text": nearest.text}


def _topics(probabilities: NDArray[np.float32], threshold: float) -> list[dict[str, Any]]:
    return [
        {"id": topic, "score": _rounded(probabilities[TOPICS.index(topic)])}
        for topic in topics_over(probabilities, threshold)
    ]


def _labelled(head: str, probabilities: NDArray[np.float32], abstain_below: float) -> dict[str, Any]:
    labels = CLASSES[head]
    return {
        "label": labels[int(calls(head, probabilities[None])[0])],
        "scores": {label: _rounded(p) for label, p in zip(labels, probabilities, strict=True)},
        "abstain": bool(abstains(probabilities[None], abstain_below)[0]),
    }


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
