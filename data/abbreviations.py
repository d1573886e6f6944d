"""Full stops that end no sentence: behind abbreviations, initials, short words of Thai and the ordinals of German."""

import re
from typing import Final

_BEFORE_DOT: Final = re.compile(r"(\w[\w.]{0,12})\.[\s]*$")
_READ: Final = 32  # characters on either side of a place: more than an abbreviation or a month has
# A full stop behind one of these ends no sentence, in whichever language it is written.
_ABBREVIATED: Final = """
    mr mrs ms dr prof st nr vs e.g eg i.e approx incl dept tel ext jr sr ltd co vol fig z.b bzw ca u.a d.h evtl ggf
    inkl str p.ex ex env mme mlle cf sra srta ud uds pág núm av dott sig pag tzn np godz ul m.in piem plkst lpp t.i
    tūkst g č čl např tj т.е т.к г стр ред тис tp ths ts vd p q yg örn bkz bl.a t.ex kl f.eks bijv
"""
# These are words as well, or mostly stand last ("500 руб. Дорого"): no sentence ends where it goes on in lower case or
# with a digit ("no. 5", "500 руб. за доставку").
_ALSO_LAST: Final = """
    no nos ok es etc inc usw ecc itp itd utt u.c atd resp kč т.д т.п см им руб грн напр vv dll dsb vb osv enz m.b.t
"""
_ABBREVIATIONS: Final = frozenset(_ABBREVIATED.split())
_AMBIGUOUS: Final = frozenset(_ALSO_LAST.split())
# Thai abbreviates with full stops (พ.ศ., มี.ค., ดร., กทม.) and ends no sentence with one but in translations, behind a
# word that is written together with what stands before it. Of words by themselves these end some.
_THAI: Final = re.compile(
    r"(?<![\u0e00-\u0e7f])(?!(?:ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|นะ|เลย|แล้ว|ด้วย|ดี|มาก|แย่|ช้า|แพง|พอ)\.)[\u0e01-\u0e4e]{1,4}\.\s*$"
)
# German writes "am 3. Mai" and "mein 2. Kauf", and its nouns in capitals, as sentences begin; "eine 5." is a mark.
_ORDINAL: Final = re.compile(r"\b\d{1,2}\.\s*$")
_BEFORE_ORDINAL: Final = re.compile(
    r"\b(?!eine\s)(?:am|vom|bis|zum|beim|im|ab|seit|der|die|das|dem|den|des|(?:ein|mein|dein|sein|ihr|unser|jed|dies)e?[mnrs]?)"
    r"\s+\d{1,2}\.\s*$",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(
    r"\s*(?:Jan|Feb|März|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b", re.IGNORECASE
)


def goes_on(text: str, place: int, language: str) -> bool:
    """Whether the full stop before ``place``, white space behind it included, ends no sentence.

    Args:
        text: Message or sentence.
        place: Offset at which a sentence would begin.
        language: BCP 47 primary tag.
    """
    before, after = text[max(0, place - _READ) : place], text[place : place + _READ]
    if "\n" in before[-2:]:
        return False
    if language == "de" and _ORDINAL.search(before):
        return bool(_BEFORE_ORDINAL.search(before) or _MONTH.match(after))
    if _THAI.search(before):
        return True
    found = _BEFORE_DOT.search(before)
    if found is None:
        return False
    word = found[1].lower()
    if word in _AMBIGUOUS:
        following = after.lstrip()[:1]
        return following.islower() or following.isdigit()
    return word in _ABBREVIATIONS or (len(word) == 1 and found[1].isupper())
