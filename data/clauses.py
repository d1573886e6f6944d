"""Where a sentence turns: the places between two clauses that say different things.

"Lovely paper, but too few examples" praises one thing and asks for more of another. Counting it as one
statement would hide both, so a sentence is cut before its adversative conjunction, and at separators as
strong as a full stop.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

from data.abbreviations import goes_on
from data.thai_spaces import clause_spaces
from data.words import letter_weight

# Letters that each side of a cut must hold, in Latin letters; see ``data.words.letter_weight``.
_MIN_ADVERSATIVE: Final = 7
_MIN_SEPARATOR: Final = 9
_MIN_ADDING: Final = 20
_MIN_THAI_PARTICLE: Final = 12
_MIN_THAI_SPACE: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turns:
    """The conjunctions of one language.

    Attributes:
        anywhere: Words that turn the sentence wherever they stand.
        after_pause: Words that turn it only behind a comma, for they also mean something else.
        adding: Words that add another matter behind a comma; both sides must be long.
        endings: What ends the clause before the turn, written with it; the cut is behind it.
    """

    anywhere: str = ""
    after_pause: str = ""
    adding: str = ""
    endings: str = ""


_TURNS: Final = {
    "en": _Turns(
        anywhere="but|although|on top of that",
        after_pause="however|though|yet|except|shame|pity|whereas|while",
        adding="and|plus|also|then|besides",
    ),
    "vi": _Turns(
        anywhere="nhưng|tuy nhiên|thế nhưng|mỗi tội|chỉ tội|có điều|tiếc là",
        after_pause="nhung|còn|song",
        adding="mà|lại còn|ngoài ra|với lại|thêm nữa|đã thế|chưa kể|và",
    ),
    "lv": _Turns(anywhere="bet|taču|tomēr|toties", after_pause="žēl|tikai", adding="un|turklāt|vēl|arī"),
    "lt": _Turns(anywhere="bet|tačiau", after_pause="gaila|tik", adding="ir|be to|o"),
    "et": _Turns(after_pause="aga|kuid|kahju", adding="ja|lisaks|ning"),
    "de": _Turns(
        anywhere="allerdings",
        after_pause="aber|doch|jedoch|nur|leider|obwohl|dafür|trotzdem",
        adding="und|außerdem|dazu",
    ),
    "nl": _Turns(anywhere="echter", after_pause="maar|alleen|jammer|hoewel", adding="en|bovendien"),
    "sv": _Turns(anywhere="men", after_pause="dock|tyvärr|fast", adding="och|dessutom"),
    "da": _Turns(anywhere="men", after_pause="dog|desværre", adding="og|desuden"),
    "es": _Turns(
        anywhere="pero|sin embargo|aunque|encima", after_pause="lástima|solo que|eso sí", adding="y|además"
    ),
    "pt": _Turns(
        anywhere="porém|no entanto|contudo", after_pause="mas|só que|pena|embora", adding="e|além disso"
    ),
    "it": _Turns(
        anywhere="però|tuttavia", after_pause="ma|anche se|peccato|solo che", adding="e|inoltre|poi"
    ),
    "fr": _Turns(
        anywhere="mais|par contre|en revanche|cependant|toutefois",
        after_pause="pourtant|dommage|bien que|sauf",
        adding="et|en plus|de plus",
    ),
    "id": _Turns(
        anywhere="tapi|tetapi|namun",
        after_pause="sayangnya|sayang|cuma|hanya saja|cuman",
        adding="dan|terus|lalu|ditambah",
    ),
    "pl": _Turns(
        anywhere="natomiast|niestety",
        after_pause="ale|lecz|jednak|tylko|szkoda|choć|za to|a",
        adding="i|poza tym|do tego",
    ),
    "cs": _Turns(anywhere="avšak|bohužel", after_pause="ale|jenže|škoda|jen|i když", adding="a|navíc"),
    "sk": _Turns(anywhere="avšak|bohužiaľ", after_pause="ale|lenže|škoda|len|aj keď", adding="a|navyše"),
    "hr": _Turns(anywhere="međutim|nažalost", after_pause="ali|no|samo|šteta|iako", adding="a|i|usto"),
    "ru": _Turns(
        anywhere="однако|зато", after_pause="но|а|хотя|жаль|только", adding="и|к тому же|кроме того"
    ),
    "uk": _Turns(
        anywhere="однак|проте|зате", after_pause="але|а|хоча|шкода|тільки|та", adding="і|й|ще й|до того ж"
    ),
    "tr": _Turns(anywhere="fakat|maalesef", after_pause="ama|ancak|yalnız|keşke", adding="ve|ayrıca|üstelik"),
    "sw": _Turns(anywhere="lakini", after_pause="ila|ingawa", adding="na|pia"),
    "ar": _Turns(anywhere="لكن|ولكن|لكنه|لكنها|إلا أن", after_pause="بس", adding="كما|وأيضا"),
    "hi": _Turns(anywhere="लेकिन|मगर|किंतु|परंतु", after_pause="पर|हालांकि", adding="और"),
    "ja": _Turns(endings=r"(?:(?<=[すたいだるん])が|けど|けれど|けれども|のに)[、，,]"),
    "ko": _Turns(
        anywhere="하지만|근데|그런데|그러나",
        after_pause="다만|단",
        adding="그리고|게다가",
        endings=r"지만(?=[\s,])|는데,",
    ),
}
# Without spaces between words a pattern must itself tell 但 from 不但 and แต่ from ตั้งแต่ or แต่ง.
_UNSPACED: Final = {
    "zh": (
        r"(?<![不非])但是?(?![愿凡])|可是|然而|可惜"
        r"|(?<=[，,；;\s])(?:不过|只是|就是|只不过|(?P<adding>而且|并且|另外|顺便))"
    ),
    "ja": r"(?<=[、，,\s])(?:でも|しかし|ただ|だけど|けど|残念|(?P<adding>それに|あと|しかも))",
    "th": (
        r"(?<!ตั้ง)(?<!มี)(?<!เว้น)(?<!เพียง)(?<!แม้)(?<!นับ)(?<!แค่)แต่(?!ละ|ง(?!า)|แรก|ก่อน|เดิม)"
        r"|ทว่า|อย่างไรก็ตาม|(?<=\s)(?:น่า)?เสียดาย|(?<=\s)(?:แถม|ส่วน|อีกอย่าง)"
    ),
}

# "Nothing but praise" and "last but not least" turn nothing.
_NOT_AFTER: Final = frozenset(
    ("nothing", "anything", "everything", "all", "none", "nobody", "last", "who", "help", "choice", "no")
)
_NOT_BEFORE: Final = ("also", "not least")
_OPENS: Final = r"(?:(?<=[\s,;:.!?…(，、—–-])|^)"
_CLOSES: Final = r"(?=[\s,:،]|$)"
_PAUSE: Final = r"(?<=[,;،，] )"
_SEPARATOR: Final = re.compile(r"[;；؛]|(?<!\.)\.{2,}(?=\s)|…+|。。+")
# Behind one or two letters a full stop mostly ends an abbreviation.
_STOP: Final = re.compile(r"(?<=[^\W\d_]{3})[.](?=\s+[^\W\d_])")
_DASH: Final = re.compile(r"(?<=\s)[-–—](?=\s)|—+")


def clause_cuts(sentence: str, language: str) -> list[int]:
    """Offsets in ``sentence`` at which a new clause starts, ascending; none where it says one thing.

    A cut is made only where both parts are long enough to say something by themselves.
    """
    # What the letters before each place weigh together; counting anew at each place would be quadratic.
    before = list(accumulate(map(letter_weight, sentence), initial=0))
    cuts: list[int] = []
    start = 0
    for place, told_from, least in sorted(_candidates(sentence, language)):
        if before[place] - before[start] >= least <= before[-1] - before[told_from]:
            cuts.append(place)
            start = place
    return cuts


def _candidates(sentence: str, language: str) -> Iterator[tuple[int, int, int]]:
    """Where to cut, where what is said behind the cut begins, and the weight that both sides need."""
    for match in _turn_pattern(language).finditer(sentence):
        place = match.end() if match.lastgroup == "ending" else match.start()
        least = _MIN_ADDING if match.lastgroup == "adding" else _MIN_ADVERSATIVE
        # The conjunction says nothing by itself: what follows it must be long enough.
        if _turns(sentence, match):
            yield place, match.end(), least
    for match in _SEPARATOR.finditer(sentence):
        yield match.end(), match.end(), _MIN_SEPARATOR
    for match in _STOP.finditer(sentence):
        if not goes_on(sentence, match.end(), language):
            yield match.end(), match.end(), _MIN_SEPARATOR
    dashes = list(_DASH.finditer(sentence))
    # Two dashes enclose an aside.
    if len(dashes) == 1:
        yield dashes[0].end(), dashes[0].end(), _MIN_SEPARATOR
    for place, ended in clause_spaces(sentence):
        yield place, place, _MIN_THAI_PARTICLE if ended else _MIN_THAI_SPACE


def _turns(sentence: str, match: re.Match[str]) -> bool:
    if match.group().lower() != "but":
        return True
    before = sentence[max(0, match.start() - 16) : match.start()].lower().split()
    follows = sentence[match.end() : match.end() + 16].lstrip().lower()
    return not (before and before[-1] in _NOT_AFTER) and not follows.startswith(_NOT_BEFORE)


@cache
def _turn_pattern(language: str) -> re.Pattern[str]:
    """Conjunctions of ``language``, and the English "but", which people mix into every language."""
    rules = _TURNS.get(language, _Turns())
    parts = [rf"{_OPENS}(?:{_any('but', rules.anywhere)}){_CLOSES}"]
    if rules.after_pause:
        parts.append(rf"{_PAUSE}(?:{rules.after_pause}){_CLOSES}")
    if rules.adding:
        parts.append(rf"{_PAUSE}(?P<adding>{rules.adding}){_CLOSES}")
    if rules.endings:
        parts.append(rf"(?P<ending>{rules.endings})")
    if language in _UNSPACED:
        parts.append(_UNSPACED[language])
    return re.compile("|".join(parts), re.IGNORECASE)


def _any(*alternatives: str) -> str:
    return "|".join(_longest_first([word for text in alternatives if text for word in text.split("|")]))


def _longest_first(words: Sequence[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))
