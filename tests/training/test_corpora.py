"""The own corpus: labels within their sets, a split that tears no group apart, and tables that name real topics."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from data.errors import InputError
from data.labels import DEGREES, SENTIMENTS, TOPICS
from data.parquet import read_parquet
from training import corpora
from training.commands import corpora_command
from training.rows import labelled_rows, own_subjects
from training.topic_map import topic_table, topics_of

GLOSSARY = corpora.glossary()
SCRIPTS = {
    "th": r"[\u0e00-\u0e7f]",
    "zh": r"[\u4e00-\u9fff]",
    "ko": r"[\uac00-\ud7af]",
    "uk": r"[\u0400-\u04ff]",
}


@pytest.fixture(scope="module", name="own")
def _own() -> pd.DataFrame:
    return corpora.own_statements()


def test_every_label_is_in_its_set(own: pd.DataFrame) -> None:
    assert set(own.sentiment) <= set(SENTIMENTS)
    assert set(own.degree) <= set(DEGREES)
    assert set(own.topic) <= set(TOPICS)


def test_axis_and_subject_come_with_a_degree_and_only_then(own: pd.DataFrame) -> None:
    has_degree = own.degree != "none"
    assert (own.axis[has_degree] != "").all()
    assert (own.subject[has_degree] != "").all()
    assert (own.axis[~has_degree] == "").all()


def test_a_triplet_and_its_translations_stay_on_one_side_of_the_split(own: pd.DataFrame) -> None:
    assert own.groupby("stem").split.nunique().max() == 1


def test_the_people_of_one_cause_stay_on_one_side_of_the_split(own: pd.DataFrame) -> None:
    people = own[own.file.str.startswith("causes_")]
    assert set(people.stem.str.count("-")) == {1}
    causes = people.groupby("stem")
    assert causes.group.nunique().eq(10).all()
    assert causes.split.nunique().eq(1).all()
    assert set(people.split) == {"train", "dev"}


def test_dev_holds_every_language_of_the_first_five(own: pd.DataFrame) -> None:
    assert {"en", "vi", "th", "lv", "zh"} <= set(own[own.split == "dev"].lang)


def test_pairs_of_translation_are_of_one_file_and_group(own: pd.DataFrame) -> None:
    pairs = corpora.own_parallel()
    assert len(pairs) == (own.parallel & (own.lang != "en")).sum()
    first = own[(own.file == "plain_1.tsv") & (own.group == "y1-001")].set_index("lang").text
    assert pairs[pairs.xx == first["vi"]].en.tolist() == [first["en"]]


def test_both_degrees_and_their_praise_share_a_subject_that_no_other_fault_has(own: pd.DataFrame) -> None:
    keys = own.assign(key=own_subjects(own), pulls=own.degree != "none")
    contrasts = keys[(keys.stem != keys.group) & keys.groupby(["file", "stem"]).pulls.transform("any")]
    fault = ~contrasts.pulls & (contrasts.sentiment == "negative")
    assert contrasts[~fault].groupby(["file", "stem"]).key.nunique().max() == 1
    assert not set(contrasts[fault].key) & set(contrasts[~fault].key)


def test_people_who_met_one_fault_share_a_subject(own: pd.DataFrame) -> None:
    people = own.assign(key=own_subjects(own))[own.file.str.startswith("causes_")]
    causes = people.groupby("stem")
    faults = people[causes.degree.transform("nunique").eq(1)]
    assert faults.groupby("stem").group.nunique().sum() >= 2000
    assert faults.groupby("stem").key.nunique().eq(1).all()


def test_no_text_is_in_both_train_and_dev() -> None:
    rows = labelled_rows(None)
    assert not set(rows[rows.split == "train"].text) & set(rows[rows.split == "dev"].text)


def bare(text: str) -> str:
    """Letters and digits alone, so that a full stop or a capital makes no difference."""
    return "".join(filter(str.isalnum, text.lower())) or text


def test_no_sample_text_is_trained_on(own: pd.DataFrame) -> None:
    """The sample shows what the model has not read."""
    sample = set()
    for path in (corpora.OWN.parent / "sample" / "texts").glob("*.tsv"):
        sample |= {bare(line.split("\t")[2]) for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    assert len(sample) > 2000
    assert not sample & {bare(text) for text in [*own.text, *GLOSSARY.text]}


def test_every_word_of_the_glossary_has_every_language_once() -> None:
    assert GLOSSARY.text.str.strip().eq(GLOSSARY.text).all()
    assert (GLOSSARY.text != "").all()
    assert GLOSSARY.groupby("lang").en.apply(lambda words: words.is_unique).all()
    assert GLOSSARY.groupby("en").lang.nunique().eq(GLOSSARY.lang.nunique()).all()
    assert set(GLOSSARY.degree) == {"", *DEGREES}


@pytest.mark.parametrize("language", SCRIPTS)
def test_the_glossary_is_written_in_the_script_of_the_language(language: str) -> None:
    texts = GLOSSARY[GLOSSARY.lang == language].text
    assert texts.str.contains(SCRIPTS[language]).mean() > 0.97


def test_aspect_categories_map_to_topics() -> None:
    assert topic_table()
    assert topics_of("laptop", "LAPTOP#PRICE") == ("price",)
    assert topics_of("laptop", "SHIPPING#QUALITY") == ("delivery",)
    assert topics_of("laptop", "KEYBOARD#QUALITY") == ("product_quality",)
    assert topics_of("nowhere", "nothing") is None


def test_missing_corpora_are_named(tmp_path) -> None:
    with pytest.raises(InputError, match="--corpora"):
        corpora.public(tmp_path, "degree")


def test_a_factor_on_public_rows_needs_their_folder(tmp_path: Path) -> None:
    done = CliRunner().invoke(corpora_command, ["--public", "0.5", "--out", str(tmp_path / "rows.parquet")])
    assert done.exit_code == 2
    assert "give their folder with --corpora" in " ".join(done.output.split())


def test_rows_go_to_a_name_that_looks_like_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"text": ["Too few."], "lang": ["en"]})
    monkeypatch.setattr("training.rows.labelled_rows", lambda folder, *, public, own: rows)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(corpora_command, ["--out", "file:may.parquet"])
    assert done.exit_code == 0, done.exception
    assert read_parquet(Path("file:may.parquet")).to_pandas().equals(rows)
