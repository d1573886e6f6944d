"""Phone numbers as people write them in many countries go; the other numbers of feedback stay."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import phone_numbers
from data.redaction import redact

# Told by their form alone: no word stands before them.
NUMBERS = [
    # one digit behind the country's code, or behind the area's
    "+61 4 1234 5678",
    "+46 8 123 456 78",
    "+32 4 70 12 34 56",
    "+44 7 911 123456",
    "+371 2 912 3456",
    "+81-3-1234-5678",
    "+81 3 1999 1234",  # "81 3 1999" is no date
    "+55 11 9 1234-5678",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "0033 6 12 34 56 78",
    "(+66) 8 1234 5678",
    "+66 8 1234 5678",
    "+54 9 11 1234-5678",
    "+971 4 123 4567",
    "＋81 3 1234 5678",
    # other international forms
    "+37129123456",
    "+371 29 123 456",
    "+1 (555) 234-5678",
    "+1-555-234-5678",
    "+1.555.234.5678",
    "+44 (0)20 7946 0958",
    "+49 (0) 171 1234567",
    "+49 171/1234567",
    "+49 171 / 1234567",
    "+49 (0)171 / 1234567",
    "0171 / 1234567",
    "+371\u200929\u2009123\u2009456",
    "0912\u2009345\u2009678",
    "+49 151 12 34 56 78",
    "+49 151 234 567 89",
    "+49 30 1234 5678",
    "+43 (0)664/123 45 67",
    "+7 916 123-45-67",
    "+380 50 123 45 67",
    "+998 90 123 45 67",
    "+62 812-3456-7890",
    "+62 8123 4567 890",
    "+86 138 1234 5678",
    "+84 912 345 678",
    "+91 98765 43210",
    "+90 532 123 45 67",
    "+65 6123 4567",
    "+39 06 1234 5678",
    "+234 803 123 4567",
    "+254 712 345678",
    "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧",
    "0049 171 1234567",
    "00371 29 123 456",
    # national forms
    "0812-3456-7890",
    "0812-345-678-90",
    "0812 3456 78901",
    "081234567890",
    "0151 12345678",
    "015112345678",
    "0171/1234567",
    "0664/123 45 67",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "020 7946 0958",
    "(02) 9876 5432",
    "070-123 45 67",
    "0470 12 34 56",
    "010-1234-5678",
    "０９０－１２３４－５６７８",
    "(050) 123-45-67",
    "0-2345-6789",
    "0 532 123 45 67",
    "0(532) 123 45 67",
    "8 (916) 123-45-67",
    "8-916-123-45-67",
    "8 800 555 35 35",
    "8 916 1234567",
    "89161234567",
    "8 612 34567",
    "1-800-555-1234",
    "1 (800) 555-1234",
    "555-234-5678",
    "138 1234 5678",
    "0755-12345678",
    "11 91234-5678",
    "०९८७६५४३२१",
]
# Told by a word before them; without it they might be anything.
WORDED = [
    ("Appelez-moi au +33 6 12 34 56 78", "Appelez-moi au [phone]"),
    ("โทร +66 8 1234 5678 ค่ะ", "โทร [phone] ค่ะ"),
    ("nomor hp 081234567890", "nomor hp [phone]"),
    ("WA: 62812 3456 7890, trims", "WA: [phone], trims"),
    ("tolong hubungi 81234567890", "tolong hubungi [phone]"),
    ("no. hp 21345678", "no. hp [phone]"),
    ("tālruņa numurs 29123456", "tālruņa numurs [phone]"),
    ("phone no. 20123456", "phone no. [phone]"),
    ("tel nr 20123456", "tel nr [phone]"),
    ("Tel.-Nr. 0171 2345678, Handy-Nr. 0171 2345678", "Tel.-Nr. [phone], Handy-Nr. [phone]"),
    ("tel. č. 0912 345 678, mob. št. 041 234 567", "tel. č. [phone], mob. št. [phone]"),
    ("тел. № 0888 123 456, móvil n.º 612 345 678", "тел. № [phone], móvil n.º [phone]"),
    ("tél. n° 06 12 34 56 78", "tél. n° [phone]"),
    ("gọi 0912345678 đồng ý nhé, sđt 0912345678 Dong", "gọi [phone] đồng ý nhé, sđt [phone] Dong"),
    ("móvil 612 345 678", "móvil [phone]"),
    ("celular: 11 3456-7890", "celular: [phone]"),
    ("mobil 777 123 456", "mobil [phone]"),
    ("телефон 29123456", "телефон [phone]"),
    ("هاتف 29123456", "هاتف [phone]"),
    ("मोबाइल 9876543210", "मोबाइल [phone]"),
    ("simu 712345678", "simu [phone]"),
    ("SĐT:0912345678,0987654321", "SĐT:[phone],[phone]"),
    ("tel. 29123456, 26123456", "tel. [phone], [phone]"),
    ("📞 29123456, ☎ 67123456, ☎\ufe0f67123456", "📞 [phone], ☎ [phone], ☎\ufe0f[phone]"),
    ("📱29123456 / 26123456", "📱[phone] / [phone]"),
    ("ＴＥＬ：29123456", "ＴＥＬ：[phone]"),
    ("đie\u0323\u0302n thoa\u0323i 29123456", "đie\u0323\u0302n thoa\u0323i [phone]"),
    ("handphone 21345678, smartphone 21345679", "handphone [phone], smartphone 21345679"),
]
# Each stands against its number as often as not.
CUT_SHORT = [
    "tel.",
    "Tel.-Nr.",
    "tālr.",
    "mob.",
    "тел.",
    "SĐT.",
    "โทร.",
    "hp.",
    "phone no.",
    "tel nr.",
    "tel,",
]
# A word for something else speaks of the number right behind it, of no other one.
PAST_A_WORD = [
    ("Order delayed! 0912345678", "Order delayed! [phone]"),
    ("order 5521, 0912 345 678", "order 5521, [phone]"),
    ("đơn hàng của Lan 0912 345 678 bị trễ", "đơn hàng của Lan [phone] bị trễ"),
    ("Giao sai đơn. 0912345678", "Giao sai đơn. [phone]"),
    ("thiếu đơn - 0912345678", "thiếu đơn - [phone]"),
    ("ออเดอร์มีปัญหา 081-234-5678", "ออเดอร์มีปัญหา [phone]"),
    ("订单有问题13812345678", "订单有问题[phone]"),
    ("注文した090-1234-5678", "注文した[phone]"),
    ("commande en retard 06 12 34 56 78", "commande en retard [phone]"),
    ("Bestellung fehlt, 0171 1234567", "Bestellung fehlt, [phone]"),
    ("my order never came 07911 123456", "my order never came [phone]"),
    ("price is too high 0912345678", "price is too high [phone]"),
    ("[id] 0912345678", "[id] [phone]"),
    ("order 0912345678. 0987654321", "order 0912345678. [phone]"),
    ("order 0912345678, tel 0987654321", "order 0912345678, tel [phone]"),
    ("order 0912345678, +371 29123456", "order 0912345678, [phone]"),
    ("order 123456789 and 0912345679", "order 123456789 and [phone]"),
    ("gave the order to 0912345678", "gave the order to [phone]"),
    ("ติดต่อสั่งซื้อ 081-234-5678", "ติดต่อสั่งซื้อ [phone]"),
]
MARKED = [
    ("tel=+84912345678", "tel=[phone]"),
    ("https://shop.example/?phone=0912345678&x=1", "https://shop.example/?phone=[phone]&x=1"),
    ("SĐT=0912345678", "SĐT=[phone]"),
    ("**0912 345 678** and _0912 345 678_", "**[phone]** and _[phone]_"),
    ("*0912345678*" * 9, "*[phone]*" * 9),
    ("zalo.me/0912345678", "zalo.me/[phone]"),
    ("https://wa.me/84912345678", "https://wa.me/[phone]"),
    ("https://t.me/+84912345678", "https://t.me/[phone]"),
    ("phone #0912345678, tel @0912345678", "phone #[phone], tel @[phone]"),
]
# What stands behind a number is a rating or another number, not more of it.
BESIDE = [
    ("+371 29123456 10 zvaigznes", "[phone] 10 zvaigznes"),
    ("+65 6123 4567 5 stars", "[phone] 5 stars"),
    ("+65 6123 4567 5 10", "[phone] 5 10"),
    ("+33 6 12 34 56 78 10 sur 10", "[phone] 10 sur 10"),
    ("+49 171 1234567 10 Sterne", "[phone] 10 Sterne"),
    ("0912 345 678 9 10", "[phone] 9 10"),
    ("0812 345 678 10", "[phone] 10"),
    ("tel 2912345678\u200b10", "tel [phone]\u200b10"),
    ("06 12 34 56 78 10", "[phone] 10"),
    ("8 916 123-45-67 5", "[phone] 5"),
    ("1-800-555-1234 2 times", "[phone] 2 times"),
]
STAY = [
    # times of day
    "call at 10.30 12.45 14.15",
    "phone hours: 9.00 - 12.30, 13.15-18.00",
    # scores
    "8 9 10",
    "8 9 10 9 8 10 7",
    "scores: 10 9 8 7 6 5 4 3 2 1",
    "+1 2 3 4 5 6 7 8 9 10",
    "9/10, 8/10, 10/10 and 7.5/10",
    "9 / 10, 8 / 10, 10 / 10, 0 / 10",
    "1 10 100 1000 10000",
    "+1 +1 +1, +10 +20 +30",
    "5 0 5 0 5 0 5 0",
    # prices and amounts
    "điện thoại 5.990.000 mà lag",
    "điện thoại này giá 12.500.000",
    "hp seharga 3.500.000",
    "hp baru 12.499.000 kecewa",
    "HP Rp 2.999.000",
    "mobil 250.000.000",
    "mobil 250\u2009000\u2009000, mobil 10\u202f000\u202f000",
    "gained +10 000 000 users, lost 12 500 000",
    "1 234 567,50 or 1.234.567,50",
    "10.000.000-15.000.000",
    "0.12345678 and 3.14159265",
    "$800 555 1234 or 555 234 5678 €",
    # dates and times
    "01-02-2026 10:30, 2026/03/09 09:05:11, 9.3.2026",
    "08:00-17:00, 09.30-10.45, 0800-1700",
    "from 8 to 12 and 13 to 17, 2019-2020, 12 1999-2005",
    "20260412 and 2026 04 12",
    "联系我们Copyright 1999-2008",
    "Appel à projets 2014 - 2015",
    "Televīzija 29.09.-15.00",
    # orders, tickets, bank accounts, barcodes
    "order 0812345678901, order no. 081234567890",
    "nomor pesanan 081234567890",
    "no. resi 081234567890",
    "nomor rekening 1234509876",
    "barcode 0885909950805",
    "IMEI 356938035643809",
    "mã đơn 0912345678, mã đơn hàng 0912 345 678",
    "заказ 89161234567",
    "case 8 916 123-45-67",
    "ticket 1-800-555-1234",
    "order no. 0912345678, order number is 0912345678, orders: 0912345678",
    "order_id=0912345678, order (0912345678), price is 0912345678",
    "số đơn hàng là 0912345678, mã số 0912345678, đơn số: 0912345678",
    "订单编号：13812345678, 注文番号090-1234-5678, 주문번호 010-1234-5678",
    "ออเดอร์เลขที่ 081-234-5678, เลขพัสดุ: 0812345678",
    "commande n° 06 12 34 56 78, Bestellnummer 0171 1234567, номер заказа 89161234567",
    # "number", cut short in many languages
    "Bestell-Nr. 0912345678, Rechnung Nr. 0171 2345678, Nr. 0912345678, Nr.0912345678",
    "Pasūtījums Nr. 0912 345 678, zamówienie nr. 0912345678",
    "objednávka č. 0912345678, faktura čís. 0912345678, naročilo št. 0912345678",
    "pedido núm. 0912345678, Encomenda N.º 0912345678, pedido n.o 0912345678, Nº 0912345678",
    "поръчка бр. 0912345678, № 0912345678, №. 0912345678",
    # more numbers in the list of an order's
    "Order no. 0912345678, 0987654321, 0912 111 222",
    "orders 0912345678 and 0912345679, orders 0912345678 / 0912345679",
    "orders #0912345678; 0987654321, đơn hàng 0912345678 và 0987654321",
    # whose order it is, and in tables
    "mã sản phẩm 0912345678, đơn hàng của tôi là 0912345678, pesanan saya 081234567890",
    "ออเดอร์ของผม 0912345678 ออเดอร์ของฉันคือ 081-234-5678",
    "Order ID | 0912345678",
    "điện thoại 12 345 678 đồng",
    "Sendungsnummer 003404341234, my bank account number would be 0183362238",
    "x=0912345678, 5*0912345678, @0912345678, AB_0912345678",
    "phone: IMG_0912345678.jpg, call #order_0912345678",
    "http://shop.example/o/0912345678, zalo.example/0912345678",
    "01 02 03 04 05, 10 11 12 13 14",
    "29123456",
    "12 34 56 78",
    # models, versions, sizes, places
    "Canon EF 70-200 2.8, iPhone 15 128 256 512, headphones 1000 2000",
    "AB-0912345678, 0912345678x, x0912345678",
    "version 10.15.7.1234567, 192.168.100.200",
    "1920 x 1080, 2400x1080, 17.4 x 8.1 x 1.43",
    "Seattle, WA 98101-1234",
    "56.9496, 24.1052",
    "pages 10 11 12 13 14 15",
    "2 + 371 = 373, 5+37129123456",
    # behind a dot that no space follows
    "v.29123456, version.0912345678, order.0912345678, Ref.0912345678, no.0912345678",
    "tel.12.50, tel.12.03.2025, hp Rp.2.999.000, mobil Kč.250.000.000",
    "http://shop.example/photos/a.507460295947478",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_many_countries_go_whole(number: str) -> None:
    assert redact(number).text == "[phone]"
    assert redact(f"5 stars, {number}.").text == "5 stars, [phone]."


@pytest.mark.parametrize(("text", "redacted"), WORDED)
def test_a_word_tells_what_the_form_does_not(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize("number", ["29123456", "0912345678", "0171 1234567", "+371 29123456"])
@pytest.mark.parametrize("word", CUT_SHORT)
def test_a_word_tells_whether_a_space_follows_it_or_not(word: str, number: str) -> None:
    assert redact(f"{word} {number}").text == f"{word} [phone]"
    assert redact(f"{word}{number}").text == f"{word}[phone]"


def test_a_form_tells_behind_a_full_stop_that_no_space_follows() -> None:
    assert redact("không trả lời.0912 345 678, ph.+371 29123456").text == "không trả lời.[phone], ph.[phone]"


@pytest.mark.parametrize(("text", "redacted"), PAST_A_WORD)
def test_a_word_for_an_order_hides_no_phone_number_further_on(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize(("text", "redacted"), MARKED)
def test_numbers_in_links_and_in_emphasis_go(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize(("text", "redacted"), BESIDE)
def test_a_rating_beside_a_number_stays(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


def test_dots_all_through_or_a_number_behind_are_no_times_of_day() -> None:
    assert redact("call 10.30.12.45").text == "call [phone]"
    assert redact("call me at 9.30 10.45, tel 29123456").text == "call me at 9.30 10.45, tel [phone]"


@pytest.mark.parametrize("text", STAY)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text).text == text


@given(st.lists(st.integers(0, 10), max_size=30), st.sampled_from([" ", ",", "/", " / ", "\u2009", "\n"]))
def test_ratings_are_never_a_number(ratings: list[int], between: str) -> None:
    text = between.join(map(str, ratings))
    assert redact(text).text == text


class _Reader:
    """The pattern of words, counting the characters that it is given to read."""

    def __init__(self, words: re.Pattern[str]) -> None:
        self.words = words
        self.read = 0

    def finditer(self, text: str, start: int, end: int) -> Any:
        self.read += max(end - start, 0)
        return self.words.finditer(text, start, end)


@pytest.mark.parametrize(
    "part", ["12 34 ", "123-", "(12) ", "tel 1234567 ", "1234567,", "order ", "0912345678 "]
)
def test_words_are_read_once_however_many_numbers_there_are(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = _Reader(phone_numbers._WORDS)
    monkeypatch.setattr(phone_numbers, "_WORDS", reader)
    text = part * 500
    redact(text)
    assert reader.read <= len(text)
