"""The report in a real browser: on a phone the causes can be sorted, and without a script nothing stands idle."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mining.report_html import page as report_page
from tests.mining.report_world import MODEL, world
from tests.serving.browser import Page, browser

pytestmark = pytest.mark.slow

NAMES = "[...document.querySelectorAll('.cause .name')].map((each) => each.innerText)"
HEADS = (
    "[...document.querySelectorAll('.causes thead th')].filter((each) => each.getClientRects().length).length"
)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with browser(tmp_path / "browser") as opened:
        yield opened


def test_the_causes_are_sorted_on_a_phone(page: Page, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text(report_page(world(), MODEL), encoding="utf-8")
    page.size(360)
    page.open(report.as_uri())
    assert page.run("getComputedStyle(document.querySelector('.causes thead')).display") == "block"
    page.click("What it is about")
    sorted_names = page.run(NAMES)
    assert sorted_names == page.run(f"{NAMES}.sort((one, other) => one.localeCompare(other))")
    assert page.run("document.documentElement.scrollWidth <= window.innerWidth")
    page.size(1200)
    assert page.run(HEADS) == 5


def test_without_its_script_a_phone_has_no_heads(page: Page, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    html = re.sub(r"<script>.*?</script>", "", report_page(world(), MODEL), flags=re.DOTALL)
    report.write_text(html, encoding="utf-8")
    page.open(report.as_uri())
    assert page.run(HEADS) == 5
    page.size(360)
    assert page.run(HEADS) == 0
