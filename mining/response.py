"""Who writes: from the share of negative reviews to a band for the share of negative experiences."""

from collections.abc import Mapping
from dataclasses import dataclass

from mining.evidence import share_of
from mining.results import DataSummary, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBand:
    """What share of all experiences may be negative, given that the upset write more readily than the content.

    Attributes:
        share: Negative reviews of all reviews, by people.
        content, upset: Response rates that were assumed, in (0, 1].
        low: Share of experiences if people write at those rates, at the lower end of the interval of ``share``.
        high: Share of experiences if both write equally often: the upper end of the interval of ``share``.
    """

    share: Share
    content: float
    upset: float
    low: float
    high: float


def response_band(k: int, n: int, *, content: float, upset: float) -> ResponseBand:
    """The band of ``k`` negative of ``n`` reviews.

    Of all experiences a share q is negative. Of the upset a share u writes, of the content a share c. The negative
    share of what is written is then s = q u / (q u + (1 - q) c), and solved for q:

        q = s c / (s c + (1 - s) u)

    With u = c the reviews are a fair sample and q = s. With one content customer in ten writing and every upset one,
    20 % negative reviews are 0.2 * 0.1 / (0.2 * 0.1 + 0.8 * 1) = 2.4 % of the experiences. Without data on who writes
    no point of the band is more true than another. Its ends carry what chance leaves open of the share, too.

    Raises:
        ValueError: If a rate is not above 0 and at most 1, the content write more readily than the upset, or n is 0.
    """
    if not 0 < content <= upset <= 1 or n < 1:
        raise ValueError(
            f"got rates {content} and {upset} for {n} reviews; allowed is 0 < content <= upset <= 1, and a review"
        )
    share = share_of(k, n)
    low = share.low * content / (share.low * content + (1 - share.low) * upset)
    return ResponseBand(share=share, content=content, upset=upset, low=low, high=share.high)


def band_of(data: DataSummary, settings: Mapping[str, object]) -> ResponseBand | None:
    """The band of a mining by the rates in its settings.

    None where nobody was counted as negative or not, and of fewer people than a share takes.
    """
    content, upset, gate = (
        settings.get(name) for name in ("content_response", "upset_response", "share_people")
    )
    if (
        data.negative is None
        or not isinstance(content, int | float)
        or not isinstance(upset, int | float)
        or not isinstance(gate, int)
        or data.people < max(1, gate)
    ):
        return None
    return response_band(data.negative, data.people, content=content, upset=upset)
