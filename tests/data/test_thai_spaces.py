from itertools import pairwise

import pytest

from data.thai_spaces import clause_spaces


def pieces(text: str) -> list[str]:
    places = [0, *(place for place, _ in clause_spaces(text)), len(text)]
    return [text[start:end].strip() for start, end in pairwise(places)]


@pytest.mark.parametrize(
    "text",
    [
        "ฝาปิดแน่นมาก ๆ",
        "วางอยู่ใน ตู้",
        "มีสีให้เลือก เช่น แดง",
        "รอของจาก ร้าน",
        "ร้านบอกว่า หมด",
        "ซื้อกล่อง และ ฝา",
        "ซื้อกล่อง และการรับประกัน",
        "ร่มคันใหญ่ ที่แม่ให้มา",
        "รอหน้าร้าน ในตอนเช้า",
        "ถามพนักงาน ของโรงแรม",
        "เพิ่งซื้อมาเมื่อเร็ว ๆ นี้",
        "ร่ม หมอน กาแฟ",
        "ถ. สุขใจ",
        "ดร. นิดา",
    ],
)
def test_a_clause_reads_on(text: str) -> None:
    assert pieces(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "ร้านส่งของ|ช้ามาก",
        "ทำงานเต็มที่|ไม่มีพัก",
        "รุ่นนี้ดีกว่า|ราคาก็ถูก",
        "เสียงเพราะ|แบตทน",
        "ฝาปิดแน่น|และกล่องก็ไม่รั่ว",
        "หมอนนุ่ม|ที่นอนแข็งมาก",
        "ส่งช้า|ของแตกเสียหาย",
        "ขอข้าวเพิ่มค่ะ|ที่บ้านกินห้าคน",
        "ส่งตอน 22.00 น.|กล่องบุบหมดเลย",
        "ส่งไว|แพ็คดี|ราคาถูก",
    ],
)
def test_a_clause_ends(text: str) -> None:
    assert pieces(text.replace("|", " ")) == text.split("|")


def test_a_particle_tells_that_a_clause_ended() -> None:
    assert [ended for _, ended in clause_spaces("ดีมากค่ะ กล่องไม่รั่ว ฝาแน่น")] == [True, False]
