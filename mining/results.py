"""The mined picture: causes, their sides, oppositions, and everything that was left out, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.labels import NO_TOPIC
from data.language import UNDETERMINED
from mining.driver_results import Drivers
from mining.ranking.results import Rank
from mining.spoken import is_spoken
from mining.timing_results import Timing

if TYPE_CHECKING:  # its records hold shares of this file
    from mining.speaking.results import Speakers


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """k of n people with an interval.

    Attributes:
        k: People on this side.
        n: People counted.
        low, high: 95 % interval of k/n, in [0, 1] (Wilson; Jeffreys at k = 0 or k = n).
    """

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Part of those counted, 0 where nobody was."""
        return self.k / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedShare:
    """A share corrected for the errors of the classifier, with its 95 % interval; all in [0, 1]."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """Mean drop in rating of the people on a side, against those whom the cause does not bother.

    Attributes:
        drop: In units of the file's rating; above 0 where the side rates lower.
        low, high: 95 % interval of the drop.
        people: Rated people on the side.
        middle: Rated people of the same product who do not complain of this cause.
        act: Whether enough of the cause's people are on the side, and the interval lies above 0.
    """

    drop: float
    low: float
    high: float
    people: int
    middle: int
    act: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A verbatim span of one feedback: ``feedback.text[start:end] == text``."""

    feedback_id: str
    start: int
    end: int
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The statements of one cause that pull one way.

    Attributes:
        label: One of ``data.labels.SIDES``.
        members: Ids of the feedback on this side, sorted.
        examples: Most typical first; the first examples of two opposing sides are the pair most alike in subject space.
        languages: Language tag to people.
        corrected: The share corrected for the errors of the classifier; None where that cannot be told.
        near_zero: Whether misreading the others alone may give as many people; None where that cannot be told.
        penalty: What the side costs; None for praise, and where too few people rated.
    """

    label: str
    people: int
    share: Share
    members: tuple[str, ...]
    examples: tuple[Example, ...]
    languages: Mapping[str, int]
    mean_rating: float | None = None
    corrected: CorrectedShare | None = None
    near_zero: bool | None = None
    penalty: Penalty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFinding:
    """The segment that explains a split: Cramer's V with its Benjamini-Hochberg adjusted p-value.

    Attributes:
        value: The value that departs most from the common share.
        towards: Label of the side that people with this value take more often than the others; the other side may still
            be that of most of them.
    """

    column: str
    value: str
    effect: float
    p_adjusted: float
    towards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """Two opposing sides of one cause, both past the gate, that speak of one thing.

    Attributes:
        kind: "degree" (too_little vs too_much) or "sentiment" (complaint vs praise).
        verdict: One of ``data.labels.VERDICTS``; A is ``sides[0]``, B is ``sides[1]``.
        p_value: Exact sign test of A against B, by person; who is on both sides is left out.
    """

    cause_id: str
    label: str
    kind: str
    verdict: str
    grade: str
    p_value: float
    segment: SegmentFinding | None
    sides: tuple[Side, Side]

    @property
    def both(self) -> int:
        """People on both sides: each share is of the people on either, and counts them."""
        a, b = self.sides
        return a.people + b.people - a.share.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cluster of statements in subject space: what the feedback is about, whichever way it pulls.

    Attributes:
        id: "c-0001" and so on: permanent where there is a register of causes, else by people, most first.
        labels: One short label per main language of the cause, language tag to label.
        members: Ids of the feedback with a statement in this cause, sorted.
        topics: Topic ids, most frequent first.
        sides: Sides present, opposing or not.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    people: int
    statements: int
    grade: str
    topics: tuple[str, ...]
    lever: str
    members: tuple[str, ...]
    sides: tuple[Side, ...]
    timing: Timing
    examples: tuple[Example, ...]
    languages: Mapping[str, int]

    @property
    def names_subject(self) -> bool:
        """Whether its statements are of a topic: what is of none speaks of the whole, thanks, greets or advertises."""
        return self.topics[0] != NO_TOPIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Causes that are alike, for reading; a theme is of one mining, its id means nothing in the next.

    Attributes:
        id: "t-01" and so on, most people first.
        labels: One short label per main language, language tag to label.
        people: With a statement in one of its causes.
        causes: Cause ids, most people first.
    """

    id: str
    label: str
    labels: Mapping[str, str]
    people: int
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One cause that holds a large part of those who complain.

    Attributes:
        share: People who complain in it, of all who complain, in a cause or in none.
    """

    cause_id: str
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """What was read: rows, people, and where they come from.

    Attributes:
        first, last: Days of the oldest and newest message, ISO 8601, but for stray dates (``mining.written_days``).
        untimed: Dated messages outside of the months of timing and ranks (``mining.periods.timed_days``).
    """

    rows: int
    rejected: int
    statements: int
    people: int
    languages: Mapping[str, int]
    sources: Mapping[str, int]
    ratings: Mapping[str, int]
    first: str | None
    last: str | None
    negative: int | None = None  # people who complain in more statements than they praise in
    untimed: int = 0

    @property
    def messages(self) -> int:
        """The rows that were not set aside."""
        return self.rows - self.rejected

    @property
    def told_languages(self) -> int:
        """How many languages were written in, less those of hardly anybody, which are often others misread.

        Where each is of so few, all of them count; "none told" counts only where it is the only one.
        """
        told = self.languages.keys() - {UNDETERMINED}
        spoken = [language for language in told if is_spoken(self.languages[language], self.people)]
        return len(spoken) or len(told) or len(self.languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingShape:
    """How people rate, level by level.

    Attributes:
        people: Each level, in order and without gaps, to people, each by their latest rating.
        whole_scale: Whether the levels are those of a usual scale; else they run from the lowest to the highest given.
        ends, middle: Those at the lowest and highest level, and those between, of all who rated.
        p_value: Of "the ends hold no more than an even spread would give".
        j_shaped: The ends hold more, and each more than a level of the middle does on average.
    """

    people: Mapping[str, int]
    whole_scale: bool
    ends: Share
    middle: Share
    p_value: float
    j_shaped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietCorner:
    """A source, channel, language or segment value of which few wrote.

    Attributes:
        most: People of the largest value of the same column.
        below_gate: Fewer people than a share needs; else less than a tenth of ``most``.
    """

    column: str
    value: str
    people: int
    most: int
    below_gate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Who is hardly heard.

    Attributes:
        ratings: None where the ratings are not whole, or do not run over 3 to 11 levels.
        quiet: Fewest people first.
        gate: Fewest people for a share.
    """

    ratings: RatingShape | None
    quiet: tuple[QuietCorner, ...]
    gate: int


REPEATED: Final = "the same words in many messages"
"""Why a statement that is nobody's own is in no cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mining:
    """One mining of one file.

    Attributes:
        causes: Most people first.
        oppositions: The one that matters most first: most people on the smaller side, weighed down by as much as the
            other is larger (smaller² / larger), then most on both sides together.
        unassigned: Reason to number of statements.
        assignment: Cause id or None for each statement, aligned with the mined statements.
        people: Number of the person behind each statement, aligned as ``assignment``.
        repeated: Whether each statement is the same words in many messages and nobody's own (``mining.repeated``),
            which takes no side and is in no cause; aligned as ``assignment``.
        template: The most frequent of those sentences; "" without any.
        drivers: None where no message has a rating, nor an outcome.
        themes: Most people first, each cause in one of them; none where the causes are few.
        ranks: The causes of which enough people complain, by weight; none in a file of fewer than two months.
        speakers: None without margins where asked and unasked people cannot be told apart.
        crowd: None where no cause holds that many of those who complain.
    """

    causes: tuple[Cause, ...]
    oppositions: tuple[Opposition, ...]
    unassigned: Mapping[str, int]
    assignment: tuple[str | None, ...]
    data: DataSummary
    settings: Mapping[str, object]
    people: tuple[int, ...] = ()
    repeated: tuple[bool, ...] = ()
    template: str = ""
    drivers: Drivers | None = None
    listening: Listening | None = None
    themes: tuple[Theme, ...] = ()
    ranks: tuple[Rank, ...] = ()
    speakers: "Speakers | None" = None
    crowd: Crowd | None = None
