"""Card numbers and bank accounts (IBAN) in running text, told from other numbers by their check digits."""

import re
from collections.abc import Iterator
from typing import Final

from data.number_gaps import GAPS, LONGEST

# Behind a line's end, too: people paste from statements and tables.
_GAP: Final = rf"[{GAPS}\t\n\r]{{0,{LONGEST}}}"
# Every quantifier is bounded and no two of its parts can take the same character: a long text costs a constant for
# each of its characters. "No." is the number of something more often than an account in Norway.
_IBAN: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?i:iban)?(?P<number>(?!(?i:no)\.)[A-Za-z]{{2}}{_GAP}[0-9]{{2}}(?:{_GAP}[A-Za-z0-9]){{11,30}})",
    re.ASCII,
)
_CARD: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][.,])(?:\d{{12,19}}|\d{{4}}(?:{_GAP}\d{{4}}){{2,3}}(?:{_GAP}\d{{1,4}})?|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}})"
    r"(?![0-9A-Za-z])"
)

_GROUP: Final = re.compile(r"\d+")

# Length of an IBAN by country, as in the registry of ISO 13616 (SWIFT, release 99).
_IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
# Issuers' first digits and the lengths of their numbers (ISO/IEC 7812).
_ISSUERS: Final = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|220[0-4]\d{12,15}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"
)


def find_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each IBAN: of a known country, of its length, and with the right check digits (mod 97)."""
    position = 0
    while found := _IBAN.search(text, position):
        end = _iban_end(text, *found.span("number"))
        if end is not None:
            yield found.start("number"), end
        position = end or found.start() + 1


def find_cards(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each card number: of a known issuer, and with the right check digit (Luhn)."""
    position = 0
    while found := _CARD.search(text, position):
        ends = [found.start() + group.end() for group in _GROUP.finditer(found[0])]
        end = next((end for end in reversed(ends) if _is_card(text[found.start() : end])), None)
        if end is not None:
            yield found.start(), end
        # Digits beside a number look like groups of it: "2024 4111 ...", "... 1111 12/27".
        position = end or ends[0]


def _is_card(number: str) -> bool:
    digits = "".join(filter(str.isdecimal, number))
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    return _ISSUERS.fullmatch(digits) is not None and luhn_holds(digits)


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def iban_holds(iban: str) -> bool:
    """Whether an IBAN without gaps has the length of its country and the right check digits (ISO 7064, mod 97-10)."""
    if _IBAN_LENGTHS.get(iban[:2].upper()) != len(iban):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def _iban_end(text: str, start: int, limit: int) -> int | None:
    """Where the IBAN that starts at ``start`` ends, or None if there is none."""
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper())
    if length is None:
        return None
    places = [place for place in range(start, limit) if text[place].isalnum()]
    if len(places) < length:
        return None
    end = places[length - 1] + 1
    if text[end : end + 1].isascii() and text[end : end + 1].isalnum():
        return None
    iban = "".join(text[place] for place in places[:length])
    return end if _is_mostly_digits(iban) and iban_holds(iban) else None


def _is_mostly_digits(iban: str) -> bool:
    """Unlike words: "at 20 minutes ..." begins like an account in Austria, and one in 97 has its check digits."""
    return 2 * sum(map(str.isdecimal, iban)) > len(iban)
