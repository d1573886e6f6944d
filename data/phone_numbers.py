"""Phone numbers in running text of any language, told from order numbers, prices, dates and ratings.

A number is taken for a phone number where its form says so (+371 ..., 0912 345 678, 138 1234 5678, 555-234-5678), or
where a word before it does ("tel.", "โทร", "电话"). Words such as "order" before it say that it is none. Digits of
every script count. What has neither form nor word is left: a bare 29123456 may as well be an order.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from data.number_gaps import GAPS, LONGEST, SPACES

_FOREIGN_DIGIT: Final = re.compile(r"[^\D0-9]")
_DIGITS: Final = re.compile(r"[0-9]+")
_ZERO_FIRST: Final = re.compile(r"0(?:0[ .-]?)?[1-9]")
_SPACE: Final = rf"[{GAPS}]{{1,{LONGEST}}}"
_GAP: Final = rf"(?:{_SPACE}|[{SPACES}]?/[{SPACES}]?)"
_FEWEST: Final = 7  # digits
PLACEHOLDER: Final = "[phone]"  # in place of a number that was found
# It begins with a set of characters, which is quick to search for; behind that, it is one of the two.
_CHAIN: Final = re.compile(rf"[\[0-9](?:(?<=\[)phone\]|(?<=[0-9])(?:{_GAP}?[0-9]){{{_FEWEST - 1},}})")
_MOST: Final = 15  # digits (ITU-T E.164)
_MOST_DIALLED: Final = _MOST + 3  # with the 00 before the country's code, and the (0) behind it
_MOST_GROUPS: Final = 8
_CODES: Final = 6  # digits of the codes of a country and an area, at most
_WHOLE: Final = 10  # digits behind which a space ends a national number
_COUNTED: Final = ("0123456789", "1234567890", "1234567", "12345678", "123456789")
_LOOK_BACK: Final = 20  # characters from the end of a word to the number that it speaks of
_LONGEST_WORD: Final = 20
_SAME_LIST: Final = 8  # characters between two numbers of one list

_DATE: Final = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?![./-]?\d)"
    rf"|(?:\d{{1,2}} \d{{1,2}} |(?:19|20)\d\d{_SPACE})(?:19|20)\d\d(?!\d)"
)
# Times of day, two and more: 10.30 12.45 14.15, 10.30-12.45. With dots all through, 10.30.12.45 may be a phone.
_TIME: Final = r"(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]"
_TIMES: Final = re.compile(rf"{_TIME}(?:[{SPACES}\u2010-\u2013-]{{1,{LONGEST}}}{_TIME})+(?![{GAPS}]?[0-9])")
# Thousands as no phone number is written: 5.990.000, 12.500.000, 10 000 000.
_AMOUNT: Final = re.compile(
    rf"(?:[1-9]\.\d{{3}}\.\d{{3}}|[1-9]\d\.\d{{3}}\.\d00|[1-9]\d{{0,2}}[{SPACES}.]\d{{3}}[{SPACES}.]000)(?![{SPACES}.]?\d)"
)
_AMOUNT_AFTER: Final = re.compile(
    r"\s?(?:[$€£¥฿₫%°]|đ\b|vnđ|vnd|usd|eur|thb|rmb|元|บาท|块)|[,.:]\d{1,3}(?!\d)", re.IGNORECASE
)
_NO_PHONE_BEFORE: Final = frozenset("#№$€£¥฿₫_=&@*")
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9_@]")

_PHONE: Final = r"(?<![a-z])(?:cell|hand)?phone|mobile|\btel(?!e[cksv])|\bfax\b|\bhp\b|tālr|telef|\bтел"
_PHONE_WORDS: Final = (
    rf"{_PHONE}|\bcell\b|\bcall|\bring\b|\bsms\b|whats ?app|viber|zalo|telegram|hotline|\btlf|zvan|mob\.|\bmobil\b|звон"
    r"|điện thoại|dien thoai|\b(?:sđt|sdt|đt)|\bgọi|số máy|\bgoi\b|โทร|เบอร์|มือถือ|电话|電話|手机|手機|致电|微信|联系"
    r"|携帯|전화|연락처|anruf|rufnummer|llama|tél|appel|móvil|móvel|celular|cellular|\b(?:no\.?|nomor) wa\b"
    r"|\bwa(?:[:.]| saya\b)|hubungi|\bsimu\b|फोन|फ़ोन|मोबाइल|هاتف|جوال|موبايل|تلفن|[☎📞📱]"
)
# The "no." of "phone no." is the phone's; by itself it is an order's.
_PHONE_NUMBER: Final = rf"(?:{_PHONE})\w{{0,6}}[ .]{{0,2}}(?:no\.|nr\b|numur|#|№)"
_OTHER_WORDS: Final = (
    r"order|purchase|invoice|receipt|ticket|tracking|parcel|serial|model|isbn|imei|barcode|\bref|\bcase\b|\bcode"
    r"|\bno\.|\bnr\b|\bid\b|account|version|price|#|№|pasūtījum|rēķin|sūtījum|numur|заказ|đơn|\bmã\b|\bdon\b|ออเดอร์"
    r"|คำสั่งซื้อ|พัสดุ|เลขที่|订单|訂單|单号|單號|编号|快递|注文|주문|bestell|rechnung|pedido|factura|commande|facture"
    r"|pesanan|\bresi\b|faktur|transaksi|rekening"
)
_WORDS: Final = re.compile(rf"(?P<phone>{_PHONE_NUMBER}|{_PHONE_WORDS})|{_OTHER_WORDS}", re.IGNORECASE)

# The codes of countries (ITU-T E.164), and the most digits behind them in everyday numbers (after libphonenumber 9).
_COUNTRY: Final = re.compile(r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d")
_MOST_BEHIND: Final = {
    country: most
    for most, countries in {
        10: "1 7 20 30 44 52 53 57 58 60 63 64 81 82 84 90 91 92 95 98 225 229 234 353 358 381 850 856 880 964 976 977",
        11: "39 43 49 54 55 86",
        12: "62",
    }.items()
    for country in countries.split()
}
_MOST_BEHIND_OTHERS: Final = 9
# National numbers that begin with no trunk digit, or with one that stands alone; "_" is a gap.
_FORMS: Final = (
    r"1[3-9]\d{9}|1[3-9]\d_\d{4}_\d{4}|0[1-9]\d\d_\d{8}",  # China
    r"(?:1_)?[2-9]\d\d_[2-9]\d\d_\d{4}|1_[2-9]\d\d_[2-9]\d{6}",  # North America
    r"89\d{9}|8_[3-9]\d\d_(?:\d{3}_\d\d_\d\d|\d{3}_\d{4}|\d{7})",  # Russia
    r"0_[2-9]\d\d_(?:\d{3}_\d\d_\d\d|\d{3}_\d{4}|\d{7})",  # Turkey
    r"0-[2-7]\d{3}-\d{4}",  # Thailand
    r"[08]_6\d\d_\d{5}",  # Lithuania
    r"[1-9]\d_9\d{4}_\d{4}",  # Brazil
)
_OWN_FORM: Final = re.compile(f"(?:{'|'.join(_FORMS).replace('_', _SPACE)})(?![0-9])")
_LONG_MOBILE: Final = re.compile(r"08[1-9]|01[5-7]")  # Indonesia, Germany

Span = tuple[int, int]  # start and end
Word = tuple[float, bool]  # where a word ends, and whether it tells of a phone (or of something else)
_NOWHERE: Final = (-1, -1)
_NO_WORD: Final = (-math.inf, False)


class _Group(NamedTuple):
    """Digits that stand together, where they stand, and the gap between them and those before, "" if there are none."""

    digits: str
    start: int
    end: int
    gap: str


class _Run(NamedTuple):
    """Groups next to each other: their digits, sizes, the gaps between them, and where they end."""

    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    end: int


def find_phones(text: str) -> Iterator[Span]:
    """Start and end of each phone number, its plus sign and opening bracket with it.

    A number counts for those behind it like its placeholder, so that a text whose numbers were replaced has no more.
    The cost of a text is bounded by a constant for each of its characters.
    """
    text = _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), text)
    last, word, read = _NOWHERE, _NO_WORD, 0
    for chain in _CHAIN.finditer(text):
        word = _last_word(text, read, chain.start()) or word
        read = chain.end()
        if chain[0] == PLACEHOLDER:
            last = chain.span()
            continue
        groups, number = _groups(text, *chain.span()), 0
        while number < len(groups):
            taken = _longest(text, groups[number : number + _MOST_GROUPS], word, last)
            if taken:
                start, end = _opening(text, groups[number].start), groups[number + taken - 1].end
                yield start, end
                last = (end - len(PLACEHOLDER), end)
                word = (word[0] + last[0] - start, word[1])
            number += taken or 1


def _last_word(text: str, read: int, start: int) -> Word | None:
    """The last word before ``start`` that tells what a number is; what was ``read`` is not read again."""
    words = _WORDS.finditer(text, max(read, start - _LOOK_BACK - _LONGEST_WORD), start)
    return max(((word.end(), word["phone"] is not None) for word in words), default=None)


def _groups(text: str, start: int, end: int) -> Sequence[_Group]:
    groups, last = [], start
    for found in _DIGITS.finditer(text, start, end):
        groups.append(_Group(found[0], found.start(), found.end(), text[last : found.start()]))
        last = found.end()
    return groups


def _longest(text: str, groups: Sequence[_Group], word: Word, last: Span) -> int:
    """How many of ``groups``, from the first on, are one phone number; 0 if none are.

    ``word`` is the nearest before it that tells, ``last`` the phone number before it.
    """
    start = groups[0].start
    opening = _opening(text, start)
    plus = any(sign in "+＋" for sign in text[opening:start])
    cued = _cue(word, opening, last)
    if (cued is False and not plus) or not _may_begin(text, opening, cued, last):
        return 0
    if cued is None and not plus:
        own = _OWN_FORM.match(text, start)
        if own and not _goes_on(text, own.end(), cued):
            return len(_DIGITS.findall(own[0]))
        if not _ZERO_FIRST.match(text, start):  # every other form without a plus begins so
            return 0
    if _AMOUNT.match(text, start) or ((_DATE.match(text, start) or _TIMES.match(text, start)) and not plus):
        return 0
    return _longest_run(text, groups, plus, cued)


def _longest_run(text: str, groups: Sequence[_Group], plus: bool, cued: bool | None) -> int:
    abroad = plus or text.startswith("00", groups[0].start)
    best: _Run | None = None
    for run in _runs(groups, abroad):
        if best and _is_another(best, run, abroad):
            break
        if _is_phone(run, plus, bool(cued)) and not _goes_on(text, run.end, cued):
            best = run
    return len(best.sizes) if best else 0


def _runs(groups: Sequence[_Group], abroad: bool) -> Iterator[_Run]:
    """What could be a phone number by its length and its groups, from the first group on, the shortest first."""
    digits, sizes, gaps = "", [], []
    for number, group in enumerate(groups):
        if number:
            if not _joins(group, len(digits), abroad):
                return
            gaps.append("/" if "/" in group.gap else group.gap.strip("()（）\u200b") or " ")
        digits += group.digits
        sizes.append(len(group.digits))
        if len(digits) > _MOST_DIALLED:
            return
        if len(digits) >= _FEWEST and len(set(digits)) > 1 and digits not in _COUNTED:
            yield _Run(digits, tuple(sizes), tuple(gaps), group.end)


def _joins(group: _Group, before: int, abroad: bool) -> bool:
    """Whether a group can belong to the ``before`` digits in front of it.

    A group of one digit is a rating beside the number, but for the area of +33 6 12 34 56 78 and the (0) of
    +49 (0) 171 1234567. A slash stands between two numbers, but for the one behind an area's code.
    """
    if "/" in group.gap:
        return before <= _CODES + len("00")
    return len(group.digits) > 1 or (before <= _CODES and (abroad or group.digits == "0"))


def _is_another(best: _Run, run: _Run, abroad: bool) -> bool:
    """Whether what ``run`` has more than ``best``, which is a number already, is another number or a rating."""
    if not abroad:
        return len(best.digits) >= _WHOLE and run.gaps[len(best.gaps)].isspace()
    country, national = _country_and_national(run.digits)
    return len(national) > _MOST_BEHIND.get(country, _MOST_BEHIND_OTHERS)


def _is_phone(run: _Run, plus: bool, cued: bool) -> bool:
    if plus:
        return _is_international(run.digits)
    if re.match("00[1-9]", run.digits):
        return len(run.digits) >= 11 and _is_international(run.digits)
    if "/" in run.gaps:
        return _is_area_and_number(run)
    return len(run.digits) <= _MOST if cued else _has_trunk_zero(run)


def _is_international(digits: str) -> bool:
    country, national = _country_and_national(digits)
    return country != "" and len(digits) >= 8 and not national.startswith("0")


def _country_and_national(digits: str) -> tuple[str, str]:
    """The code of a country, "" if there is none, and the digits behind it without a trunk zero."""
    digits = digits.removeprefix("00")
    found = _COUNTRY.match(digits)
    country = found[0] if found else ""
    return country, digits[len(country) :].removeprefix("0")


def _is_area_and_number(run: _Run) -> bool:
    """0171/1234567 and 0664/123 45 67, as in German."""
    is_area = run.digits.startswith("0") and 3 <= run.sizes[0] <= 5 and run.gaps[0] == "/"
    return is_area and 5 <= sum(run.sizes[1:]) <= 9 and "/" not in run.gaps[1:]


def _has_trunk_zero(run: _Run) -> bool:
    """0912 345 678, as in most countries of Asia, Europe and Africa."""
    in_parts = len(run.sizes) > 1
    if in_parts and not (2 <= run.sizes[0] <= 5 and len(set(run.gaps[1:])) <= 1):
        return False
    most = 12 + in_parts if _LONG_MOBILE.match(run.digits) else 11
    return 9 <= len(run.digits) <= most and re.match("0[1-9]", run.digits) is not None


def _goes_on(text: str, end: int, cued: bool | None) -> bool:
    """Whether what follows makes it an amount, or part of a word where no word says that it is a phone."""
    return bool(_AMOUNT_AFTER.match(text, end) or (not cued and _WORD_AFTER.match(text, end)))


def _opening(text: str, start: int) -> int:
    """Where the number really begins: its first digit, or the plus and the bracket before that."""
    for signs in ("(（", "+＋", "(（"):
        if start and text[start - 1] in signs:
            start -= 1
    return start


def _cue(word: Word, start: int, last: Span) -> bool | None:
    """What the nearest word before a number says: a phone (True), something else (False), nothing (None).

    A number that follows ``last`` at once is of the same kind: "tel. 29123456, 26123456".
    """
    look_from = last[0] if start - last[1] <= _SAME_LIST else start
    end, is_phone = word
    return is_phone if end >= look_from - _LOOK_BACK else None


def _may_begin(text: str, start: int, cued: bool | None, last: Span) -> bool:
    if start in (0, last[1]):
        return True
    before = text[start - 1]
    if before in _NO_PHONE_BEFORE or before.isdecimal():
        return False
    if before in "/-.," and start > 1 and text[start - 2].isalnum():
        return last[1] == start - 1 or (before == "," and not text[start - 2].isdecimal())
    return cued is True or not (before.isascii() and before.isalnum())
