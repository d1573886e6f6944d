"""Oppositions against the read sentences of ``degree.parquet``: precision and recall of the pairs that are reported.

    python -m benchmarks.oppositions --corpora ../shared/corpora

A sentence in five languages is five statements of five people; its domain is the product. The subject of a degree
complaint is its domain and axis (restaurant, taste): the free subjects of single sentences hardly ever meet. Two
statements of one subject, one too little and one too much, are a gold pair, and a subject with both is a planted
opposition. A reported pair is two statements on the two sides of one reported opposition of degree. A planted
opposition is found when one of its gold pairs is reported. The gate is lowered to four people: one sentence.

"Complaints" are the rows of degree complaints alone. "In one cause" is the share of gold pairs that the clusters put
together, which bounds the recall. "Told" gives the mining the true degrees, which leaves the errors of the clusters;
"guarded" the counted errors of the checkpoint, as the command does, so that only sides beyond misreading are reported.
The training sentences were seen by the shipped checkpoint; only the dev rows say what it does on new text.
"""

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.gold import predicted_once
from data.labels import DEGREES
from data.records import Feedback, Statement
from mining.pipeline import mine
from mining.results import Mining
from mining.settings import MiningSettings
from models.checkpoint import DEFAULT
from models.confusion import read_confusion
from models.predictions import Predictions

LANGUAGES = ("de", "en", "th", "vi", "zh")
SIDES = ("too_little", "too_much")
GATE = 4
Pairs = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Read:
    """Statements with their read degree and their subject, aligned with predictions."""

    rows: Sequence[dict[str, str]]
    predictions: Predictions

    def told(self) -> "Read":
        """With the read degrees in place of the predicted ones."""
        truth = np.array([[float(row["degree"] == name) for name in DEGREES] for row in self.rows])
        return replace(self, predictions=replace(self.predictions, degree=truth.astype(np.float32)))

    def where(self, column: str, *values: str) -> "Read":
        """The rows with one of the values in a column."""
        chosen = [place for place, row in enumerate(self.rows) if row[column] in values]
        return Read([self.rows[place] for place in chosen], self.predictions.taken(chosen))

    def planted(self) -> dict[tuple[str, str], Pairs]:
        """Subject to its gold pairs, where it has both sides."""
        sides: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            if row["degree"] != "none":
                sides[row["domain"], row["axis"]][row["degree"]].append(name_of(row))
        pairs = {key: set(product(found["too_little"], found["too_much"])) for key, found in sides.items()}
        return {key: found for key, found in pairs.items() if found}


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="Folder with degree.parquet.")
    everything = read(parser.parse_args().corpora)
    print("| rows | degree | statements | planted | found | reported | precision | recall | in one cause |")
    print("|" + " --- |" * 9)
    dev = everything.where("split", "dev")
    for name, rows in (
        ("dev", dev),
        ("dev, complaints", dev.where("degree", *SIDES)),
        ("all", everything),
        ("all, complaints", everything.where("degree", *SIDES)),
    ):
        for degree, given, guarded in (
            ("predicted", rows, False),
            ("guarded", rows, True),
            ("told", rows.told(), False),
        ):
            print("| " + " | ".join([name, degree, *scored(given, guarded=guarded)]) + " |", flush=True)


def read(corpora: Path) -> Read:
    """The sentences in five languages, but for those that hold one complaint of each kind."""
    import pyarrow.parquet as pq

    rows = [
        row
        for row in pq.read_table(corpora / "degree.parquet").to_pylist()
        if row["lang"] in LANGUAGES and row["degree"] != "both"
    ]
    rows.sort(key=lambda row: (row["group"], row["lang"]))
    return Read(rows, predicted_once("degree", [row["text"] for row in rows]))


def scored(given: Read, *, guarded: bool) -> tuple[str, ...]:
    """Cells: statements, oppositions planted, found and reported, precision and recall of pairs, pairs in one cause."""
    mining, planted = mined(given, guarded=guarded), given.planted()
    reported = reported_pairs(mining)
    gold: Pairs = set().union(*planted.values())
    pairs: Pairs = set().union(*reported)
    right = len(gold & pairs)
    return (
        str(len(given.rows)),
        str(len(planted)),
        str(sum(bool(found & pairs) for found in planted.values())),
        str(len(reported)),
        f"{right / max(1, len(pairs)):.2f} ({right}/{len(pairs)})",
        f"{right / max(1, len(gold)):.2f} ({right}/{len(gold)})",
        f"{len(gold & together(mining)) / max(1, len(gold)):.2f}",
    )


def mined(given: Read, *, guarded: bool) -> Mining:
    """The whole mining, each statement a message of its own person; ``guarded`` by the errors of the checkpoint."""
    messages = [
        Feedback(
            id=name_of(row),
            text=row["text"],
            author=name_of(row),
            language=row["lang"],
            segments={"product": row["domain"]},
        )
        for row in given.rows
    ]
    statements = [
        Statement(
            id=f"{m.id}#1", feedback_id=m.id, start=0, end=len(m.text), text=m.text, language=row["lang"]
        )
        for m, row in zip(messages, given.rows, strict=True)
    ]
    settings = MiningSettings(side_people=GATE, cause_people=GATE)
    confusion = read_confusion(DEFAULT) if guarded else None
    return mine(messages, statements, given.predictions, settings, confusion=confusion)[0]


def reported_pairs(mining: Mining) -> list[Pairs]:
    """Pairs (too little, too much) of each reported opposition of degree."""
    found = [{s.label: s.members for s in o.sides} for o in mining.oppositions if o.kind == "degree"]
    return [set(product(sides["too_little"], sides["too_much"])) for sides in found]


def together(mining: Mining) -> Pairs:
    """Pairs of statements that share a cause."""
    return set().union(*(product(cause.members, cause.members) for cause in mining.causes))


def name_of(row: dict[str, str]) -> str:
    """Id of the statement of a row."""
    return hashlib.sha256(f"{row['group']} {row['lang']}".encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
