"""Who speaks, in report.json."""

from collections.abc import Sequence

from mining.json_numbers import interval, number
from mining.results import Cause, Share
from mining.speaking.results import (
    Asked,
    AskedShare,
    Margin,
    Speakers,
    WeightedShare,
    WeightedSide,
    Weighting,
)


def speakers_dict(speakers: Speakers, causes: Sequence[Cause]) -> dict[str, object]:
    """``who_speaks``, with the labels of the causes."""
    labels = {cause.id: cause.label for cause in causes}
    return {
        "asked": None if speakers.asked is None else _asked(speakers.asked, labels),
        "weighting": None if speakers.weighting is None else _weighting(speakers.weighting, labels),
    }


def _asked(asked: Asked, labels: dict[str, str]) -> dict[str, object]:
    return {
        "solicited": asked.solicited,
        "unsolicited": asked.unsolicited,
        "both": asked.both,
        "untold": asked.untold,
        "shares": [_asked_share(row, labels) for row in asked.rows],
    }


def _asked_share(row: AskedShare, labels: dict[str, str]) -> dict[str, object]:
    told = row.low is not None
    return {
        "cause_id": row.cause_id,
        "label": None if row.cause_id is None else labels.get(row.cause_id, ""),
        "kind": row.kind,
        "side": row.side,
        "solicited": _share(row.solicited),
        "unsolicited": _share(row.unsolicited),
        "difference": number(row.solicited.value - row.unsolicited.value) if told else None,
        "difference_interval": interval(row.low, row.high),
        "p_value": number(row.p_value),
        "p_adjusted": number(row.p_adjusted),
        "differs": row.differs,
    }


def _weighting(weighting: Weighting, labels: dict[str, str]) -> dict[str, object]:
    return {
        "people": weighting.people,
        "n_eff": number(weighting.n_eff),
        "bounds": interval(weighting.least, weighting.most),
        "clipped": weighting.clipped,
        "margins": [_margin(margin) for margin in weighting.margins],
        "complaints": _weighted(weighting.complaints, weighting),
        "causes": [
            {
                "cause_id": cause.cause_id,
                "label": labels.get(cause.cause_id, ""),
                **_weighted(cause.share, weighting),
                "sides": [_side(side, weighting) for side in cause.sides],
            }
            for cause in weighting.causes
        ],
        "oppositions": [
            {
                "cause_id": opposition.cause_id,
                "label": labels.get(opposition.cause_id, ""),
                "kind": opposition.kind,
                "turned": weighting.turned(opposition),
                "sides": [_side(side, weighting) for side in opposition.sides],
            }
            for opposition in weighting.oppositions
        ],
    }


def _margin(margin: Margin) -> dict[str, object]:
    return {
        "column": margin.column,
        "value": margin.value,
        "known": number(margin.known),
        **_share(margin.wrote),
        "reached": number(margin.reached),
    }


def _side(side: WeightedSide, weighting: Weighting) -> dict[str, object]:
    return {"side": side.label, **_weighted(side.share, weighting)}


def _weighted(share: WeightedShare, weighting: Weighting) -> dict[str, object]:
    return {
        **_share(share.raw),
        "n_eff": number(share.n_eff),
        "weighted_share": number(share.value),
        "weighted_interval": interval(share.low, share.high),
        "p_value": number(share.p_value),
        "moved": weighting.moved(share),
    }


def _share(share: Share) -> dict[str, object]:
    return {
        "people": share.k,
        "of": share.n,
        "share": number(share.value),
        "interval": interval(share.low, share.high),
    }
