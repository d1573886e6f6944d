"""Letters and their marks as one, at a cost that grows with a cell and not with its square."""

import unicodedata
from pathlib import Path

import pytest

from data import plain_cells
from data.composed import compatible, composed
from data.plain_cells import plain_cell
from data.reading import read_feedback


def test_what_is_no_name_for_its_length_stays_as_it_is() -> None:
    assert (composed("e\u0301"), compatible("ｅ\u0301")) == ("é", "é")
    long = "ｅ\u0301" * 501
    assert composed(long) == compatible(long) == long


@pytest.mark.parametrize(
    ("column", "most"),
    [
        *(
            (column, 1_000)
            for column in ("author", "source", "channel", "plan", "date", "solicited", "rating")
        ),
        ("review title", 20_000),
    ],
)
def test_no_cell_is_normalised_at_any_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, most: int
) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"id,text,{column}\n1,Too slow,{'ก' * 21_000}\n2,Too fast,x\n", encoding="utf-8")
    lengths = []
    normalize = unicodedata.normalize

    def watched(form: str, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)  # type: ignore[arg-type]

    monkeypatch.setattr(unicodedata, "normalize", watched)
    read_feedback(path)
    assert max(lengths) <= most


class Watched(str):
    """A text that counts the characters that are copied out of it, and out of the copies."""

    copied = 0

    def casefold(self) -> str:
        return self

    def translate(self, table: object, /) -> str:
        return self

    def __getitem__(self, place: object, /) -> str:
        Watched.copied += isinstance(place, slice) and len(range(*place.indices(len(self))))
        return Watched(super().__getitem__(place))  # type: ignore[index]


def test_what_stands_around_a_cell_is_copied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_cells, "compatible", Watched)
    assert plain_cell("." * 5_000 + "a" + "." * 5_000, around="P") == "a"
    assert Watched.copied == 1
    assert plain_cell("." * 5_000, around="P") == ""
