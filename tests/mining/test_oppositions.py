"""Gates, guards and kinds of oppositions on one cause whose people are counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.margins import Margins
from data.records import Feedback
from mining.corpus import build_corpus
from mining.exemplars import paired, typical
from mining.misreading import Misreading
from mining.oppositions import find_oppositions
from mining.picture import Picture
from mining.results import Cause, Opposition
from mining.settings import MiningSettings
from mining.sides import find_sides
from mining.speaking.weights import weigh
from mining.timing_results import Timing
from models.confusion import Confusion
from tests.mining.worlds import Plan, build

CAUSE = Cause(
    id="c-0001",
    label="examples",
    labels={"en": "examples"},
    people=1,
    statements=1,
    grade="emerging",
    topics=("content",),
    lever="product",
    members=(),
    sides=(),
    timing=Timing(kind="unclear", fano=None, periods={}),
    examples=(),
    languages={},
)


def oppose(
    plans: Sequence[Plan],
    *,
    rename: dict[str, str] | None = None,
    confusion: Confusion | None = None,
    **settings: float,
) -> list[Opposition]:
    """Oppositions of one cause that holds everything said; ``rename`` changes a part of authors' names."""
    planted = build(plans, languages=("en",))
    feedback = [_renamed(message, rename or {}) for message in planted.feedback]
    chosen = MiningSettings(**settings)  # type: ignore[arg-type]
    corpus = build_corpus(feedback, planted.statements, planted.predictions, chosen)
    vectors = corpus.embeddings(corpus.distinct).astype(np.float64)
    misreading = None if confusion is None else Misreading(confusion)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, chosen), chosen, misreading)
    return find_oppositions(picture, [CAUSE], [np.arange(len(corpus.statements))])


def oppose_mixed(mixed: Sequence[Plan], whole: Sequence[Plan], common_ground: float) -> list[str]:
    """Cause ids of the oppositions where one cause holds all of ``mixed``, and others a subject of ``whole`` each."""
    planted = build([*mixed, *whole], languages=("en",))
    settings = MiningSettings(common_ground=common_ground)
    corpus = build_corpus(planted.feedback, planted.statements, planted.predictions, settings)
    subject = planted.subjects[corpus.order]
    members = [np.flatnonzero(np.isin(subject, [plan.subject for plan in mixed]))]
    members += [np.flatnonzero(subject == number) for number in sorted({plan.subject for plan in whole})]
    causes = [replace(CAUSE, id=f"c-{number:04d}") for number in range(1, len(members) + 1)]
    vectors = corpus.embeddings(corpus.distinct).astype(np.float64)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, settings), settings)
    return sorted(opposition.cause_id for opposition in find_oppositions(picture, causes, members))


def _renamed(message: Feedback, rename: dict[str, str]) -> Feedback:
    author = message.author or ""
    for old, new in rename.items():
        author = author.replace(old, new)
    return replace(message, author=author)


def degrees(little: int, much: int) -> list[Plan]:
    return [
        Plan(subject=0, side="too_little", people=little),
        Plan(subject=0, side="too_much", people=much),
    ]


@pytest.mark.parametrize(
    ("little", "much", "verdict"),
    [
        (30, 5, None),
        (30, 6, None),
        (30, 8, "leans_A"),
        (8, 30, "leans_B"),
        (8, 6, "inconclusive"),
        (60, 50, "split"),
        (120, 9, None),
        (120, 13, None),
        (120, 19, "leans_A"),
    ],
)
def test_gate_and_guard(little: int, much: int, verdict: str | None) -> None:
    found = oppose(degrees(little, much))
    assert [o.verdict for o in found] == ([] if verdict is None else [verdict])
    if found:
        assert [side.people for side in found[0].sides] == [little, much]


def test_the_guard_is_a_setting() -> None:
    assert len(oppose(degrees(120, 9), degree_guard=0.03)) == 1
    assert len(oppose(degrees(30, 5), side_people=5, degree_guard=0.03)) == 1


def test_sides_that_speak_of_two_things_are_no_opposition() -> None:
    """Too few examples and too loud a chime, in one cause by mistake, beside three causes of one subject each."""
    mixed = [Plan(subject=0, side="too_little", people=30), Plan(subject=1, side="too_much", people=30)]
    whole = [
        Plan(subject=subject, side=side, people=30)
        for subject in (2, 3, 4)
        for side in ("too_little", "too_much")
    ]
    assert oppose_mixed(mixed, whole, 0.75) == ["c-0002", "c-0003", "c-0004"]
    assert oppose_mixed(mixed, whole, 0.0) == ["c-0001", "c-0002", "c-0003", "c-0004"]


def test_praise_takes_no_place_of_degrees_that_speak_of_two_things() -> None:
    """Most of its complaints are of what is praised, but they are those of its degrees still."""
    mixed = [
        Plan(subject=0, side="too_little", people=60),
        Plan(subject=1, side="too_much", people=12),
        Plan(subject=0, side="praise", people=60),
    ]
    whole = [
        Plan(subject=subject, side=side, people=30)
        for subject in (2, 3, 4)
        for side in ("too_little", "too_much")
    ]
    assert oppose_mixed(mixed, whole, 0.5) == ["c-0002", "c-0003", "c-0004"]


def test_five_people_shouting_are_five_people() -> None:
    plans = [
        Plan(subject=0, side="too_little", people=40),
        Plan(subject=0, side="too_much", people=5, each=8),
    ]
    assert oppose(plans) == []


def kinds(plans: Sequence[Plan], **settings: float) -> list[tuple[str, list[int]]]:
    return [(o.kind, [side.people for side in o.sides]) for o in oppose(plans, **settings)]


def test_praise_of_the_content_middle_tells_nothing_beside_two_sides_of_degree() -> None:
    assert kinds([*degrees(30, 28), Plan(subject=0, side="praise", people=30)]) == [("degree", [30, 28])]


def test_without_two_sides_of_degree_whoever_names_one_complains() -> None:
    plans = [Plan(subject=0, side="too_much", people=30), Plan(subject=0, side="praise", people=25)]
    assert kinds(plans) == [("sentiment", [30, 25])]


def test_both_kinds_are_told_where_people_complain_of_something_else_too() -> None:
    plans = [Plan(subject=0, side="complaint", people=50), Plan(subject=0, side="praise", people=50)]
    assert kinds([*plans, *degrees(7, 7)]) == [("sentiment", [64, 50]), ("degree", [7, 7])]
    assert kinds([*plans, *degrees(60, 60)]) == [("degree", [60, 60]), ("sentiment", [170, 50])]


@pytest.mark.parametrize(("plain", "told"), [(10, False), (40, True)])
def test_plain_complaints_that_missed_degrees_explain_are_nobody_elses(plain: int, told: bool) -> None:
    """The reader calls one complaint of degree in ten a plain one: of 120, a dozen are expected."""
    reading = {"degree": {"all": [[180, 0, 20], [0, 180, 20], [5, 5, 490]]}}
    reading["sentiment"] = {"all": [[480, 10, 10], [10, 480, 10], [10, 10, 480]]}
    plans = [Plan(subject=0, side="complaint", people=plain), Plan(subject=0, side="praise", people=50)]
    found = oppose([*plans, *degrees(60, 60)], confusion=reading)
    assert [o.kind for o in found] == (["degree", "sentiment"] if told else ["degree"])


FIFTH = [[160, 40, 0], [40, 160, 0], [0, 0, 200]]
RARELY = [[100, 2, 98], [2, 100, 98], [0, 0, 200]]
SENTIMENT = [[480, 10, 10], [10, 480, 10], [10, 10, 480]]


def test_clear_calls_tell_a_small_side_from_misreading(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call in five is the opposite, but one in a hundred of the clear ones: 60 people do not make 14 of those."""
    every: dict[str, Any] = {"degree": {"all": FIFTH}, "sentiment": {"all": SENTIMENT}}
    clear = every | {"clear degree": {"all": RARELY}}
    assert oppose(degrees(60, 14), confusion=every) == []
    assert [o.kind for o in oppose(degrees(60, 14), confusion=clear)] == ["degree"]
    monkeypatch.setattr("models.confusion.CLEAR", 0.999)
    assert oppose(degrees(60, 60), confusion=clear) == []


def test_who_says_several_things_is_no_second_camp() -> None:
    """One call in twenty is the opposite: of 60 people with four messages, 14 are misread in one more."""
    reading = {"degree": {"all": [[190, 10, 0], [10, 190, 0], [0, 0, 200]]}, "sentiment": {"all": SENTIMENT}}
    misread = Plan(subject=0, side="too_little", people=14)
    loud = [Plan(subject=0, side="too_much", people=60, each=4), misread]
    assert oppose(loud, rename={"too_little": "too_much"}, confusion=reading) == []
    once = [Plan(subject=0, side="too_much", people=60), misread]
    (found,) = oppose(once, confusion=reading)
    assert [side.people for side in found.sides] == [14, 60]


def test_a_kind_whose_errors_were_not_counted_goes_by_the_guard() -> None:
    """A checkpoint of rows with a degree alone knows no errors of sentiment."""
    plans = [Plan(subject=0, side="complaint", people=60), Plan(subject=0, side="praise", people=60)]
    (found,) = oppose(plans, confusion={"degree": {"all": RARELY}})
    assert found.kind == "sentiment"
    assert [(side.corrected, side.near_zero) for side in found.sides] == [(None, None)] * 2
    (found,) = oppose(degrees(60, 60), confusion={"sentiment": {"all": SENTIMENT}})
    assert [(side.corrected, side.near_zero) for side in found.sides] == [(None, None)] * 2


def test_people_on_both_sides_count_on_each_and_in_no_test() -> None:
    (found,) = oppose(degrees(20, 12), rename={"too_much": "too_little"})
    assert [side.people for side in found.sides] == [20, 12]
    assert [side.share.n for side in found.sides] == [20, 20]
    assert found.both == 12
    assert found.p_value == pytest.approx(2 * 0.5**8)
    assert found.verdict == "leans_A"


def test_exemplars_are_shown_from_different_people() -> None:
    (found,) = oppose(degrees(30, 30))
    for side in found.sides:
        assert len({example.feedback_id for example in side.examples}) == 5


def test_no_sentence_is_shown_twice_however_it_is_typed() -> None:
    """The most typical words of each side come from seven people, whom case, marks and emoji tell apart."""
    planted = build(degrees(30, 30), languages=("en",))
    typed = ["{}", "{}!", "{} ...", "  {}", '"{}"', "{} 🙂", "{}?!"]
    said = {0: "too little of it in this one", 30: "too much of it in this one"}
    statements = list(planted.statements)
    vectors = planted.predictions.embeddings.copy()
    centres = [side.mean(axis=0) / np.linalg.norm(side.mean(axis=0)) for side in np.split(vectors, 2)]
    for first, words in said.items():
        for number, style in enumerate(typed, start=first):
            shown = style.format(words.upper() if number % 2 else words)
            statements[number] = replace(statements[number], text=shown, start=0, end=len(shown))
            vectors[number] = centres[first // 30]
    predictions = replace(planted.predictions, embeddings=vectors)
    corpus = build_corpus(planted.feedback, statements, predictions, MiningSettings())
    first, second = (
        np.array([i for i, each in enumerate(corpus.statements) if corpus.order[i] // 30 == side])
        for side in (0, 1)
    )
    space = corpus.embeddings(corpus.distinct).astype(np.float64)
    ones = np.ones(len(corpus.statements))
    for side, chosen in enumerate(paired(corpus, space, ones, first, second, 5)):
        texts = [corpus.statements[i].text for i in chosen]
        assert len(texts) == 5
        assert sum("of it in this one" in text.lower() for text in texts) == 1, (side, texts)


def test_fewer_sentences_are_shown_where_there_are_no_others() -> None:
    planted = build(degrees(8, 8), languages=("en",))
    statements = [replace(each, text="Too few", start=0, end=7) for each in planted.statements]
    corpus = build_corpus(planted.feedback, statements, planted.predictions, MiningSettings())
    space = corpus.embeddings(corpus.distinct).astype(np.float64)
    everything = np.arange(len(statements))
    assert len(typical(corpus, space, np.ones(len(statements)), everything, 5)) == 1


def test_the_first_exemplars_are_the_pair_most_alike() -> None:
    plans = degrees(20, 20)
    (found,) = oppose(plans)
    planted = build(plans, languages=("en",))
    vector = {m.id: v for m, v in zip(planted.feedback, planted.predictions.embeddings, strict=True)}
    shown = [[vector[example.feedback_id] for example in side.examples] for side in found.sides]
    alike = np.array(shown[0]) @ np.array(shown[1]).T
    assert alike[0, 0] == pytest.approx(alike.max())


def test_what_was_misread_onto_a_side_does_not_lead_it() -> None:
    """Of all statements of a side, that one is the most like the other side, and the least typical of its own."""
    planted = build(degrees(20, 20), languages=("en",))
    corpus = build_corpus(planted.feedback, planted.statements, planted.predictions, MiningSettings())
    first, second = (np.flatnonzero(corpus.order // 20 == side) for side in (0, 1))
    misread = first[7]
    angle = np.random.default_rng(3).normal(0.0, 0.05, len(corpus.statements))
    angle[[*second, misread]] += 1.0
    said = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    space = np.empty((len(corpus.distinct), 2))
    space[corpus.copy_of] = said
    one, other = paired(corpus, space, np.ones(len(angle)), first, second, 5)
    assert one[0] != misread
    alike = said[first[first != misread]] @ said[second].T
    assert said[one[0]] @ said[other[0]] > alike.mean()


def test_a_verdict_stands_only_where_misreading_leaves_it() -> None:
    """Sixty against thirty lean, until a model is known to call every third "too much" a "too little"."""
    fair = {"degree": {"all": SENTIMENT}, "sentiment": {"all": SENTIMENT}}
    (found,) = oppose(degrees(60, 30), confusion=fair)
    assert found.verdict == "leans_A"
    leaning = {"degree": {"all": [[190, 5, 5], [65, 130, 5], [5, 5, 190]]}, "clear degree": {"all": RARELY}}
    (found,) = oppose(degrees(60, 30), confusion=fair | leaning)
    assert found.verdict == "inconclusive"
    assert found.p_value < 0.05


def test_a_segment_that_turns_the_majority_is_the_verdict_and_one_that_does_not_is_only_named() -> None:
    plans = [
        Plan(subject=0, side="too_little", people=40, segments={"plan": "family"}),
        Plan(subject=0, side="too_much", people=38, segments={"plan": "solo"}),
    ]
    (found,) = oppose(plans)
    assert found.verdict == "split_by_segment"
    shared = Plan(subject=0, side="too_little", people=60, segments={"plan": "solo"})
    (leaning,) = oppose([*plans, shared])
    assert leaning.verdict == "leans_A"
    assert leaning.segment is not None
    assert leaning.segment.column == "plan"


def test_a_person_has_the_value_of_most_messages_however_much_one_of_them_says() -> None:
    """Everybody wrote two short messages from their own plan, and a long one from the other plan."""
    planted = build(
        [
            Plan(subject=0, side="too_little", people=40, each=5),
            Plan(subject=0, side="too_much", people=38, each=5),
        ],
        languages=("en",),
    )
    own = {"too_little": ("family", "solo"), "too_much": ("solo", "family")}
    feedback, statements = [], []
    for row, (message, statement, side) in enumerate(
        zip(planted.feedback, planted.statements, planted.sides, strict=True)
    ):
        place = row % 5
        if place < 3:
            feedback.append(replace(message, segments={"plan": own[side][place == 2]}))
        name = message.id if place < 3 else planted.feedback[row - place + 2].id
        statements.append(replace(statement, id=f"{name}#{place}", feedback_id=name))
    settings = MiningSettings()
    corpus = build_corpus(feedback, statements, planted.predictions, settings)
    vectors = corpus.embeddings(corpus.distinct).astype(np.float64)
    picture = Picture(corpus, vectors, find_sides(corpus.predictions, settings), settings)
    (found,) = find_oppositions(picture, [CAUSE], [np.arange(len(statements))])
    assert found.segment is not None
    assert (found.segment.value, found.segment.towards) == ("family", "too_little")
    margins = Margins({"plan": {"family": 0.5, "solo": 0.5}}, "margins.csv")
    assert [each.wrote.k for each in weigh(corpus, margins).margins] == [40, 38]


def test_the_context_is_no_segment() -> None:
    plans = [
        Plan(subject=0, side="too_little", people=40, segments={"product": "book"}),
        Plan(subject=0, side="too_much", people=38, segments={"product": "bell"}),
    ]
    (found,) = oppose(plans)
    assert found.segment is None
