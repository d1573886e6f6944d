"""A message comes back with its cause, its side and its counter-voice."""

from dataclasses import replace
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.edited_index import EditedIndex
from mining.results import Side
from serving.classify import classify
from serving.messages import MessageAnswer
from serving.store import StoredMining
from tests.fakes import KeywordPredictor
from tests.serving.small_world import opposition, small_index, small_stored
from tests.serving.small_world import side as small_side

INDEX, STORED = small_index(), small_stored()


def ask(*texts: str) -> list[dict[str, Any]]:
    return classify(texts, KeywordPredictor(), INDEX, STORED)


def only_statement(text: str) -> dict[str, Any]:
    (answer,) = ask(text)
    (statement,) = answer["statements"]
    return dict(statement)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quá ít ví dụ so với số công ty trong nước", "vi"),
        ("ตัวอย่างน้อยเกินไปสำหรับหนังสือเล่มนี้", "th"),
        ("Grāmatā ir pārāk maz piemēru no Latvijas", "lv"),
        ("这本书的例子太少了", "zh"),
        ("There are too few examples in this book", "en"),
    ],
)
def test_too_little_meets_too_much_in_every_language(text: str, language: str) -> None:
    (answer,) = ask(text)
    assert answer["language"] == language
    (statement,) = answer["statements"]
    assert (statement["start"], statement["end"]) == (0, len(text))
    assert statement["sentiment"]["label"] == "negative"
    assert statement["degree"]["label"] == "too_little"
    assert statement["topics"] == [{"id": "content", "score": 0.93}]
    assert statement["cause"] == {
        "id": "c-0001",
        "label": "examples",
        "people": 181,
        "grade": "established",
    }
    assert statement["side"]["label"] == "too_little"
    assert statement["side"]["people"] == 96
    assert statement["side"]["share"] == pytest.approx(96 / 181, abs=1e-4)
    assert statement["counter"]["label"] == "too_much"
    assert statement["counter"]["people"] == 85
    assert statement["counter"]["example"]["id"] in ("f-3", "f-4")
    assert statement["verdict"] == "split"


def test_a_mining_with_a_setting_of_another_version_answers_alike() -> None:
    settings = {**STORED.mining.settings, "of_another_version": 1}
    other = replace(STORED, mining=replace(STORED.mining, settings=settings))
    text = "There are too few examples in this book"
    assert classify([text], KeywordPredictor(), INDEX, other) == ask(text)


def test_the_two_camps_show_each_other() -> None:
    few, many = ask("Quá ít ví dụ so với số công ty trong nước", "Quá nhiều nghiên cứu điển hình")
    few, many = few["statements"][0], many["statements"][0]
    assert few["cause"] == many["cause"]
    assert few["side"]["label"] == many["counter"]["label"] == "too_little"
    assert many["side"]["label"] == few["counter"]["label"] == "too_much"


def test_the_counter_example_is_the_one_most_alike() -> None:
    text = "Quá ít ví dụ so với số công ty trong nước"
    alike = KeywordPredictor().predict([text]).embeddings[0]
    for wanted in ("f-3", "f-4"):
        embeddings = {
            span: alike if span[0] == wanted else -alike for span in STORED.embeddings if span[0] != ""
        }
        stored = replace(STORED, embeddings=embeddings)
        (answer,) = classify([text], KeywordPredictor(), INDEX, stored)
        assert answer["statements"][0]["counter"]["example"] == {
            "id": wanted,
            "text": stored.messages[wanted],
        }


def test_a_complaint_of_degree_is_a_complaint_where_sentiments_oppose() -> None:
    statement = only_statement("Too many couriers ring at once")
    assert statement["degree"]["label"] == "too_much"
    assert statement["side"]["label"] == "complaint"
    assert statement["counter"]["label"] == "praise"
    assert statement["counter"]["example"]["id"] == "f-6"
    assert statement["verdict"] == "leans_A"


def test_standing_beside_an_opposition_gives_its_verdict_without_a_counter() -> None:
    statement = only_statement("These examples are awful")
    assert statement["cause"]["id"] == "c-0001"
    assert statement["side"] is None
    assert statement["counter"] is None
    assert statement["verdict"] == "split"


def test_a_cause_without_opposition_has_a_side_and_nothing_more() -> None:
    statement = only_statement("Not enough battery for one day")
    assert statement["cause"]["id"] == "c-0003"
    assert statement["side"]["label"] == "too_little"
    assert statement["counter"] is None
    assert statement["verdict"] is None


def with_sides(cause_id: str, *sides: Side, oppose: bool = False) -> StoredMining:
    """The small mining with other sides in one cause; ``oppose`` adds an opposition of sentiment between them."""
    mining = STORED.mining
    causes = tuple(replace(c, sides=(*c.sides, *sides)) if c.id == cause_id else c for c in mining.causes)
    (cause,) = (c for c in causes if c.id == cause_id)
    added = (opposition(cause, "sentiment", "leans_B", (sides[0], sides[1])),) if oppose else ()
    mining = replace(mining, causes=causes, oppositions=(*mining.oppositions, *added))
    return replace(STORED, mining=mining)


@pytest.mark.parametrize(
    ("text", "side", "counter", "verdict"),
    [
        ("Too few examples", "too_little", "too_much", "split"),
        ("Too many examples", "too_much", "too_little", "split"),
        ("These examples are awful", "complaint", "praise", "leans_B"),
        ("I love the examples", "praise", "complaint", "leans_B"),
    ],
)
def test_a_statement_is_answered_by_the_opposition_that_it_is_a_part_of(
    text: str, side: str, counter: str, verdict: str
) -> None:
    sides = small_side("complaint", 20, 60, ["f-5"]), small_side("praise", 40, 60, ["f-6"])
    (answer,) = classify([text], KeywordPredictor(), INDEX, with_sides("c-0001", *sides, oppose=True))
    (statement,) = answer["statements"]
    assert statement["side"]["label"] == side
    assert statement["counter"]["label"] == counter
    assert statement["counter"]["example"] is not None
    assert statement["verdict"] == verdict


@pytest.mark.parametrize("people", [1, 5, 6])
def test_a_few_against_many_are_an_anecdote_with_their_voice(people: int) -> None:
    stored = with_sides("c-0003", small_side("too_much", people, 9 + people, ["f-4"]))
    (answer,) = classify(["Not enough battery for one day"], KeywordPredictor(), INDEX, stored)
    (statement,) = answer["statements"]
    assert statement["side"]["share"] == 1.0
    if people < 6:
        assert statement["verdict"] == "anecdote"
        example = {"id": "f-4", "text": STORED.messages["f-4"]}
        assert statement["counter"] == {"label": "too_much", "people": people, "example": example}
    else:
        assert statement["verdict"] is None
        assert statement["counter"] is None


def test_whoever_stands_with_a_few_hears_the_many_and_no_share() -> None:
    stored = with_sides("c-0003", small_side("too_much", 2, 11, ["f-4"]))
    (answer,) = classify(["Too much battery in this one"], KeywordPredictor(), INDEX, stored)
    (statement,) = answer["statements"]
    assert statement["side"]["people"] == 2
    assert statement["side"]["share"] is None
    assert statement["side"]["interval"] is None
    assert (statement["counter"]["label"], statement["counter"]["people"]) == ("too_little", 9)
    assert statement["verdict"] == "anecdote"
    MessageAnswer.model_validate(answer)


def test_what_no_cause_is_near_to_is_null() -> None:
    statement = only_statement("My neighbour has a yellow bicycle")
    assert [statement[key] for key in ("cause", "side", "counter", "verdict")] == [None] * 4


def test_nothing_asked_nothing_answered() -> None:
    assert ask() == []


def test_identical_texts_get_identical_answers() -> None:
    answers = ask(*["Too few examples"] * 50)
    assert all(answer == answers[0] for answer in answers)


def test_a_batch_is_answered_as_its_messages_one_by_one() -> None:
    texts = [
        "Too few examples.",
        "案例太多，看不下去",
        "😀",
        "Kurjers bija laipns, bet piegāde bija slikta un vēla.",
    ]
    assert ask(*texts) == [ask(text)[0] for text in texts]


def test_the_answer_says_from_which_calls_the_model_abstains() -> None:
    predictor = KeywordPredictor(abstain_below={"sentiment": 0.85, "degree": 0.95})
    (answer,) = classify(["案例太多"], predictor)
    (statement,) = MessageAnswer.model_validate(answer).statements
    assert (statement.sentiment.label, statement.sentiment.abstain) == ("negative", False)
    assert (statement.degree.label, statement.degree.abstain) == ("too_much", True)


def test_scores_are_plain_numbers_that_sum_to_one() -> None:
    scores = only_statement("The courier was so friendly")["sentiment"]["scores"]
    assert all(type(value) is float for value in scores.values())
    assert sum(scores.values()) == pytest.approx(1, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_any_text_gets_an_answer_of_the_promised_shape(texts: list[str]) -> None:
    answers = ask(*texts)
    assert len(answers) == len(texts)
    for text, answer in zip(texts, answers, strict=True):
        for statement in MessageAnswer.model_validate(answer).statements:
            assert text[statement.start : statement.end] == statement.text
            assert np.isfinite(list(statement.sentiment.scores.values())).all()


def of_products() -> EditedIndex:
    """The small mining as one of two products: examples are of the book, the rest of no product."""
    mined = replace(small_index().index, contexts=("book", "", ""))
    return EditedIndex.of(mined)


@pytest.mark.parametrize(
    ("text", "context", "cause"),
    [
        ("Too few examples", None, "c-0001"),
        ("Too few examples", "book", "c-0001"),
        ("Too few examples", " book ", "c-0001"),
        ("Too few examples", "", None),
        ("Too few examples", "a phone of which little is known", None),
        ("Too many couriers ring at once", None, "c-0002"),
        ("Too many couriers ring at once", "book", None),
        ("Too many couriers ring at once", "a phone of which little is known", "c-0002"),
    ],
)
def test_only_causes_of_its_context_are_open_to_a_text(
    text: str, context: str | None, cause: str | None
) -> None:
    (answer,) = classify([text], KeywordPredictor(), of_products(), STORED, [context])
    (statement,) = answer["statements"]
    assert (statement["cause"] and statement["cause"]["id"]) == cause
    assert (statement["counter"] is None) == (cause is None)


def test_a_context_is_known_as_it_looks() -> None:
    mined = EditedIndex.of(replace(small_index().index, contexts=("sách", "", "")))
    (answer,) = classify(["Too few examples"], KeywordPredictor(), mined, STORED, [normalize("NFD", "sách")])
    assert answer["statements"][0]["cause"]["id"] == "c-0001"


def test_each_text_of_a_request_has_its_own_context() -> None:
    texts = ["Too few examples", "Too few examples. Too many couriers.", "Too few examples"]
    answers = classify(texts, KeywordPredictor(), of_products(), STORED, ["book", "other", None])
    found = [[said["cause"] and said["cause"]["id"] for said in answer["statements"]] for answer in answers]
    assert found == [["c-0001"], [None, "c-0002"], ["c-0001"]]


def test_a_context_is_nothing_where_the_mining_has_none() -> None:
    (answer,) = classify(["Too few examples"], KeywordPredictor(), INDEX, STORED, ["book"])
    assert answer == ask("Too few examples")[0]


def test_the_language_of_a_text_does_not_depend_on_the_many_beside_it() -> None:
    alone = ask("Grazie mille")[0]
    assert ask("Grazie mille", *["There are too few examples in this book"] * 250)[0] == alone
