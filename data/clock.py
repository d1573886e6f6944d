"""The time of day that stands behind a date or before it: 15:14, 3:14 PM, 下午3:14, 15:14 GMT+7."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

_LONGEST: Final = 100  # characters of a date with its time
_MORNING: Final = ("am", "sa", "上午", "午前", "오전", "ص")
_AFTERNOON: Final = ("pm", "ch", "下午", "午後", "오후", "م")
_HALF: Final = r"[ap]\.?\s?m\.?|" + "|".join((*_MORNING[1:], *_AFTERNOON[1:]))
_TIME: Final = (
    rf"(?:(?P<early>{_HALF})\s*)?(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    rf"(?:\s*(?P<late>{_HALF}))?(?:\s*(?:uhr\b|น\.))?"
)
_OFFSET: Final = r"(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?"
# What brackets say of a zone is its name: (ICT), [Asia/Bangkok].
_ZONE: Final = rf"(?=[ugz+-])(?P<zone>(?:utc|gmt|ut|z)?(?:\s?{_OFFSET})?)(?:\s*[(\[][^()\[\]]{{1,60}}[)\]])?"
_AT: Final = (
    r"(?:at|um|à|lúc|เวลา|plkst\.?|(?:o\s)?godz\.?|о|об|в|v|o|kl\.?|om|a\slas|às|alle(?:\sore)?|ore|"
    r"pukul|jam|saat|saa)"
)
_BEHIND: Final = re.compile(
    rf"(?P<day>.+?)(?:(?<=[日)])|t|[,\s]+(?:{_AT}\s+)?){_TIME}(?:\s*{_ZONE})?", re.IGNORECASE
)
_BEFORE: Final = re.compile(rf"(?:lúc\s+)?{_TIME}(?:,\s*|\s+)(?:ngày\s+)?(?P<day>\d.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it is written."""

    parts: dict[str, str | None]

    def of_day(self) -> time:
        """What the clock shows, with its zone where it has one.

        Raises:
            ValueError: There is no such time: 25:02, 13:05 PM, or 15:14 at an offset of 99 hours.
        """
        parts = self.parts
        clock = f"{self._hour():02}:{parts['minute']}:{parts['second'] or '00'}.{parts['fraction'] or '0'}"
        return time.fromisoformat(clock + self._offset())

    def _hour(self) -> int:
        hour = int(self.parts["hour"] or 0)
        half = self.parts["early"] or self.parts["late"]
        if half is None:
            return hour
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour {hour} {half}")
        is_late = re.sub(r"[.\s]", "", half.casefold()) in _AFTERNOON
        return hour % 12 + 12 * is_late

    def _offset(self) -> str:
        if not self.parts.get("zone"):
            return ""
        if not self.parts["sign"]:
            return "+00:00"
        return f"{self.parts['sign']}{int(self.parts['hours'] or 0):02}:{self.parts['minutes'] or '00'}"


def split_clock(text: str) -> tuple[str, Clock | None]:
    """A date without its time of day, and that; the text as it is where no time of day can be told.

    Of zones only UTC, GMT, Z and offsets are told: a time behind which another name stands is none.
    """
    found = None
    if len(text) <= _LONGEST and ":" in text:
        found = _BEHIND.fullmatch(text) or _BEFORE.fullmatch(text)
    return (text, None) if found is None else (found["day"].strip(), Clock(found.groupdict()))
