"""A mining made by hand over ``KeywordPredictor``: three causes, one opposition of each kind."""

from collections.abc import Sequence

import numpy as np

from data.labels import TOPICS
from data.records import Feedback
from mining.assignment import CauseIndex
from mining.edited_index import EditedIndex
from mining.results import Cause, DataSummary, Example, Mining, Opposition, SegmentFinding, Share, Side
from mining.settings import MiningSettings
from mining.subject_space import SubjectSpace
from mining.timing_results import Timing
from models.predictions import Floats
from serving.state import State
from serving.store import StoredMining
from tests.fakes import DIMENSION, KeywordPredictor

MESSAGES = {
    "f-1": ("vi", "Quá ít ví dụ cho doanh nghiệp nhỏ"),
    "f-2": ("en", "Too few examples for a book of this size"),
    "f-3": ("zh", "案例太多，看不下去"),
    "f-4": ("lv", "Pārāk daudz piemēru no vienas nozares"),
    "f-5": ("th", "ไรเดอร์หยาบคายมาก"),
    "f-6": ("en", "The courier was so friendly"),
    "f-7": ("en", "Not enough battery for a weekend"),
}
WIDTH = DIMENSION + len(TOPICS)


def example(feedback_id: str) -> Example:
    language, text = MESSAGES[feedback_id]
    return Example(feedback_id=feedback_id, start=0, end=len(text), text=text, language=language)


def side(label: str, k: int, n: int, members: Sequence[str]) -> Side:
    return Side(
        label=label,
        people=k,
        share=Share(k=k, n=n, low=max(0.0, k / n - 0.07), high=min(1.0, k / n + 0.07)),
        members=tuple(members),
        examples=tuple(example(member) for member in members),
        languages={MESSAGES[member][0]: 1 for member in members},
        mean_rating=2.25,
    )


def cause(cause_id: str, label: str, people: int, sides: Sequence[Side]) -> Cause:
    members = sorted({member for each in sides for member in each.members})
    return Cause(
        id=cause_id,
        label=label,
        labels={"en": label},
        people=people,
        statements=people + 3,
        grade="established",
        topics=("content", "other"),
        lever="product",
        members=tuple(members),
        sides=tuple(sides),
        timing=Timing(kind="systemic", fano=1.25, periods={"2026-01": 3, "2026-02": 4}),
        examples=(example(members[0]),),
        languages={"en": people},
    )


def opposition(of: Cause, kind: str, verdict: str, sides: tuple[Side, Side]) -> Opposition:
    return Opposition(
        cause_id=of.id,
        label=of.label,
        kind=kind,
        verdict=verdict,
        grade="established",
        p_value=0.25,
        segment=SegmentFinding(
            column="plan", value="family", effect=0.5, p_adjusted=0.001, towards=sides[0].label
        ),
        sides=sides,
    )


def small_mining() -> Mining:
    few, many = side("too_little", 96, 181, ["f-1", "f-2"]), side("too_much", 85, 181, ["f-3", "f-4"])
    rude, kind = side("complaint", 40, 52, ["f-5"]), side("praise", 12, 52, ["f-6"])
    examples = cause("c-0001", "examples", 181, [few, many])
    couriers = cause("c-0002", "couriers", 52, [rude, kind])
    battery = cause("c-0003", "battery", 9, [side("too_little", 9, 9, ["f-7"])])
    return Mining(
        causes=(examples, couriers, battery),
        oppositions=(
            opposition(examples, "degree", "split", (few, many)),
            opposition(couriers, "sentiment", "leans_A", (rude, kind)),
        ),
        unassigned={"no near neighbours": 7},
        assignment=("c-0001", None),
        data=DataSummary(
            rows=260,
            rejected=1,
            statements=300,
            people=240,
            languages={"en": 200, "vi": 40},
            sources={"email": 240},
            ratings={"1": 30, "5": 20},
            first="2026-01-01",
            last="2026-02-20",
        ),
        settings=MiningSettings().as_dict(),
    )


def small_feedback() -> list[Feedback]:
    return [
        Feedback(id=feedback_id, text=text, language=language, author="nobody's business")
        for feedback_id, (language, text) in MESSAGES.items()
    ]


def example_embeddings() -> dict[tuple[str, int, int], Floats]:
    texts = [text for _, text in MESSAGES.values()]
    rows = KeywordPredictor().predict(texts).embeddings
    return {
        (feedback_id, 0, len(text)): row
        for (feedback_id, (_, text)), row in zip(MESSAGES.items(), rows, strict=True)
    }


def small_index() -> EditedIndex:
    """The causes lie where the predictor puts their subjects; topics count for nothing."""
    subjects = KeywordPredictor().predict(["examples", "courier", "battery"]).embeddings
    prototypes = np.hstack([subjects.astype(np.float64), np.zeros((3, len(TOPICS)))])
    index = CauseIndex(
        space=SubjectSpace(mean=np.zeros(WIDTH), eraser=np.eye(WIDTH)),
        topic_weight=0.0,
        topic_mean=np.zeros(len(TOPICS)),
        ids=("c-0001", "c-0002", "c-0003"),
        contexts=("", "", ""),
        prototypes=prototypes,
        owners=np.arange(3),
        radii=np.full(3, 0.6),
    )
    return EditedIndex.of(index)


def small_stored() -> StoredMining:
    return StoredMining(
        created_at="2026-11-01T00:00:00+00:00",
        own_ids=True,
        model=KeywordPredictor().info,
        mining=small_mining(),
        messages={feedback_id: text for feedback_id, (_, text) in MESSAGES.items()},
        embeddings=example_embeddings(),
    )


def small_state() -> State:
    return State(small_stored(), small_index())
