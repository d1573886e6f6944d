"""Personal data goes, whatever the language; what merely looks like numbers stays; no text takes long."""

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.payment_numbers import iban_holds, luhn_holds
from data.records import Feedback
from data.redaction import KINDS, redact, redact_feedback

GONE = [
    ("Gọi cho tôi số 0912 345 678 nhé", "Gọi cho tôi số [phone] nhé"),
    ("SĐT:0912345678, mã đơn 0912345678", "SĐT:[phone], mã đơn 0912345678"),
    ("Zalo 0912.345.678 hoặc 0987654321/0912345679", "Zalo [phone] hoặc [phone]/[phone]"),
    ("โทร081-234-5678นะครับ", "โทร[phone]นะครับ"),
    ("เบอร์ ๐๘๑๒๓๔๕๖๗๘ อีเมลsomchai@example.co.thค่ะ", "เบอร์ [phone] อีเมล[email]ค่ะ"),
    ("请打我电话13812345678谢谢，订单号20261126123456", "请打我电话[phone]谢谢，订单号20261126123456"),
    ("邮箱user.name@qq.com或138 1234 5678", "邮箱[email]或[phone]"),
    ("我的卡4111111111111111被扣了两次", "我的卡[card]被扣了两次"),
    ("Zvaniet pa tālr. 29123456, pasūtījums 29123457", "Zvaniet pa tālr. [phone], pasūtījums 29123457"),
    ("+371 29123456 10 zvaigznes", "[phone] 10 zvaigznes"),
    ("jānis.bērziņš@piemērs.lv, LV80 BANK 0000 4351 9500 1 paldies", "[email], [iban] paldies"),
    ("Call (555) 234-5678. Order 555-234-5678", "Call [phone]. Order 555-234-5678"),
    ("card 4111 1111 1111 1111 or 378282246310005", "card [card] or [card]"),
    ("my card 4111 1111 1111 1111 12/27 cvv 123", "my card [card] 12/27 cvv 123"),
    (
        "4111-1111-1111-1111 09/26, charged 4111 1111 1111 1111 2 times",
        "[card] 09/26, charged [card] 2 times",
    ),
    ("4111 1111 1111 1111 5500 0000 0000 0004", "[card] [card]"),
    ("on 3 May 2024 4111 1111 1111 1111", "on 3 May 2024 [card]"),
    ("Card no.4111111111111111, card nr.4111 1111 1111 1111", "Card no.[card], card nr.[card]"),
    ("card,4111 1111 1111 1111, карта МИР 2200 1234 5678 9019", "card,[card], карта МИР [card]"),
    ("gb82west12345698765432.", "[iban]."),
    ("0171/1234567, +49 (0) 171 1234567, 0049 171 1234567", "[phone], [phone], [phone]"),
    (
        "Tālr. 29123456 vai 26123456, pasūt. nr. 26123457890",
        "Tālr. [phone] vai [phone], pasūt. nr. 26123457890",
    ),
    ("a@b.vn0912 345 678", "[email][phone]"),
    ("ivan.petrov@почта.рф, иван@почта.рф", "[email], [email]"),
    ("пишите на иван.петров@mail.ru!", "пишите на [email]!"),
    ("ivan@mail.ruСпасибо", "[email]Спасибо"),
    ("γιώργος@παράδειγμα.ελ ευχαριστώ", "[email] ευχαριστώ"),
    ("rated 5 0912345678 10", "rated 5 [phone] 10"),
    (
        "https://shop.example/?token=a1&email=anna%40example.com&x=1",
        "https://shop.example/?token=a1&email=[email]&x=1",
    ),
    ("?u=https%3A%2F%2Fshop.example%2F%3Fto%3Danna%2540example.com", "?u=[email]"),
    ("IBANDE89370400440532013000, iban:DE89370400440532013000", "IBAN[iban], iban:[iban]"),
    ("IBAN DE 89 3704 0044 0532 0130 00 paldies", "IBAN [iban] paldies"),
    ("ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００", "[iban]"),
    ("回复．ａｎｎａ．ｂ＠ｅｘａｍｐｌｅ．ｏｒｇ", "回复．[email]"),
    ("jose\u0301@exa\u0301mple.org, трои\u0306ка@почта.рф", "[email], [email]"),
    ("an\u200bna@\u200bexample.\u200borg\u200bThanks", "[email]\u200bThanks"),
    ("a\u00adnna@exam\u00adple.org an\u2060na@example.org", "[email] [email]"),
    ("\u202a+\u200e371 29123456\u202c", "\u202a[phone]\u202c"),
    ("４１１１\u200b１１１１ 1111 \u20601111", "[card]"),
    ("anna(at)example.com, anna[at]example [dot] org", "[email], [email]"),
    ("anna (at) shop.example (dot) com, anna [at] example [dot] com", "[email], [email]"),
    ("anna.berzina (at) example.com", "[email]"),
    ("E-Mail anna (at) example.com, my mail is anna [at] example.com", "E-Mail [email], my mail is [email]"),
    ("write me: anna (at) example.com; 邮箱anna (at) example.com", "write me: [email]; 邮箱[email]"),
]
GAPS = [
    "\u2010",
    "\u2011",
    "\u2013",
    "\u2212",
    ".",
    "  ",
    "\t",
    "\n",
    "\r\n",
    " - ",
    "\u00a0",
    "\u2009",
    "\u200b",
    "\u202f",
    "\u3000",
]
STAYS = [
    "Giao 01-02-2026 10:30, 12.03.2025 08:15, 2026-11-26, 26 11 2026",
    "Giá 1.250.000đ hay 29 123 456 đ, không phải 1 234 567 890 VND",
    "ราคา 12,500 บาท ให้ 4.5/5 คะแนน รอ 45 นาที",
    "Pasūtījums Nr. 29123456 maksāja 1 234,50 €, vērtējums 9/10",
    "订单号4000123456789，价格¥1299.00，评分5分，2026年11月26日",
    "order #0912345678 and order 00123842, ISBN 978-3-16-148410-0",
    "http://shop.vn/o/0912345678 and 192.168.100.200, version 10.15.7.1234567",
    "2@3.50 each, @shop, 5 @ 10, user@localhost",
    "open 0800-1700, called on 26 11 2026, 100%, 2,466 messages, 10/10",
    "order 1234 5678 9012 3456 7890, 4111 1111 1111 1112 5500",
    "card 4111 1111 1111 1112, LV81 BANK 0000 4351 9500 1",  # check digits that are wrong
    "0.4111111111111111, 12,4111111111111111",
    "waited at 63 minutes for one pie",  # of the length of an account in Austria, with the right check digits
    "I ordered (at) shop.example twice, bought it [at] Shop.example",
    "anna (at) example.com",  # as little an address as "ordered (at) shop.example", by its form
    "12\u2009500\u2009000, 4.111.111.111.111.111, 2019\n2020\n2021\n2022\t5\t4",
]
HOSTILE = [
    "a",
    "a@",
    "a@a.",
    "а@1.",
    "1",
    "1 ",
    "-1",
    "1/",
    "+(0",
    "+33 6 ",
    "LV80",
    "tel 1",
    "โทร0",
    "a.",
    "4111 ",
    "@",
    "é1@",
    "0912345678 ",
    "12 34 ",
    "08 12 34 56 ",
    "123-",
    "12.34.",
    "(12) ",
    "٠١ ",
    "0012 ",
    "1234567,",
    "12345678 tel ",
    "phone no. ",
    "a%40",
    "%40a.",
    "%2540",
    "a\u200b",
    "a@\u200b",
    "ａ．",
    "e\u0301",
    "\u0301\u0323",
    "\u00ad",
    "1\u2060",
    "1 / ",
    "de 89",
    "IBAN",
    "at 20 ",
    "4111\n\t",
    "[phone]1234567 ",
    "☎1234567 ",
    "order : ",
    "order no. 0912345678 ",
    "order number is 0",
    "*0912345678",
    "*0912345678*",
    "orders 0912345678, ",
    "0912345678, ",
    "_=",
    "a (at) ",
    "a(at)",
    "mail: a (at) b.",
    "a.b (at) ",
    "a (at) b (dot) ",
    "a(dot)",
    "CCCD : ",
    "CCCD no. 12 345 ",
    "pesel 1 ",
    "身份证号1101",
    "110105 1949 1231 ",
    "11010519491231002",
    "1-1017-00203-45-0 ",
    "ก1101700203450 ",
    "900101-1",
]


@pytest.mark.parametrize(("text", "redacted"), GONE)
def test_personal_data_goes(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize("gap", GAPS)
def test_what_parts_the_digits_of_a_number_does_not_hide_it(gap: str) -> None:
    card, iban = ("4111", "1111", "1111", "1111"), ("DE89", "3704", "0044", "0532", "0130", "00")
    assert redact(f"card {gap.join(card)} 2 times").text == "card [card] 2 times"
    assert redact(f"to {gap.join(iban)}, thanks").text == "to [iban], thanks"


@pytest.mark.parametrize("text", STAYS)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text).text == text


def test_findings_are_counted_with_their_places_in_the_text_as_it_was() -> None:
    text = "ถึง a@b.co และ c@d.co หรือ 0812345678"
    redaction = redact(text)
    assert redaction.counts == {"email": 2, "phone": 1}
    assert [text[start:end] for start, end, _ in redaction.found] == ["a@b.co", "c@d.co", "0812345678"]


def test_places_are_those_of_the_text_before_it_was_folded() -> None:
    text = "e\u0301 \u2060jo\u00adse\u0301@a.org\u200e, \u200etel \u202a29\u2060123456\u202c"
    found = redact(text).found
    assert [text[start:end] for start, end, _ in found] == ["jo\u00adse\u0301@a.org", "29\u2060123456"]


PARTS = (
    "0912 345 678",
    "a@b.vn",
    "4111111111111111",
    "LV80BANK0000435195001",
    " ",
    "5",
    "+",
    "x",
    "。",
    "๑",
    "-",
    "tel ",
    "order ",
    "+49 (0)171 / 1234567",
    "29123456",
    " and then ",
    "[phone]",
    "ａ＠ｂ．ｏｒｇ",
    "jose\u0301@a.org",
    "\u0301",
    "\u200b",
    "\u00ad",
    "\u200e",
    "\n",
    "IBAN",
    "CCCD ",
    "001099012345",
    "11010519491231002X",
    "1-1017-00203-45-0",
    "1101700203450",
    "ครับ",
    "=",
    "*",
    "#",
    "(at)",
    "mail: ",
    "[id]",
    ", ",
    " đồng",
)
TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


@given(TEXTS)
def test_redacting_twice_changes_nothing(text: str) -> None:
    redacted = redact(text).text
    assert redact(redacted).text == redacted


def test_a_number_that_was_found_tells_as_much_of_the_next_as_its_placeholder() -> None:
    assert redact("+371 29123456 26123456").text == "[phone] 26123456"
    assert redact("[phone] 26123456").text == "[phone] 26123456"
    assert redact("tel +49 (0) 171 1234567 and then 29123456").text == "tel [phone] and then [phone]"
    assert redact("tel anna.berzina@example.org or 29123456").text == "tel [email] or [phone]"


@given(TEXTS)
def test_findings_are_apart_and_the_rest_of_any_text_stays(text: str) -> None:
    redaction = redact(text)
    places = [place for start, end, _ in redaction.found for place in (start, end)]
    assert places == sorted(places)
    kept, position = [], 0
    for start, end, kind in redaction.found:
        assert start < end
        kept += [text[position:start], f"[{kind}]"]
        position = end
    assert redaction.text == "".join([*kept, text[position:]])
    assert set(redaction.counts) <= set(KINDS)


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_stands_around_a_finding_stays(before: str, after: str) -> None:
    text = f"{before} |a.b@example.org| {after}"
    assert " |[email]| " in redact(text).text


def _processor_time(text: str) -> float:
    began = time.process_time()
    redact(text)
    return time.process_time() - began


@pytest.mark.parametrize("part", HOSTILE)
def test_the_cost_of_a_hostile_text_grows_with_its_length_only(part: str) -> None:
    def cost(characters: int) -> float:
        text = (part * characters)[:characters]
        return min(_processor_time(text) for _ in range(3))  # the least: other work on the machine adds to it

    short, long = max(cost(25_000), 0.005), cost(100_000)
    assert long < 16 * short  # four times the text; growth with the square would be sixteen times


@pytest.mark.parametrize("part", HOSTILE)
def test_four_times_the_text_takes_four_times_the_steps(part: str) -> None:
    """Steps are calls of functions, in Python and in C: they are the same on every machine."""

    def steps(characters: int) -> int:
        text = (part * characters)[:characters]
        count = 0

        def step(*_: object) -> None:
            nonlocal count
            count += 1

        before = sys.getprofile()
        sys.setprofile(step)
        try:
            redact(text)
        finally:
            sys.setprofile(before)
        return count

    assert steps(8_000) < 5 * steps(2_000)
    assert steps(8_000) < 40 * 8_000


def test_check_digits() -> None:
    assert luhn_holds("79927398713")
    assert not any(luhn_holds(f"7992739871{digit}") for digit in "012456789")
    assert iban_holds("GB82WEST12345698765432")
    assert not iban_holds("GB82WEST1234569876543")  # one short
    assert not iban_holds("ZZ82WEST12345698765432")


def test_a_message_is_redacted_wherever_people_can_write() -> None:
    message = Feedback(
        id="f-1",
        text="mail a@b.co",
        author="a@b.co",
        source="tel 0912345678",
        channel=None,
        segments={"contact c@d.co": "e@f.co", "plan": "basic"},
    )
    cleaned, counts = redact_feedback(message)
    assert cleaned.text == "mail [email]"
    assert cleaned.source == "tel [phone]"
    assert cleaned.segments == {"contact [email]": "[email]", "plan": "basic"}
    assert cleaned.author == "a@b.co"  # for whoever stores it to decide
    assert counts == {"email": 3, "phone": 1}
