"""Placeholders are nobody, and an author who wrote much is named."""

from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from data.authors import AuthorCensus, is_placeholder
from data.reading import read_feedback
from data.sample.authors import _NAMES as NAMES
from mining.people import find_people


@pytest.mark.parametrize(
    "author",
    ["A Google user", "Anonymous", "(anonymous)", "[deleted]", "-", "n/a", "#N/A", "...", "Kunde", "UNKNOWN", "Guest",
     "Ein Google-Nutzer", "Khách hàng", "匿名用户", "匿名", "ผู้ใช้ Google", "Anonīms", "Google lietotājs", "anonīms ",
     "Utilisateur  Google", "Аноним", "匿名希望", "😀", "Cliente de Amazon", "Amazon Customer"],
)  # fmt: skip
def test_placeholders_name_nobody(author: str) -> None:
    assert is_placeholder(author)


@pytest.mark.parametrize(
    "author",
    ["Anon", "Nan", "Na", "Nil", "Gast", "Khanh Hang", "N. A.", "Anna", "Google", "Coward 7", "0", "王", "7-7",
     "Guest Anna", "Clientèle", "ann@shop.example"],
)  # fmt: skip
def test_what_may_be_a_name_stays_one(author: str) -> None:
    assert not is_placeholder(author)


def test_names_of_the_sample_are_no_placeholders() -> None:
    assert not [name for names in NAMES.values() for name in names.split() if is_placeholder(name)]


def test_each_placeholder_is_found_as_it_is_listed() -> None:
    lists = yaml.safe_load(Path("data/placeholder_authors.yaml").read_text(encoding="utf-8"))
    names = [name.strip() for names in lists.values() for name in names.split(",")]
    assert all(names)
    assert [name for name in names if not is_placeholder(f"({name})")] == []


def file_of(path: Path, authors: list[str]) -> Path:
    rows = [f"{sha256(b'%d' % number).hexdigest()},{author}" for number, author in enumerate(authors)]
    path.write_text("\n".join(["text,author", *rows]), encoding="utf-8")
    return path


def test_each_message_behind_a_placeholder_counts_as_a_person(tmp_path: Path) -> None:
    authors = ["A Google user" if number % 2 else f"user {number}" for number in range(500)]
    authors[1:9:2] = ["-", "Anonymous", "user 0", "User  0"]
    read = read_feedback(file_of(tmp_path / "f.csv", authors))
    assert read.notes == (
        "author held a placeholder, which names nobody: each such message counts as a person "
        "(248 of 500 rows, such as '-')",
    )
    assert len(set(find_people(read.feedback).tolist())) == 498


def test_an_author_who_wrote_much_is_named(tmp_path: Path) -> None:
    authors = ["Feedback Bot" if number < 40 else f"user {number}" for number in range(100)]
    assert read_feedback(file_of(tmp_path / "f.csv", authors)).notes == (
        "author: 'Feedback Bot' wrote 40% of 100 messages with an author; each counts as one person: "
        "where it names nobody, empty its cells",
    )


def test_a_small_file_or_share_says_nothing() -> None:
    census = AuthorCensus()
    for number in range(49):
        census.add(f"user {number % 2}")
    assert census.notes() == ()
    census = AuthorCensus()
    for number in range(100):
        census.add("Ann" if number < 5 else f"user {number}")
    assert census.notes() == ()
    census.add("ann ")
    assert "'Ann' wrote 6% of 101" in census.notes()[0]


def test_several_large_authors_are_one_line() -> None:
    census = AuthorCensus()
    for number in range(60):
        census.add(f"company {number % 6}")
    (line,) = census.notes()
    assert "wrote 17% of 60 messages with an author, and 5 more wrote over 5% each" in line


def test_the_census_of_many_authors_stays_small_and_near() -> None:
    census = AuthorCensus()
    for number in range(30_000):
        census.add(f"user {number}" if number % 10 else "Bot")
    assert len(census._counts) <= 1_000
    assert "'Bot' wrote 10% of 30,000 messages" in census.notes()[0]
