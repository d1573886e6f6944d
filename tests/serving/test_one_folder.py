"""The folder of a mining is named in one way by every command: --state, with the same words and the same errors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

import models.checkpoint
from data.errors import StateError
from serving import cli
from serving.engine import Engine
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.fix_world import FIXED_ON, fixable_folder

Run = Callable[..., tuple[int, str, str]]
WORDS = {
    "causes list": (),
    "causes show": ("c-0001",),
    "causes rename": ("c-0001", "Pogas skaņa"),
    "causes cost": ("c-0001", "5"),
    "causes merge": ("c-0001", "c-0002"),
    "causes split": ("c-0001", "--containing", "小"),
    "causes hide": ("c-0001",),
    "causes unhide": ("c-0001",),
    "causes move": ("f-0001", "c-0001"),
    "causes side": ("f-0001", "praise"),
    "causes readings": (),
    "causes history": (),
    "fix register": ("c-0001", "--owner", "Ana", "--action", "lids", "--date", FIXED_ON),
    "fix withdraw": ("1", "--reason", "wrong cause"),
    "fix list": (),
    "fix show": ("c-0001",),
    "fix cost": (),
    "gap believe": ("--topic", "delivery", "--share", "0.1", "--by", "COO"),
    "gap show": (),
    "loyalty": (),
    "ratio": (),
    "watch": (),
    "recover queue": (),
    "recover contact": ("anna",),
    "recover close": ("anna", "lost"),
    "recover effect": (),
    "recover export": (),
    "recover holdout": ("0.1",),
    "recover forget": ("anna",),
}
WITHOUT_A_MINING = {"serve": (), "keys create": ("shop",), "keys list": (), "keys revoke": ("3f9c01ab",)}
each_command = pytest.mark.parametrize("name", WORDS)


def commands() -> Iterator[tuple[str, click.Command]]:
    root = click.Context(cli.cli)
    for name in cli.cli.list_commands(root):
        found = cli.cli.get_command(root, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from ((f"{name} {part}", command) for part, command in found.commands.items())
        else:
            yield name, found


def test_every_command_that_reads_a_mining_is_tried_here() -> None:
    placed = {name for name, command in commands() if any(each.name == "state" for each in command.params)}
    assert placed == {*WORDS, *WITHOUT_A_MINING}


def test_the_folder_is_named_by_the_same_option_everywhere() -> None:
    for name, command in commands():
        for param in command.params:
            if param.name == "state":
                assert isinstance(param, click.Option), name
                assert param.opts == ["--state"], name
                assert (param.help or "").startswith("Folder that `mine --out` wrote."), name
                assert (param.default == Path("out")) is (name != "ratio"), name


@each_command
def test_a_folder_without_a_mining_is_told_in_the_same_words(
    command_line: Run, tmp_path: Path, name: str
) -> None:
    empty = tmp_path / "nothing"
    code, shown, said = command_line(*name.split(), *WORDS[name], "--state", empty)
    assert (code, shown) == (1, "")
    assert said == f"countervoice: no mining in {empty}: run `countervoice mine FILE --out {empty}` first\n"
    assert not empty.exists()


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixable_folder(tmp_path_factory.mktemp("one") / "out")


@pytest.mark.parametrize("name", [*WORDS, *WITHOUT_A_MINING])
@pytest.mark.parametrize("inside", ["state", "state/index", "state/people"])
def test_the_inside_of_a_mining_is_told_the_folder_around_it(
    command_line: Run, mined: Path, name: str, inside: str
) -> None:
    """What were written there, feedback and keys, would go with the next mining."""
    before = sorted(mined.rglob("*"))
    code, shown, said = command_line(
        *name.split(), *(WORDS | WITHOUT_A_MINING)[name], "--state", mined / inside
    )
    assert (code, shown, said.count("\n")) == (1, "", 1)
    assert f"{mined / inside} is the inside of a mining" in said
    assert said.endswith(f"name the folder around it, {mined}\n")
    assert sorted(mined.rglob("*")) == before


def test_the_inside_is_known_by_any_name(
    command_line: Run, mined: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(mined / "state")
    monkeypatch.chdir(mined / "state")
    for state in (".", "../state", "index/..", tmp_path / "link"):
        assert "is the inside of a mining" in command_line("fix", "list", "--state", state)[2], state


def test_beside_a_mining_there_is_room_for_another(command_line: Run, mined: Path, tmp_path: Path) -> None:
    """A shop of its own in the folder of another; and a database that happens to have the name of a store."""
    assert command_line("keys", "create", "shop", "--state", mined / "second")[0] == 0
    (tmp_path / "countervoice.db").touch()
    assert command_line("keys", "create", "shop", "--state", tmp_path / "third")[0] == 0


def test_a_mining_is_not_written_into_a_mining(
    command_line: Run, mined: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.checkpoint, "load_predictor", lambda *_, **__: KeywordPredictor())
    code, _, said = command_line("mine", write_csv(tmp_path / "in.csv", rows()), "--out", mined / "state")
    assert (code, "is the inside of a mining" in said) == (1, True)
    assert not (mined / "state" / "state").exists()


def test_a_service_that_is_started_without_the_command_is_told_too(
    mined: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.checkpoint, "load_predictor", lambda *_, **__: KeywordPredictor())
    with pytest.raises(StateError, match="is the inside of a mining"):
        Engine.load(mined / "state", None)


@each_command
def test_a_folder_in_the_old_place_is_told_the_new_one(command_line: Run, name: str) -> None:
    command = dict(commands())[name]
    takes_more = any(
        isinstance(each, click.Argument) and (each.nargs == -1 or not each.required)
        for each in command.params
    )
    code, _, said = command_line(*name.split(), *WORDS[name], "out")
    if not takes_more:  # else it is taken for the id of a cause
        assert code == 2
        assert said.endswith(
            "Got unexpected extra argument (out): name the folder of a mining with --state\n"
        )


def test_other_words_too_many_get_no_such_hint(command_line: Run, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    code, _, said = command_line("mine", source, "out", "--out", tmp_path)
    assert (code, said.splitlines()[-1]) == (2, "Error: Got unexpected extra argument (out)")


def test_ratio_without_a_folder_is_arithmetic_alone(
    command_line: Run, mined: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mined.parent)  # a mining lies in the folder out
    code, shown, _ = command_line("ratio", "--json")
    assert (code, '"causes"' in shown) == (0, False)
    code, shown, _ = command_line("ratio", "--json", "--state", "out")
    assert (code, '"causes"' in shown) == (0, True)
