"""The style of the report, which the dashboard has too: what must be told apart has contrast, in light and in dark."""

import re

import pytest

from mining.report_html import TEMPLATES

CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.S)[:2]
)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_line_under_a_link_can_be_seen(colours: dict[str, str]) -> None:
    found = re.search(r"^a \{.*?text-decoration-color: var\(--([a-z-]+)\)", CSS, re.MULTILINE)
    assert found is not None
    assert contrast(colours[found.group(1)], colours["paper"]) >= 3
