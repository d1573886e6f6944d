"""People: authors, campaigns, and honest people who happen to say the same."""

import random
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Feedback
from mining.people import find_people

LONG = "Get 500 followers today at cheap-follow dot example, ask me how"


def messages(*rows: tuple[str, str | None]) -> list[Feedback]:
    return [Feedback(id=f"f-{i:03d}", text=text, author=author) for i, (text, author) in enumerate(rows)]


def groups(feedback: list[Feedback]) -> list[int]:
    numbers = find_people(feedback).tolist()
    return [numbers.index(number) for number in numbers]


def test_authors_are_people_whatever_their_case_and_spaces() -> None:
    rows = messages(("Pin yếu", "Lan"), ("Hộp móp", " lan "), ("Giao chậm", "LAN"), ("Giá cao", "Minh"))
    assert groups(rows) == [0, 0, 0, 3]


def test_authors_whose_names_look_the_same_are_one_person() -> None:
    assert groups(messages(("Pin yếu", "Đỗ Lữ"), ("Hộp móp", normalize("NFD", "Đỗ Lữ")))) == [0, 0]


def test_without_authors_every_message_is_a_person() -> None:
    rows = messages(("Pin yếu", None), ("Hộp móp", ""), ("Giao chậm", "  "))
    assert groups(rows) == [0, 1, 2]


@pytest.mark.parametrize(
    "variant",
    [
        LONG,
        LONG.upper() + "!!! 🔥",
        LONG.replace("today", "now"),
        LONG.replace("500", "900"),
        "  " + LONG.replace(", ", " -- "),
    ],
)
def test_a_campaign_is_one_voice(variant: str) -> None:
    assert groups(messages((LONG, "a"), ("The manual is missing", "b"), (variant, "c"))) == [0, 1, 0]


def test_other_messages_of_campaigners_stay_theirs() -> None:
    rows = messages((LONG, "a"), (LONG, "b"), ("The manual is missing", "a"), ("Also the screws", "a"))
    assert groups(rows) == [0, 0, 2, 2]


def test_short_texts_meet_by_chance_unless_nobody_signed_them() -> None:
    assert groups(messages(("Too expensive!", "a"), ("too expensive", "b"))) == [0, 1]
    assert groups(messages(("Too expensive!", None), ("too expensive", None))) == [0, 0]
    assert groups(messages(("太贵了", "a"), ("太贵了", "b"))) == [0, 1]
    assert groups(messages(("快递员把包裹扔在雨里就走了", "a"), ("快递员把包裹扔在雨里就走了！", "b"))) == [
        0,
        0,
    ]


def test_like_is_not_the_same() -> None:
    rows = messages(
        ("The battery is empty after two days of use", "a"),
        ("The battery was empty after one week, very sad", "b"),
        ("Hết pin sau hai ngày sử dụng, rất thất vọng", "c"),
        ("Hết hàng sau hai giờ mở bán, quá thất vọng", "d"),
    )
    assert groups(rows) == [0, 1, 2, 3]


def test_ten_thousand_identical_rows_are_one_voice() -> None:
    rows = [Feedback(id=str(i), text="Giao hàng chậm quá, chờ cả buổi") for i in range(10_000)]
    assert len(np.unique(find_people(rows))) == 1


def test_texts_without_letters_are_people() -> None:
    assert groups(messages(("👍", None), ("👍", None), ("!!!", None))) == [0, 1, 2]


TEXTS = st.sampled_from(
    ["", "ok", "👍", LONG, LONG + "!", "Quá ít ví dụ trong sách này", "การจัดส่งช้ามาก", "x" * 300]
)


@given(
    st.lists(st.tuples(TEXTS, st.sampled_from([None, "a", "A ", "b"])), max_size=12),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_does_not_matter(rows: list[tuple[str, str | None]], random: random.Random) -> None:
    feedback = messages(*rows)
    shuffled = feedback[:]
    random.shuffle(shuffled)
    straight = dict(zip([m.id for m in feedback], find_people(feedback).tolist(), strict=True))
    assert straight == dict(zip([m.id for m in shuffled], find_people(shuffled).tolist(), strict=True))


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_is_counted(texts: list[str]) -> None:
    numbers = find_people(messages(*((text, f"author {i}") for i, text in enumerate(texts))))
    assert sorted(set(numbers.tolist())) == list(range(len(set(numbers.tolist()))))
