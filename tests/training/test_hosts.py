import re

import pytest

from training import corpora
from training.hosts import spread_hosts
from training.rows import own_rows

RESERVED = r"\w\.(?:example|test|invalid)\b(?!\.\w)|(?<![\w.])example\.(?:com|net|org)\b"


@pytest.mark.parametrize(
    "host",
    ["zibmo.example", "zibmo.example.com", "lv.zibmo.example.org", "https://zibmo.test", "zibmo.invalid"],
)
def test_a_reserved_host_gets_a_common_ending_and_keeps_its_name_and_path(host: str) -> None:
    assert re.fullmatch(
        rf"Loans at {host.split('.')[0]}[\w.]*\.[a-z]+/now!", spread_hosts(f"Loans at {host}/now!", "en")
    )
    assert not re.search(RESERVED, spread_hosts(f"Loans at {host}/now!", "en"))


@pytest.mark.parametrize(
    "text",
    [
        "One example. Then another.",
        "an example.Then more",
        "for example, com",
        "The test.",
        "10.5 vs 11.2",
        "Invalid.",
    ],
)
def test_prose_stays_as_it_is(text: str) -> None:
    assert spread_hosts(text, "en") == text


def test_a_text_gets_the_same_ending_whenever_it_is_read_and_texts_get_many() -> None:
    texts = [f"offer {number} at zibmo.example" for number in range(200)]
    first = [spread_hosts(text, "lv") for text in texts]
    assert first == [spread_hosts(text, "lv") for text in texts]
    endings = {text.rpartition(".")[2] for text in first}
    assert len(endings) > 8
    assert "lv" in endings


def test_own_rows_hold_no_reserved_host_and_english_sentences_are_the_rows_in_english() -> None:
    rows = own_rows()
    assert not rows.text.str.contains(RESERVED, regex=True).any()
    assert not rows.english.dropna().str.contains(RESERVED, regex=True).any()
    assert corpora.own_statements().text.str.contains(RESERVED, regex=True).sum() > 300
