"""Phone numbers in running text of any language, told from order numbers, prices, dates and ratings.

A number is taken for a phone number where its form says so (+371 ..., 0912 345 678, 138 1234 5678, 555-123-4567), or
where a word before it does ("tel.", "โทร", "电话"). Words such as "order" before it say that it is none. Digits of
every script count. What has neither form nor word is left: a bare 29123456 may as well be an order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = re.compile(r"\d+")
_GAP: Final = re.compile(r"[ .()\u00a0\u2010-\u2013\u2212-]{1,3}|/")
_MOST_GROUPS: Final = 8
_FEWEST: Final = 7  # digits
_COUNTED: Final = ("0123456789", "1234567890", "1234567", "12345678", "123456789")
_MOST: Final = 15  # ITU-T E.164
_LOOK_BACK: Final = 24
_SAME_LIST: Final = 8  # characters between two numbers of one list
_DATE: Final = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?![./-]?\d)"
    r"|\d{1,2} \d{1,2} (?:19|20)\d\d(?!\d)"
)

_PHONE_WORDS: Final = re.compile(
    r"phone|mobile|\bcell\b|\btel|\bcall|\bring\b|\bfax\b|\bsms\b|whats ?app|viber|zalo|telegram|hotline"
    r"|tālr|\btlf|zvan|mob\.|telef|тел|звон|điện thoại|dien thoai|\b(?:sđt|sdt|đt)|\bgọi|số máy|\bgoi\b"
    r"|โทร|เบอร์|มือถือ|电话|電話|手机|手機|致电|微信|联系|telefon|anruf|rufnummer|llama|tél|appel|携帯|전화",
    re.IGNORECASE,
)
_OTHER_WORDS: Final = re.compile(
    r"order|purchase|invoice|receipt|ticket|tracking|parcel|serial|model|isbn|\bref|\bcase\b|\bcode|\bno\.|\bnr\b|\bid\b|account"
    r"|version|price|#|№|pasūtījum|rēķin|sūtījum|numur|заказ|đơn|\bmã\b|vận đơn|hóa đơn|\bdon\b|ออเดอร์|คำสั่งซื้อ|พัสดุ"
    r"|เลขที่|订单|訂單|单号|單號|编号|快递|bestell|rechnung|pedido|factura|commande|facture|注文|주문",
    re.IGNORECASE,
)
_NO_PHONE_BEFORE: Final = frozenset("#№$€£¥฿₫_=&@*,")
_AMOUNT_AFTER: Final = re.compile(
    r"\s?(?:[$€£¥฿₫%°]|đ\b|vnđ|vnd|usd|eur|thb|rmb|元|บาท|块)|[,.:]\d", re.IGNORECASE
)
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9_@]")


Group = tuple[int, int]  # start and end of digits that stand together


@dataclass(frozen=True, slots=True)
class _Run:
    """Groups next to each other: their digits, sizes, the gaps between them, and where they end."""

    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    end: int


def find_phones(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each phone number, its plus sign and opening bracket with it.

    The cost of a text is bounded by a constant for each of its characters.
    """
    groups = [found.span() for found in _DIGITS.finditer(text)]
    number, last = 0, (-1, -1)
    while number < len(groups):
        taken = _longest(text, groups, number, last)
        if taken:
            last = (_opening(text, groups[number][0]), groups[number + taken - 1][1])
            yield last
        number += taken or 1


def _longest(text: str, groups: Sequence[Group], first: int, last: Group) -> int:
    """How many groups from ``first`` on are one phone number; 0 if none are.

    ``last`` is the phone number before it.
    """
    start = groups[first][0]
    opening = _opening(text, start)
    if _DATE.match(text, start):
        return 0
    runs = _runs(text, groups, first)
    if not runs:
        return 0
    cued = _cue(text, opening, last)
    if not _may_begin(text, opening, cued, last):
        return 0
    plus = text[opening:start].lstrip("(（").startswith(("+", "＋"))
    best = 0
    for run in runs:
        if _is_phone(run, plus, cued) and not _goes_on(text, run.end, cued):
            best = len(run.sizes)
            if len(run.digits) >= (11 if plus else 10):  # what follows is another number
                break
    return best


def _runs(text: str, groups: Sequence[Group], first: int) -> list[_Run]:
    """What could be a phone number by its length and its groups, from the group ``first`` on, the shortest first."""
    runs, digits, gaps, sizes = [], "", [], []
    for number in range(first, min(first + _MOST_GROUPS, len(groups))):
        start, end = groups[number]
        if number > first:
            gap = text[groups[number - 1][1] : start]
            # A group of one digit is a rating beside the number, but for the (0) of +49 (0) 171.
            if not _GAP.fullmatch(gap) or (end - start == 1 and text[start] != "0"):
                break
            gaps.append(gap.strip("()") or " ")
        if len(digits) + end - start > _MOST:
            break
        digits += "".join(str(int(char)) for char in text[start:end])
        sizes.append(end - start)
        if len(digits) >= _FEWEST and len(set(digits)) > 1 and digits not in _COUNTED:
            runs.append(_Run(digits, tuple(sizes), tuple(gaps), end))
    return runs


def _is_phone(run: _Run, plus: bool, cued: bool | None) -> bool:
    if "/" in run.gaps:
        return cued is not False and not plus and _is_area_and_number(run)
    if plus:
        return len(run.digits) >= 8
    if re.match("00[1-9]", run.digits) and cued is not False:
        return len(run.digits) >= 11
    return _is_national(run) if cued is None else cued


def _is_area_and_number(run: _Run) -> bool:
    """0171/1234567, as in German."""
    return (
        run.digits.startswith("0") and len(run.sizes) == 2 and run.sizes[0] in (3, 4, 5) and run.sizes[1] >= 5
    )


def _is_national(run: _Run) -> bool:
    """Trunk zero (Vietnam, Thailand, most of Europe), Chinese mobile, North American."""
    digits, sizes = run.digits, run.sizes
    if re.match("0[1-9]", digits):
        in_parts = len(sizes) > 1 and 2 <= sizes[0] <= 5 and len(set(run.gaps[1:])) <= 1
        return 9 <= len(digits) <= 11 and (len(sizes) == 1 or in_parts)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return sizes in ((11,), (3, 4, 4))
    return sizes == (3, 3, 4) and re.fullmatch(r"[2-9]\d\d[2-9]\d{6}", digits) is not None


def _goes_on(text: str, end: int, cued: bool | None) -> bool:
    """Whether what follows makes it an amount, or part of a word where no word says that it is a phone."""
    return bool(_AMOUNT_AFTER.match(text, end) or (not cued and _WORD_AFTER.match(text, end)))


def _opening(text: str, start: int) -> int:
    """Where the number really begins: its first digit, or the plus and the bracket before that."""
    for signs in ("(（", "+＋", "(（"):
        if start and text[start - 1] in signs:
            start -= 1
    return start


def _cue(text: str, start: int, last: Group) -> bool | None:
    """What the nearest word before a number says: a phone (True), something else (False), nothing (None).

    A number that follows ``last`` at once is of the same kind: "tel. 29123456, 26123456".
    """
    look_from = last[0] if start - last[1] <= _SAME_LIST else start
    before = text[max(0, look_from - _LOOK_BACK) : start]
    phone, other = (
        max((found.end() for found in words.finditer(before)), default=0)
        for words in (_PHONE_WORDS, _OTHER_WORDS)
    )
    return None if phone == other else phone > other


def _may_begin(text: str, start: int, cued: bool | None, last: Group) -> bool:
    before = text[start - 1] if start else " "
    if before in _NO_PHONE_BEFORE or before.isdecimal():
        return False
    if before in "/-." and start > 1 and text[start - 2].isalnum():
        return last[1] == start - 1
    return cued is True or not (before.isascii() and before.isalnum())
