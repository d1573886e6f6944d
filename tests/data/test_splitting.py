from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.records import Feedback
from data.splitting import MAX_STATEMENT, _outside, split_statements

LANGUAGES = st.sampled_from(["vi", "th", "lv", "zh", "en", "ja", "ko", "de", "ar", "und"])
PIECES = st.sampled_from(
    ["Good book", " but ", ", but ", "too few examples", ". ", "...", "!!!", "😀", "👩‍👩‍👧", "\n", "; ", " — ",
     "3.5", "1. ", "https://a.example/b.C?d;e", "nhưng ", "ví dụ quá ít", "แต่", "ตัวอย่างน้อยเกินไปครับ", " ",
     "\u200b", "，但是", "例子太少", "。", "が、", "でも", "지만 ", "e.g. ", "Dr. ", "\x00", "\u0301", "ก" * 40,
     "x" * 120, "\ud800", "2. ", "3)", "ดร. ", "22.00 น. ", " ๆ"]
)  # fmt: skip
HOSTILE = st.one_of(st.text(st.characters(), max_size=400), st.lists(PIECES, max_size=25).map("".join))


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Lexicon and language model are read before Hypothesis looks at the clock."""
    split_statements(Feedback(id="f", text="Hello. It leaks."))


def split(text: str, language: str) -> list[str]:
    return [statement.text for statement in split_statements(Feedback(id="f", text=text, language=language))]


@given(HOSTILE, LANGUAGES)
@example("ก" * 1000, "th")
@example("a\u0301" * 400, "en")
@example("\n😀\n", "en")
def test_statements_cover_the_text_exactly(text: str, language: str) -> None:
    statements = split_statements(Feedback(id="f-1", text=text, language=language))
    covered: set[int] = set()
    last = 0
    for number, statement in enumerate(statements, start=1):
        assert statement.id == f"f-1#{number}"
        assert statement.text == text[statement.start : statement.end]
        assert statement.text == statement.text.strip() != ""
        assert statement.start >= last
        last = statement.end
        covered.update(range(statement.start, statement.end))
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered


@given(HOSTILE, LANGUAGES)
def test_no_statement_is_without_letters_beside_one_with_letters(text: str, language: str) -> None:
    has_letters = [any(map(str.isalpha, statement)) for statement in split(text, language)]
    assert all(has_letters) or len(has_letters) == 1


@given(st.text("abc dก例。.\u0301", min_size=MAX_STATEMENT, max_size=4 * MAX_STATEMENT), LANGUAGES)
def test_statements_are_short(text: str, language: str) -> None:
    # A piece without letters may join a full one.
    lengths = [len(statement.strip(" .。\u0301")) for statement in split(text, language)]
    assert max(lengths, default=0) <= MAX_STATEMENT


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It was bad!!! Really?? I want it back.", ["It was bad!!!", "Really??", "I want it back."]),
        ("en", "Great app but too many alerts", ["Great app", "but too many alerts"]),
        ("en", "arrived late. the cover is bent", ["arrived late.", "the cover is bent"]),
        ("en", "Loved it.Too few examples", ["Loved it.", "Too few examples"]),
        ("en", "Nothing but praise for the riders", ["Nothing but praise for the riders"]),
        ("en", "Good but pricey", ["Good but pricey"]),
        ("en", "Not only slow but also loud at night", ["Not only slow but also loud at night"]),
        ("en", "Mr. Smith paid 3.50 at e.g. www.a.example/b.C", ["Mr. Smith paid 3.50 at e.g. www.a.example/b.C"]),
        ("en", "The cover — a real beauty — fell off", ["The cover — a real beauty — fell off"]),
        ("en", "The cover is pretty — the binding falls apart",
         ["The cover is pretty —", "the binding falls apart"]),
        ("en", "😀😀", ["😀😀"]),
        ("en", "Nice 😀 \n 👍👍", ["Nice 😀 \n 👍👍"]),
        ("en", "1. Too slow\n2. Ugly", ["1. Too slow", "2. Ugly"]),
        ("en", " \n\t ", []),
        ("vi", "Sách hay nhưng ít ví dụ quá", ["Sách hay", "nhưng ít ví dụ quá"]),
        ("vi", "Giao hàng nhanh, tuy nhiên hộp bị móp", ["Giao hàng nhanh,", "tuy nhiên hộp bị móp"]),
        ("vi", "App tiện lợi but giao hàng chậm", ["App tiện lợi", "but giao hàng chậm"]),
        ("th", "ภาพชัดมากค่ะ แต่แบตหมดเร็ว", ["ภาพชัดมากค่ะ", "แต่แบตหมดเร็ว"]),
        ("th", "ใช้มาตั้งแต่ปีที่แล้วแต่ละเดือนก็ดี", ["ใช้มาตั้งแต่ปีที่แล้วแต่ละเดือนก็ดี"]),
        ("th", "เด้ง เด้ง เด้ง ทั้งวัน", ["เด้ง เด้ง เด้ง ทั้งวัน"]),
        ("th", "เฟิร์มแวร์ใหม่ทำเครื่องหลุดบ่อยมาก เสียงกริ่งก็เบาจนไม่ได้ยินด้วย",
         ["เฟิร์มแวร์ใหม่ทำเครื่องหลุดบ่อยมาก", "เสียงกริ่งก็เบาจนไม่ได้ยินด้วย"]),
        ("lv", "Laba grāmata, bet piemēru par maz", ["Laba grāmata,", "bet piemēru par maz"]),
        ("zh", "封面很好看但例子太少", ["封面很好看", "但例子太少"]),
        ("zh", "不但贵而且慢", ["不但贵而且慢"]),
        ("ja", "配達は速いですが、料理が冷めていました。でも美味しい",
         ["配達は速いですが、", "料理が冷めていました。", "でも美味しい"]),
        ("ko", "디자인은 좋지만 배터리가 너무 빨리 닳아요", ["디자인은 좋지만", "배터리가 너무 빨리 닳아요"]),
        ("de", "Schönes Bild, aber die Klingel ist z.B. nachts zu leise",
         ["Schönes Bild,", "aber die Klingel ist z.B. nachts zu leise"]),
        ("de", "Das ist aber schön geworden", ["Das ist aber schön geworden"]),
        ("ar", "التطبيق جميل لكن الإشعارات كثيرة جدا", ["التطبيق جميل", "لكن الإشعارات كثيرة جدا"]),
        ("zh", "太！敏！感！了！！！换了。", ["太！敏！感！了！！！", "换了。"]),
        ("zh", "又推！又推！", ["又推！", "又推！"]),
        ("en", "Worst. App. Ever. I want it back.", ["Worst. App. Ever.", "I want it back."]),
        ("en", "STOP. PINGING. ME.", ["STOP. PINGING. ME."]),
        ("en", "Do\nnot\nbuy", ["Do", "not", "buy"]),
        ("en", "Slow. Rude. Dirty.", ["Slow.", "Rude.", "Dirty."]),
        ("en", "It dies in six days. Six.", ["It dies in six days.", "Six."]),
        ("en", "I asked Prof. Smith about the course", ["I asked Prof. Smith about the course"]),
        ("en", "We paid approx. twenty dollars too much", ["We paid approx. twenty dollars too much"]),
        ("de", "Der Akku bzw. das Ladegerät ist kaputt", ["Der Akku bzw. das Ladegerät ist kaputt"]),
        ("de", "Bestellt am 3. Mai, kam am 15. Juni an.", ["Bestellt am 3. Mai, kam am 15. Juni an."]),
        ("de", "Geliefert 3. Mai", ["Geliefert 3. Mai"]),
        ("de", "Das ist mein 2. Kauf und wieder kaputt", ["Das ist mein 2. Kauf und wieder kaputt"]),
        ("de", "Ich gebe eine 5. Tolles Produkt", ["Ich gebe eine 5.", "Tolles Produkt"]),
        ("es", "Hablé con la Sra. García y fue amable", ["Hablé con la Sra. García y fue amable"]),
        ("ru", "Заплатил 500 руб. за доставку и всё", ["Заплатил 500 руб. за доставку и всё"]),
        ("ru", "Заплатил 500 руб. Дорого!", ["Заплатил 500 руб.", "Дорого!"]),
        ("ru", "Спасибо им. Доставка медленная.", ["Спасибо им.", "Доставка медленная."]),
        ("en", "Quality is ok. Delivery took long.", ["Quality is ok.", "Delivery took long."]),
        ("en", "They said no. See item no. 5 there.", ["They said no.", "See item no. 5 there."]),
        ("zh", "质量太差了！@客服，快点处理！包装也烂。",
         ["质量太差了！", "@客服，快点处理！", "包装也烂。"]),
        ("zh", "看这里https://t.example/abc，质量太差！物流太慢！",
         ["看这里https://t.example/abc，质量太差！", "物流太慢！"]),
        ("en", "Wowww.Too loud", ["Wowww.", "Too loud"]),
        ("en", "Mail bob@b.example.Too slow!Too loud!", ["Mail bob@b.example.Too slow!", "Too loud!"]),
        ("hi", "खाना अच्छा था लेकिन बहुत देर से आया", ["खाना अच्छा था", "लेकिन बहुत देर से आया"]),
        ("th", "ถึง 22.00 น. พ.ศ. 2549 ครับ", ["ถึง 22.00 น. พ.ศ. 2549 ครับ"]),
        ("th", "ซื้อ 5 มี.ค. 2566 จาก ดร. นิดา ที่ กทม. หนัก 2 กก.", ["ซื้อ 5 มี.ค. 2566 จาก ดร. นิดา ที่ กทม. หนัก 2 กก."]),
        ("th", "ห้องสกปรกมาก. พนักงานไม่สนใจ", ["ห้องสกปรกมาก.", "พนักงานไม่สนใจ"]),
        ("th", "ร้านนี้มีหนังสือภาพสำหรับเด็กเล็กเยอะมาก ๆ ที่ชั้นสองของห้างริมน้ำหลังใหม่",
         ["ร้านนี้มีหนังสือภาพสำหรับเด็กเล็กเยอะมาก ๆ ที่ชั้นสองของห้างริมน้ำหลังใหม่"]),
        ("th", "อาหารเช้าที่จัดไว้ให้แขกมีเพียง ขนมปัง ซีเรียล ผลไม้ กาแฟ น้ำผลไม้ เนย แยม ไข่ต้ม",
         ["อาหารเช้าที่จัดไว้ให้แขกมีเพียง ขนมปัง ซีเรียล ผลไม้ กาแฟ น้ำผลไม้ เนย แยม ไข่ต้ม"]),
        ("th", "ห้องไม่ ดี. พนักงานไม่สนใจ", ["ห้องไม่ ดี.", "พนักงานไม่สนใจ"]),
        ("en", "1. Great screen 2. Bad battery 3. Slow charging",
         ["1. Great screen", "2. Bad battery", "3. Slow charging"]),
        ("vi", "1. Màn hình đẹp 2. Pin yếu 3. Sạc chậm", ["1. Màn hình đẹp", "2. Pin yếu", "3. Sạc chậm"]),
        ("th", "1. จอสวย 2. แบตหมดเร็ว 3. ชาร์จช้า", ["1. จอสวย", "2. แบตหมดเร็ว", "3. ชาร์จช้า"]),
        ("zh", "1.屏幕好2.电池差3.充电慢", ["1.屏幕好", "2.电池差", "3.充电慢"]),
        ("zh", "1 . 屏幕好 2 . 电池差 3 . 充电慢", ["1 . 屏幕好", "2 . 电池差", "3 . 充电慢"]),
        ("en", "Cons 1. Dim lamp 2. Short cable 3. No box", ["Cons", "1. Dim lamp", "2. Short cable", "3. No box"]),
        ("en", "The lid cost 20. 3 days later it broke.", ["The lid cost 20. 3 days later it broke."]),
        ("en", "I gave it a 1. My wife gave it a 2. Never again.",
         ["I gave it a 1.", "My wife gave it a 2.", "Never again."]),
        ("zh", "屏幕很清楚，而且很轻便", ["屏幕很清楚，而且很轻便"]),
        ("zh", "屏幕比上一代清楚多了，而且客服总是不回我的消息",
         ["屏幕比上一代清楚多了，", "而且客服总是不回我的消息"]),
        ("ja", "画面が綺麗、それにとても軽い", ["画面が綺麗、それにとても軽い"]),
        ("ja", "画面がとても綺麗で見やすい、それに電池が一週間も持ちます",
         ["画面がとても綺麗で見やすい、", "それに電池が一週間も持ちます"]),
    ],
)  # fmt: skip
def test_split(language: str, text: str, expected: list[str]) -> None:
    assert split(text, language) == expected


def test_the_language_is_identified_when_it_is_not_given() -> None:
    (statement,) = split_statements(Feedback(id="f", text="Quá ít ví dụ"))
    assert statement.language == "vi"


def test_a_statement_in_another_script_has_its_own_language() -> None:
    message = Feedback(id="f", text="Par maz garšvielu. Мы сидели у окна, пахло пряностями.")
    assert [statement.language for statement in split_statements(message)] == ["lv", "ru"]
    letter = Feedback(id="f", text="您好！\nToo slow.\n此致\n敬礼！\n王小明", language="zh")
    assert [statement.language for statement in split_statements(letter)] == ["en"]


def test_unpunctuated_text_is_cut_at_spaces() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    pieces = split(text, "en")
    assert len(pieces) > 1
    assert " ".join(pieces) == text


def test_marks_stay_on_their_base() -> None:
    pieces = split("e\u0301" * 400, "und")
    assert all(not piece.startswith("\u0301") for piece in pieces)


@pytest.mark.parametrize(
    "unit",
    [
        "太！",
        "Die 1. ",
        "but ",
        ", but x",
        ".",
        " - ",
        "a@",
        "a@b C.\n",
        "www.a C.\n",
        "ก ",
        "例子但",
        "😀",
        "1. ",
        "น. ",
        "ร่ม ",
    ],
)
def test_long_monotonous_texts_are_split_too(unit: str) -> None:
    """Each of these once took time in the square of the length, or could."""
    text = unit * (20_000 // len(unit))
    pieces = split_statements(Feedback(id="f", text=text, language="th"))
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())


class _Seen(Sequence[tuple[int, int]]):
    """Addresses, counting how often one of them is looked at."""

    def __init__(self, addresses: Sequence[tuple[int, int]]) -> None:
        self.addresses = addresses
        self.looks = 0

    def __len__(self) -> int:
        return len(self.addresses)

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return self.addresses[place]


@given(st.sets(st.integers(0, 60), max_size=20), st.lists(st.integers(0, 60), max_size=20))
def test_cuts_within_addresses_are_left_out(ends: set[int], cuts: list[int]) -> None:
    addresses = list(pairwise(sorted(ends)))[::2]
    plain = [cut for cut in cuts if not any(start < cut < end for start, end in addresses)]
    assert list(_outside(addresses, cuts)) == plain


def test_a_cut_is_not_compared_with_every_address() -> None:
    addresses = _Seen([(start, start + 4) for start in range(0, 80_000, 8)])
    cuts = range(6, 80_000, 8)
    assert list(_outside(addresses, cuts)) == list(cuts)
    assert addresses.looks <= 20 * len(cuts)  # 15 by halves; each with all would be 10,000
