"""Phone numbers in running text of any language, told from order numbers, prices, dates and ratings.

A number is taken for a phone number where its form says so (+371 ..., 0912 345 678, 138 1234 5678, 555-234-5678), or
where a word before it does ("tel.", "โทร", "电话"). Words such as "order" right before it say that it is none. Digits
of every script count. What has neither form nor word is left: a bare 29123456 may as well be an order.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from data.number_gaps import GAPS, LONGEST, SPACES, in_ascii_digits
from data.number_words import COUNTERS, JOINED, LISTED, MONEY_AFTER, NUMBER, ORDERS

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
_LONGEST_WORD: Final = 30
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
_AMOUNT_AFTER: Final = re.compile(rf"{MONEY_AFTER}|[,.:]\d{{1,3}}(?!\d)", re.IGNORECASE)
_MONEY: Final = frozenset("$€£¥฿₫")
_EMPHASIS: Final = frozenset("*_")  # **0912 345 678**
_MARKS: Final = "#№=&@*_"
_CHATS: Final = ("zalo.me/", "wa.me/", "t.me/", "viber.me/")  # links that end with a phone number
_LONGEST_CHAT: Final = max(map(len, _CHATS))
_WORD_AFTER: Final = re.compile(r"[A-Za-z0-9@]|_{1,3}[A-Za-z0-9]")

_PHONE: Final = (
    r"(?<![a-z])(?:cell|hand)?phone|mobile|\btel(?!e[cksv])|\bfax\b|\bhp\b|tālr|telef|\bтел|mob\.|\bmobil\b|móvil|tél"
    r"|\bhandy(?=[ -]nr)"
)
_PHONE_WORDS: Final = (
    rf"{_PHONE}|\bcell\b|\bcall|\bring\b|\bsms\b|whats ?app|viber|zalo|telegram|hotline|\btlf|zvan|звон"
    r"|điện thoại|dien thoai|\b(?:sđt|sdt|đt)|\bgọi|số máy|\bgoi\b|โทร|เบอร์|มือถือ|电话|電話|手机|手機|致电|微信|联系"
    r"|携帯|전화|연락처|anruf|rufnummer|llama|appel|móvel|celular|cellular|\b(?:no\.?|nomor) wa\b"
    r"|\bwa(?:[:.]| saya\b)|hubungi|\bsimu\b|फोन|फ़ोन|मोबाइल|هاتف|جوال|موبايل|تلفن|[☎📞📱]"
)
# The "no." of "phone no." and "Tel.-Nr." is the phone's; by itself it is an order's.
_PHONE_NUMBER: Final = rf"(?:{_PHONE})\w{{0,6}}[ .-]{{0,2}}(?:{NUMBER}|numur)"
_WORDS: Final = re.compile(rf"(?P<phone>{_PHONE_NUMBER}|{_PHONE_WORDS})|{ORDERS}|{COUNTERS}", re.IGNORECASE)
_JOINED: Final = re.compile(JOINED, re.IGNORECASE)
_LISTED: Final = re.compile(LISTED, re.IGNORECASE)

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
    text = in_ascii_digits(text)
    last, order, word, read = _NOWHERE, 0, _NO_WORD, 0
    for chain in _CHAIN.finditer(text):
        word = _last_word(text, read, chain.start()) or word
        read = chain.end()
        if chain[0] == PLACEHOLDER:
            last = chain.span()
            continue
        groups, number = _groups(text, *chain.span()), 0
        while number < len(groups):
            near = groups[number : number + _MOST_GROUPS]
            cued = _cue(text, word, near[0].start, last, order)
            taken = _longest(text, near, word, last, cued)
            if taken:
                start, end = _opening(text, near[0].start), near[taken - 1].end
                yield start, end
                last = (end - len(PLACEHOLDER), end)
                word = (word[0] + last[0] - start, word[1])
            elif cued is False and (taken := _longest_form(text, near, plus=False, cued=None)):
                order = near[taken - 1].end
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


def _longest(text: str, groups: Sequence[_Group], word: Word, last: Span, cued: bool | None) -> int:
    """How many of ``groups``, from the first on, are one phone number; 0 if none are.

    ``word`` is the nearest before it that tells, ``last`` the phone number before it.
    """
    start = groups[0].start
    opening = _opening(text, start)
    plus = any(sign in "+＋" for sign in text[opening:start])
    if (cued is False and not plus) or not _may_begin(text, opening, cued, last):
        return 0
    if (
        opening
        and text[opening - 1] in _MARKS
        and not (plus or _may_be_marked(text, opening, word, cued, last))
    ):
        return 0
    return _longest_form(text, groups, plus, cued)


def _longest_form(text: str, groups: Sequence[_Group], plus: bool, cued: bool | None) -> int:
    """How many have the form of one phone number, whatever stands before it but a plus and a word."""
    start = groups[0].start
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
        if len(digits) >= _FEWEST and not _is_counted(digits, groups[: number + 1]):
            yield _Run(digits, tuple(sizes), tuple(gaps), group.end)


def _is_counted(digits: str, groups: Sequence[_Group]) -> bool:
    """Whether somebody counted, or held a key down: 0123456789, 01 02 03 04 05, 99999999."""
    if len(set(digits)) == 1 or digits in _COUNTED:
        return True
    numbers = [int(group.digits) for group in groups]
    return len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


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


def _cue(text: str, word: Word, first: int, last: Span, order: int) -> bool | None:
    """What the nearest word before a number says: a phone (True), something else (False), nothing (None).

    A word for something else speaks of the number right behind it only: "my order never came 07911 123456". A number
    that follows ``last`` at once is of the same kind: "tel. 29123456, 26123456". So is one in a list with a number of
    an order that looks like a phone's and ends at ``order`` (0: there is none): "orders 0912345678 and 0912345679".
    """
    start = _opening(text, first)
    if order and _LISTED.fullmatch(text, order, start):
        return False
    end, is_phone = word
    if not is_phone:
        near = end >= start - _LOOK_BACK
        return False if near and _JOINED.fullmatch(text, int(end), start) else None
    look_from = last[0] if start - last[1] <= _SAME_LIST else start
    return True if end >= look_from - _LOOK_BACK else None


def _may_begin(text: str, start: int, cued: bool | None, last: Span) -> bool:
    if start in (0, last[1]):
        return True
    before = text[start - 1]
    if before in _MONEY or before.isdecimal():
        return False
    if before in "/-.," and start > 1 and text[start - 2].isalnum():
        if before == "/" and text[max(start - _LONGEST_CHAT, 0) : start].lower().endswith(_CHATS):
            return True
        return last[1] == start - 1 or (before in ".," and not text[start - 2].isdecimal())
    return cued is True or not (before.isascii() and before.isalnum())


def _may_be_marked(text: str, start: int, word: Word, cued: bool | None, last: Span) -> bool:
    """Whether a phone number can stand behind one of the marks: in emphasis, or where a word for it says so.

    In a link or a name of a file that word is part of it: "?phone=0912345678", but not "phone: IMG_0912345678.jpg".
    """
    before = text[max(start - 4, last[1], 0) : start].rstrip(_MARKS)  # a number that was found is no word
    if before and before[-1].isalnum():
        return cued is True and not any(map(str.isspace, text[int(word[0]) : start]))
    return cued is True or text[start - 1] in _EMPHASIS
