"""Who may leave, with the reason in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import exp
from typing import Final

import numpy as np

from mining.loyalty.leaving import Outlook
from mining.loyalty.results import Association, AtRisk, Leaving
from mining.loyalty.trials import MONTH_DAYS, observed_from
from mining.loyalty.writers import Writer
from mining.report_words import excerpt, side_verb

_LABEL: Final = 40

Reasons = Sequence[Association]


def people_at_risk(
    writers: Sequence[Writer], leaving: Leaving, outlook: Outlook | None, labels: Mapping[str, str]
) -> list[AtRisk]:
    """Who has not left and wrote of a cause that goes with leaving; the largest stake first, or the largest chance.

    Nobody where the model tells no better than the overall rate, or boasts: a list would be a guess then.
    """
    if outlook is None or leaving.calibration is None or not leaving.calibration.usable:
        return []
    known = {(each.cause_id, each.side): each for each in leaving.associations if each.direction == "more"}
    reasons = {writer.person: _reasons(writer, known) for writer in writers}
    asked = [writer for writer in writers if reasons[writer.person] and _may_leave(writer, leaving.until)]
    if not asked:
        return []
    chances = outlook.chances(asked, np.array([_month(writer, leaving.until) for writer in asked]))
    found = [
        _at_risk(writer, reasons[writer.person], float(chance), labels)
        for writer, chance in zip(asked, chances, strict=True)
    ]
    return sorted(found, key=lambda each: (-(each.stake or 0.0), -each.chance, each.person))


def _reasons(writer: Writer, known: Mapping[tuple[str, str | None], Association]) -> Reasons:
    keys = writer.said | {(cause, None) for cause, _ in writer.said}
    found = [known[key] for key in keys if key in known]
    return sorted(found, key=lambda each: (-each.coefficient.value, each.cause_id, each.side or ""))


def _may_leave(writer: Writer, until: date | None) -> bool:
    """With dates, a customer under observation who has not left; without, somebody whose outcome is not known."""
    if until is None:
        return all(message.outcome is None for message in writer.messages)
    stays = writer.customer is not None and writer.customer.left_on is None
    first = observed_from(writer)
    return stays and first is not None and first <= until


def _month(writer: Writer, until: date | None) -> int:
    """The month whose beginning lies nearest to the end of the observation."""
    first = observed_from(writer)
    return 0 if until is None or first is None else round((until - first).days / MONTH_DAYS)


def _at_risk(writer: Writer, reasons: Reasons, chance: float, labels: Mapping[str, str]) -> AtRisk:
    value = writer.customer.yearly_value if writer.customer else None
    return AtRisk(
        person=writer.person,
        author=writer.author,
        last_wrote=writer.messages[-1].day,
        chance=chance,
        yearly_value=value,
        stake=None if value is None else chance * value,
        reasons=[_because(reason, labels) for reason in reasons],
    )


def _because(reason: Association, labels: Mapping[str, str]) -> str:
    what = excerpt(labels.get(reason.cause_id, reason.cause_id), _LABEL)
    does = "wrote" if reason.side is None else side_verb(reason.side, 1)
    times = exp(reason.coefficient.value)
    return f"{does} about “{what}”, associated with {times:.1f} times the odds of leaving"
