"""A predictor of known answers: keywords instead of a network, the same numbers on every run and machine."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.abstaining import NEVER, Thresholds
from models.confusion import Confusion
from models.predictions import ModelInfo, Predictions

DIMENSION = 64

SUBJECTS: Mapping[str, tuple[str, list[str]]] = {
    "examples": (
        "content",
        [
            "example",
            "case stud",
            "ví dụ",
            "nghiên cứu điển hình",
            "ตัวอย่าง",
            "กรณีศึกษา",
            "piemēr",
            "例子",
            "案例",
        ],
    ),
    "couriers": (
        "staff",
        ["courier", "rider", "shipper", "tài xế", "ไรเดอร์", "คนส่ง", "kurjer", "骑手", "配送员"],
    ),
    "alerts": ("features", ["alert", "notification", "thông báo", "แจ้งเตือน", "paziņojum", "通知"]),
    "battery": ("performance", ["battery", "pin ", "แบต", "baterij", "电池"]),
    "price": ("price", ["price", "giá", "ราคา", "cena", "价格"]),
}
DEGREE_WORDS: Mapping[str, list[str]] = {
    "too_little": (
        [
            "too few",
            "not enough",
            "too little",
            "quá ít",
            "ít quá",
            "thiếu",
            "น้อยเกินไป",
            "น้อยไป",
            "ไม่พอ",
            "par maz",
            "pārāk maz",
            "trūkst",
            "太少",
            "不够",
        ]
    ),
    "too_much": (
        [
            "too many",
            "too much",
            "quá nhiều",
            "nhiều quá",
            "เยอะเกินไป",
            "มากเกินไป",
            "เยอะไป",
            "par daudz",
            "pārāk daudz",
            "太多",
            "过多",
        ]
    ),
}
SENTIMENT_WORDS: Mapping[str, list[str]] = {
    "negative": (
        [
            "bad",
            "rude",
            "broken",
            "late",
            "awful",
            "tệ",
            "thô lỗ",
            "hỏng",
            "muộn",
            "แย่",
            "หยาบคาย",
            "พัง",
            "slikt",
            "rupj",
            "salūz",
            "差",
            "粗鲁",
            "坏",
        ]
    ),
    "positive": (
        [
            "good",
            "great",
            "friendly",
            "love",
            "tuyệt",
            "thân thiện",
            "tốt",
            "thích",
            "ดี",
            "เยี่ยม",
            "ชอบ",
            "lielisk",
            "labs",
            "laipn",
            "patīk",
            "很好",
            "喜欢",
            "友好",
        ]
    ),
}


class KeywordPredictor:
    """Classifies by keywords in vi th lv zh en; one direction in the embedding per subject.

    Texts of one subject have a cosine near 0.9 in whichever language; other texts point anywhere. Degree
    and sentiment leave a small trace in the embedding, as they do in a real encoder.
    """

    def __init__(
        self,
        name: str = "keywords",
        confusion: Confusion | None = None,
        abstain_below: Thresholds = NEVER,
    ) -> None:
        self._info = ModelInfo(
            name=name,
            version="0" * 12,
            languages=("vi", "th", "lv", "zh", "en"),
            confusion=confusion,
            abstain_below=abstain_below,
        )

    @property
    def info(self) -> ModelInfo:
        return self._info

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        if on_progress is not None:
            on_progress(len(texts))
        degrees = [_first_match(text, DEGREE_WORDS) or "none" for text in texts]
        sentiments = [
            "negative" if degree != "none" else _first_match(text, SENTIMENT_WORDS) or "neutral"
            for text, degree in zip(texts, degrees, strict=True)
        ]
        subjects = [_subject(text) for text in texts]
        embeddings = [_embedding(*row) for row in zip(texts, subjects, sentiments, degrees, strict=True)]
        return Predictions(
            sentiment=_peaked([SENTIMENTS.index(label) for label in sentiments], len(SENTIMENTS)),
            topics=_topics(subjects),
            degree=_peaked([DEGREES.index(label) for label in degrees], len(DEGREES)),
            embeddings=np.array(embeddings, dtype=np.float32).reshape(len(texts), DIMENSION),
        )


def _first_match(text: str, words: Mapping[str, Sequence[str]]) -> str | None:
    lowered = text.lower()
    return next((label for label, keys in words.items() if any(key in lowered for key in keys)), None)


def _subject(text: str) -> str | None:
    return _first_match(text, {subject: words for subject, (_, words) in SUBJECTS.items()})


def _peaked(columns: Sequence[int], width: int) -> NDArray[np.float32]:
    probabilities = np.full((len(columns), width), 0.1 / (width - 1), dtype=np.float32)
    probabilities[np.arange(len(columns)), list(columns)] = 0.9
    return probabilities


def _topics(subjects: Sequence[str | None]) -> NDArray[np.float32]:
    probabilities = np.full((len(subjects), len(TOPICS)), 0.02, dtype=np.float32)
    for row, subject in enumerate(subjects):
        topic = SUBJECTS[subject][0] if subject else "other"
        probabilities[row, TOPICS.index(topic)] = 0.93
    return probabilities


def _embedding(text: str, subject: str | None, sentiment: str, degree: str) -> NDArray[np.float64]:
    own = _direction(f"text:{text}")
    if subject is None:
        return own
    vector = _direction(f"subject:{subject}") + 0.3 * own
    vector += 0.15 * _direction(f"sentiment:{sentiment}") + 0.15 * _direction(f"degree:{degree}")
    return vector / np.linalg.norm(vector)


@cache
def _direction(key: str) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIMENSION)
    return vector / np.linalg.norm(vector)
