"""The documentation against the code: commands and options, files, links, routes, fields and words."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import click
import pytest
import yaml

from data.columns import ROLES
from data.labels import DEGREES, GRADES, SENTIMENTS, SIDES, VERDICTS
from data.reading import read_feedback
from mining.report_words import verdict_name
from serving.analysis import all_statements, with_languages
from serving.cli import cli
from serving.messages import MAX_CHARACTERS, MAX_TEXTS
from serving.openapi import openapi
from serving.operations import OPERATIONS, Operation
from serving.version import ROOT, version
from tests.mining.report_world import world

README = ROOT / "README.md"
FORMATS = ROOT / "docs" / "file-formats.md"
HTTP = ROOT / "docs" / "http.md"
SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
DECISIONS = ROOT / "docs" / "decisions"
CARD = ROOT / "models" / "default" / "CARD.md"
ROOT_PAGES = [README, *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))]
PAGES = [*ROOT_PAGES, *sorted((ROOT / "docs").rglob("*.md"))]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
SHELLS = ("sh", "bash", "console")
BUILT = ("out/", "build/", ".venv/")  # made by the commands
USERS = "path/to/"  # stands for a folder of the reader
ELSEWHERE = {"application/json", "intfloat/multilingual-e5-small"}  # have a slash and are no files
WORDS = (
    *("message, feedback", "statement", "topic", "lever", "counter-voice", "segment", "person", "gate"),
    *("corrected", "mining", "state", "loop", "checkpoint"),
)
BENTO_ROUTES = {"/livez", "/readyz", "/metrics", "/docs.json", "/classify"}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", text_of(page))


def inline_code(page: Path) -> list[str]:
    return [" ".join(code.split()) for code in INLINE.findall(prose_of(page))]


def shell_lines(page: Path) -> Iterator[list[str]]:
    """Every command in a shell block, or behind a prompt in any, as words: lines joined, comments left out."""
    for language, block in FENCE.findall(text_of(page)):
        for line in block.replace("\\\n", " ").splitlines():
            if language in SHELLS or line.startswith("$ "):
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words:
                    yield words


@cache
def command(name: str) -> click.Command:
    """A command of ``countervoice``; those of training are imported, which loads click and rich only."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"there is no `countervoice {name}`"
    return found


def all_commands() -> list[click.Command]:
    commands: list[click.Command] = [cli, *(command(name) for name in cli.list_commands(click.Context(cli)))]
    return commands + [
        part for each in commands[1:] if isinstance(each, click.Group) for part in each.commands.values()
    ]


def all_options() -> set[str]:
    params = [param for each in all_commands() for param in each.get_params(click.Context(each))]
    return {option for param in params for option in (*param.opts, *param.secondary_opts)}


def check_call(words: list[str]) -> None:
    """Parse a call, without looking at its values: files need not be there."""
    name, *arguments = words
    if name.startswith("-"):
        assert name in all_options(), name
        return
    asked = command(name)
    if isinstance(asked, click.Group):
        asked, arguments = asked.commands[arguments[0]], arguments[1:]
    context = click.Context(asked, info_name=name)
    given, rest, _ = asked.make_parser(context).parse_args(arguments)
    assert not rest, f"{name}: {rest} are too many"
    for param in asked.get_params(context):
        if param.required:
            value = given.get(param.name or "")
            assert isinstance(value, str) or (param.nargs == -1 and value), f"{name}: {param.name} is missing"


@each_page
def test_commands_in_blocks_can_be_called(page: Path) -> None:
    for words in shell_lines(page):
        if words[0] in ("countervoice", ".venv/bin/countervoice"):
            check_call(words[1:])


def test_examples_in_help_can_be_called() -> None:
    told = [f"{each.help or ''}\n{each.epilog or ''}" for each in all_commands()]
    lines = [line.strip() for text in told for line in text.splitlines()]
    calls = [shlex.split(line) for line in lines if line.startswith("countervoice ")]
    assert len(calls) > 50
    for words in calls:
        check_call(words[1:])


def test_a_message_that_is_corrected_by_its_id_holds_one_statement() -> None:
    named = {words[2] for words in corrections() if "#" not in words[2]}
    messages = [each for each in read_feedback(SAMPLE).feedback if each.id in named]
    statements = all_statements(with_languages(messages))
    assert named
    assert sorted(each.feedback_id for each in statements) == sorted(named)


def corrections() -> Iterator[list[str]]:
    """Calls of ``causes side`` and ``causes move``, in the help and on the pages."""
    told = "\n".join(f"{each.help or ''}\n{each.epilog or ''}" for each in all_commands())
    helped = (
        shlex.split(line) for line in map(str.strip, told.splitlines()) if line.startswith("countervoice ")
    )
    shown = (words for page in PAGES for words in shell_lines(page))
    said = (
        shlex.split(code) for page in PAGES for code in inline_code(page) if code.startswith("countervoice ")
    )
    for _, *words in filter(None, (*helped, *shown, *said)):
        if words[:2] in (["causes", "side"], ["causes", "move"]) and len(words) > 2:
            yield words


def test_what_the_readme_edits_is_a_copy() -> None:
    calls = [words for words in shell_lines(README) if words[:2] == ["countervoice", "causes"]]
    assert calls
    assert all(words[-2:] == ["--state", "out-edited"] for words in calls)


def test_no_block_begins_a_holdout() -> None:
    blocks = (words for page in (README, *(ROOT / "docs").glob("*.md")) for words in shell_lines(page))
    assert not [words for words in blocks if words[1:3] == ["recover", "holdout"] and words[3] != "0"]


def test_no_block_of_the_readme_erases_while_a_job_mines() -> None:
    for language, block in FENCE.findall(text_of(README)):
        assert language != "sh" or "/v1/jobs/mine" not in block or "-X DELETE" not in block


def test_the_fixes_that_are_shown_are_registered_before() -> None:
    registered: list[str] = []
    for words in shell_lines(ROOT / "docs" / "fixes.md"):
        match words[1:4]:
            case ["fix", "register", cause]:
                registered.append(cause)
            case ["fix", "show" | "cost", cause]:
                assert cause in registered
            case ["fix", "withdraw", number]:
                assert int(number) <= len(registered)
    rows = re.findall(r"^   (\d)   (c-\d+) ", text_of(ROOT / "docs" / "fixes.md"), re.MULTILINE)
    assert dict(rows) == {str(number): cause for number, cause in enumerate(registered, start=1)}


@each_page
def test_commands_in_sentences_exist(page: Path) -> None:
    for code in inline_code(page):
        program, _, call = code.partition(" ")
        if program == "countervoice" and call:
            name, *words = shlex.split(call)
            asked = command(name)
            if isinstance(asked, click.Group) and words:
                asked = asked.commands[words[0]]
            options = {option for each in asked.params for option in (*each.opts, *each.secondary_opts)}
            assert {word for word in words if word.startswith("-")} <= options, code


@each_page
def test_options_in_sentences_exist(page: Path) -> None:
    named = {code.split()[0] for code in inline_code(page) if code.startswith("--")}
    assert named <= all_options()


@each_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))
    calls = [*shell_lines(page), *(code.split() for code in inline_code(page))]
    named = {words[1] for words in calls if words[0] == "make" and len(words) > 1}
    assert named <= targets


@each_page
def test_modules_that_are_run_exist(page: Path) -> None:
    for words in shell_lines(page):
        if words[:2] == ["python", "-m"] and words[2] != "pip":
            assert (ROOT / f"{words[2].replace('.', '/')}.py").is_file(), words


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    words = [*inline_code(page), *(word for line in shell_lines(page) for word in line)]
    paths = {word for word in words if re.fullmatch(r"[\w.*-]+(/[\w.*-]+)+/?", word)}
    paths |= {word for word in words if re.fullmatch(r"[\w-]+\.(py|toml|txt|md)", word)}
    ours = {path for path in paths - ELSEWHERE if not path.startswith((*BUILT, USERS))}
    assert not {path for path in ours if not list(ROOT.glob(path))}


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(prose_of(page)))
    return {heading.replace(" ", "-") for heading in plain}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose_of(page)):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def operation_of(path: str, method: str) -> Operation | None:
    """The operation that answers ``path``; None for what BentoML answers, and for the description itself."""
    if path == "/v1/openapi.json" or path in BENTO_ROUTES:
        return None
    for each in OPERATIONS:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(f"/v1{each.path}"))
        if each.method == method and re.fullmatch(pattern, path):
            return each
    raise AssertionError(f"nothing answers {method} {path}")


@each_page
def test_curl_calls_are_answered(page: Path) -> None:
    for words in shell_lines(page):
        if words[0] == "curl":
            (url,) = (word for word in words if word.startswith("http://127.0.0.1:3000"))
            body = words[words.index("-d") + 1] if "-d" in words else None
            method = words[words.index("-X") + 1] if "-X" in words else "GET" if body is None else "POST"
            answers = operation_of(url.removeprefix("http://127.0.0.1:3000"), method)
            if body is not None:
                assert answers is not None
                assert answers.request is not None
                answers.request.model_validate_json(body)


def test_every_route_is_described() -> None:
    described = {code.partition(" ")[2] or code for code in inline_code(HTTP)}
    assert {*openapi()["paths"], "/livez", "/readyz", "/metrics"} <= described


def test_the_scope_of_every_route_is_told() -> None:
    told = re.findall(r"^\| `(\w+) (/v1\S+)` \| (\w+) \|", text_of(HTTP), re.MULTILINE)
    needed = {(each.method, f"/v1{each.path}", each.needs) for each in OPERATIONS}
    assert set(told) == needed | {("GET", "/v1/openapi.json", "read")}


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_what_a_scope_may_is_told(scope: str) -> None:
    (row,) = re.findall(rf"^\| `{scope}` \| (.+) \|$", text_of(HTTP), re.MULTILINE)
    for each in OPERATIONS:
        if each.needs == scope:
            word = each.path.split("/")[1].removesuffix("s")
            assert word in row, f"{each.method} {each.path}"


def test_the_limits_of_a_request_are_told() -> None:
    assert f"1 to {MAX_TEXTS} messages of 1 to {MAX_CHARACTERS:,} characters" in text_of(HTTP)


def test_every_field_of_the_report_is_described() -> None:
    schema: dict[str, Any] = json.loads(text_of(ROOT / "mining" / "report.schema.json"))
    parts = [schema, schema["properties"]["data"], schema["properties"]["model"], *schema["$defs"].values()]
    fields = {name for part in parts for name in part.get("properties", {})}
    assert fields <= set(inline_code(FORMATS))


def test_every_field_of_an_answer_is_described() -> None:
    schemas = openapi()["components"]["schemas"]
    answers = [schema for name, schema in schemas.items() if name.endswith("Answer")]
    fields = {name for schema in answers for name in schema.get("properties", ())}
    assert fields - {"error"} <= set(inline_code(HTTP))


def test_every_column_is_described() -> None:
    probabilities = {f"p_{label}" for label in (*SENTIMENTS, *DEGREES)}
    scored = {
        "feedback_id",
        "statement_id",
        "start",
        "end",
        "text",
        "language",
        "sentiment",
        "topics",
        "degree",
    }
    assert {*ROLES, *scored, *probabilities} <= set(inline_code(FORMATS))


def test_every_label_is_explained_in_the_readme() -> None:
    assert {*SENTIMENTS, *DEGREES, *SIDES, *VERDICTS, *GRADES} <= set(inline_code(README))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_printed_word_of_every_verdict_is_told(verdict: str) -> None:
    (row,) = re.findall(rf"^\| (?:`\w+`, )?`{verdict}`.* \| (.+) \| .+ \|$", text_of(README), re.MULTILINE)
    for opposition in world().oppositions[:2]:
        printed, *_ = verdict_name(replace(opposition, verdict=verdict)).partition(" by ")
        assert printed in row


def test_the_words_come_before_they_are_printed() -> None:
    readme = text_of(README)
    for word in WORDS:
        assert f"\n| {word} |" in readme[: readme.index("```text")]


def card_rows(head: str) -> list[dict[str, str]]:
    """What the model card tells of one head, column to cell, for each source and language."""
    table = text_of(CARD).split(f"\n### {head}\n")[1].split("\n#")[0]
    names, _, *rows = (row.split(" | ") for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE))
    return [dict(zip(names, row, strict=True)) for row in rows]


def rounded(score: float) -> str:
    return f"{score:.2f}".removeprefix("0")


def test_the_degree_of_public_sentences_is_that_of_the_card() -> None:
    def scores(source: str, column: str) -> list[float]:
        return [float(row[column]) for row in card_rows("degree") if row["source"] == source]

    drawn, baseline = scores("degree", "score"), scores("degree", "baseline")
    picked, beside = scores("read", "score"), scores("read", "baseline")
    readme = " ".join(text_of(README).split())
    told = f"over {len(drawn)} languages is {rounded(mean(drawn))} (a linear baseline: {rounded(mean(baseline))})"
    assert told in readme
    assert f"and {rounded(mean(picked))} ({rounded(mean(beside))}) on sentences that were picked" in readme


def test_the_rows_of_our_own_are_as_many_as_in_the_card() -> None:
    rows = {(row["source"], row["language"]): int(row["rows"]) for row in card_rows("degree")}
    own = sum(count for (source, _), count in rows.items() if source == "own")
    assert f"{own:,} of the {rows['all', 'all']:,} dev rows" in text_of(README)


@pytest.mark.parametrize("head", ["degree", "sentiment"])
def test_the_scores_of_public_sets_are_those_of_the_card(head: str) -> None:
    public = [row for row in card_rows(head) if row["source"] not in ("all", "own", "degree", "read")]
    scores = {row["source"]: float(row["score"]) for row in public}
    *others, last = sorted(row["source"] for row in public if scores[row["source"]] < float(row["baseline"]))
    low, high = min(scores, key=scores.__getitem__), max(scores, key=scores.__getitem__)
    readme = " ".join(text_of(README).split())
    between = f"between {rounded(scores[low])} (`{low}`) and {rounded(scores[high])} (`{high}`)"
    assert (
        f"{between}; on {', '.join(f'`{name}`' for name in others)} and `{last}` the baseline is better"
        in readme
    )


def test_every_page_is_in_the_list_of_pages() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link in LINK.findall(text_of(index))}
    assert listed >= {page for page in PAGES if page.parent in (ROOT, index.parent) and page != index}


def test_a_figure_of_an_earlier_checkpoint_says_so() -> None:
    for name in ("benchmarks-serving.md", "scale.md", "deploy.md"):
        assert "November 2026" in text_of(ROOT / "docs" / name)
        assert "third checkpoint" in text_of(ROOT / "docs" / name)


def test_how_to_cite_is_of_this_version() -> None:
    cited = yaml.safe_load(text_of(ROOT / "CITATION.cff"))
    assert cited["version"] == version()
    assert {"cff-version", "message", "title", "authors", "license"} <= cited.keys()


def test_decisions_are_numbered_without_gaps() -> None:
    names = decisions()
    assert [name[:5] for name in names] == [f"{number:04}-" for number in range(1, len(names) + 1)]
    for name in names:
        assert text_of(DECISIONS / name).startswith(f"# {int(name[:4])}. ")


def decisions() -> list[str]:
    return sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))


def test_every_decision_is_listed_once() -> None:
    listed = re.findall(r"^- \[(\d+)\]\((\S+)\): .", text_of(DECISIONS / "README.md"), re.MULTILINE)
    assert sorted(name for _, name in listed) == decisions()
    assert all(int(number) == int(name[:4]) for number, name in listed)


@pytest.mark.parametrize("page", [FORMATS, HTTP], ids=lambda page: page.name)
def test_a_long_page_begins_with_its_contents(page: Path) -> None:
    before, *_ = text_of(page).partition("\n## ")
    listed = re.findall(r"^ *- \[(.+)\]\(#", before, re.MULTILINE)
    assert listed == re.findall(r"^##+ +(.+?) *$", prose_of(page), re.MULTILINE)
