"""Planted worlds: Gaussian clouds around known subjects, pulled about by sentiment, degree and language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray

from data.labels import TOPICS
from data.records import Feedback, Statement
from models.predictions import Predictions

# A few words of each subject in each language; the rest of a text comes from FILLERS.
SUBJECT_WORDS = {
    "en": ["examples", "battery", "courier", "parcel", "chime", "invoice", "garden", "manual"],
    "vi": ["bài tập", "viên pin", "tài xế", "bưu kiện", "tiếng chuông", "hóa đơn", "khu vườn", "sổ tay"],
    "th": ["ตัวอย่าง", "แบตเตอรี่", "คนส่งของ", "พัสดุ", "เสียงกริ่ง", "ใบเสร็จ", "สวน", "คู่มือ"],
    "lv": ["piemēri", "baterija", "kurjers", "sūtījums", "zvans", "rēķins", "dārzs", "rokasgrāmata"],
    "zh": ["例子", "电池", "骑手", "包裹", "铃声", "发票", "花园", "手册"],
}
FILLERS = ["monday", "kitchen", "window", "yesterday", "brother", "winter", "coffee", "garage", "evening"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """People of one side of one subject.

    Attributes:
        side: One of SIDES, or "" for neutral talk.
        each: Messages of each person.
    """

    subject: int
    side: str
    people: int
    each: int = 1
    segments: dict[str, str] = field(default_factory=dict)
    start: int = 0
    days: int = 360


@dataclass(frozen=True)
class World:
    feedback: tuple[Feedback, ...]
    statements: tuple[Statement, ...]
    predictions: Predictions
    subjects: NDArray[np.int64]
    sides: tuple[str, ...]

    def shuffled(self, seed: int) -> tuple[Self, NDArray[np.int64]]:
        """The same world with rows in another order, and that order."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.statements))
        world = type(self)(
            tuple(self.feedback[i] for i in rng.permutation(len(self.feedback))),
            tuple(self.statements[i] for i in order),
            self.predictions.taken(order),
            self.subjects[order],
            tuple(self.sides[i] for i in order),
        )
        return world, order


def build(
    plans: Sequence[Plan],
    *,
    languages: Sequence[str] = ("en", "vi", "th", "lv", "zh"),
    noise: int = 0,
    spread: float = 0.7,
    language_pull: float = 0.5,
    side_pull: float = 0.5,
    wrong: float = 0.0,
    dimension: int = 64,
    seed: int = 0,
) -> World:
    """Statements as subject + language + language's view of the subject + side + Gaussian noise, normalised.

    Args:
        noise: Messages of one person each about nothing that anybody else speaks of.
        spread: Length of the noise vector of a statement; a subject has length 1.
        wrong: Share of statements whose predicted side is another one.
    """
    rng = np.random.default_rng(seed)
    subjects = _directions(rng, 1 + max((plan.subject for plan in plans), default=0), dimension)
    tongues = dict(zip(languages, _directions(rng, len(languages), dimension), strict=True))
    views = {tag: _directions(rng, len(subjects), dimension) for tag in languages}
    pulls = dict(zip(("too_little", "too_much", "bad", "good"), _directions(rng, 4, dimension), strict=True))
    everyone = [
        (plan, person, number)
        for plan in plans
        for person in range(plan.people)
        for number in range(plan.each)
    ]
    everyone += [(Plan(subject=-1, side="", people=1), person, 0) for person in range(noise)]
    feedback, statements, vectors, sides, about = [], [], [], [], []
    for row, (plan, person, _) in enumerate(everyone):
        tag = languages[int(rng.integers(len(languages)))]
        key = "-".join([str(plan.subject), plan.side, *sorted(plan.segments.values()), str(person)])
        text = _text(rng, tag, plan.subject)
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=plan.start + int(rng.integers(plan.days)))
        message = Feedback(
            id=f"f-{row:05d}",
            text=text,
            author=f"author {key}",
            source=("email", "survey")[row % 2],
            created_at=moment,
            rating=float(rng.integers(4, 6) if plan.side == "praise" else rng.integers(1, 4)),
            language=tag,
            segments=plan.segments,
        )
        feedback.append(message)
        statements.append(
            Statement(
                id=f"{message.id}#1", feedback_id=message.id, start=0, end=len(text), text=text, language=tag
            )
        )
        vector = language_pull * tongues[tag] + spread * rng.normal(size=dimension) / dimension**0.5
        if plan.subject >= 0:
            vector += subjects[plan.subject] + 0.3 * views[tag][plan.subject]
        else:
            vector += _directions(rng, 1, dimension)[0]
        vector += side_pull * _pull(plan.side, pulls)
        vectors.append(vector / np.linalg.norm(vector))
        sides.append(plan.side)
        about.append(plan.subject)
    read = [_misread(rng, side, wrong) for side in sides]
    predictions = Predictions(
        sentiment=np.array([_sentiment(side) for side in read], dtype=np.float32).reshape(-1, 3),
        topics=np.array([_topics(rng, subject) for subject in about], dtype=np.float32).reshape(
            -1, len(TOPICS)
        ),
        degree=np.array([_degree(side) for side in read], dtype=np.float32).reshape(-1, 3),
        embeddings=np.array(vectors, dtype=np.float32).reshape(-1, dimension),
    )
    return World(tuple(feedback), tuple(statements), predictions, np.array(about), tuple(sides))


def _directions(rng: np.random.Generator, count: int, dimension: int) -> NDArray[np.float64]:
    vectors = rng.normal(size=(count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _pull(side: str, pulls: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    if side in ("too_little", "too_much"):
        return pulls[side] + pulls["bad"]
    return {"complaint": pulls["bad"], "praise": pulls["good"]}.get(side, 0 * pulls["bad"])


def _text(rng: np.random.Generator, tag: str, subject: int) -> str:
    words = [str(word) for word in rng.choice(FILLERS, size=4)]
    if subject >= 0:
        words.insert(2, SUBJECT_WORDS[tag][subject % 8])
    # Letters of its own keep each text from being taken for a copy of another.
    own = "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), size=24))
    return " ".join([*words, own])


def _misread(rng: np.random.Generator, side: str, wrong: float) -> str:
    if rng.random() >= wrong:
        return side
    others = [other for other in ("too_little", "too_much", "complaint", "praise", "") if other != side]
    return others[int(rng.integers(len(others)))]


def _sentiment(side: str) -> tuple[float, float, float]:
    if side == "":
        return 0.1, 0.8, 0.1
    return (0.05, 0.1, 0.85) if side == "praise" else (0.85, 0.1, 0.05)


def _degree(side: str) -> tuple[float, float, float]:
    return {"too_little": (0.85, 0.05, 0.1), "too_much": (0.05, 0.85, 0.1)}.get(side, (0.05, 0.05, 0.9))


def _topics(rng: np.random.Generator, subject: int) -> NDArray[np.float64]:
    """The topic of the subject, which it shares with every seventh other one; at random one time in four.

    About as probable as the checkpoint says: .45 in the mean on the sample.
    """
    topics = np.full(len(TOPICS), 0.05)
    known = subject >= 0 and rng.random() < 0.75
    topics[subject % 7 if known else int(rng.integers(len(TOPICS)))] = rng.uniform(0.28, 0.62)
    return topics
