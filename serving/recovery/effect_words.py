"""The effect of rescue in sentences, which claim no more than its design allows."""

from mining.recovery.effect import Effect
from mining.report_words import count, k_of_n, percent
from mining.results import Share


def effect_lines(effect: Effect, within: int) -> list[str]:
    """The effect in sentences: what was counted, the difference, what it may be taken for."""
    end = "were recovered" if effect.design == "closed" else f"stayed for {within} days"
    first, second = {
        "randomised": ("Drawn to be contacted", "Held out"),
        "landmark": ("Contacted in time", "Not contacted in time"),
        "closed": ("Contacted", "Not contacted"),
    }[effect.design]
    lines = [f"{first}: {_share(effect.helped)} {end}", f"{second}: {_share(effect.others)} {end}"]
    if effect.design == "randomised":
        lines.append(f"Of those drawn to be contacted, {count(effect.reached)} were.")
    if effect.until:
        lines.append(
            f"Followed until {effect.until}, the last day on which anybody wrote, left or became a customer."
        )
    if effect.waiting:
        lines.append(f"Not counted, because their end is not known yet: {count(effect.waiting)}.")
    if effect.difference is None or effect.low is None or effect.high is None:
        return [*lines, f"Difference: {effect.reason}."]
    lines.append(
        f"Difference: {_points(effect.difference)} points ({_points(effect.low)} to {_points(effect.high)})."
    )
    return [*lines, _meaning(effect)]


def _share(share: Share) -> str:
    return f"{k_of_n(share)} people {percent(share)}".rstrip()


def _points(difference: float) -> str:
    return f"{100 * difference:+.0f}"


def _meaning(effect: Effect) -> str:
    if not effect.causal:
        return (
            "An association: the contacted were not chosen by chance, so what set them apart may have done it. "
            "`countervoice recover holdout` measures the effect."
        )
    if effect.low is not None and effect.high is not None and effect.low <= 0 <= effect.high:
        return "Chance alone chose the groups; the interval holds 0, so no effect is shown."
    return "Chance alone chose the groups: this is the effect of being drawn to be contacted."
