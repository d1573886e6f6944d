"""Labelled rows: what is kept, how often it is seen."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from training import corpora
from training.rows import (
    DEV_ROWS,
    TRANSLATED_WEIGHT,
    _few_dev,
    _one_row_a_text,
    _views,
    labelled_rows,
    own_subjects,
    sentiment_rows,
)


@pytest.fixture(scope="module", name="ours")
def _ours() -> pd.DataFrame:
    """All rows of our own texts, read once."""
    return labelled_rows(None)


def test_many_dev_rows_of_a_public_set_are_cut_and_those_with_degree_stay() -> None:
    def rows(source: str, split: str, count: int) -> pd.DataFrame:
        return pd.DataFrame(
            {"source": source, "lang": "vi", "split": split, "text": range(count), "degree": None}
        )

    posts = rows("smsa", "dev", 900).assign(degree=["none"] * 30 + [None] * 870)
    parts = [posts, rows("degree", "dev", 900), rows("smsa", "train", 900)]
    kept = _few_dev(pd.concat(parts, ignore_index=True))
    assert kept.degree.notna().sum() == 30
    assert kept.groupby(["source", "split"]).size().to_dict() == {
        ("smsa", "dev"): 30 + DEV_ROWS,
        ("degree", "dev"): 900,
        ("smsa", "train"): 900,
    }


def test_the_factor_on_own_texts_is_a_factor(ours: pd.DataFrame) -> None:
    half = labelled_rows(None, own=0.5)
    assert ours.text.tolist() == half.text.tolist()
    assert (half.weight * 2).tolist() == ours.weight.tolist()


def test_the_subjects_of_a_deep_file_and_of_a_product_are_families_whichever_their_language() -> None:
    own = _own(
        ("dh.tsv", "dh-01", "ink", "too_little"),
        ("dh.tsv", "dh-01", "", "too_little"),
        ("dh.tsv", "dh-02", "", "too_little"),
        ("x.tsv", "x1-001", "ink", "too_little"),
        ("vi.tsv", "vi-007", "", "too_little"),
        ("scenes.tsv", "p9q-01a", "ink", "too_much"),
        ("parallel.tsv", "pl1-01", "ink", "too_much"),
    )
    assert own_subjects(own) == [
        "own-dh:ink",
        "own-dh:ink",
        "own-dh:#dh-02",
        "own:ink",
        "own:#vi-007",
        "own-p9q:ink",
        "own:ink",
    ]


def test_both_degrees_and_their_praise_are_one_subject_and_another_fault_is_not() -> None:
    own = _own(
        ("x.tsv", "x3-051a", "strap length", "too_little"),
        ("x.tsv", "x3-051b", "", "none"),
        ("x.tsv", "x3-051c", "", "none"),
        ("x.tsv", "x3-051d", "strap pin", "none"),
    ).assign(sentiment=["negative", "positive", "negative", "negative"])
    assert own_subjects(own) == ["own:strap length", "own:strap length", "own:#x3-051c", "own:strap pin"]


def test_one_id_in_two_files_is_two_subjects() -> None:
    own = _own(("a.tsv", "y1-001", "font size", "too_little"), ("b.tsv", "y1-001", "", "none"))
    assert own_subjects(own) == ["own:font size", "own:#y1-001"]


def _own(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["file", "group", "subject", "degree"])
    return frame.assign(stem=frame.group.str.rstrip("abcd"), sentiment="negative")


def test_a_translation_knows_its_english_sentence_and_a_deep_statement_has_none(ours: pd.DataFrame) -> None:
    latvian = ours[(ours.lang == "lv") & ours.english.notna()]
    assert len(latvian) > 3000
    assert set(latvian.english) <= set(ours[ours.lang == "en"].text)
    assert ours[ours.group.str.startswith("dh-")].english.isna().all()


def test_an_english_sentence_is_its_own_whichever_ids_other_files_have(ours: pd.DataFrame) -> None:
    english = ours[(ours.source == "own") & (ours.lang == "en") & ours.english.notna()]
    # A copy with a web address holds it; one sentence of two files keeps one of its rows.
    its_own = [sentence in text for sentence, text in zip(english.english, english.text, strict=True)]
    assert np.mean(its_own) > 0.99


def test_a_text_of_several_sets_is_one_training_row_with_all_labels() -> None:
    rows = pd.DataFrame(
        [
            ("small rooms", "en", "train", "degree", None, None, "too_little", 3.0),
            ("small rooms", "en", "train", "m-absa", "negative", None, None, 0.2),
            ("small rooms", "en", "train", "m-absa/hotel", None, ["amount"], None, 0.1),
            ("small rooms", "nl", "train", "m-absa", "negative", None, None, 0.2),
            ("small rooms", "en", "dev", "m-absa", "negative", None, None, 0.2),
        ],
        columns=["text", "lang", "split", "source", "sentiment", "topics", "degree", "weight"],
    ).assign(subject=None, english=None, group="g")
    merged = _one_row_a_text(rows)
    assert len(merged) == 3
    first = merged.iloc[0]
    assert (first.source, first.sentiment, first.topics, first.degree, first.weight) == (
        "degree",
        "negative",
        ["amount"],
        "too_little",
        3.0,
    )


def test_a_group_of_translations_is_seen_eight_times_and_three_without_a_degree() -> None:
    languages = ["en", *(f"x{number}" for number in range(20))]
    frame = pd.DataFrame({"lang": languages * 2, "degree": ["too_much"] * 21 + ["none"] * 21})
    views = _views(frame).groupby(frame.degree).sum()
    assert abs(views["too_much"] - 8) < 1e-9
    assert abs(views["none"] - 2.6) < 1e-9


def test_a_phrase_of_degree_teaches_the_heads_and_a_word_only_the_embedding(ours: pd.DataFrame) -> None:
    rows = ours.query("source == 'glossary'")
    phrases, words = rows[rows.degree.notna()], rows[rows.degree.isna()]
    assert set(phrases[phrases.degree == "none"].sentiment) == {"positive"}
    assert set(phrases[phrases.degree != "none"].sentiment) == {"negative"}
    assert words.sentiment.isna().all()
    assert rows.english.notna().all()
    assert (rows.split == "train").all()


def test_posts_that_nobody_read_are_taught_as_without_a_degree_where_they_praise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [
        ("wisesight:1", "th", "negative", "wisesight", "train"),
        ("wisesight:2", "th", "neutral", "wisesight", "train"),
        ("wisesight:3", "th", "positive", "wisesight", "train"),
        ("wisesight:4", "th", "positive", "wisesight", "dev"),
        ("nsmc-raw:5", "ko", "neutral", "nsmc-raw", "train"),
        ("xed:6", "pl", "positive", "xed", "train"),
        ("xed:7", "cs", "positive", "xed", "train"),
        ("m-absa:8", "cs", "positive", "m-absa", "train"),
    ]
    frame = pd.DataFrame(posts, columns=["id", "lang", "sentiment", "source", "split"])
    frame.assign(text=frame.id, shippable=True).to_parquet(tmp_path / "sentiment.parquet")
    read = [("wisesight:1", "too_much"), ("wisesight:3", "both")]
    labels = pd.DataFrame(read, columns=["id", "degree"])
    monkeypatch.setattr(corpora, "read_posts", lambda: labels)
    rows = sentiment_rows(tmp_path).set_index("group")
    assert rows.degree.fillna("").to_dict() == {
        "wisesight:1": "too_much",
        "wisesight:2": "none",
        "wisesight:3": "",
        "wisesight:4": "",
        "nsmc-raw:5": "",
        "xed:6": "none",
        "xed:7": "none",
        "m-absa:8": "",
    }
    assert rows.weight["wisesight:1"] == 1.0
    assert rows.weight["xed:6"] == TRANSLATED_WEIGHT


def test_what_was_read_of_the_posts_is_labelled_once_and_in_the_words_of_the_design() -> None:
    read = corpora.read_posts()
    assert read.id.is_unique
    assert set(read.degree) == {"none", "too_little", "too_much", "both"}
    assert set(read.drawn) == {"random", "picked"}
    assert (read.axis[read.degree == "none"] == "").all()
    assert set(read.axis) <= set(corpora.own_statements().axis)
