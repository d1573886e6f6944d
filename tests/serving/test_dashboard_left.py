"""What becomes of a view that one leaves and comes back to, of answers that come late, and of a mining in between."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.database.connection import Database
from tests.serving.browser import Page, browser
from tests.serving.dashboard_page import complain, complained_folder, dashboard, heading, opened, settled
from tests.serving.fix_world import FIXED_ON, fixable_folder

pytestmark = pytest.mark.slow

NAMES = "[...document.querySelectorAll('.cause .name')].map((each) => each.innerText)"
FILTER = "document.querySelector('input[type=search]').value"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as opened_browser:
        yield opened_browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return complained_folder(tmp_path / "out")


def waylay(page: Page, method: str, path: str, answer: str) -> None:
    """From now on such a request is answered by an expression, in which ``real()`` asks the service.

    ``window.asked`` counts them.
    """
    page.run(
        "(() => { const ask = window.fetch; window.asked = 0; window.fetch = (path, given) => {"
        "const real = () => ask(path, given);"
        f"if (given.method !== {json.dumps(method)} || !path.startsWith({json.dumps(path)})) return real();"
        f"window.asked += 1; return {answer}; }}; }})()"
    )


def later(answer: str, ms: int = 400) -> str:
    return f"new Promise((done) => setTimeout(done, {ms})).then(() => {answer})"


def refusal(status: int, code: str, message: str) -> str:
    body = json.dumps(json.dumps({"error": {"code": code, "message": message}}))
    return f"new Response({body}, {{ status: {status} }})"


def test_a_question_goes_with_its_view(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "causes")
        page.click("Recovery")
        page.click("Contacted")
        page.wait("document.querySelector('dialog[open]')")
        page.run("history.back()")
        page.sees("What people speak of")
        assert page.run("document.querySelector('dialog')") is None
        page.run("history.forward()")
        page.click("Contacted")
        page.click("Enter it")
        page.sees("Contacted 1")


def test_what_fails_after_its_view_was_left_is_told(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "causes")
        page.click("Recovery")
        full = refusal(503, "unavailable", "The disk is full.")
        waylay(page, "POST", "v1/recovery", f"window.asked > 1 ? real() : {later(full)}")
        page.click("Contacted")
        person = page.run("document.querySelector('.person .id').innerText")
        page.click("Enter it")
        page.run("history.back()")
        page.sees("What people speak of")
        page.sees(f"Not entered: {person}, contacted.")
        page.sees("The disk is full.")
        page.click("Recovery")
        page.sees("Whom to contact")
        page.sees("The disk is full.")
        page.click("Try again")
        page.wait("!document.body.innerText.includes('Not entered')")
        opened(page, url, "recovery/contacted")
        assert page.run("document.querySelector('.person .id').innerText") == person
        assert page.complaints == []


def test_a_view_is_found_again_as_it_was_left(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        page.size(1200, 300)
        opened(page, url, "causes")
        page.fill("Filter", "cou")
        page.click("What it is about")
        assert page.run(NAMES) == ["couriers"]
        page.run("scrollTo(0, 150)")
        page.click("couriers")
        page.sees("Where they pull apart")
        settled(page)
        assert page.run("scrollY") == 0
        page.run("history.back()")
        for _ in range(2):
            page.sees("1 of 3 causes")
            settled(page)
            assert page.run(f"[{NAMES}, {FILTER}, scrollY]") == [["couriers"], "cou", 150]
            page.reload()
        page.sees("1 of 3 causes")
        page.click("Oppositions")
        page.sees("Where people pull")
        page.run("history.back()")
        page.sees("1 of 3 causes")
        settled(page)
        assert page.run("[scrollY, document.activeElement.tagName]") == [150, "H1"]
        page.fill("Filter", "")
        assert page.run(NAMES) == ["battery", "couriers", "examples"]
        assert page.run("document.querySelector('th[aria-sort]').innerText") == "What it is about"
        page.size(1200)


def test_what_was_typed_of_a_fix_outlives_another_view(
    page: Page, embedded: Database, tmp_path: Path
) -> None:
    typed = "[...document.querySelectorAll('.register :is(input, select)')].map((each) => each.value)"
    with dashboard(embedded, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        page.fill("What is done", "More couriers")
        page.fill("Who answers", "Ana, app")
        page.fill("First day", FIXED_ON)
        page.fill("People whom", "complaint")
        page.click("Causes")
        page.sees("What people speak of")
        page.click("Fixes")
        page.wait("document.querySelector('.register')")
        assert page.run(typed) == ["c-0001", "More couriers", "Ana, app", FIXED_ON, "complaint"]
        page.click("Register")
        page.sees("Registered: fix 1 of c-0001")
        assert page.run(typed)[1:] == ["", "", "", ""]
        page.click("Causes")
        page.sees("What people speak of")
        page.click("Fixes")
        page.wait("document.querySelector('.register')")
        assert page.run(typed) == ["", "", "", "", ""]


def fill_in_fix(page: Page, action: str) -> None:
    page.fill("What is done", action)
    page.fill("Who answers", "Ana, app")
    page.fill("First day", FIXED_ON)


def leave_and_come_back(page: Page) -> None:
    page.click("Causes")
    page.sees("What people speak of")
    page.click("Fixes")
    page.wait("document.querySelector('.register form')")
    settled(page)


DONE = "document.querySelectorAll('.register input')[0].value"


def test_a_fix_that_is_registered_late_leaves_the_form_and_stands_in_the_list(
    page: Page, embedded: Database, tmp_path: Path
) -> None:
    with dashboard(embedded, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        fill_in_fix(page, "More couriers")
        full = refusal(503, "unavailable", "The disk is full.")
        waylay(page, "POST", "v1/fixes", f"window.asked > 1 ? real() : {later(full)}")
        page.click("Register")
        leave_and_come_back(page)
        page.sees("The fix was not registered.")
        assert page.run(DONE) == "More couriers"
        page.click("Try again")
        page.sees("fix 1, c-0001")
        settled(page)
        assert page.run(DONE) == ""
        assert (
            page.run("document.getElementById('said').textContent")
            == "Registered: fix 1 of c-0001, after looking."
        )
        page.wait("!document.body.innerText.includes('The fix was not registered.')")


@pytest.mark.parametrize("left", [True, False])
def test_what_was_typed_while_a_fix_was_sent_stays(
    page: Page, embedded: Database, tmp_path: Path, left: bool
) -> None:
    with dashboard(embedded, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        fill_in_fix(page, "More couriers")
        waylay(page, "POST", "v1/fixes", "new Promise((done) => { window.release = done; }).then(real)")
        page.click("Register")
        if left:
            leave_and_come_back(page)
        page.fill("What is done", "A second depot")
        page.run("window.release()")
        page.sees("fix 1, c-0001")
        settled(page)
        assert page.run(DONE) == "A second depot"
        leave_and_come_back(page)
        assert page.run(DONE) == "A second depot"


def test_a_person_whom_the_last_mining_lacks(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "recovery")
        person = page.run("document.querySelector('.person .id').innerText")
        complain(folder, 2, who="Bo")
        page.click("More people")
        page.sees("The queue is that of a new mining.")
        page.click("Contacted")
        page.click("Enter it")
        page.sees(f"{person} is not in the queue of the last mining.")
        assert "Try again" not in page.text()
        page.click("Open the queue again", ".person")
        page.sees("Open 2")
        assert page.run("document.querySelectorAll('.person').length") == 2
        assert heading(page) == "Whom to contact"


def test_the_dateline_is_of_the_last_mining(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "recovery")
        page.sees("mined on 2026-11-01 00:00 UTC")
        mined = json.dumps({"mined": {"messages": 4, "people": 3, "created_at": "2026-12-03T04:05:06+00:00"}})
        waylay(page, "GET", "v1/info", f"new Response({json.dumps(mined)})")
        page.click("Contacted")
        page.click("Enter it")
        page.sees("mined on 2026-12-03 04:05 UTC")


def test_a_late_answer_is_not_shown_for_another_message(page: Page, embedded: Database, folder: Path) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "causes")
        held = "new Promise((done) => { window.release = done; }).then(real)"
        told = f"{held}.then((answer) => {{ window.answered = true; return answer; }})"
        waylay(page, "POST", "v1/classify", f"given.body.includes('slow delivery') ? {told} : real()")
        for message in ("slow delivery", "Too many examples"):
            page.fill("A message", message)
            page.click("Read it")
        page.sees("Counter-voice: 96 ask for more")
        page.run("window.release()")
        page.wait("window.answered")
        page.run("new Promise((done) => setTimeout(done, 200))")
        assert page.run("document.querySelector('.found blockquote').innerText") == "Too many examples"


def test_a_fix_is_sent_once_however_often_it_is_pressed(
    page: Page, embedded: Database, tmp_path: Path
) -> None:
    with dashboard(embedded, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        page.fill("What is done", "More couriers")
        page.fill("Who answers", "Ana, app")
        page.fill("First day", FIXED_ON)
        waylay(page, "POST", "v1/fixes", later("real()", 100))
        page.click("Register")
        page.click("Register")
        page.sees("Registered: fix 1 of c-0001")
        assert page.run("window.asked") == 1
        page.wait("!document.querySelector('.register [aria-disabled]')")


def test_more_people_come_once_however_often_they_are_asked_for(
    page: Page, embedded: Database, folder: Path
) -> None:
    with dashboard(embedded, folder) as url:
        opened(page, url, "recovery")
        page.wait("document.querySelector('.more-people button')")
        page.run("for (const _ of [1, 2]) document.querySelector('.more-people button')?.click()")
        page.wait("document.querySelectorAll('.person').length >= 30")
        page.run("new Promise((done) => setTimeout(done, 200))")
        assert page.run("document.querySelectorAll('.person').length") == 30


def test_what_was_entered_is_not_sent_again_where_the_list_cannot_be_read_after_it(
    page: Page, embedded: Database, tmp_path: Path
) -> None:
    with dashboard(embedded, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        page.fill("What is done", "More couriers")
        page.fill("Who answers", "Ana, app")
        page.fill("First day", FIXED_ON)
        full = refusal(503, "unavailable", "The disk is full.")
        waylay(page, "GET", "v1/fixes", f"window.asked > 1 ? real() : {full}")
        page.click("Register")
        page.sees("Registered: fix 1 of c-0001")
        page.click("Try again")
        page.sees("More couriers")
        assert "The disk is full." not in page.text()
