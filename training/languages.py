"""Which languages the rows of a training teach, and so a checkpoint names as its own."""

from typing import Final

import pandas as pd

from data.language import UNDETERMINED

LEAST_ROWS: Final = 10
LEAST_SHARE: Final = 0.02
"""Of the rows that are seen: below either, texts that seem to be in a language are more likely odd ones of another."""


def taught(rows: pd.DataFrame) -> set[str]:
    """Primary tags of the languages of ``rows`` (see ``read_labelled``), without those of weight 0, never seen.

    A tag that the file tells counts from one row on; one that was found in the texts, where it is found often.
    """
    seen = rows[rows.weight > 0]
    found = seen.lang[seen.lang_found].value_counts()
    often = found[(found >= LEAST_ROWS) & (found >= LEAST_SHARE * len(seen))]
    return {*seen.lang[~seen.lang_found], *often.index} - {UNDETERMINED}
