"""What is said of a cause that holds a large part of those who complain."""

from collections.abc import Mapping
from typing import Final

from mining.report_words import k_of_n, percent
from mining.results import Crowd
from mining.settings import MiningSettings, share_gate

FINER: Final = 0.3
"""How far to turn the dial: less hardly moves such a cause, more leaves many statements in none."""


def crowd_words(crowd: Crowd, settings: Mapping[str, object]) -> str:
    """The rest of a sentence that begins with the name of the cause: how many it holds, why, and what to try.

    ``settings`` are those of the mining.
    """
    share = percent(crowd.share, share_gate(settings))
    counted = f"{k_of_n(crowd.share)} people who complain" + (f", {share}" if share else "")
    return (
        f"holds {counted}: causes may be too broad for this file, or people say one thing; "
        f"{_what_to_try(crowd.cause_id, settings)}."
    )


def _what_to_try(cause_id: str, settings: Mapping[str, object]) -> str:
    dial = MiningSettings.from_dict(settings).granularity
    if dial >= 1:
        split = f"countervoice causes split {cause_id} --containing PHRASE"
        return f"--granularity is at its finest, so take apart what differs with {split}"
    finer = f"{min(1.0, dial + FINER):.2g}"
    return f"mine again with --granularity {finer} (this was {dial:g}) and see whether the parts differ"
