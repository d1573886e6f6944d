"""A file of feedback in five languages that ``KeywordPredictor`` understands."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

# One line per language (vi th lv zh en) of each side. No side belongs to one subject alone: what tells the
# subjects apart would be erased together with sentiment and degree.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "examples:too_little": (
        "Quá ít ví dụ cho {}",
        "ตัวอย่างน้อยเกินไปสำหรับ{}",
        "Par maz piemēru nozarei: {}",
        "关于{}的例子太少",
        "Too few examples about {}",
    ),
    "examples:too_much": (
        "Quá nhiều nghiên cứu điển hình về {}",
        "กรณีศึกษาเรื่อง{}มากเกินไป",
        "Pārāk daudz piemēru par tematu {}",
        "讲{}的案例太多",
        "Too many case studies of {}",
    ),
    "examples:praise": (
        "Ví dụ về {} thật tuyệt",
        "ตัวอย่างเรื่อง{}เยี่ยม",
        "Piemērs par tematu {} ir lielisks",
        "{}的例子很好",
        "The example of {} is great",
    ),
    "couriers:complaint": (
        "Shipper ở khu {} thô lỗ",
        "ไรเดอร์ย่าน{}หยาบคาย",
        "Kurjers rajonā {} bija rupjš",
        "{}的骑手粗鲁",
        "The courier in {} was rude",
    ),
    "couriers:praise": (
        "Shipper ở khu {} rất thân thiện",
        "ไรเดอร์ย่าน{}น่ารัก ชอบ",
        "Kurjers rajonā {} ir laipns",
        "{}的骑手很好",
        "The courier in {} is friendly",
    ),
    "alerts:too_little": (
        "Thiếu thông báo khi ở {}",
        "แจ้งเตือนน้อยไปตอนอยู่{}",
        "Pietrūkst paziņojumu, kad esmu {}",
        "在{}的时候通知不够",
        "Not enough alerts when I am in {}",
    ),
    "alerts:too_much": (
        "Quá nhiều thông báo lúc ở {}",
        "แจ้งเตือนเยอะเกินไปตอนไป{}",
        "Pārāk daudz paziņojumu, braucot uz {}",
        "去{}的路上通知太多",
        "Too many alerts on my way to {}",
    ),
    "alerts:praise": (
        "Thông báo ở {} rất tốt",
        "แจ้งเตือนที่{}ดีมาก",
        "Paziņojums {} man patīk",
        "喜欢{}的通知",
        "I love the alerts in {}",
    ),
}
PLACES = ("Riga", "Huế", "เชียงใหม่", "成都", "Leeds", "Cēsis", "Đà Lạt", "พัทยา", "西安", "Bath")


def rows() -> list[list[str]]:
    """Fifty people on each side."""
    found = [
        (key, pattern.format(place))
        for key, patterns in PATTERNS.items()
        for pattern in patterns
        for place in PLACES
    ]
    return [
        [
            f"r{number}",
            f"writer {number}",
            text,
            "5" if key.endswith("praise") else "2",
            f"2026-0{1 + number % 6}-11",
        ]
        for number, (key, text) in enumerate(found)
    ]


def write_csv(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "text", "rating", "created_at"])
        writer.writerows(lines)
    return path
