"""The house: rooms that resolve to this checkout, and imports that run one way."""

import ast
import importlib.util
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "data": set(),
    "models": {"data"},
    "training": {"data", "models"},
    "mining": {"data", "models"},
    "serving": {"data", "models", "mining"},
}
ROOMS = tuple(MAY_IMPORT)
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every absolute import, at the top, in functions, and for type checkers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module or ""


def named_modules(tree: ast.AST) -> Iterator[str]:
    """Dotted names of our own modules that stand as text, as for a late import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            room, dot, rest = node.value.partition(".")
            if dot and room in ROOMS and (ROOT / room / f"{rest.replace('.', '/')}.py").is_file():
                yield node.value


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_resolve_to_this_checkout(room: str) -> None:
    found = importlib.util.find_spec(room)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).resolve() == ROOT / room / "__init__.py"


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_in_one_docstring_what_it_is(room: str) -> None:
    assert ast.get_docstring(tree_of(ROOT / room / "__init__.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_arrows_run_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    forbidden = {*ROOMS, "tests", "benchmarks", "countervoice"} - MAY_IMPORT[room] - {room}
    backwards = [
        f"line {line}: {name}" for line, name in imported(tree_of(path)) if name.split(".")[0] in forbidden
    ]
    assert not backwards, f"{room} may import {sorted(MAY_IMPORT[room])} only"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_late_imports_by_name_keep_to_the_arrows_too(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    # The command line lists the commands of training, and loads them when they are called.
    allowed = {"training.commands"} if path == ROOT / "serving" / "cli.py" else set()
    names = set(named_modules(tree_of(path))) - allowed
    assert {name.split(".")[0] for name in names} <= MAY_IMPORT[room] | {room}


def test_the_only_module_outside_the_rooms_is_the_command() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["countervoice.py"]
    ours = {name.split(".")[0] for _, name in imported(tree_of(ROOT / "countervoice.py"))} & set(ROOMS)
    assert ours == {"serving"}


def test_every_room_is_type_checked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    assert set(settings["tool"]["mypy"]["packages"]) == set(ROOMS)
