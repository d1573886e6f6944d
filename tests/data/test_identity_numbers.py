"""National numbers go where a word or a sure check digit tells them; other long numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.identity_numbers import chinese_holds, ean_holds, korean_holds, thai_holds
from data.redaction import redact

WORDED = [
    ("CCCD: 001 099 012 345", "CCCD: [id]"),
    ("CCCD số 001099012345, sđt 0912345678", "CCCD số [id], sđt [phone]"),
    ("so_cccd=001099012345", "so_cccd=[id]"),
    ("CMND/CCCD 012345678 0912345678", "CMND/CCCD [id] [phone]"),
    ("số căn cước công dân của tôi là 001.099.012.345", "số căn cước công dân của tôi là [id]"),
    ("chứng minh nhân dân 012345678", "chứng minh nhân dân [id]"),
    ("hộ chiếu B1234567", "hộ chiếu [id]"),
    ("เลขบัตรประชาชนของผมคือ 1234567890123", "เลขบัตรประชาชนของผมคือ [id]"),
    ("เลขประจำตัว ๑ ๒๓๔๕ ๖๗๘๙๐ ๑๒ ๓", "เลขประจำตัว [id]"),
    ("mans personas kods ir 010190-12345", "mans personas kods ir [id]"),
    ("Personas kods: 320101-12345.", "Personas kods: [id]."),
    ("p.k. 010190-12345", "p.k. [id]"),
    ("身份证号码是110105194912310020", "身份证号码是[id]"),
    ("身份证（110105491231002）", "身份证（[id]）"),
    ("身分證A123456789", "身分證[id]"),
    ("身分證字號A123456789, 身份證字號：A123456789", "身分證字號[id], 身份證字號：[id]"),
    ("身份证字号110105194912310020", "身份证字号[id]"),
    ("PESEL 44051401358", "PESEL [id]"),
    ("my SSN is 123-45-6789", "my SSN is [id]"),
    ("social security number 123 45 6789", "social security number [id]"),
    ("マイナンバーは1234 5678 9012です", "マイナンバーは[id]です"),
    ("주민등록번호 900101-1234567", "주민등록번호 [id]"),
    ("national id no. 1234 5678 9012", "national id no. [id]"),
    ("Passport No. AB1234567", "Passport No. [id]"),
    ("NIK 3201234567890001", "NIK [id]"),
    ("DNI 12345678-Z", "DNI [id]"),
    ("CCCD | 001099012345 đồng ý", "CCCD | [id] đồng ý"),
    ("PESEL to 44051401358", "PESEL to [id]"),
]
CHECKED = [
    ("我11010519491231002X，马克", "我[id]，马克"),
    ("ID: 110105 1949 1231 002x", "ID: [id]"),
    ("1-1017-00203-45-0 and 1 1017 00203 45 0", "[id] and [id]"),
    ("ของผม 1101700203450 ครับ", "ของผม [id] ครับ"),
    ("๑๑๐๑๗๐๐๒๐๓๔๕๐ ครับ", "[id] ครับ"),
    ("저 900101-1234568 입니다", "저 [id] 입니다"),
]
STAY = [
    "44051401359 and 1234 5678 9018",  # right check digits of a PESEL and a My Number; no word
    "110105194912310021, 11010519491331002X, 1-1017-00203-45-1, 900101-1234567",  # wrong check digits or days
    "order 1101700203450",
    "订单号11010519491231002X",
    "พัสดุเลขที่ 1101700203450 ยังไม่มา",
    "1101700203450 never came",  # nothing Thai
    "บาร์โค้ด 8850123456787 สแกนไม่ได้",
    "บาร์โค้ด 1234567890121, รหัสสินค้าของผมคือ 1234567890121",
    "หมายเลขสั่งซื้อ 1234567890121, การสั่งซื้อเลขที่ 1234567890121",
    "cmnd 200 000 000 đồng, cmnd 200 000 000 dong",
    "ISBN 9783161484100 ของแท้",
    "CCCD 12 số, làm CCCD mất 150.000 đồng trong 3 ngày",
    "passport 12.03.2025, passport 10:30, passports of 2024-2025",
    "SSN ending 6789",
    "national id took 45 minutes, 123456789 people wait",
    "nik 12345678, dni 12 34 56",
]


@pytest.mark.parametrize(("text", "redacted"), WORDED)
def test_a_word_tells_a_national_number(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize(("text", "redacted"), CHECKED)
def test_a_check_digit_in_a_rare_form_tells_it_too(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


@pytest.mark.parametrize("text", STAY)
def test_other_long_numbers_stay(text: str) -> None:
    assert redact(text).text == text


def test_they_are_counted_as_what_they_are() -> None:
    assert redact("CCCD: 001 099 012 345, SĐT 0912345678").counts == {"id": 1, "phone": 1}


@pytest.mark.parametrize(
    ("holds", "number"),
    [
        (chinese_holds, "110105194912310029"),
        (thai_holds, "1101700203450"),
        (korean_holds, "9001011234568"),
        (ean_holds, "9783161484100"),
    ],
)
def test_one_digit_in_the_last_place_holds(holds: object, number: str) -> None:
    assert callable(holds)
    assert sum(holds(number[:-1] + digit) for digit in "0123456789X"[: 10 + (holds is chinese_holds)]) == 1


@given(
    st.text("0123456789", min_size=9, max_size=11),
    st.sampled_from(["order no. ", "mã đơn: ", "订单号", "พัสดุ "]),
)
def test_the_number_of_an_order_is_nobodys(number: str, word: str) -> None:
    assert redact(f"{word}{number} late").text == f"{word}{number} late"


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["885", "978"]))
def test_barcodes_stay_in_thai_texts_too(digits: str, prefix: str) -> None:
    barcode = next(f"{prefix}{digits}{last}" for last in range(10) if ean_holds(f"{prefix}{digits}{last}"))
    assert redact(f"สินค้า {barcode} ครับ").text == f"สินค้า {barcode} ครับ"


@given(
    st.integers(1, 10**9),
    st.sampled_from(["{:,} đồng", "{} đồng", "{:,}đ", "¥{}", "฿{:,}", "{} บาท", "${:,}.00"]),
)
def test_prices_stay_behind_any_word(amount: int, form: str) -> None:
    price = form.format(amount)
    for word in ("CCCD", "order", "giá", "passport", "价格", ""):
        assert redact(f"{word} {price}").text == f"{word} {price}"


@given(st.lists(st.integers(1, 400), min_size=2, max_size=3), st.integers(0, 23), st.integers(10, 59))
def test_sizes_and_times_stay(sides: list[int], hour: int, minute: int) -> None:
    text = f"{' x '.join(map(str, sides))} cm, {hour}:{minute}-{hour}:{minute}, {hour}h{minute}, WH-{sides[0]}XM{hour}"
    assert redact(text).text == text
