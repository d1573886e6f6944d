"""Sentences of templates: the same words in many messages, beside what each of them says."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest

from data.labels import TOPICS
from data.records import Feedback, Statement
from mining.journal import journal_of
from mining.pipeline import mine
from mining.repeated import repeated_statements
from mining.results import REPEATED
from mining.settings import MiningSettings
from models.predictions import ModelInfo, Predictions
from tests.mining.worlds import Plan, World, build

NOTICE = "If you are not the intended recipient, delete this message."
SETTINGS = MiningSettings(granularity=0.3)
LETTERS = "abcdefghij"
OPTION = "The packaging was damaged."


def told(*messages: Sequence[str]) -> tuple[list[Feedback], list[Statement]]:
    """Each message as its statements, each by an author of its own."""
    feedback, statements = [], []
    for number, pieces in enumerate(messages):
        name = f"f-{number:03d}"
        starts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
        feedback.append(Feedback(id=name, text=" ".join(pieces), author=f"author {number}", language="en"))
        statements += [
            Statement(
                id=f"{name}#{place + 1}",
                feedback_id=name,
                start=starts[place],
                end=starts[place] + len(piece),
                text=piece,
                language="en",
            )
            for place, piece in enumerate(pieces)
        ]
    return feedback, statements


def repeated(*messages: Sequence[str], sided: str | None = None) -> set[str]:
    """The texts that are set aside where the text ``sided`` alone takes a side."""
    feedback, statements = told(*messages)
    takes_side = np.array([statement.text == sided for statement in statements])
    found = repeated_statements(feedback, statements, takes_side)
    return {statement.text for statement, same in zip(statements, found, strict=True) if same}


def test_a_disclaimer_is_nobodys() -> None:
    assert repeated(*((f"Complaint number {word}", NOTICE) for word in LETTERS)) == {NOTICE}


def test_numbers_apart_a_line_of_a_template_is_the_same() -> None:
    lines = [f"Your ticket #{number} has been closed." for number in range(40, 50)]
    assert repeated(
        *((f"It broke {word}", line) for word, line in zip("abcdefghij", lines, strict=True))
    ) == {*lines}


def test_wherever_a_program_breaks_a_line_of_a_template_it_is_the_same() -> None:
    words = NOTICE.split()
    wrapped = [" ".join(words[:place]) + "\n" + " ".join(words[place:]) for place in range(1, 11)]
    assert repeated(*zip((f"Complaint {word}" for word in LETTERS), wrapped, strict=True)) == {*wrapped}


@pytest.mark.parametrize(
    "messages",
    [
        [(f"Complaint {word}", NOTICE) for word in LETTERS[1:]],
        [(NOTICE,)] * 40,
        [("It broke on the second day", NOTICE)] * 40,
        [
            (f"Complaint {word}", "Highly recommended" + stop)
            for word in "abcdefghi"
            for stop in ("", "!", ".")
        ],
        [(f"Complaint {word}", "Too expensive!") for word in LETTERS],
        [(f"Complaint {word}", NOTICE) for word in LETTERS] + [(NOTICE,)] * 3,
    ],
    ids=["of nine people", "all of it", "a campaign", "typed in ways of their own", "short", "alone, too"],
)
def test_what_people_say_stays_theirs(messages: list[tuple[str, ...]]) -> None:
    assert repeated(*messages) == set()


def test_an_option_that_many_chose_is_theirs_unless_most_have_it() -> None:
    """A complaint that a third has beside words of their own may be from a list; the notice is too long for that."""
    own = [(f"It was {one}{two}", OPTION) for one in LETTERS for two in LETTERS[:3]]
    others = [(f"Something else {one}{two}",) for one in LETTERS for two in LETTERS[:6]]
    assert repeated(*own, *others, sided=OPTION) == set()
    assert repeated(*own, *others[:30], sided=OPTION) == {OPTION}
    assert repeated(*own, *others) == {OPTION}
    long = [(words, NOTICE) for words, _ in own]
    assert repeated(*long, *others, sided=NOTICE) == {NOTICE}


@pytest.mark.parametrize("label", ["Shop reply:", "Svar fra vår butikk:", "商家回复："])
def test_what_a_shop_replies_behind_one_label_is_nobodys_though_it_praises(label: str) -> None:
    thanks = f"{label} thank you for the review!"
    others = [(f"Something else {one}{two}",) for one in LETTERS for two in LETTERS[:6]]
    assert repeated(*((f"It was {word}", thanks) for word in LETTERS), *others, sided=thanks) == {thanks}


def test_a_label_counts_for_the_sentences_behind_it() -> None:
    others = [(f"Something else {one}{two}",) for one in LETTERS for two in LETTERS[:6]]
    behind = [
        (f"It was {word}", f"Shop reply: hello {word}!", "We are so sorry for that.") for word in LETTERS
    ]
    assert repeated(*behind, *others, sided="We are so sorry for that.") == {"We are so sorry for that."}


@pytest.mark.parametrize(
    "messages",
    [
        [(f"It was {word}", f"Cons: {OPTION}") for word in LETTERS],
        [(f"It was {word}", f"缺點：{OPTION}") for word in LETTERS],
        [(f"Comment: {OPTION}", f"It was {word}") for word in LETTERS],
        [(f"It was {word}", f"https://{OPTION}") for word in LETTERS],
        [(f"It was {word}", f"Shop {word} reply:", OPTION) for word in LETTERS],
        [(f"It was {word}", f"Overall verdict: {OPTION}") for word in LETTERS],
        [(f"It was {word}", f"Качество товара: {OPTION}") for word in LETTERS],
        [(f"It was {word}", f"A: {OPTION}") for word in LETTERS],
        [(f"It was {word}", f"Update: after {word}.", OPTION) for word in LETTERS],
        [(f"It was {word}", "Shop reply: thanks", f"Update: no {word}", OPTION) for word in LETTERS],
    ],
    ids=[
        *("of a form", "of a Chinese form", "not below other text", "an address", "many labels"),
        *("of a verdict", "of a quality", "of an answer", "above the author's words", "below a reply"),
    ],
)
def test_other_labels_leave_what_takes_a_side_to_its_author(messages: list[tuple[str, ...]]) -> None:
    others = [(f"Something else {one}{two}",) for one in LETTERS for two in LETTERS[:6]]
    for sided in {piece for message in messages for piece in message if OPTION in piece}:
        assert repeated(*messages, *others, sided=sided) == set()


def test_ten_of_many_people_are_few() -> None:
    crowd = [(f"Something else {letter}{number}",) for letter in LETTERS for number in range(150)]
    with_notice = [(f"Complaint {word}", NOTICE) for word in LETTERS]
    assert repeated(*with_notice) == {NOTICE}
    assert repeated(*with_notice, *crowd) == set()


def test_the_order_of_the_statements_changes_nothing() -> None:
    feedback, statements = told(*((f"Complaint {word}", NOTICE) for word in LETTERS))
    mixed = list(range(len(statements)))
    random.Random(1).shuffle(mixed)
    sides = np.zeros(len(statements), dtype=bool)
    straight = repeated_statements(feedback, statements, sides)
    shuffled = repeated_statements(feedback[::-1], [statements[i] for i in mixed], sides)
    assert straight.any()
    assert shuffled.tolist() == straight[mixed].tolist()


def test_of_two_languages_of_as_many_the_order_chooses_none() -> None:
    """Half of a file in the one language have the sentence, and all of one in the other."""
    thanks = "Thank you for your order!"
    both = [(f"Complaint {letter}{half}", thanks) for half in "xy" for letter in LETTERS]
    alone = [(f"Complaint {letter}{number}",) for letter in LETTERS for number in range(4)]
    feedback, statements = told(*both, *alone)
    second = {message.id for message in feedback[len(LETTERS) : 2 * len(LETTERS)]}
    statements = [replace(each, language="lv" if each.feedback_id in second else "en") for each in statements]
    takes_side = np.array([statement.text == thanks for statement in statements])
    straight = repeated_statements(feedback, statements, takes_side)
    turned = repeated_statements(feedback, statements[::-1], takes_side[::-1])
    assert turned[::-1].tolist() == straight.tolist()


def noticed(world: World) -> World:
    """The world with the notice, which the model takes for a complaint, beneath each message."""
    below = [
        Statement(
            id=f"{statement.feedback_id}#2",
            feedback_id=statement.feedback_id,
            start=statement.end + 1,
            end=statement.end + 1 + len(NOTICE),
            text=NOTICE,
            language=statement.language,
        )
        for statement in world.statements
    ]
    count, said = len(below), world.predictions
    vectors = np.zeros((count, said.embeddings.shape[1]), np.float32)
    vectors[:, 0] = 1
    notices = Predictions(
        sentiment=np.tile(np.float32([0.98, 0.01, 0.01]), (count, 1)),
        topics=np.full((count, len(TOPICS)), 0.1, np.float32),
        degree=np.tile(np.float32([0.01, 0.01, 0.98]), (count, 1)),
        embeddings=vectors,
    )
    heads = ("sentiment", "topics", "degree", "embeddings")
    return replace(
        world,
        feedback=tuple(replace(message, text=f"{message.text} {NOTICE}") for message in world.feedback),
        statements=(*world.statements, *below),
        predictions=Predictions(*(np.vstack([getattr(said, h), getattr(notices, h)]) for h in heads)),
    )


def test_a_notice_beneath_every_message_changes_nothing_but_its_own_count() -> None:
    """Nor does a long notice make one voice of all who have it."""
    bare = build([Plan(subject=0, side="too_little", people=60), Plan(subject=0, side="too_much", people=50)])
    below = noticed(bare)
    without, _ = mine(bare.feedback, bare.statements, bare.predictions, SETTINGS)
    found, _ = mine(below.feedback, below.statements, below.predictions, SETTINGS)
    size = len(bare.statements)
    assert found.unassigned[REPEATED] == size
    assert found.data.statements == 2 * size
    assert found.assignment == (*without.assignment, *[None] * size)
    assert found.people == without.people * 2
    assert (found.causes, found.oppositions) == (without.causes, without.oppositions)
    assert found.data.negative == without.data.negative
    assert found.template == NOTICE
    info = ModelInfo(name="planted", version="1", languages=("en",), degree_error=0.04, sentiment_error=0.04)
    journal = journal_of(below.feedback, below.statements, below.predictions, found, SETTINGS, info)
    sides = dict(
        zip(
            zip(journal.column("feedback_id"), journal.column("text"), strict=True),
            journal.column("side"),
            strict=True,
        )
    )
    assert {side for (_, text), side in sides.items() if text == NOTICE} == {None}
    assert {side for (_, text), side in sides.items() if text != NOTICE} >= {"too_little", "too_much"}
