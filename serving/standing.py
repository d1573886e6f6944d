"""Where a statement stands in its cause: its side, the side against it, and what is known of the two."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.labels import SIDES
from mining.results import Cause, Opposition, Side
from mining.sides import KINDS, Stance

OPPOSITE = {side: other for pair in KINDS.values() for side, other in (pair, pair[::-1])}


@dataclass(frozen=True, slots=True)
class Standing:
    """None for what there is not; ``verdict`` is one of ``data.labels.VERDICTS``.

    A ``side`` below the gate is told in people alone: ``share_known`` is False.
    """

    side: Side | None = None
    counter: Side | None = None
    verdict: str | None = None
    share_known: bool = True


def standing(
    row: int, cause: Cause, oppositions: Sequence[Opposition], stance: Stance, *, side_people: int
) -> Standing:
    """Where the statement in place ``row`` of ``stance`` stands.

    On a side of an opposition of degree, that opposition answers; else on a side of one of sentiment, that one does. A
    statement on neither gets the verdict of the opposition that matters most, without a counter. Where nothing
    opposes, one to ``side_people`` - 1 people on the side or against it are an anecdote; a larger pair that is no
    opposition (misreading may explain it, or its sides speak of two things) has no counter and no verdict.

    Args:
        row: Place of the statement.
        cause: The one that the statement falls in.
        oppositions: Of that cause, the one that matters most first.
        stance: Sides of the statements.
        side_people: Fewest people on each side of an opposition.
    """
    for opposition in sorted(oppositions, key=lambda each: each.kind != "degree"):
        for side, counter in (opposition.sides, opposition.sides[::-1]):
            if stance.on(side.label, kind=opposition.kind)[row]:
                return Standing(side, counter, opposition.verdict)
    main = int(stance.main[row])
    if main < 0:
        return Standing(verdict=oppositions[0].verdict if oppositions else None)
    of_label = {side.label: side for side in cause.sides}
    own, other = of_label.get(SIDES[main]), of_label.get(OPPOSITE[SIDES[main]])
    if oppositions:
        return Standing(own, verdict=oppositions[0].verdict)
    if own is None or other is None or min(own.people, other.people) >= side_people:
        return Standing(own)
    return Standing(own, other, "anecdote", share_known=own.people >= side_people)
