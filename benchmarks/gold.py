"""Statements whose causes are known: the sets of ``causes.parquet``, embedded once by the shipped checkpoint."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import TOPICS
from data.records import Feedback, Statement
from models.predictions import Predictions

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "gold"
MOST = 10_000
TUNED_ON = ("clinc150", "uit-vsfc", "hoasa", "csrest-m")
CHECKED_ON = ("bitext-cs", "dstc11-insurance", "m-absa", "semeval16", "uit-visfd")
SETS = (*TUNED_ON, *CHECKED_ON)
# Sets whose training rows the shipped checkpoint has seen with their causes (training.subjects).
SEEN = frozenset({"clinc150", "dstc11-insurance", "hoasa", "csrest-m", "m-absa"})
LARGEST_HEAD = len(TOPICS)
_PART = 16_384
_HEADS = ("sentiment", "topics", "degree", "embeddings")


@dataclass(frozen=True, slots=True)
class Gold:
    """Distinct statements with their true causes.

    Attributes:
        texts, languages, causes: n each.
        predictions: Aligned with them.
    """

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    causes: tuple[str, ...]
    predictions: Predictions

    def __len__(self) -> int:
        return len(self.texts)

    def taken(self, rows: NDArray[np.int64]) -> "Gold":
        """The statements at ``rows``, in that order."""
        return Gold(
            tuple(self.texts[row] for row in rows),
            tuple(self.languages[row] for row in rows),
            tuple(self.causes[row] for row in rows),
            self.predictions.taken(rows),
        )

    def narrowed(self, width: int) -> "Gold":
        """The same with embeddings in ``width`` dimensions, by a random projection."""
        said = self.predictions
        turn = np.random.default_rng(0).standard_normal((said.embeddings.shape[1], width)).astype(np.float32)
        vectors = said.embeddings @ turn
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return replace(self, predictions=replace(said, embeddings=vectors))

    def feedback(self) -> tuple[list[Feedback], list[Statement]]:
        """Each statement as the only one of a message of its own person; ids do not depend on the order."""
        messages, statements = [], []
        for text, language in zip(self.texts, self.languages, strict=True):
            name = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[:16]
            messages.append(Feedback(id=name, text=text, author=name, language=language))
            statements.append(
                Statement(
                    id=f"{name}#1", feedback_id=name, start=0, end=len(text), text=text, language=language
                )
            )
        return messages, statements


def gold(corpora: Path, name: str) -> Gold:
    """The gold set ``name``: at most ``MOST`` statements, chosen by a hash; predictions are made once and kept."""
    rows = _rows(corpora, name)
    texts, languages, causes = (tuple(row[key] for row in rows) for key in ("text", "lang", "cause"))
    return Gold(texts, languages, causes, predicted_once(name, texts))


def predicted_once(name: str, texts: Sequence[str]) -> Predictions:
    """Predictions of the shipped checkpoint, kept in build/gold by its version and the texts.

    A new one is asked anew, and so are other texts of the same ``name``.
    """
    from models.checkpoint import DEFAULT, checkpoint_info, load_predictor

    kept = CACHE / checkpoint_info(DEFAULT).version / f"{name}-{_hash(chr(0).join(texts))[:12]}.npz"
    if not kept.exists():
        said = load_predictor().predict(texts)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **{head: getattr(said, head) for head in _HEADS})
    with np.load(kept) as arrays:
        return Predictions(*(arrays[head] for head in _HEADS))


def sized(start: Gold, size: int) -> Gold:
    """``start`` grown or cut to ``size`` statements."""
    if size > len(start):
        return grown(start, size)
    return start.taken(np.sort(np.random.default_rng(0).permutation(len(start))[:size]))


def grown(start: Gold, size: int, seed: int = 0) -> Gold:
    """``size`` statements: those of ``start``, then mixtures of two of one cause and language, with noise.

    The texts of the mixtures are those of the first of the two with a number, so that every text is distinct.
    """
    rng = np.random.default_rng(seed)
    first = rng.integers(len(start), size=max(0, size - len(start)))
    groups: dict[tuple[str, str], list[int]] = {}
    keys = list(zip(start.causes, start.languages, strict=True))
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    second = np.array(
        [groups[keys[row]][int(rng.integers(len(groups[keys[row]])))] for row in first], np.int64
    )
    mixed = {head: _mixed(getattr(start.predictions, head), first, second) for head in _HEADS}
    return Gold(
        (*start.texts, *(f"{start.texts[row]} {number}" for number, row in enumerate(first.tolist()))),
        (*start.languages, *(start.languages[row] for row in first)),
        (*start.causes, *(start.causes[row] for row in first)),
        Predictions(*(mixed[head] for head in _HEADS)),
    )


def _mixed(
    rows: NDArray[np.float32], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The rows, then a mixture of two of them for each of ``first``; embeddings get noise and unit length."""
    rng = np.random.default_rng(len(first))
    width, embedded = rows.shape[1], rows.shape[1] > 2 * LARGEST_HEAD
    mixed = np.empty((len(rows) + len(first), width), np.float32)
    mixed[: len(rows)] = rows
    for start in range(0, len(first), _PART):
        a, b = rows[first[start : start + _PART]], rows[second[start : start + _PART]]
        part = rng.uniform(0.0, 0.5, (len(a), 1)).astype(np.float32)
        made = (1 - part) * a + part * b
        if embedded:
            made += rng.standard_normal(made.shape, np.float32) * np.float32(0.3 / width**0.5)
            made /= np.linalg.norm(made, axis=1, keepdims=True)
        mixed[len(rows) + start : len(rows) + start + len(a)] = made
    return mixed


def _rows(corpora: Path, name: str) -> list[dict[str, Any]]:
    """Rows of one source with distinct texts; translations of one sentence are chosen together."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(corpora / "causes.parquet")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in table.filter(pc.equal(table["source"], name)).to_pylist():
        found.setdefault((row["lang"], row["text"]), row)
    ranked = sorted(found.values(), key=lambda row: (_hash(row["group"] or row["id"]), row["id"]))
    return sorted(ranked[:MOST], key=lambda row: row["id"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
