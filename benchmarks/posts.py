"""What a checkpoint says of the degree of posts and reviews as people write them, most of which have none.

    python -m benchmarks.posts --corpora ../shared/corpora --model models/default --model build/model

The labels are ours (``data/corpus/read_posts.csv``), of dev rows of public sets. The last two columns are of rows that
were drawn at random, which alone say how often a call is false in what people post; the others have rows that were
picked (negative ones), too. Weights that ship may not be trained on some of the sets at all: "never trained on".
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import DEGREES
from models.calls import calls
from models.checkpoint import load_predictor
from training import corpora
from training.scorecard import false_degrees, flips, macro_f1

HEAD = (
    "| set | rows | with a degree | macro-F1 | called the opposite | random, without one | of them called one |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


def main() -> None:
    """Print a table for each checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="Folder with sentiment.parquet.")
    parser.add_argument("--model", type=Path, action="append", help="A checkpoint; may be given again.")
    given = parser.parse_args()
    rows = read_dev_rows(given.corpora)
    for model in given.model or [None]:
        print(f"\n{model or 'the default checkpoint'}\n\n{HEAD}")
        for line in lines(rows, model):
            print(line)


def read_dev_rows(folder: Path) -> pd.DataFrame:
    """The dev posts with one degree or none: text, lang, source, degree, drawn, shippable."""
    posts = corpora.public(folder, "sentiment", shippable=False)
    rows = posts[posts.split == "dev"].merge(corpora.read_posts(), on="id", validate="m:1")
    return rows[rows.degree != "both"].reset_index(drop=True)


def lines(rows: pd.DataFrame, model: Path | None) -> Iterator[str]:
    """One line of the table per set and language, then the sums."""
    said = calls("degree", load_predictor(model).predict(list(rows.text)).degree)
    for (source, language), part in rows.groupby(["source", "lang"]):
        yield _line(f"{source}, {language}", part, said[part.index])
    for name, part in _sums(rows):
        yield _line(name, part, said[part.index])


def _sums(rows: pd.DataFrame) -> tuple[tuple[str, pd.DataFrame], ...]:
    return (
        ("all sets that are trained on", rows[rows.shippable]),
        ("all sets that are never trained on", rows[~rows.shippable]),
        ("all", rows),
    )


def _line(name: str, rows: pd.DataFrame, said: NDArray[np.int64]) -> str:
    truth = np.asarray([DEGREES.index(degree) for degree in rows.degree])
    complaints = (rows.degree != "none").to_numpy()
    plain = ~complaints & (rows.drawn == "random").to_numpy()
    false = f"{false_degrees(truth[plain], said[plain]):.3f}" if plain.any() else ""
    cells = [name, str(len(rows)), str(complaints.sum()), f"{macro_f1(truth, said, len(DEGREES)):.3f}"]
    cells += [f"{flips(truth, said):.3f}" if complaints.any() else "", str(plain.sum()), false]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
