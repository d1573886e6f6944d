"""The command line: quick help, one-line errors, and exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

import models.checkpoint
from serving import cli, scoring
from serving.lazy_group import LazyCommand, LazyGroup
from serving.version import ROOT
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

Run = Callable[..., tuple[int, str, str]]

HEAVY = (
    "torch",
    "transformers",
    "bentoml",
    "sklearn",
    "statsmodels",
    "faiss",
    "sqlalchemy",
    "pyarrow",
    "numpy",
)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["countervoice", *map(str, arguments)])
    return cli.run()


@pytest.fixture
def keywords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        models.checkpoint, "load_predictor", lambda folder=None, *, runtime="auto": KeywordPredictor()
    )


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["score", "--help"], ["serve", "-h"], ["causes", "merge", "--help"], ["--version"]],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        f"import sys; sys.argv = ['countervoice', *{arguments!r}]\n"
        "import countervoice\n"
        "try: countervoice.main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_the_command_finds_its_own_rooms(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "__init__.py").write_text("raise RuntimeError('a stranger')")
    program = [sys.executable, str(ROOT / "countervoice.py"), "--version"]
    environment = {"PYTHONPATH": str(tmp_path), "SYSTEMROOT": "C:\\Windows"}
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("countervoice, version ")


def test_help_tells_the_defaults(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "mine", "--help") == 0
    assert "[default: 0.2; " in capsys.readouterr().out
    assert run(monkeypatch, "score", "--help") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Parquet, CSV, TSV or JSONL" in shown
    assert "[default: IN without its suffix + .scored.parquet; " in shown


def test_help_names_every_command_with_examples(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    shown = capsys.readouterr().out
    training = ("corpora", "pretrain", "train", "evaluate", "promote")
    for command in ("score", "mine", "demo", "serve", "causes", *training):
        assert f"\n  {command} " in shown
    assert "countervoice mine reviews.csv --out out" in shown


def test_lazy_commands_are_imported_when_called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "late_room.py").write_text(
        "import click\n@click.command()\n@click.option('--epochs', type=int)\n"
        "def late(epochs): click.echo(f'{epochs} epochs')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    group = LazyGroup("many", lazy={"late": LazyCommand("late_room", "late", "Comes late.")})
    group.main(["--help"], standalone_mode=False)
    assert "late_room" not in sys.modules
    group.main(["late", "--epochs", "3"], standalone_mode=False)
    assert "3 epochs" in capsys.readouterr().out


def test_a_command_that_is_not_installed_is_not_listed_and_says_so(tmp_path: Path) -> None:
    """As in a Bento, which leaves out the room training."""
    for part in ("countervoice.py", "pyproject.toml", "data", "models", "mining", "serving"):
        (tmp_path / part).symlink_to(ROOT / part)
    program = (
        "import sys\n"
        f"sys.path[:] = [{str(tmp_path)!r}, *(each for each in sys.path if each not in ('', {str(ROOT)!r}))]\n"
        "from serving.cli import run; sys.exit(run())"
    )

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")

    listed = call("--help")
    assert listed.returncode == 0, listed.stderr
    assert "\n  serve " in listed.stdout
    assert not [name for name in cli.TRAINING if f"\n  {name} " in listed.stdout]
    for arguments in (["promote", "--help"], ["train"]):
        told = call(*arguments)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr == (
            f"countervoice: {arguments[0]} is not installed here, as the folder training is missing: "
            "run it from a checkout or a wheel of Countervoice\n"
        )


def test_demo_names_the_folder_of_its_sample(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    small = write_csv(tmp_path / "feedback.csv", rows())
    assert run(monkeypatch, "demo", "--help") == 0
    shown = "".join(capsys.readouterr().out.split())
    assert str(ROOT / "data" / "sample") in shown
    assert all(
        (ROOT / "data" / "sample" / f"{name}.csv").exists() for name in ("customers", "beliefs", "margins")
    )
    monkeypatch.setattr("serving.mine_command.SAMPLE", small)
    assert run(monkeypatch, "demo", "--out", tmp_path / "out") == 0
    assert f"the sample is {small}, with customers.csv" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["may-10:00", os.fsdecode(b"caf\xe9")])
def test_names_that_look_like_a_url_or_are_no_utf8_are_names(
    keywords: None, monkeypatch: pytest.MonkeyPatch, command_line: Run, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(Path(f"{name}.csv"), rows())
    for out in (f"{name}.scored.csv", f"{name}.parquet"):
        assert command_line("score", f"{name}.csv", "--out", out)[0] == 0
        assert Path(out).is_file()
    assert command_line("mine", f"{name}.csv", "--out", name)[0] == 0
    assert command_line("mine", f"{name}.parquet", "--out", f"{name}-2")[0] == 0
    code, shown, said = command_line("ratio", "--state", name)
    assert (code, "good experiences" in shown) == (0, True), said
    assert command_line("score", f"{name}.parquet")[2].endswith(
        "is a scored file already; score the original file\n"
    )


@pytest.mark.parametrize("name", list(cli.TRAINING))
def test_the_line_shown_for_a_lazy_command_is_its_own(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert command.get_short_help_str(90) == cli.TRAINING[name].help


def test_score_says_what_it_guessed_and_wrote(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", [*rows()[:4], ["r9", "mute", "", "1", ""]])
    assert run(monkeypatch, "score", source, "--out", tmp_path / "scored.csv", "--text-column", "text") == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "text = text (given)" in shown.err
    assert "5 rows, 4 messages, 4 statements: " in shown.err
    assert "1 row was set aside" in shown.err
    assert (tmp_path / "scored.csv").is_file()


@pytest.mark.parametrize("command", ["score", "mine"])
def test_what_a_file_lacks_and_whom_it_does_not_name_is_said(
    keywords: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
) -> None:
    table = [f'"{text}",[deleted],soon' for _, _, text, *_ in rows()]
    (tmp_path / "in.csv").write_text("\n".join(["text,author,date", *table]), encoding="utf-8")
    out = ["--out", tmp_path / "out"] if command == "mine" else []
    assert run(monkeypatch, command, tmp_path / "in.csv", *out) == 0
    shown = " ".join(capsys.readouterr().err.split())
    count = f"{len(table)} of {len(table)} rows"
    assert "no rating column: no mean ratings" in shown
    assert f"counts as a person ({count}, such as '[deleted]')" in shown
    assert f"date held no date that can be read ({count}, such as 'soon')" in shown


def test_a_column_name_cannot_steer_the_terminal(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("text,\x1b[2Jplan\na,x\nb,x\nc,y\nd,y\n", encoding="utf-8")
    assert run(monkeypatch, "score", tmp_path / "in.csv") == 0
    assert run(monkeypatch, "score", tmp_path / "in.csv", "--text-column", "\x1b[2J") == 1
    shown = capsys.readouterr().err
    assert "plan" in shown
    assert "\x1b" not in shown


def test_mine_prints_the_report_and_names_the_files(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    assert run(monkeypatch, "mine", source, "--out", tmp_path / "out", "--granularity", "0.5") == 0
    shown = capsys.readouterr()
    assert "3 causes, 3 oppositions" in shown.out
    assert "report.html" in shown.err


def test_workers_go_with_ray_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:4])
    assert run(monkeypatch, "score", source, "--workers", "3") == 2
    assert "--workers goes with --engine ray" in capsys.readouterr().err


@pytest.mark.parametrize("role", ["rating", "title"])
def test_a_scored_file_keeps_its_columns_and_says_so(
    keywords: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    role: str,
) -> None:
    scored = tmp_path / "scored.parquet"
    run(monkeypatch, "score", write_csv(tmp_path / "in.csv", rows()[:4]), "--out", scored, "--embeddings")
    none = [f"--{role}-column", ""]
    assert run(monkeypatch, "mine", scored, *none, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert f"scored.parquet was scored: give --{role}-column '' to `countervoice score`" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"id,colour\n1,red\n", "--text-column"),
        ("text\nCà phê nguội\n".encode("utf-16"), "UTF-8"),
        ("text\nkafija ir auksta, bet tēja nav\n".encode("cp1257"), "UTF-8"),
        (b"text\n \n\n", "none of the"),
    ],
)
@pytest.mark.parametrize("command", ["score", "mine"])
def test_bad_files_are_one_line(
    keywords: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
    content: bytes,
    message: str,
) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    out = ["--out", tmp_path / "out"] if command == "mine" else []
    assert run(monkeypatch, command, tmp_path / "in.csv", *out) == 1
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith("countervoice: ")
    assert message in last


@pytest.mark.parametrize(
    "arguments",
    [
        ["score"],
        ["score", "nowhere.csv"],
        ["mine", __file__],
        ["nothing"],
        ["serve", "--port", "0"],
        ["--wrong"],
    ],
)
def test_wrong_usage_is_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(monkeypatch, *arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_is_130_and_says_how_to_go_on(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupt(*anything: object, **more: object) -> None:
        raise KeyboardInterrupt

    source = write_csv(tmp_path / "in.csv", rows()[:4])
    with monkeypatch.context() as interrupted:
        interrupted.setattr(scoring, "assemble_file", interrupt)
        assert run(monkeypatch, "score", source) == 130
    shown = " ".join(capsys.readouterr().err.split())
    assert "4 of 4 rows are finished and kept in" in shown
    assert "the same command goes on from there" in shown
    assert "interrupted; no file was left half written" in shown
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "in.scored.parquet.parts"]
    assert run(monkeypatch, "score", source) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "in.scored.parquet"]


def test_ctrl_c_while_a_compiled_package_starts_is_130(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def start(*anything: object) -> None:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr(scoring, "input_identity", start)
    assert run(monkeypatch, "score", write_csv(tmp_path / "in.csv", rows()[:4])) == 130
    assert (
        capsys.readouterr().err.splitlines()[-1] == "countervoice: interrupted; no file was left half written"
    )


def test_sigterm_is_143_and_leaves_nothing_of_a_mining(tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    program = (
        "import os, signal, sys\n"
        "import models.checkpoint\n"
        "from serving import cli, mining_run\n"
        "from tests.fakes import KeywordPredictor\n"
        "models.checkpoint.load_predictor = lambda folder=None, *, runtime: KeywordPredictor()\n"
        "mining_run.write_state = lambda *what, **more: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"sys.argv = ['countervoice', 'mine', {str(source)!r}, '--out', {str(out)!r}]\n"
        "sys.exit(cli.run())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 143, done.stderr
    assert [path.name for path in out.iterdir()] == ["causes.db"]


def test_a_failing_disk_is_one_line(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def full(*anything: object) -> None:
        raise OSError(28, "No space left on device", "scored.parquet")

    monkeypatch.setattr(scoring, "input_identity", full)
    assert run(monkeypatch, "score", write_csv(tmp_path / "in.csv", rows()[:4])) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "countervoice: scored.parquet: No space left on device"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a place where nobody can write")
def test_a_target_that_cannot_be_written_is_one_line(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:4])
    assert run(monkeypatch, "score", source, "--out", "/proc/scored.parquet") == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("countervoice: cannot make the folder /proc/scored.parquet.parts: ")


def test_a_scored_file_is_mined_without_the_model(
    keywords: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    scored = tmp_path / "scored"
    assert run(monkeypatch, "score", source, "--out", scored, "--embeddings", "--partitioned") == 0
    monkeypatch.setattr(models.checkpoint, "load_predictor", None)
    assert run(monkeypatch, "mine", scored, "--out", tmp_path / "out", "--model", "models/other") == 0
    told = capsys.readouterr()
    assert "3 causes, 3 oppositions" in told.out
    assert "--model models/other was not used: scored has its labels and embeddings already" in " ".join(
        told.err.split()
    )
