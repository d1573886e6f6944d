from pathlib import Path
from typing import Any

import pytest
import yaml

import data.taxonomy
from data.errors import SettingsError
from data.labels import TOPICS
from data.taxonomy import LEVERS, NAMED_IN, read_taxonomy, taxonomy


@pytest.fixture
def entries() -> dict[str, Any]:
    file = Path(data.taxonomy.__file__).with_name("taxonomy.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def test_every_topic_has_a_lever_and_its_texts() -> None:
    topics = taxonomy()
    assert tuple(topics) == TOPICS
    for topic in topics.values():
        assert topic.lever in LEVERS
        for texts in (topic.names, topic.descriptions):
            assert set(texts) == set(NAMED_IN)
            assert all(text == text.strip() != "" and "\n" not in text for text in texts.values())
    assert topics["guidance"].lever == "education"
    assert topics["price"].lever == "price"


def test_names_tell_topics_apart_in_every_language() -> None:
    for tag in NAMED_IN:
        assert len({topic.names[tag] for topic in taxonomy().values()}) == len(TOPICS)


def test_it_is_read_once() -> None:
    assert taxonomy() is taxonomy()


def test_a_missing_topic_is_named(entries: dict[str, Any]) -> None:
    del entries["staff"]
    with pytest.raises(SettingsError, match="staff"):
        read_taxonomy(entries)


def test_a_bad_lever_and_a_missing_name_are_named(entries: dict[str, Any]) -> None:
    entries["price"]["lever"] = "luck"
    with pytest.raises(SettingsError, match="lever 'luck' of topic price"):
        read_taxonomy(entries)
    entries["price"]["lever"] = "price"
    entries["other"]["name"]["lv"] = " "
    with pytest.raises(SettingsError, match="topic other lacks its name in lv"):
        read_taxonomy(entries)
