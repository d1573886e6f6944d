"""Where a space of Thai ends a clause, and where it stands within one.

Thai is written without full stops, and with a space between clauses; but also before ๆ, behind "such as" and between
the names of a list. What cannot be told from the letters stays a border, for two opinions in one statement hide one.
"""

import re
from collections.abc import Iterator
from typing import Final

from data.words import segments, stopwords

_SPACE: Final = re.compile(r"(?<=[\u0e00-\u0e7f.])\s+(?=[\u0e00-\u0e7f])")
_READ: Final = 56  # characters on either side of a space: more than three names of a list have
_WORD: Final = 16  # a word that ends before a space, and what tells it from others
_SHORT: Final = re.compile(r"[\u0e00-\u0e7f]{1,14}")
# "Quick, well packed, cheap" are three clauses, not three names.
_QUALITY: Final = re.compile(
    r"ดี|ไว|เร็ว|ช้า|ถูก|แพง|สวย|อร่อย|ง่าย|ยาก|เยี่ยม|คุ้ม|ครบ|แท้|สะอาด|สกปรก|แย่|ใหม่|เก่า|แน่น|ทน|เสีย|พัง|แตก|ใช่|แม้"
)
# Polite and final particles end a clause.
_PARTICLE: Final = re.compile(r"(?:ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|จ๊ะ|นะ|น่ะ|เลย|แล้ว|(?<!พร้อม)ด้วย|อ่ะ|อะ)ๆ?$")
# Behind the full stop of a unit ("22.00 น.") a space is one as any other; other abbreviations stand before their name.
_UNIT: Final = re.compile(r"\d\s?(?:น|กก|ก|มก|ซม|มม|กม|ม|ตร\.ม|ชม|มล|ล|บ)\.$")
# Words that need what follows. Some of their letters end other words as well: เต็มที่ is "fully", ส่งของ "to send goods".
_BINDS: Final = re.compile(
    r"(?:และ|(?<!ข้าง)(?<!ด้าน)ใน|จาก|เช่น|(?<!กำ)กับ|(?:(?<!ก)|(?<=บอก|นึก|สึก))ว่า|คือ|โดย|เพื่อ|สำหรับ"
    r"|(?<!เต็ม)(?<!สถาน)(?<!พื้น)(?<!หน้า)(?<!คง)(?<!ทุก)(?<!ถึง)(?<!กับ)(?<!หลาย)(?<!\d)(?<!\s)ที่(?:มี)?"
    r"|(?<!ส่ง)(?<!รับ)(?<!สั่ง)(?<!ซื้อ)(?<!สิ่ง)(?<!ข้าว)(?<!ขาย)(?<!คืน)(?<!ได้)(?<!เก็บ)(?<!แพ็ค)(?<!แพค)(?<!ตัว)ของ"
    r"|(?<!เสียง)(?<!เพลง)(?<!ร้อง)(?<!พูด)เพราะ|(?<!แล้ว)(?<!จริง)(?<!ใช่)หรือ|ทุก\s?ๆ)$"
)
# "And the room is not clean" is a clause of its own, "and the room" is none; "in a place that is not clean" neither.
_OWN_PREDICATE: Final = (
    r"(?:(?!ที่)\S){0,40}?(?:ไม่|มี|เป็น|คือ|ก็|ต้อง|มาก|จะ|เลย|แล้ว|เกินไป|ควร|อยาก|ชอบ|ยัง|ค่อนข้าง|ได้|ถูก|น่า|รู้สึก)"
)
# ที่ and ของ also begin nouns: ที่นอน is a mattress, ที่สำคัญ "what matters", and ของ by itself the goods.
_CONTINUES: Final = re.compile(
    r"นี้|นั้น|ฯลฯ|เช่น(?!กัน|เดียว|เคย)|เกี่ยวกับ|พร้อม(?:กับ|ด้วย)"
    rf"|ใน(?!{_OWN_PREDICATE})"
    rf"|(?:และ|หรือ)\s?(?!{_OWN_PREDICATE})(?:การ|ความ|[\u0e00-\u0e7f]{{1,14}}(?![\u0e00-\u0e7f]))"
    r"|ที่(?!นอน|จอด|พัก|นั่ง|ชาร์|สำคัญ|นี่|นั่น|จริง|แขวน|ตั้ง|วาง|เก็บ|ว่าง|เหลือ|หนีบ|จับ|ล็อ|รอง|ผ่านมา|\S{0,24}?คือ)"
    r"|ของ(?:ฉัน|ดิฉัน|เรา|คุณ|เขา|เธอ|มัน|พวก|โรงแรม|บริษัท|แต่ละ|วัน)"
)


def clause_spaces(sentence: str) -> Iterator[tuple[int, bool]]:
    """Ends of the spaces of ``sentence`` behind which a Thai clause may begin, ascending.

    With each stands whether a particle tells that a clause ended before it.
    """
    for match in _SPACE.finditer(sentence):
        before = sentence[max(0, match.start() - _READ) : match.start()]
        after = sentence[match.end() : match.end() + _READ]
        ended = _PARTICLE.search(before[-_WORD:]) is not None
        if not after.startswith("ๆ") and (ended or not _reads_on(before, after)):
            yield match.end(), ended


def _reads_on(before: str, after: str) -> bool:
    last = before[-_WORD:]
    if last.endswith(".") and not _UNIT.search(last):
        return True
    return bool(_BINDS.search(last) or _CONTINUES.match(after)) or _is_in_list(before, after)


def _is_in_list(before: str, after: str) -> bool:
    """Whether the space stands in, or before, a list of three names or more, as "bread cereal fruit"."""
    ahead, behind = before.split()[-2:], after.split()[:3]
    if not _is_name(behind[0]):
        return False
    if not _is_name(ahead[-1]):
        return len(behind) == 3 and all(map(_is_name, behind[1:]))
    return any(map(_is_name, [*ahead[:-1], *behind[1:2]]))


def _is_name(chunk: str) -> bool:
    """Whether ``chunk`` is a word or two that neither praise nor blame nor join."""
    name = chunk.strip('()[]"“”,:')
    if not _SHORT.fullmatch(name) or _QUALITY.search(name):
        return False
    found = list(segments(name, "th"))
    return len(found) <= 2 and stopwords("th").isdisjoint(found)
