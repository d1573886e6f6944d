"""How many causes of the sample keep their ids when it is mined again: ``python -m benchmarks.stable_causes``.

Three cases, ten seeds each: a fifth more rows; one half of the rows, then the other half (no feedback in common); a
fifth more rows with the same vectors under another version of the model (no centroids to compare, members alone).

A cause of the first mining still exists when one cause of the second holds more than half of its feedback and has more
than half of its own from it, counted over the feedback that both minings had. For two halves without common feedback,
the causes of both are held against the mining of the whole sample instead.
"""

import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.reading import read_feedback
from data.records import Feedback
from mining.pipeline import mine
from mining.recognition import Identity
from mining.register import open_register
from mining.settings import MiningSettings
from models.checkpoint import load_predictor
from models.predictions import Predictions
from serving.analysis import Analysis, analyse
from serving.mining_run import guarded

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "feedback.csv"
SEEDS = 10

Members = Mapping[str, frozenset[str]]


def main() -> None:
    """Measure and print."""
    predictor = load_predictor()
    analysis = analyse(read_feedback(SAMPLE).feedback, predictor)
    settings = guarded(MiningSettings(), predictor.info)
    ids = [message.id for message in analysis.feedback]
    whole = mined_in_turn(analysis, settings, [(ids, "one")])[0]
    print(f"{len(ids)} messages, {len(whole)} causes in the whole sample")
    for name, model, halves in (
        ("+20 % rows", "one", False),
        ("two halves", "one", True),
        ("+20 % rows, members alone", "two", False),
    ):
        tallies = [0, 0, 0]
        for seed in range(SEEDS):
            first = random.Random(seed).sample(ids, len(ids) // 2 if halves else round(len(ids) / 1.2))
            second = sorted(set(ids) - set(first)) if halves else ids
            before, after = mined_in_turn(analysis, settings, [(first, "one"), (second, model)])
            pairs = through(before, after, whole) if halves else same(before, after, set(first))
            kept = sum(old == new for old, new in pairs)
            wrong = sum(cause in after and cause not in dict(pairs) for cause in before)
            tallies = [a + b for a, b in zip(tallies, (kept, len(pairs), wrong), strict=True)]
        kept, exist, wrong = tallies
        print(
            f"{name}: {kept} of {exist} ids kept ({100 * kept / exist:.1f} %); "
            f"{wrong} ids kept by causes that do not count as the same"
        )


def mined_in_turn(
    analysis: Analysis, settings: MiningSettings, turns: Sequence[tuple[Sequence[str], str]]
) -> list[Members]:
    """Cause id to members, for each mining of some of the feedback with one register."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for ids, model in turns:
            with open_register(Path(folder) / "causes.db", create=True) as register:
                mining, _ = mine(
                    *part(analysis, set(ids)), settings, register=register, identity=Identity(model)
                )
            found.append({cause.id: frozenset(cause.members) for cause in mining.causes})
    return found


def part(analysis: Analysis, ids: set[str]) -> tuple[list[Feedback], list[object], Predictions]:
    """Feedback, statements and predictions of some of the feedback."""
    rows = [row for row, statement in enumerate(analysis.statements) if statement.feedback_id in ids]
    return (
        [message for message in analysis.feedback if message.id in ids],
        [analysis.statements[row] for row in rows],
        analysis.predictions.taken(rows),
    )


def same(before: Members, after: Members, both: set[str]) -> list[tuple[str, str]]:
    """Pairs of ids that hold more than half of each other's feedback, counted over ``both``: what both minings had."""
    return [
        (old, new)
        for old, was in before.items()
        for new, now in after.items()
        if 2 * len(was & now) > max(len(was & both), len(now & both))
    ]


def through(before: Members, after: Members, whole: Members) -> list[tuple[str, str]]:
    """Pairs of ids of two halves that are the same cause of the whole."""
    first = {middle: old for old, middle in same(before, whole, set().union(*before.values()))}
    second = {middle: new for new, middle in same(after, whole, set().union(*after.values()))}
    return [(first[middle], second[middle]) for middle in first if middle in second]


if __name__ == "__main__":
    main()
