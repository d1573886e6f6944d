"""The verdict on a fix: fixed, not yet, too early, or came back; a story where too few ever spoke."""

from dataclasses import replace

import numpy as np

from mining.fixes.rate_ratio import phase_dispersion, rate_ratio
from mining.fixes.results import GONE, HALVED, Outcome, Phase, Ratio, Verdict
from mining.fixes.returning import return_of
from mining.fixes.series import controlled_ratio, level_change
from mining.fixes.stretches import PERIOD_DAYS, Counted, Voices, Window, counted
from mining.fixes.waiting import days_to_tell
from mining.periods import DAYS_PER_MONTH
from mining.rate_model import fit_rate
from mining.settings import MiningSettings

_FEWEST_CONTROLS = 30
_FEWEST_FOR_A_TREND = 12
_FEWEST_PERIODS_FOR_A_TREND = 4
_FORESEEABLE = 3_650
_MUCH_SOONER = 2
_ANYTHING = Ratio(value=None, low=0.0, high=None, model="poisson")


def outcome_of(voices: Voices, window: Window, settings: MiningSettings, *, late: bool) -> Outcome:
    """Tell what became of a cause after its fix.

    came_back: It had gone (halved, the interval below 1), and from some week on it is frequent again: more than in the
    quiet weeks by a scan over all weeks, and no longer halved against the time before the fix.
    fixed: Its rate fell to half or less and the interval lies below 1; so did its odds against untouched causes. The
    step beyond a trend through both stretches is half or less, too, and shown where the rate was falling before.
    not_yet: Not fixed, though a halving would have shown, or can be ruled out.
    too_early: All else, and the first four weeks.
    anecdote: Fewer people complained before the fix than a side of a contrast needs.

    Args:
        voices: Who spoke of the cause, of its product, and of untouched causes.
        window: What counts as before and after.
        settings: The gates.
        late: Whether the fix was registered when messages from after it had been mined already.
    """
    if window.first >= window.day:
        return _story("no message is from before the fix")
    if window.end <= window.day:
        return _unseen(voices, window, settings)
    table = counted(voices, window)
    if table.past.people < settings.side_people:
        return _story(_few_before(table.past.people, settings), table.past, table.present)
    if not table.comparable:
        return Outcome(
            verdict="too_early", grade="anecdote", reason="nobody wrote after the fix", before=table.past
        )
    measured = _measured(voices, window, table, settings)
    outcome = replace(_told(measured, closed=window.closed), grade="emerging")
    people = voices.own.during(window.first, window.end).people()
    return replace(outcome, grade=_grade(outcome, people, voices.sources, settings, late=late))


def _measured(voices: Voices, window: Window, table: Counted, settings: MiningSettings) -> Outcome:
    """Every figure, and no verdict yet."""
    controls = table.fewest_controls >= _FEWEST_CONTROLS
    others = table.controls if controls else table.exposure - table.counts
    return Outcome(
        verdict="too_early",
        grade="",
        reason="",
        before=table.past,
        after=table.present,
        ratio=rate_ratio(table.counts, table.exposure, table.after, table.same),
        controlled=controlled_ratio(
            table.counts, table.controls, table.exposure, table.after, table.same_complaining
        )
        if controls
        else None,
        level=level_change(table.counts, others, table.calendar.middles, table.after),
        falling=_falling(table),
        returned=return_of(voices, window, table, settings),
        more_days=_more_days(table, HALVED, closed=window.closed),
        more_days_gone=_more_days(table, GONE, closed=window.closed),
    )


def _told(outcome: Outcome, *, closed: bool) -> Outcome:
    """The verdict that the figures allow, and why."""
    ratio = outcome.ratio or _ANYTHING
    if outcome.returned is not None:
        return _with(outcome, "came_back", f"it had gone, and is frequent again since {outcome.returned.day}")
    if ratio.halved and outcome.after is not None:
        if outcome.after.days < PERIOD_DAYS:
            return _with(
                outcome,
                "too_early",
                f"its rate fell, for {outcome.after.days} days: one calm month is no proof",
            )
        doubt = _doubt(outcome)
        return (
            _with(outcome, "not_yet", doubt)
            if doubt
            else _with(outcome, "fixed", "its rate fell to half or less")
        )
    if ratio.fell:
        return _with(outcome, "not_yet", "its rate fell, but not to half")
    if ratio.rose:
        return _with(outcome, "not_yet", "its rate rose")
    if ratio.low > HALVED:
        return _with(outcome, "not_yet", "a halving can be ruled out")
    if outcome.more_days == 0:
        return _with(outcome, "not_yet", "a halving would have shown by now")
    if closed:
        return _with(outcome, "too_early", "the next fix came before a halving could be told")
    return _with(outcome, "too_early", wait_told(outcome))


def wait_told(outcome: Outcome) -> str:
    """How long it takes until more can be said, in words."""
    gone = outcome.more_days_gone
    if outcome.more_days is not None and outcome.more_days <= _FORESEEABLE:
        return (
            f"a halving can be told in about {outcome.more_days:,} more days{_tenth(gone, outcome.more_days)}"
        )
    when = "ever" if outcome.more_days is None else "within ten years"
    too_few = f"too few complained before, or too unevenly, to tell a halving {when}"
    if gone is None or gone > _FORESEEABLE:
        return too_few
    return f"{too_few}; a fall to a tenth can be told in about {gone:,} more days"


def _tenth(gone: int | None, halving: int) -> str:
    """When a fall to a tenth can be told, where that is much sooner than a halving: no verdict waits for the latter."""
    if gone is None or _MUCH_SOONER * gone > halving:
        return ""
    return f", a fall to a tenth in about {gone:,}" if gone else ", a fall to a tenth would show by now"


def _doubt(outcome: Outcome) -> str | None:
    """Why a halved rate is no proof of a fix, if it is none."""
    if outcome.controlled is not None and not outcome.controlled.halved:
        return "its rate fell, but those of untouched causes may have fallen as much"
    step = outcome.level
    if step is not None and (step.value is None or step.value > HALVED):
        return "its rate fell, but a trend from before the fix may have done most of it"
    if outcome.falling and not (step and step.fell):
        return "its rate was falling before the fix, and nothing beyond that trend is shown"
    return None


def _falling(table: Counted) -> bool:
    """Whether the rate fell before the fix already, at 5 %."""
    written = np.flatnonzero(~table.after & (table.exposure > 0))
    if len(written) < _FEWEST_PERIODS_FOR_A_TREND or table.counts[written].sum() < _FEWEST_FOR_A_TREND:
        return False
    fit = fit_rate(
        table.counts[written],
        table.exposure[written],
        table.calendar.middles[written],
        table.same.among(written),
    )
    return fit is not None and fit.high < 1


def _more_days(table: Counted, left: float, *, closed: bool) -> int | None:
    """Days from the end of the file until a fall to ``left`` can be told; None where no day will be added."""
    past = table.past
    dispersion = phase_dispersion(table.counts, table.exposure, table.after, table.same)
    inflation = dispersion.times(
        np.asarray(table.exposure[~table.after] * (past.complained / past.wrote), dtype=np.float64)
    )
    recent = table.present if table.present.days >= PERIOD_DAYS else past
    per_day = past.complained / past.wrote * recent.wrote / recent.days
    needed = days_to_tell(left, past.complained, inflation, per_day, dispersion, PERIOD_DAYS)
    if needed is None or (closed and needed > table.present.days):
        return None
    return max(0, needed - table.present.days)


def _grade(outcome: Outcome, people: int, sources: int, settings: MiningSettings, *, late: bool) -> str:
    """Established takes people, two sources or two months since the fix, and a fix registered before looking."""
    if outcome.before is None or outcome.after is None:
        return "anecdote"
    many = people >= settings.share_people
    repeated = sources >= 2 or outcome.after.days >= 2 * DAYS_PER_MONTH
    sure = outcome.verdict != "too_early"
    return "established" if many and repeated and sure and not late else "emerging"


def _unseen(voices: Voices, window: Window, settings: MiningSettings) -> Outcome:
    """A fix that no message is from after."""
    before = counted(voices, Window(window.first, window.day, window.day))
    if before.past.people < settings.side_people:
        return _story(_few_before(before.past.people, settings), before.past)
    return Outcome(
        verdict="too_early",
        grade="anecdote",
        reason="no message is from after the fix yet",
        before=before.past,
    )


def _few_before(people: int, settings: MiningSettings) -> str:
    return f"{people} complained before the fix: at least {settings.side_people} are needed"


def _story(reason: str, before: Phase | None = None, after: Phase | None = None) -> Outcome:
    return Outcome(verdict="anecdote", grade="anecdote", reason=reason, before=before, after=after)


def _with(outcome: Outcome, verdict: Verdict, reason: str) -> Outcome:
    return replace(outcome, verdict=verdict, reason=reason)
