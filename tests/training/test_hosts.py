import re

import pandas as pd
import pytest

from data.web_addresses import holds_web_address
from training import corpora
from training.hosts import spread_hosts, with_address
from training.rows import own_rows

RESERVED = r"\w\.(?:example|test|invalid)\b(?!\.\w)|(?<![\w.])example\.(?:com|net|org)\b"


@pytest.fixture(scope="module", name="rows")
def _rows() -> pd.DataFrame:
    return own_rows()


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


def test_own_rows_hold_no_reserved_host_and_neither_do_their_english_sentences(rows: pd.DataFrame) -> None:
    assert not rows.text.str.contains(RESERVED, regex=True).any()
    assert not rows.english.dropna().str.contains(RESERVED, regex=True).any()
    assert corpora.own_statements().text.str.contains(RESERVED, regex=True).sum() > 300


def test_an_address_is_added_and_the_text_stays_whole() -> None:
    texts = [f"The lid leaks, box {number}" for number in range(400)]
    added = [with_address(text, "en") for text in texts]
    assert added == [with_address(text, "en") for text in texts]
    assert all(text in more and len(more) > len(text) + 6 for text, more in zip(texts, added, strict=True))
    assert (
        sum(more.startswith("The lid") for more in added)
        > sum(more.endswith(text[-7:]) for more, text in zip(added, texts, strict=True))
        > 0
    )
    assert len({more.replace(text, "").strip() for more, text in zip(added, texts, strict=True)}) > 390


def test_addresses_stand_in_more_own_rows_that_are_no_adverts_than_in_adverts(rows: pd.DataFrame) -> None:
    rows = rows[(rows.split == "train") & rows.text.map(holds_web_address)]
    adverts = rows.topics.map(lambda topics: topics == ["other"])
    assert adverts.sum() > 200
    assert (~adverts).sum() > 10 * adverts.sum()
    assert rows[~adverts].degree.isin(["too_little", "too_much"]).mean() > 0.3
