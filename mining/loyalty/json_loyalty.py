"""A report of loyalty as JSON: what was counted, what a model tells, and, apart from both, what is assumed."""

from collections.abc import Sequence
from typing import Any, Final

from mining.json_numbers import interval, number
from mining.loyalty.results import (
    Advocate,
    Association,
    AtRisk,
    Calibration,
    Leaving,
    Loyalty,
    TopBox,
    WordOfMouth,
)
from mining.results import Share

ASSUMED: Final = "assumed, not measured: put your own figures in its place"
AT_RISK: Final = ("person", "author", "last_wrote", "chance", "yearly_value", "stake", "reasons")
ADVOCATE: Final = ("person", "author", "last_wrote", "public", "yearly_value", "reasons")


def loyalty_dict(found: Loyalty, *, most: int, names: bool) -> dict[str, Any]:
    """The report with at most ``most`` people in each list; authors are named only with ``names``."""
    return {
        "people": found.people,
        "scale": list(found.scale) if found.scale else None,
        "ratings": [_ratings(each) for each in found.ratings],
        "customers": found.customers,
        "leaving": _leaving(found.leaving, found) if found.leaving else None,
        "at_risk": {
            "of": len(found.at_risk),
            "people": [at_risk_row(each, names=names) for each in found.at_risk[:most]],
        },
        "advocates": {
            "of": len(found.advocates),
            "people": [advocate_row(each, names=names) for each in found.advocates[:most]],
        },
        "word_of_mouth": {
            "public": list(found.public),
            "untold": found.untold,
            "causes": [_word(each, found) for each in found.word_of_mouth],
        },
        "assumed": _assumed(found),
    }


def _share(share: Share, *, shown: bool = True) -> dict[str, Any]:
    """Below the gate k of n alone."""
    return {
        "k": share.k,
        "n": share.n,
        "share": number(share.value) if shown else None,
        "interval": interval(share.low, share.high) if shown else None,
    }


def _ratings(each: TopBox) -> dict[str, Any]:
    return {
        "name": each.name,
        "loyal": _share(each.loyal, shown=each.shown),
        "content": _share(each.content, shown=each.shown),
        "rest": _share(each.rest, shown=each.shown),
        "anecdote": not each.shown,
    }


def _leaving(leaving: Leaving, found: Loyalty) -> dict[str, Any]:
    return {
        "unit": leaving.unit,
        "people": leaving.people,
        "trials": leaving.trials,
        "events": leaving.events,
        "until": leaving.until and leaving.until.isoformat(),
        "left_out": dict(leaving.left_out),
        "refused": leaving.refused or None,
        "calibration": _calibration(leaving.calibration),
        "associations": [_association(each, found) for each in leaving.associations],
    }


def _calibration(found: Calibration | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "slope": number(found.slope),
        "slope_interval": interval(found.slope_low, found.slope_high),
        "skill": number(found.skill),
        "skill_interval": interval(found.skill_low, found.skill_high),
        "usable": found.usable,
    }


def _association(each: Association, found: Loyalty) -> dict[str, Any]:
    odds, low, high = each.coefficient.odds
    return {
        "cause_id": each.cause_id,
        "label": found.labels.get(each.cause_id, ""),
        "side": each.side,
        "left": _share(each.left),
        "grade": each.grade,
        "odds_ratio": number(odds),
        "interval": interval(low, high),
        "p_adjusted": number(each.p_adjusted),
        "associated_with": each.direction,
    }


def at_risk_row(each: AtRisk, *, names: bool) -> dict[str, Any]:
    """One row of the list of people at risk."""
    return {
        "person": each.person,
        **({"author": each.author} if names else {}),
        "last_wrote": each.last_wrote and each.last_wrote.isoformat(),
        "chance": number(each.chance),
        "yearly_value": each.yearly_value,
        "stake": number(each.stake),
        "reasons": list(each.reasons),
    }


def advocate_row(each: Advocate, *, names: bool) -> dict[str, Any]:
    """One row of the list of advocates."""
    return {
        "person": each.person,
        **({"author": each.author} if names else {}),
        "last_wrote": each.last_wrote and each.last_wrote.isoformat(),
        "public": each.public,
        "yearly_value": each.yearly_value,
        "reasons": list(each.reasons),
    }


def _word(each: WordOfMouth, found: Loyalty) -> dict[str, Any]:
    return {
        "cause_id": each.cause_id,
        "label": found.labels.get(each.cause_id, ""),
        "complaint": each.complaint,
        "praise": each.praise,
        "both": each.both,
        "negative": _share(each.negative, shown=each.grade != "anecdote"),
        "grade": each.grade,
    }


def _assumed(found: Loyalty) -> dict[str, Any]:
    assumptions, words = found.assumptions, found.word_of_mouth
    causes: Sequence[dict[str, Any]] = [
        {"cause_id": each.cause_id, "told": list(each.told), "do_not_come_back": each.lost} for each in words
    ]
    return {
        "note": ASSUMED,
        "tell": [assumptions.tell_low, assumptions.tell_high],
        "gone": assumptions.gone,
        "causes": causes,
    }
