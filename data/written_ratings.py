"""Ratings as people and shops write them: "4/5", "4 no 5", "5つ星のうち4.0", "별점 4", "4 gwiazdki"."""

import re
import unicodedata
from typing import Final

# Three digits behind a comma are as likely thousands: nobody can tell whether 1,000 is one or a thousand.
_NUMBER: Final = r"(?P<{}>-?(?![1-9]\d{{0,2}},\d{{3}}(?!\d))\d{{1,6}}(?:[.,\u066b]\d{{1,40}})?)"
_HIGHEST: Final = r"(?P<{}>\d{{1,4}})(?:[.,]0{{1,2}})?"  # 4.5/5.0
# "Out of" between the rating and its highest, and behind the highest where that stands first.
_OUT_OF: Final = (
    r"/|out of|of|von|sur|de|su|di|van|z|ze|na|из|із|з|на|no|iš|od|av|af|dari|kati ya|من|จาก|trên"
)
_AMONG: Final = (
    r"つ星のうち|つ星中の?|段階中の?|点満点中|点中|점\s?만점에|점\s?만점\s?중|점\s?중|में से|üzerinden|-st\b"
)
# What a number counts: stars or points.
_STARS: Final = (
    r"★|⭐|\ufe0f|%|[つ颗顆]?星级?|별|(?:stars?|étoiles?|estrellas?|estrelas?|stell[ae]|bintang|sao|ดาว|yıldız|स्टार|"
    r"सितारे|nyota|stern(?:en?|s)?|ster(?:ren)?|gwiazd(?:ka|ki|kę|ek)|zvaigzn(?:es?|ēm)|zvaigžņu|зір(?:ка|ки|ку|ок)|"
    r"зв[её]зд[аыу]?|hvězd(?:[ay]|ičk[ay]|iček)?|hviezd(?:[ay]|ičk[ay]|ičiek)?|zvjezdic[ae]|žvaigžd(?:ės?|žių|utės?|učių)|"
    r"tärni?|stjerner?|stjärn(?:a|or)|نجمة|نجمات|نجوم)\b"
)
_POINTS: Final = (
    r"[点點]|점|分|(?:points?|punkt(?:en?|y|u|ów|s|i|iem)?|punt(?:en|os?|i)?|pontos?|"
    r"bod(?:[ay]|ů|ov|ova)?|балл(?:а|ы|ов)?|бал(?:а|и|ів)?|bal(?:as|ai|ų)|نقطة|نقاط|نقط|điểm|คะแนน|puan|poin)\b"
)
_UNIT: Final = rf"(?:{_STARS}|{_POINTS})"
# Three digits behind a dot are thousands where points are counted: 1.500 poin.
_THOUSANDS: Final = rf"(?!(?<=\d[.,]\d\d\d)\s*(?:{_POINTS}))"
_MINUTES: Final = re.compile(r"\s*(?!10\s*分)\d{2,6}\s*分\s*")  # or points, of what nobody tells
# What counts anything, and stars only behind a name of ratings: 별 4개, 星4つ.
_COUNTER: Final = r"[つ개個]"
_NAME: Final = (
    r"(?:rated|rating|score|nota|note|ocena|bewertung|оцінка|оценка|vērtējums|puan|điểm|คะแนน|별점|평점|별|評価|評分|评分|星|"
    r"★|⭐|\ufe0f|التقييم|تقييم|रेटिंग|bintang|hodnocení|betyg)+"
)
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\s*(?P<name>{_NAME}\s*:?\s*)?{_NUMBER.format('rating')}{_THOUSANDS}\s*(?:{_UNIT}\s*){{0,3}}"
        rf"(?(name)(?:{_COUNTER}\s*)?)"
        rf"(?:(?:{_OUT_OF})\s*{_HIGHEST.format('highest')}\s*(?:{_UNIT}\s*){{0,3}})?",
        rf"\s*{_HIGHEST.format('highest')}\s*(?:{_AMONG})\s*{_NUMBER.format('rating')}\s*(?:{_UNIT}\s*){{0,3}}",
    )
)
_LONGEST: Final = 100  # characters


def written_rating(text: str) -> tuple[float, int | None] | None:
    """The rating that ``text`` is, and what it says that it is out of; None where it is no rating.

    Digits are those of any script; a power or a number in a circle is none.
    """
    if len(text) > _LONGEST or not (text.isascii() or _has_plain_digits(text)):
        return None
    plain = unicodedata.normalize("NFKC", text)
    if _MINUTES.fullmatch(plain):
        return None
    for form in _FORMS:
        if found := form.fullmatch(plain):
            number = found["rating"].replace(",", ".").replace("\u066b", ".")
            return float(number), int(found["highest"]) if found["highest"] else None
    return None


def _has_plain_digits(text: str) -> bool:
    return not any(unicodedata.category(char) == "No" for char in text)
