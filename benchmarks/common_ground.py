"""Whether statements that are little alike share a cause: the gold causes behind ``MiningSettings.common_ground``.

    python -m benchmarks.common_ground --corpora ../shared/corpora

Each set of ``causes.parquet`` (a source in a language) is mined as the command mines, each statement a message of its
own person. For every mined cause: how alike its statements are (``mining.common_ground``) beside what is typical of
its set, and how many pairs of its statements have the same gold cause. The table has the mean of that by how alike.
The setting asks it of the two sides of a cause; a gold set knows no sides, so that whole causes stand in for them.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.gold import predicted_once
from benchmarks.semantic_space import sets
from data.records import Feedback, Statement
from mining.common_ground import likeness, typical_likeness
from mining.corpus import build_corpus
from mining.discovery import build_index, cluster, fit_space
from mining.picture import Picture
from mining.settings import MiningSettings
from mining.sides import find_sides
from mining.sorted_keys import rows_of
from models.predictions import Predictions

_STEPS = (-9.0, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0, 1.2, 1.5, 9.0)


def main() -> None:
    """Print one line per step of likeness."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="Folder with causes.parquet.")
    found: list[tuple[float, float, int]] = []
    for (source, language), (texts, causes) in sets(parser.parse_args().corpora).items():
        said = predicted_once(f"space-{source}-{language}", texts)
        found += cohesion(texts, causes, language, said)
    alike, together, sizes = (np.array(column) for column in zip(*found, strict=True))
    print(
        "| as alike as typical | causes | statements | pairs of one gold cause |\n| --- | --- | --- | --- |"
    )
    for low, high in pairwise(_STEPS):
        here = (alike >= low) & (alike < high)
        if here.any():
            print(
                f"| {low:g} to {high:g} | {here.sum()} | {sizes[here].sum():,} | {together[here].mean():.2f} |"
            )


def cohesion(
    texts: Sequence[str], causes: Sequence[str], language: str, said: Predictions
) -> Iterator[tuple[float, float, int]]:
    """For each mined cause: likeness beside the typical one, share of pairs of one gold cause, statements."""
    settings = MiningSettings()
    names = [f"f{number:05d}" for number in range(len(texts))]
    messages = [Feedback(id=name, text=text, author=name) for name, text in zip(names, texts, strict=True)]
    statements = [
        Statement(id=f"{name}#1", feedback_id=name, start=0, end=len(text), text=text, language=language)
        for name, text in zip(names, texts, strict=True)
    ]
    gold = dict(zip(names, causes, strict=True))
    corpus = build_corpus(messages, statements, said, settings)
    space = fit_space(corpus, settings)
    stance = find_sides(corpus.predictions, settings)
    index, answers = build_index(corpus, space, cluster(corpus, space.vectors, stance, settings), settings)
    picture = Picture(corpus, space.vectors, stance, settings)
    members = rows_of(answers, len(index.ids))
    typical = typical_likeness(picture, members)
    for own in members:
        alike = likeness(picture, own, own)
        if alike is not None and typical > 0:
            counts = Counter(gold[corpus.statements[i].feedback_id] for i in own.tolist())
            pairs = sum(count * (count - 1) for count in counts.values())
            yield alike / typical, pairs / (len(own) * (len(own) - 1)), len(own)


if __name__ == "__main__":
    main()
