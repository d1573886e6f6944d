"""Statements beside others: what complains has to be found in a text that says something else, too.

Few thousand public sentences were read for degree, and a network that meets them often knows them by heart: .99 on
those that it was trained on, .70 on others. Beside ever other sentences they are new each time, and people do write so.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from training.rows import OWN_SOURCES

COMMA = {"ja": "、", "zh": "，"}  # where a sentence ends without a mark
OF_THE_FIRST_ALONE = ["sentiment", "topics", "subject", "english"]
LEAST_NEIGHBOURS = 20


def beside(rows: pd.DataFrame, *, share: float, seed: int) -> pd.DataFrame:
    """Put a statement without a degree before or behind a share of the training rows that have a label of degree.

    Neighbours are training rows of the same language, own ones for own rows and public ones for public rows, so the
    label of degree still holds. Sentiment, topics, subject and the English sentence do not, and are left out.

    Args:
        rows: Labelled rows, as ``training.rows.labelled_rows`` makes them.
        share: Of those rows that get a neighbour, 0 to 1; a language with fewer than 20 possible ones gets none.
        seed: Of the draw.
    """
    rng = np.random.default_rng(seed)
    able = (rows.split == "train") & rows.degree.notna()
    found = rows.copy()
    for _, group in rows[able].groupby([rows.lang, rows.source.isin(OWN_SOURCES)]):
        neighbours = group.text[group.degree == "none"].unique()
        if len(neighbours) < LEAST_NEIGHBOURS:
            continue
        chosen = group[rng.random(len(group)) < share]
        found.loc[chosen.index, "text"] = _joined(chosen, rng.choice(neighbours, len(chosen)), rng)
        found.loc[chosen.index, OF_THE_FIRST_ALONE] = None
    return found


def _joined(chosen: pd.DataFrame, neighbours: NDArray[np.object_], rng: np.random.Generator) -> list[str]:
    first = rng.random(len(chosen)) < 0.5
    return [
        _text(*((neighbour, text) if leads else (text, neighbour)), language)
        for text, language, neighbour, leads in zip(chosen.text, chosen.lang, neighbours, first, strict=True)
    ]


def _text(one: str, other: str, language: str) -> str:
    """Both as people write them in a row."""
    one, other = one.strip(), other.strip()
    if one[-1:].isalnum():
        one += COMMA.get(language, "")
    return one + ("" if language in COMMA else " ") + other
