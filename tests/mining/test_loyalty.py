"""Top boxes, word of mouth, lists of people, and the whole as JSON."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from data.customers import Customer, Customers
from data.errors import SettingsError
from data.labels import COMPLAINTS
from mining.evidence import share_of
from mining.loyalty.advocates import find_advocates
from mining.loyalty.firth import Coefficient
from mining.loyalty.json_loyalty import loyalty_dict
from mining.loyalty.leaving import Floats, Ints
from mining.loyalty.people_at_risk import people_at_risk
from mining.loyalty.report import LoyaltySettings, loyalty_of
from mining.loyalty.results import Association, Assumptions, Calibration, Leaving
from mining.loyalty.top_box import top_boxes
from mining.loyalty.word_of_mouth import public_sources, untold, words_of_mouth
from mining.loyalty.writers import Message, Writer, writers_of
from mining.rating_scale import scale_of
from tests.mining.journal_rows import journal as journal_by_hand
from tests.mining.journal_rows import said as said_by_hand
from tests.mining.loyal_world import FIRST, planted_journal

PLANTED = {
    ("c-0001", "too_little"): 0.55,
    ("c-0002", "complaint"): 0.08,
    ("c-0003", "too_much"): 0.08,
    ("c-0003", "praise"): 0.03,
}
TODAY = date(2026, 11, 30)
LABELS = {"c-0001": "late", "c-0002": "fees", "c-0003": "couriers"}


def said(number: int, side: str | None = None, rating: float | None = None, **other: object) -> Message:
    message = Message(
        feedback_id=f"f-{number}",
        created_at=datetime(2026, 1, number, tzinfo=UTC),
        author=None,
        source="app_store",
        channel="app",
        solicited=False,
        rating=rating,
        outcome=None,
        context="",
        said=frozenset({("c-1", side)}) if side else frozenset(),
        complains=side in COMPLAINTS,
        praise={"c-1": f"Riders are kind, {number}"} if side == "praise" else {},
    )
    return replace(message, **other)  # type: ignore[arg-type]


def person(*messages: Message, name: str = "f-1", context: str = "", left: date | None = None) -> Writer:
    return Writer(person=name, context=context, messages=messages, customer=Customer(None, left))


def test_only_the_top_of_the_scale_is_loyal_and_the_latest_rating_counts() -> None:
    people = [
        person(said(1, rating=1.0), said(2, rating=5.0), said(3)),
        person(said(1, rating=5.0), said(2, rating=4.0)),
        person(said(1, rating=4.5)),
        person(said(1, rating=3.0)),
        person(said(1)),
    ]
    (box,) = top_boxes(people, (1.0, 5.0))
    assert [(share.k, share.n) for share in (box.loyal, box.content, box.rest)] == [(1, 4), (2, 4), (1, 4)]
    assert not box.shown
    assert [box.shown for box in top_boxes(people, (1.0, 5.0), gate=4)] == [True]


def test_products_are_told_apart_most_people_first() -> None:
    people = [person(said(1, rating=5.0, context=product)) for product in ("a", "b", "b")]
    assert [(box.name, box.loyal.n) for box in top_boxes(people, (1.0, 5.0))] == [("", 3), ("b", 2), ("a", 1)]


def test_a_product_is_judged_by_the_latest_rating_of_it_by_each_who_rated_it() -> None:
    """Forty people dislike their apron, and later praise their bowl to the skies."""
    rows = [
        {**said_by_hand(f"f-{n}-{day}", f"Ida {n}"), "segments": [("product", product)]}
        | {"rating": rating, "created_at": datetime(2026, 1, day, tzinfo=UTC)}
        for n in range(40)
        for product, rating, day in (("Apron", 5.0, 2), ("Apron", 1.0, 3), ("Bowl", 5.0, 20), ("", 3.0, 1))
    ]
    found = loyalty_of(journal_by_hand(rows), None, {}, LoyaltySettings(), today=TODAY).ratings
    told = {box.name: (box.loyal.k, box.loyal.n) for box in found}
    assert told == {"": (40, 40), "Apron": (0, 40), "Bowl": (40, 40)}


@pytest.mark.parametrize(
    ("ratings", "scale"),
    [
        ((1, 5), (1, 5)),
        ((2, 4), (1, 5)),
        ((0, 5), (0, 5)),
        ((1, 4, 5, 5, 0), (0, 5)),
        ((1, 7), (1, 7)),
        ((0, 7), (0, 10)),
        ((8, 9), (0, 10)),
    ],
)
def test_the_scale_is_the_narrowest_usual_one(ratings: tuple[int, ...], scale: tuple[int, int]) -> None:
    assert scale_of(map(float, ratings)) == scale


def test_a_scale_that_does_not_fit_is_refused() -> None:
    ratings = [None, 87.0]
    with pytest.raises(SettingsError, match=r"ratings run from 87 to 87, .* with --scale"):
        scale_of(ratings)
    with pytest.raises(SettingsError, match="outside of the scale 1-5"):
        scale_of(ratings, (1.0, 5.0))
    assert scale_of(ratings, (0.0, 100.0)) == (0.0, 100.0)
    assert scale_of([None]) is None


def test_public_is_what_others_read_and_nobody_asked_for() -> None:
    people = [
        person(said(1)),
        person(said(1, source="email")),
        person(said(1, source="contact-form")),
        person(said(1, source="desk", channel="mail")),
        person(said(1, source="panel", solicited=True)),
        person(said(1, source=None)),
    ]
    assert public_sources(people) == ["app_store"]


@pytest.mark.parametrize(
    "source",
    [
        "Live chat",
        "Phone call",
        "customer support",
        "NPS survey",
        "web form",
        "Emails",
        "support tickets",
        "SMS",
        "e-mail",
    ],
)
def test_what_only_the_company_reads_is_known_by_any_word_of_its_name(source: str) -> None:
    assert public_sources([person(said(1, source=source))]) == []
    assert public_sources([person(said(1, source="web", channel=source))]) == []


@pytest.mark.parametrize("source", ["platform", "callisto", "Mailand forum", "Trustpilot"])
def test_a_word_that_holds_such_a_word_is_another(source: str) -> None:
    assert public_sources([person(said(1, source=source))]) == [source]


def test_messages_of_which_nobody_tells_whether_they_were_asked_for_are_counted_apart() -> None:
    unknown = said(1, "complaint", solicited=None)
    people = [person(unknown, said(2, "praise")), person(replace(unknown, source="email"))]
    assert untold(people, ["app_store"]) == 1
    assert untold([person(said(1))], ["app_store"]) == 0


def test_word_of_mouth_counts_people_and_keeps_assumptions_apart() -> None:
    people = [
        person(said(1, "complaint"), said(2, "too_much"), name="f-1"),
        person(said(1, "complaint"), said(2, "praise"), name="f-2"),
        person(said(1, "praise"), said(2, "praise", solicited=True), name="f-3"),
        person(said(1, "complaint", source="email"), name="f-4"),
        person(said(1, None), name="f-5"),
    ]
    (found,) = words_of_mouth(people, ["app_store"], Assumptions(tell_low=2, tell_high=3, gone=0.5))
    assert (found.complaint, found.praise, found.both, found.negative.n) == (2, 2, 1, 3)
    assert (found.told, found.lost, found.grade) == ((4, 6), 1, "anecdote")


def test_an_advocate_praises_complains_of_nothing_and_rates_at_the_top() -> None:
    people = [
        person(said(1, "praise", 5.0), name="loyal"),
        person(said(1, "praise"), said(2, "praise"), name="twice"),
        person(said(1, "praise", 4.0), name="content"),
        person(said(1, "praise", 5.0), said(2, "complaint"), name="both"),
        person(said(1, "praise", 5.0), name="gone", left=date(2026, 2, 1)),
        person(said(1, None, 5.0), name="silent"),
    ]
    found = find_advocates(people, (1.0, 5.0), ["app_store"], {"c-1": "riders"})
    assert [(each.person, each.public, list(each.reasons)) for each in found] == [
        ("twice", 2, ["praises “riders”: “Riders are kind, 2”"]),
        ("loyal", 1, ["rates 5", "praises “riders”: “Riders are kind, 1”"]),
    ]


def test_praise_that_misreading_alone_may_have_made_makes_no_advocate() -> None:
    two = frozenset({("c-1", "praise"), ("c-2", "praise")})
    both = said(1, "praise", said=two, praise={"c-1": "Kind riders", "c-2": "Cheap"})
    people = [person(said(1, "praise"), name="one"), person(both, said(2, "praise"), name="both")]
    assert len(find_advocates(people, None, ["app_store"], {})) == 2
    (found,) = find_advocates(people, None, ["app_store"], {"c-2": "fees"}, {"c-1"})
    assert (found.person, found.public, list(found.reasons)) == ("both", 1, ["praises “fees”: “Cheap”"])
    assert find_advocates(people, None, ["app_store"], {}, {"c-1", "c-2"}) == []


def with_texts(*texts: str | None) -> list[tuple[str, str]]:
    """Advocates and their last reason, where each message is one statement of praise and one of nothing."""
    journal = journal_by_hand(
        [
            {**said_by_hand(f"f-{number // 2}", side=("praise", None)[number % 2]), "text": text}
            for number, text in enumerate(texts)
        ]
    )
    found = loyalty_of(
        journal, None, {"c-0001": "riders"}, LoyaltySettings(scale=(1, 2)), today=TODAY
    ).advocates
    return [(each.person, each.reasons[-1]) for each in found]


def test_who_praises_beside_a_web_address_is_no_advocate() -> None:
    told = with_texts("Lovely riders.", "Thanks!", "Great pay, work from home!", "easyincome.example.com")
    assert told == [("f-0", "praises “riders”: “Lovely riders.”")]


@pytest.mark.parametrize("side", COMPLAINTS)
def test_who_complains_beside_all_causes_is_no_advocate(side: str) -> None:
    """A wish of one in a file is no cause, and a complaint all the same; what takes no side is none."""
    rows = [
        *(said_by_hand(each, each, side="praise") for each in ("calm", "cross")),
        said_by_hand("calm", "calm", side=None, cause=None),
        said_by_hand("later", "cross", side=side, cause=None),
    ]
    journal = journal_by_hand(rows)
    calm, cross = writers_of(journal)
    assert (calm.complains, cross.complains) == (False, True)
    assert cross.said == {("c-0001", "praise")}
    found = loyalty_of(journal, None, {}, LoyaltySettings(scale=(1, 2)), today=TODAY).advocates
    assert [each.person for each in found] == ["calm"]


def test_erased_words_are_not_shown() -> None:
    assert with_texts(None, None) == [("f-0", "praises “riders”")]


def test_people_at_risk_wrote_of_what_goes_with_leaving_and_stayed() -> None:
    journal, customers = planted_journal(PLANTED, each=120)
    known = Customers(customers, tells_leaving=True, count=len(customers))
    found = loyalty_of(journal, known, LABELS, LoyaltySettings(), today=TODAY)
    about = {writer.person: writer for writer in writers_of(journal, customers)}
    assert found.at_risk
    for each in found.at_risk:
        writer = about[each.person]
        assert ("c-0001", "too_little") in writer.said
        assert writer.customer is not None
        assert writer.customer.left_on is None
        assert each.stake == pytest.approx(each.chance * writer.customer.yearly_value)
        assert each.reasons[0].startswith("asks for more about “late”, associated with ")
    assert [each.stake for each in found.at_risk] == sorted((e.stake for e in found.at_risk), reverse=True)


def test_people_at_risk_are_asked_for_the_month_that_the_model_counts() -> None:
    """Two wrote on the first of January 2026; one of them had become a customer 60 days after, one a year before."""
    wrote, until = date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=90)
    asked: list[int] = []

    class Asked:
        def chances(self, writers: Sequence[Writer], months: Ints) -> Floats:
            asked.extend(months.tolist())
            return np.full(len(writers), 0.2)

    complaint = Association(
        cause_id="c-1",
        side="complaint",
        left=share_of(20, 40),
        grade="established",
        coefficient=Coefficient(1.0, 0.5, 1.5, 0.001),
        p_adjusted=0.001,
        direction="more",
    )
    leaving = Leaving(
        unit="month",
        people=2,
        trials=6,
        events=20,
        until=until,
        associations=[complaint],
        calibration=Calibration(
            slope=1, slope_low=0.9, slope_high=1.1, skill=0.1, skill_low=0.05, skill_high=0.2
        ),
    )
    people = [
        Writer(
            person=f"since {days}",
            context="",
            messages=[said(1, "complaint")],
            customer=Customer(None, None, wrote + timedelta(days=days)),
        )
        for days in (60, -365, 120)
    ]
    found = people_at_risk(people, leaving, Asked(), {})  # type: ignore[arg-type]
    assert asked == [1, 3]  # 30 and 90 days; the third is no customer yet on the last day
    assert {each.person for each in found} == {"since 60", "since -365"}


@pytest.mark.parametrize("stray", [date(1970, 1, 1), date(2027, 1, 20), date(2062, 3, 1)])
def test_nobody_stays_on_days_on_which_nobody_wrote(stray: date) -> None:
    """One message has a wrong year, and one customer has announced to leave on that day."""
    journal, customers = planted_journal(PLANTED, each=120)
    usual = loyalty_of(
        journal, Customers(customers, tells_leaving=True, count=480), LABELS, LoyaltySettings(), today=TODAY
    )
    first = journal.table.slice(0, 1)
    moment = datetime(stray.year, stray.month, stray.day, tzinfo=UTC)
    wrong = {"feedback_id": "f-x", "person": "f-x", "author": "X", "created_at": moment}
    for name, value in wrong.items():
        place = first.schema.get_field_index(name)
        first = first.set_column(place, name, pa.array([value], first.schema.field(name).type))
    more = replace(journal, table=pa.concat_tables([first, journal.table]))
    known = customers | {"x": Customer(None, None), "author 0": Customer(None, max(stray, date(2027, 1, 20)))}
    found = loyalty_of(
        more, Customers(known, tells_leaving=True, count=481), LABELS, LoyaltySettings(), today=TODAY
    )
    assert found.leaving is not None
    assert usual.leaving is not None
    assert found.leaving.until == usual.leaving.until
    assert found.leaving.left_out["no date of writing"] == 1
    assert abs(found.leaving.trials - usual.leaving.trials) <= 15  # the months of author 0


def test_nobody_is_observed_on_days_to_come() -> None:
    """A quarter of all cancel for days to come, too many to be stray: until then they stay, and nothing is known."""
    journal, customers = planted_journal(PLANTED, each=120)
    announced = {
        name: replace(each, left_on=FIRST + timedelta(days=420 + number % 60))
        if each.left_on is None and number % 4 == 0
        else each
        for number, (name, each) in enumerate(customers.items())
    }
    today, later = FIRST + timedelta(days=410), FIRST + timedelta(days=600)

    def leaving(known: dict[str, Customer], until: date | None = None, day: date = today) -> Leaving:
        settings = LoyaltySettings(until=until)
        found = loyalty_of(journal, Customers(known, True, len(known)), LABELS, settings, today=day).leaving
        assert found is not None
        return found

    assert announced != customers
    assert leaving(announced) == leaving(customers)
    assert leaving(announced, until=later) == leaving(customers, until=today)
    assert leaving(announced, until=later).until == today
    past = leaving(announced, day=later)
    assert past.until == max(each.left_on for each in announced.values() if each.left_on)
    assert past.events > leaving(announced).events


def test_without_customers_and_outcomes_leaving_is_not_told() -> None:
    journal, _ = planted_journal(PLANTED, each=40)
    table = journal.table.drop_columns(["outcome"]).append_column("outcome", [[None] * len(journal)])
    found = loyalty_of(replace(journal, table=table), None, LABELS, LoyaltySettings(), today=TODAY)
    assert (found.leaving, list(found.at_risk)) == (None, [])
    assert found.ratings


def test_json_names_nobody_unless_asked_and_caps_the_lists() -> None:
    journal, customers = planted_journal(PLANTED, each=120)
    known = Customers(customers, tells_leaving=True, count=len(customers))
    found = loyalty_of(journal, known, LABELS, LoyaltySettings(), today=TODAY)
    hidden = loyalty_dict(found, most=2, names=False)
    assert hidden["at_risk"]["of"] == len(found.at_risk)
    assert len(hidden["at_risk"]["people"]) == 2
    assert "Author" not in str(hidden)
    assert "Author" in str(loyalty_dict(found, most=2, names=True))
    assert "told" not in str(hidden["word_of_mouth"]["causes"])
    assert hidden["word_of_mouth"]["untold"] == 0
    assert hidden["assumed"]["note"].startswith("assumed, not measured")


def test_the_latest_rating_of_a_day_is_that_of_the_latest_hour() -> None:
    journal, _ = planted_journal({("c-0001", "complaint"): 0.5}, each=4)
    morning = datetime(2026, 1, 1, 8, tzinfo=UTC)
    told = {
        "feedback_id": ["b", "a", "d", "c"],
        "person": ["a"] * 4,
        "created_at": [morning, morning + timedelta(hours=12), morning - timedelta(hours=8), None],
        "rating": [1.0, 5.0, 2.0, 3.0],
    }
    rest = journal.table.drop_columns(list(told))
    table = pa.table(told | {name: rest.column(name) for name in rest.column_names})
    (found,) = writers_of(replace(journal, table=table))
    assert [message.feedback_id for message in found.messages] == ["c", "d", "b", "a"]
    assert found.latest_rating == 5.0


def test_a_campaign_of_several_customers_is_nobodys_leaving() -> None:
    journal, customers = planted_journal({("c-0001", "complaint"): 0.5}, each=3)
    one = [journal.column("person")[0]] * 3
    table = journal.table.drop_columns(["person"]).append_column("person", [one])
    (found,) = writers_of(replace(journal, table=table), customers)
    assert found.customer is None
