"""What is searched is folded, and each of its places is known in the text as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.edited import edited
from data.folded import folded

CHARACTERS = "aeqĂж.1 ａ９（\u0301\u0323\u0306\u00ad\u200b\u200e\u2060\ufeff☎🏠"


@pytest.mark.parametrize(
    ("text", "as_searched"),
    [
        ("plain, ｆｕｌｌ１ （x）", "plain, full1 （x）"),
        ("jose\u0301 e\u0323\u0302 q\u0301", "josé ệ q\u0301"),
        ("a\u00adb\u2060c\ufeff\u200ed", "abcd"),
        ("a\u200bb โทร ☎\ufe0f", "a\u200bb โทร ☎\ufe0f"),
    ],
)
def test_folded(text: str, as_searched: str) -> None:
    assert folded(text).text == as_searched


@given(st.text(alphabet=CHARACTERS, max_size=40))
def test_each_character_is_found_again_where_it_was(text: str) -> None:
    searched = folded(text)
    spans = [searched.span_before(place, place + 1) for place in range(len(searched.text))]
    assert [folded(text[start:end]).text for start, end in spans] == list(searched.text)
    places = [place for span in spans for place in span]
    assert places == sorted(places)


def test_what_went_at_the_edges_of_a_span_is_not_part_of_it() -> None:
    taken = edited("-ab-cd-", [(0, 1, ""), (3, 4, ""), (6, 7, "")])
    assert taken.text == "abcd"
    assert [taken.span_before(0, 2), taken.span_before(2, 4), taken.span_before(0, 4)] == [
        (1, 3),
        (4, 6),
        (1, 6),
    ]


def test_what_came_instead_stands_for_what_went() -> None:
    longer = edited("a12b", [(1, 3, "[number]")])
    assert longer.text == "a[number]b"
    assert [longer.span_before(1, 9), longer.span_before(9, 10)] == [(1, 3), (3, 4)]
