"""Numbers of people in national registers, told by a word before them or, where that is enough, by their check digit.

A check digit holds for one number in ten or eleven by chance. So it decides alone only beside a form that is rare by
itself: China (a birthday within 18 places), Thailand (1-2345-67890-12-3, or 13 digits in a text with Thai letters) and
Korea before October 2020 (a birthday, a hyphen). All others need their word: a PESEL, a My Number or an SSN looks like
any order number.
"""

import re
from collections.abc import Iterator
from typing import Final

from data.number_gaps import GAPS, LONGEST, SPACES, in_ascii_digits
from data.number_words import JOINED, JOINER, MONEY_AFTER, ORDERS, SPACE

_GAP: Final = rf"[{GAPS}]{{0,{LONGEST}}}"
_BEFORE: Final = r"(?<![0-9A-Za-z])(?<![0-9][.,/])"
_APART: Final = "(?<![0-9a-z])"
_END: Final = rf"(?![0-9A-Za-z])(?!{MONEY_AFTER})"
_LOOK_BACK: Final = 60  # characters that a word for an order and the joiners behind it can take


def _digits(*counts: int, last: str = "[0-9]") -> str:
    """So many digits: together, else in groups; what stands together is never part of a longer number in groups."""
    together = "|".join(rf"[0-9]{{{count - 1}}}{last}{_END}" for count in counts)
    grouped = "|".join(rf"[0-9](?:{_GAP}[0-9]){{{count - 2}}}{_GAP}{last}{_END}" for count in counts)
    return f"{together}|{grouped}"


# Shorter ones are not looked for, and most texts have none: one search tells.
_LONG: Final = re.compile(rf"[0-9](?:{_GAP}[0-9]){{6}}")
# What people call their number, and the forms that it has then. Of two lengths the longer one comes first.
_NUMBERS: Final = {
    rf"{_APART}(?:cccd|cmnd)|căn cước(?: công dân)?|can cuoc(?: cong dan)?|định danh"
    r"|chứng minh (?:nhân dân|thư)|chung minh (?:nhan dan|thu)": _digits(12, 9),
    "ประจำตัวประชาชน|บัตรประชาชน|เลขประจำตัว|เลขบัตร": _digits(13),
    r"pers(?:onas|onīgais|\.) ?kod(?:s|a|u|am|ā)|\bp\. ?k\.|isikukood|asmens kod(?:as|o|ą)": _digits(11),
    rf"{_APART}(?:pesel|cpf)|снилс": _digits(11),
    "身份证|身份證": _digits(18, 15, last="[0-9X]"),
    "身[分份]證": rf"[A-Z][0-9]{{9}}{_END}",
    "マイナンバー|個人番号|aadhaa?r|आधार": _digits(12),
    "주민등록번호|주민번호|외국인등록번호": _digits(13),
    rf"{_APART}(?:ssn|bsn)|social security": _digits(9),
    rf"{_APART}(?:nik|ktp)": _digits(16),
    rf"{_APART}(?:dni|nie)": rf"(?:[0-9]{{8}}|[XYZ]-?[0-9]{{7}})-?[A-Z]{_END}",
    rf"personnummer|{_APART}cpr": _digits(12, 10),
    r"national id(?:entity)?|identity card|\bid card|citizen id": _digits(14, 13, 12, 11, 10, 9),
    r"passport|hộ chiếu|ho chieu|หนังสือเดินทาง|护照|護照|パスポート|여권|паспорт|\bpas(?:e|es|ei|i) (?:nr|numur)": (
        rf"[A-Z]{{1,2}}[0-9]{{7,9}}{_END}|{_digits(10, 9)}"
    ),
}
# "An order to 0912345678" may be a phone's: of ids only.
_MORE_JOINERS: Final = "card|to|jest|công dân|字[號号]"
_WORDED: Final = re.compile(
    "|".join(
        rf"(?:{words})(?:{SPACE}(?:{JOINER}|{_MORE_JOINERS})){{0,6}}{SPACE}(?P<number_{place}>{number})"
        for place, (words, number) in enumerate(_NUMBERS.items())
    ),
    re.IGNORECASE,
)
_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CHINESE: Final = re.compile(
    rf"{_BEFORE}[1-8][0-9]{{5}}{_GAP}(?:18|19|20)[0-9][0-9]{_GAP}{_DAY}{_GAP}[0-9]{{3}}[0-9Xx]{_END}"
)
_KOREAN: Final = re.compile(rf"{_BEFORE}[0-9]{{2}}{_DAY} ?[-\u2010-\u2013] ?[1-4][0-9]{{6}}{_END}")
_THAI: Final = re.compile(
    rf"{_BEFORE}[1-8](?:(?P<gap>[{SPACES}\-\u2010-\u2013])[0-9]{{4}}(?P=gap)[0-9]{{5}}(?P=gap)[0-9]{{2}}(?P=gap)[0-9]"
    rf"|[0-9]{{12}}){_END}"
)
_THAI_LETTER: Final = re.compile("[\u0e01-\u0e2e]")
_OF_ORDER: Final = re.compile(rf"(?:{ORDERS}){JOINED}\Z", re.IGNORECASE)


def find_ids(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each number, in order and apart from each other.

    The cost of a text is bounded by a constant for each of its characters.
    """
    text, position = in_ascii_digits(text), 0
    if not _LONG.search(text):
        return
    for start, end in sorted((*_worded(text), *_checked(text))):
        if start >= position:
            yield start, end
            position = end


def _worded(text: str) -> Iterator[tuple[int, int]]:
    for found in _WORDED.finditer(text):
        yield found.span(found.lastgroup or 0)


def _checked(text: str) -> Iterator[tuple[int, int]]:
    for form, holds in ((_CHINESE, chinese_holds), (_KOREAN, korean_holds), (_THAI, thai_holds)):
        for found in form.finditer(text):
            digits = "".join(filter(str.isalnum, found[0]))
            if holds(digits) and not _is_another(text, found):
                yield found.span()


def _is_another(text: str, found: re.Match[str]) -> bool:
    """Whether a word tells of an order, or 13 digits are a barcode or in a text without a Thai letter."""
    start = found.start()
    if _OF_ORDER.search(text[max(start - _LOOK_BACK, 0) : start]):
        return True
    bare = found[0].isdecimal() and found.re is _THAI
    return bare and (not _THAI_LETTER.search(text) or ean_holds(found[0]))


def chinese_holds(number: str) -> bool:
    """Whether the last of 18 places is the check digit of the others (GB 11643, ISO 7064 mod 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def thai_holds(number: str) -> bool:
    """Whether the last of 13 digits is the check digit of the others: weights 13 to 2, mod 11."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(number[:12]))
    return (11 - total % 11) % 10 == int(number[12])


def korean_holds(number: str) -> bool:
    """Whether the last of 13 digits is the check digit of the others: weights 2 to 9 and 2 to 5, mod 11."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(number[:12]))
    return (11 - total % 11) % 10 == int(number[12])


def ean_holds(number: str) -> bool:
    """Whether the last of 13 digits is that of a barcode (GS1): weights 1 and 3, mod 10."""
    return sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(number)) % 10 == 0
