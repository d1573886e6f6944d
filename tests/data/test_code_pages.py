"""Code pages of files that are not UTF-8: told by the letters and words that they make, or not told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.code_pages import likely_code_pages
from data.errors import EncodingError
from data.reading import read_feedback

TEXTS = {
    "cp1257": ("WINDOWS-1257", "Atsauksme;Vērtējums\nĻoti ātra piegāde, bet porcija bija par mazu;3\nLaipni;5"),
    "cp1252": ("WINDOWS-1252", "Kommentar;Note\nDie Lieferung war schön, aber zu spät für uns;3\nGrößer wäre besser;2"),
    "cp1250": ("WINDOWS-1250", "Opinia;Ocena\nDostawa była szybka, ale porcja jest za mała;3\nŁadne, lecz się psuje;2"),
    "cp1254": ("WINDOWS-1254", "Yorum;Puan\nTeslimat çok hızlı ama porsiyon çok küçük geldi, şaşırdım;3\nIşık az;2"),
    "cp1251": ("WINDOWS-1251", "Відгук;Оцінка\nДоставка швидка, але порція дуже мала;3\nВсе добре;5"),
    "koi8_u": ("KOI8-U", "Отзыв;Оценка\nДоставка быстрая, но порция очень маленькая;3\nВсё было хорошо;5"),
    "cp1256": ("WINDOWS-1256", "تعليق;تقييم\nالتوصيل سريع لكن الكمية قليلة جدا;3"),
    "cp874": ("CP874", "รีวิว;คะแนน\nส่งเร็วมากแต่อาหารน้อยไป;3"),
    "cp932": ("CP932", "レビュー;評価\n配達はとても早いですが、量が少なすぎます;3"),
    "euc_jp": ("EUC-JP", "レビュー;評価\n配達はとても早いですが、量が少なすぎます;3"),
    "cp949": ("CP949", "리뷰;별점\n배달은 빠른데 양이 너무 적어요;3"),
    "gb18030": ("GB18030", "评论,评分\n送得很快,但是分量太少了,我不满意;3"),
    "big5": ("BIG5", "評論,評分\n送得很快,但是分量太少了,我不滿意;3"),
    "utf-16-le": ("UTF-16LE", "评论评分送得很快但是分量太少了我不满意很失望\n" * 3),
}  # fmt: skip


@pytest.mark.parametrize("codec", TEXTS)
def test_the_code_page_of_a_language_is_told(codec: str) -> None:
    name, text = TEXTS[codec]
    assert likely_code_pages(text.encode(codec)) == (name,)


def test_vietnamese_is_told_though_its_page_holds_marks_apart() -> None:
    text = "Nhân viên thân thiê\u0323n, nhưng giao qua\u0301 châ\u0323m va\u0300 đô\u0300 ăn i\u0301t"
    assert likely_code_pages(text.encode("cp1258")) == ("WINDOWS-1258",)


@pytest.mark.parametrize("codec", ["cp932", "cp949", "gb18030", "big5"])
def test_a_sample_may_end_within_a_character(codec: str) -> None:
    name, text = TEXTS[codec]
    assert likely_code_pages(text.encode(codec)[:-3] + b"") == (name,)


@pytest.mark.parametrize(
    "sample",
    [
        b"",
        b"plain",
        bytes(range(256)),
        "“Très bon”, but one byte – this one – is lost: ".encode() + b"\xff",
        ("Ļoti ātra piegāde " * 9).encode() + b"\xe0",
        "Отзыв: всё хорошо ".encode() * 9 + b"\xd0",
        "отзыв".encode("cp866"),
        "Η παράδοση ήταν γρήγορη αλλά η μερίδα ήταν πολύ μικρή για εμάς".encode("cp1253"),
        "Toimitus oli nopea mutta annos oli liian pieni meille, en tilaa enää täältä".encode("cp1252"),
    ],
    ids=[
        *(
            "empty",
            "ASCII",
            "bytes",
            "quotes",
            "Latvian in UTF-8",
            "Russian in UTF-8",
            "of DOS",
            "Greek",
            "Finnish",
        ),
    ],
)
def test_where_nothing_fits_nothing_is_told(sample: bytes) -> None:
    assert likely_code_pages(sample) == ()


@given(st.binary(max_size=300))
def test_any_bytes_can_be_looked_at(sample: bytes) -> None:
    assert len(likely_code_pages(sample)) <= 2


@pytest.mark.parametrize(("before", "codec"), [(0, "cp1257"), (50_000, "cp1257"), (50_000, "cp932")])
def test_the_refusal_names_the_page_and_the_command(tmp_path: Path, before: int, codec: str) -> None:
    name, text = TEXTS[codec]
    path = tmp_path / "f.csv"
    path.write_bytes(b"plain words;3\n" * (before // 14) + text.encode(codec))
    with pytest.raises(
        EncodingError,
        match=f"looks like {name}: convert it \\(iconv -f {name} -t UTF-8\\) and look at it, or save as 'CSV UTF-8'$",
    ):
        read_feedback(path)


def test_without_a_page_the_refusal_names_none(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("text\nĻoti labi\n".encode() + b"\xff\n")
    with pytest.raises(EncodingError, match=r"at offset 16; save as 'CSV UTF-8'$"):
        read_feedback(path)
