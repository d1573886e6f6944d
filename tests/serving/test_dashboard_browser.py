"""The dashboard in a real browser, over a socket: every view, keys, hostile texts, and what is entered through it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.labels import VERDICTS
from mining import report_words as words
from mining import timing_words as timing
from mining.correction_words import corrected
from mining.edits import set_cost
from mining.register import REGISTER_NAME, open_register
from mining.report_json import report_dict
from mining.results import Mining
from serving.configuration import KeyPolicy
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database, database_url
from serving.database.keys import create_key
from serving.database.migration import open_database
from serving.engine import Engine
from serving.fixes.tables import _ratio_words
from serving.mining_run import mine_file
from serving.state import State, read_state
from serving.watch.tables import rarity
from tests.fakes import KeywordPredictor
from tests.mining.report_world import BIDI, MODEL, world
from tests.serving.browser import Page, browser
from tests.serving.dashboard_page import HOSTILE, complained_folder, dashboard, heading, opened
from tests.serving.files import rows, write_csv
from tests.serving.fix_world import FIXED_ON, fixable_folder
from tests.serving.job_world import keep_feedback
from tests.serving.small_world import small_index, small_stored

pytestmark = pytest.mark.slow

VIEWS = {
    "oppositions": "Where people pull in opposite directions",
    "causes": "What people speak of",
    "causes/c-0001": "All causes",
    "recovery": "Whom to contact",
    "fixes": "What was done, and did it help?",
    "alarms": "Alarms",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(database_url(None, tmp_path))
    yield opened
    opened.close()


def hostile_world() -> Mining:
    """The world of the report, with an opposition of each verdict, and a label that would run."""
    mining = world()
    first, *others = mining.causes
    causes = (replace(first, label=HOSTILE, labels={"en": HOSTILE, "ar": BIDI}), *others)
    oppositions = [
        replace(each, verdict=verdict)
        for verdict, each in zip(VERDICTS, (*mining.oppositions, mining.oppositions[0]), strict=False)
    ]
    return replace(mining, causes=causes, oppositions=(*oppositions, *mining.oppositions))


def engine_of(mining: Mining) -> Engine:
    examples = [
        example
        for record in (*mining.causes, *mining.oppositions)
        for holder in (record, *record.sides)
        for example in getattr(holder, "examples", ())
    ]
    messages = {each.feedback_id: f"{each.text} And more." for each in examples}
    stored = replace(small_stored(), mining=mining, messages=small_stored().messages | messages)
    return Engine(State(stored, small_index()), KeywordPredictor())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return complained_folder(tmp_path / "out")


@pytest.mark.parametrize("width", [1200, 360])
def test_every_view_shows_hostile_words_and_runs_none(
    page: Page, database: Database, folder: Path, width: int
) -> None:
    with dashboard(database, folder, engine=engine_of(hostile_world())) as url:
        page.size(width, dark=width < 600)
        for view, title in VIEWS.items():
            opened(page, url, view)
            assert title in page.text() or "More complain" in page.text()
            assert page.complaints == [], view
            assert page.run("document.documentElement.scrollWidth <= window.innerWidth"), view
            assert page.run("document.querySelectorAll('img, main script, iframe').length") == 0
            assert page.run("[...document.links].every((each) => each.getAttribute('href').startsWith('#/'))")
        page.size(1200)
        for view in ("causes", "recovery", "alarms"):
            opened(page, url, view)
            assert "</script><script>alert" in page.text(), view
        opened(page, url, "causes")
        assert page.run(
            "[...document.querySelectorAll('bdi')].some((each) => each.innerText.includes('مرحبا'))"
        )


def test_back_and_reload_lead_where_one_was(page: Page, database: Database, folder: Path) -> None:
    with dashboard(database, folder) as url:
        opened(page, url, "")
        assert heading(page) == VIEWS["oppositions"]
        page.click("Causes")
        page.sees("What people speak of")
        page.click("couriers")
        page.sees("Where they pull apart")
        assert page.run("document.activeElement.tagName") == "H1"
        assert page.run("document.title") == "couriers · Countervoice"
        page.run("history.back()")
        page.sees("3 of 3 causes")
        page.reload()
        page.sees("3 of 3 causes")
        assert page.run("document.querySelector('[aria-current]').innerText") == "Causes"


def test_numbers_and_words_are_those_of_the_report(page: Page, database: Database, folder: Path) -> None:
    mining = hostile_world()
    report: Any = json.loads(json.dumps(report_dict(mining, MODEL)))
    with dashboard(database, folder, engine=engine_of(mining)) as url:
        opened(page, url, "alarms")

        def told(name: str, *given: object) -> Any:
            each = f"{json.dumps(given)}.map((each) => words.{name}(each))"
            return page.run(f"import('/dashboard/words.js').then((words) => {each})")

        found, listed = mining.oppositions, report["oppositions"]
        assert told("verdictName", *listed) == [words.verdict_name(each) for each in found]
        assert {each.verdict for each in found} == set(VERDICTS)
        sides = [side for each in (*found, *mining.causes) for side in each.sides]
        records = [side for each in (*listed, *report["causes"]) for side in each["sides"]]
        assert told("percent", *records) == [words.percent(side.share) for side in sides]
        assert told("corrected", *records) == [corrected(side) for side in sides]
        assert told("peopleOn", *records) == [words.people_on(side) for side in sides]
        times = [cause["timing"] for cause in report["causes"]]
        assert told("timingWords", *times) == [timing.timing_words(cause.timing) for cause in mining.causes]
        assert told("recentWords", *times) == [timing.recent_words(cause.timing) for cause in mining.causes]
        trends = [each["trend"] for each in times]
        assert told("trendWords", *trends) == [
            timing.trend_words(cause.timing.trend) for cause in mining.causes
        ]
        values = [0.5, 0.25, 0.0004, 0.015, 0.0999, 0.1, 1.0, 0.00123]
        assert told("pValue", *values) == [words.p_value(value) for value in values]
        days = [
            "2026-03",
            "2026-03-03",
            "2026-03-03/2026-03-14",
            "2026-03-03/2026-04-14",
            "2025-12/2026-01",
            "soon",
        ]
        assert told("period", *days) == [words.period(day) for day in days]
        years = [0.001, 0.01, 0.2, 1.0, 2.0, 31.4, 99.9, 100.0, 2000.0]
        assert told("rarity", *years) == [rarity(each) for each in years]
        assert told("ratioWords", None) == [_ratio_words(None)]


def test_causes_are_filtered_and_sorted(page: Page, database: Database, folder: Path) -> None:
    names = "[...document.querySelectorAll('.cause .name')].map((each) => each.innerText)"
    with dashboard(database, folder) as url:
        opened(page, url, "causes")
        page.fill("Filter", "COUR")
        page.sees("1 of 3 causes")
        assert page.run(names) == ["couriers"]
        page.fill("Filter", "")
        page.click("What it is about")
        assert page.run(names) == ["battery", "couriers", "examples"]
        assert page.run("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "ascending"
        page.click("People, and the sides they take")
        assert page.run(names) == ["examples", "couriers", "battery"]


def test_a_message_meets_its_counter_voice(page: Page, database: Database, folder: Path) -> None:
    with dashboard(database, folder) as url:
        opened(page, url, "causes")
        page.fill("A message", f"Too many examples {HOSTILE}")
        page.click("Read it")
        page.sees("Counter-voice: 96 ask for more")
        page.sees("85 of 181 people")
        assert "onerror=alert" in page.text()
        assert page.complaints == []


def test_a_key_is_asked_for_kept_in_the_tab_and_forgotten(
    page: Page, database: Database, folder: Path
) -> None:
    _, secret = create_key(database, "reader", ["read"], COMMAND_LINE)
    with dashboard(database, folder, policy="required") as url:
        opened(page, url, "recovery")
        page.run("sessionStorage.clear()")
        opened(page, url, "recovery")
        assert heading(page) == "A key is needed"
        page.fill("Key", "cv_wrong")
        page.click("Use this key")
        page.sees("unknown or revoked")
        page.fill("Key", f" {secret} ")  # as it comes out of a mail
        page.click("Use this key")
        page.sees("Whom to contact")
        page.reload()
        page.sees("Whom to contact")
        assert page.run("Object.keys(localStorage).length + document.cookie.length") == 0
        page.run("document.querySelector('.person button').click()")
        page.click("Enter it")
        page.sees("It has not the scope “write”.")
        page.click("Forget the key")
        page.sees("This service asks for a key.")
        assert page.run("sessionStorage.length") == 0


def test_a_key_without_the_scope_is_told_which(page: Page, database: Database, folder: Path) -> None:
    _, secret = create_key(database, "writer", ["write"], COMMAND_LINE)
    with dashboard(database, folder, policy="required") as url:
        opened(page, url, "alarms")
        page.fill("Key", secret)
        page.click("Use this key")
        page.sees("It has not the scope “read”.")
        page.run("sessionStorage.clear()")


def test_a_person_is_contacted_by_keyboard_and_lost(page: Page, database: Database, folder: Path) -> None:
    with dashboard(database, folder) as url:
        opened(page, url, "recovery")
        page.sees("Open 30")
        assert page.run("document.querySelectorAll('.person').length") == 25
        page.click("More people")
        page.wait("document.querySelectorAll('.person').length === 30")
        assert (
            page.run(
                "new Set([...document.querySelectorAll('.kicker .id')].map((each) => each.innerText)).size"
            )
            == 30
        )
        page.run("document.querySelector('.person button').focus()")
        page.press("Enter")
        page.wait("document.querySelector('dialog[open]')")
        assert "Gesture:" in page.run("document.querySelector('dialog').innerText")
        page.press("Escape")
        page.wait("!document.querySelector('dialog')")
        page.sees("Open 30")
        page.run("document.querySelector('.person button').click()")
        page.fill("What it cost", "12.5")
        page.click("Enter it")
        page.sees("Contacted 1")
        page.sees("spent 12.5")
        assert "is contacted" in page.run("document.querySelector('[role=status]').textContent")
        page.click("Lost", ".person:first-child")
        page.click("Enter it")
        page.sees("Lost 1")
        opened(page, url, "recovery/lost")
        assert page.run("document.querySelectorAll('.person').length") == 1
        opened(page, url, "recovery/recovered")
        page.sees("Nobody is recovered.")
        assert page.complaints == []


def test_a_complaint_stands_beside_the_id_of_its_message(
    page: Page, database: Database, folder: Path
) -> None:
    captions = "[...document.querySelectorAll('.person figcaption')].map((each) => each.innerText)"
    with dashboard(database, folder) as url:
        opened(page, url, "recovery")
        shown = page.run(captions)
        assert len(shown) == 25
        assert {each.partition("f-")[0] for each in shown} == {"English · "}
        assert {each.partition(" · ")[2] for each in shown} <= {f"f-{number}" for number in range(30)}
        assert page.run("document.querySelectorAll('.person details').length") == 0, "an id is no message"


def test_a_queue_without_people_says_so(page: Page, database: Database, tmp_path: Path) -> None:
    with dashboard(database, complained_folder(tmp_path / "out", people=0)) as url:
        opened(page, url, "recovery/all")
        page.sees("Nobody is in the queue.")
        opened(page, url, "recovery")
        page.sees("Nobody waits to be contacted.")


def test_a_fix_is_registered_once(page: Page, database: Database, tmp_path: Path) -> None:
    with dashboard(database, fixable_folder(tmp_path / "out")) as url:
        opened(page, url, "fixes/c-0001")
        page.sees("No fix is registered.")
        page.fill("What is done", HOSTILE)
        page.fill("Who answers", "Ana, app")
        page.fill("First day", FIXED_ON)
        page.click("Register")
        page.sees("Registered: fix 1 of c-0001, after looking.")
        page.sees("registered after looking)")
        page.sees("covered")
        assert "onerror=alert" in page.text()
        page.run("document.querySelector('form select').value = 'c-0001'")
        for name, value in (("What is done", "again"), ("Who answers", "Ana"), ("First day", FIXED_ON)):
            page.fill(name, value)
        page.click("Register")
        page.sees("c-0001 has a fix of 2026-05-04")
        opened(page, url, "causes/c-0001")
        page.sees("Ana, app")
        assert page.complaints == []


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mined")
    mine_file(write_csv(folder / "in.csv", rows()), folder / "out", KeywordPredictor(), columns={})
    return folder / "out"


@contextmanager
def editable(database: Database, mined: Path, folder: Path, policy: KeyPolicy = "loopback") -> Iterator[str]:
    """A dashboard over a copy of ``mined`` with its register."""
    copied = shutil.copytree(mined, folder / "mined")
    engine = Engine(read_state(copied), KeywordPredictor(), copied)
    with dashboard(database, copied, engine=engine, policy=policy) as url:
        yield url


def chosen(page: Page, name: str, words: str) -> None:
    """Choose in the list that is labelled ``name`` what begins with ``words``."""
    page.run(
        f"(() => {{ const list = [...document.querySelectorAll('label')]"
        f".find((each) => each.innerText.startsWith({json.dumps(name)})).control;"
        f"list.value = [...list.options].find((each) => each.text.startsWith({json.dumps(words)})).value; }})()"
    )


def test_an_admin_corrects_a_cause(page: Page, database: Database, mined: Path, tmp_path: Path) -> None:
    with editable(database, mined, tmp_path) as url:
        opened(page, url, "causes/c-0001")
        page.fill("Its name", HOSTILE)
        page.click("Rename")
        page.wait(f"document.querySelector('main h1')?.innerText === {json.dumps(HOSTILE)}")
        page.wait("document.querySelector('[role=status]').textContent.includes('Shows at once')")
        assert page.run("document.activeElement.tagName") == "H1"
        assert "waits" not in page.text()

        page.fill("What one case", "0")
        page.click("Set the cost")
        page.sees("above 0 and up to 1,000,000")
        page.fill("What one case", "12.5")
        page.click("Set the cost")
        page.sees("Entered: one case costs 12.5. Takes effect at the next mining.")
        page.sees("1 edit waits for the next mining")

        page.click("Hide it")
        page.sees("2 edits wait for the next mining")
        with open_register(tmp_path / "mined" / REGISTER_NAME) as register:
            for cost in range(1, 101):  # more than are listed unasked: it is hidden still
                set_cost(register, "c-0002", cost)
        opened(page, url, "causes/c-0001")
        page.sees("102 edits wait for the next mining")
        page.click("Show it after all")
        page.sees("Left out of reports and answers")
        page.sees("103 edits wait for the next mining")

        page.run("document.querySelector('.reread summary').focus()")
        page.press("Enter")
        page.wait("document.querySelector('.reread[open]')")
        chosen(page, "Whoever wrote this", "praises")
        page.run("document.querySelector('.reread button').focus()")
        page.press("Enter")
        page.sees("read as praise. Takes effect at the next mining.")
        assert page.run("document.activeElement.innerText") == "Read it so"

        page.run(
            "[...document.querySelectorAll('label')]"
            ".find((each) => each.innerText.startsWith('Make it part of')).control.selectedIndex = 1"
        )
        page.click("Merge")
        page.wait("document.querySelector('dialog[open]')")
        page.press("Escape")
        page.wait("!document.querySelector('dialog')")
        page.sees("104 edits wait")
        page.click("Merge")
        page.click("Merge them")
        page.sees("105 edits wait")
        page.click("Merge")
        page.click("Merge them")
        page.sees("c-0001 was merged into")
        page.click("Mine what is kept")
        page.sees("when that file is mined again")
        assert page.complaints == []


def test_what_waits_is_mined_once_where_it_is_kept(
    page: Page, database: Database, mined: Path, tmp_path: Path
) -> None:
    keep_feedback(database)
    with editable(database, mined, tmp_path) as url:
        opened(page, url, "causes/c-0001")
        page.click("Hide it")
        page.click("Mine what is kept")
        page.sees("What is kept is being mined.")
        page.reload()
        page.sees("1 edit waits for the next mining")
        page.sees("What is kept is being mined.")
        assert "Mine what is kept" not in page.text()


def test_who_may_not_correct_sees_nothing_of_it(
    page: Page, database: Database, mined: Path, tmp_path: Path
) -> None:
    for scopes, may in ((["read", "write"], False), (["admin"], True)):
        _, secret = create_key(database, "someone", scopes, COMMAND_LINE)
        with editable(database, mined, tmp_path / scopes[0], "required") as url:
            opened(page, url, "alarms")
            page.run(f"sessionStorage.setItem('countervoice-key', {json.dumps(secret)})")
            opened(page, url, "causes/c-0001")
            page.reload()
            page.sees("Register a fix")
            assert ("Correct it" in page.text()) == ("Read otherwise" in page.text()) == may
            assert (page.run("document.querySelectorAll('.edit, .reread').length") > 0) == may
            page.run("sessionStorage.clear()")


def test_before_the_first_mining_every_view_says_so(page: Page, database: Database, tmp_path: Path) -> None:
    engine = Engine(None, KeywordPredictor())
    with dashboard(database, tmp_path, engine=engine) as url:
        for view in ("oppositions", "causes", "causes/c-0001", "recovery"):
            opened(page, url, view)
            assert heading(page) == "Nothing is mined yet", view
        opened(page, url, "fixes")
        page.sees("so mine first")
        opened(page, url, "alarms")
        page.sees("No alarm was told.")


def test_what_is_not_there_and_an_address_of_no_view(page: Page, database: Database, folder: Path) -> None:
    with dashboard(database, folder) as url:
        opened(page, url, "causes/c-9999")
        assert heading(page) == "There is no such cause"
        page.sees("c-9999 is not among the causes of the last mining.")
        assert "Try again" not in page.text()
        page.click("All causes")
        page.sees("3 of 3 causes")
        for nowhere in ("nowhere/%E0%A4%A", "toString"):
            opened(page, url, nowhere)
            assert heading(page) == VIEWS["oppositions"]


def test_a_service_that_is_away_is_told_and_tried_again(page: Page, database: Database, folder: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(dashboard(database, folder))
        opened(page, url, "alarms")
        stack.pop_all().close()
        page.click("Causes")
        page.sees("The service is away")
        page.click("Try again")
        page.sees("The service is away")
