"""README.md: every command and query in it is run, on a small project that has a release."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from project import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```([a-z]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
BIN = Path(sys.executable).parent


def blocks(language):
    return [body for found, body in BLOCKS if found == language]


# A comment may follow a command.
LINES = [shlex.split(line, comments=True) for body in blocks("sh") for line in body.splitlines()]
MADE = [words for words in LINES if words[0] == "make"]
PREFECT = [words for words in LINES if words[0] == "prefect"]
SCRIPTS = [body for body in blocks("sh") if not body.startswith(("make ", "prefect "))]


@pytest.fixture
def root(ran, tmp_path):
    """A copy of the small project with its release, that a command may change."""
    folder = tmp_path / "project"
    shutil.copytree(ran[0].root, folder, symlinks=True)
    return folder


@pytest.fixture
def here(ran, monkeypatch):
    """The small project with its release, only for reading, as the current folder."""
    monkeypatch.chdir(ran[0].root)
    return ran[0]


def run(command, folder):
    """*command* in *folder*, with the commands of this environment on the path."""
    own = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JALON_ROOT": str(folder),
        "PREFECT_HOME": str(folder / "data" / "prefect"),
        "GX_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    return subprocess.run(
        command, cwd=folder, env=os.environ | own, capture_output=True, text=True, check=False
    )


def test_every_block_is_of_a_language_that_is_run():
    assert {language for language, _ in BLOCKS} == {"text", "sh", "sql", "python", "r"}
    assert len(MADE) == 2
    assert len(PREFECT) == 4
    assert len(SCRIPTS) == 9


@pytest.mark.parametrize("words", MADE, ids=" ".join)
def test_a_make_target_is_there_and_listed(words):
    done = subprocess.run([*words, "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.returncode == 0, done.stderr
    assert f"make {words[1]} " in listed.stdout


@pytest.mark.parametrize("words", PREFECT, ids=" ".join)
def test_a_prefect_command_is_known_with_its_options(words, tmp_path):
    command = words[: 2 if words[1] == "deploy" else 3]

    done = run([*command, "--help"], tmp_path)

    assert done.returncode == 0, done.stderr
    options = {word for word in words if word.startswith("--")}
    assert options <= set(re.findall(r"--[a-z-]+", done.stdout))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda body: body.splitlines()[0])
def test_a_shell_block_runs(script, root):
    done = run(["bash", "-euo", "pipefail", "-c", script], root)

    assert done.returncode == 0, done.stdout + done.stderr


def test_inline_commands_are_known(root):
    """`jalon …` and `make …` in running text are commands too."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in re.findall(r"`make ([a-z]+)`", TEXT):
        assert f"make {command} " in listed.stdout
    for command in set(re.findall(r"`jalon ([a-z]+)", TEXT)):
        assert run(["jalon", command, "--help"], root).returncode == 0


@pytest.mark.parametrize("query", blocks("sql"), ids=lambda body: body.splitlines()[0])
def test_a_query_gives_what_its_comment_shows(query, here):
    shown = re.findall(r"^-- (.+ \| .+)$", query, re.MULTILINE)

    with duckdb.connect("public/latest/jalon.duckdb", read_only=True) as con:
        found = con.execute(query)
        columns = [column[0] for column in found.description]
        rows = found.fetchall()

    assert rows
    if shown:
        assert [name.strip() for name in shown[0].split("|")] == columns
        assert len(shown) == 3


def test_five_queries_show_their_first_lines():
    assert sum("\n-- " in body for body in blocks("sql")) == 5


@pytest.mark.parametrize("script", blocks("python"), ids=lambda body: body.splitlines()[0])
def test_a_python_block_runs(script, here):
    done = run([sys.executable, "-c", script], here.root)

    assert done.returncode == 0, done.stderr


def test_the_python_block_finds_a_changed_table(root):
    script = next(body for body in blocks("python") if "manifest" in body)
    with duckdb.connect(str(root / "public/latest/jalon.duckdb")) as con:
        con.execute("update observations set value = value + 1 where indicator = 'population'")

    done = run([sys.executable, "-c", script], root)

    assert "AssertionError: observations" in done.stderr


def test_codes_keep_their_zeros(here):
    script = next(body for body in blocks("python") if "read_csv" in body)

    done = run([sys.executable, "-c", script], here.root)

    assert "'code_departement': '01'" in done.stdout
    assert "01033" in done.stdout  # Valserhône


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not on this machine")
@pytest.mark.parametrize("script", blocks("r"), ids=lambda body: body.splitlines()[0])
def test_an_r_block_runs(script, here):
    for package in re.findall(r"library\((\w+)\)", script):
        asked = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
        if run(["Rscript", "-e", asked], here.root).returncode:
            pytest.skip(f"the R package {package} is not on this machine")

    done = run(["Rscript", "-e", script], here.root)

    assert done.returncode == 0, done.stderr
    assert "01033" in done.stdout


@pytest.mark.skipif(shutil.which("duckdb") is None, reason="no DuckDB shell on this machine")
def test_the_duckdb_shell_opens_the_release(here):
    (command,) = re.findall(r"`(duckdb [^`]+)`", TEXT)

    done = run([*shlex.split(command), "-c", "from observations_named limit 1"], here.root)

    assert done.returncode == 0, done.stderr


def test_the_table_of_files_is_that_of_a_release(here):
    section = TEXT.split("## What a release holds")[1].split("\n## ")[0]
    named = [
        name for cell in re.findall(r"^\| (`.+?) \|", section, re.M) for name in cell.split(", ")
    ]
    latest = here.public / "latest"
    patterns = [re.sub(r"<[a-z]+>", "*", name.strip("`")) for name in named]
    found = {path for pattern in patterns for path in latest.glob(pattern)}

    assert all(list(latest.glob(pattern)) for pattern in patterns)
    files = {path for path in latest.rglob("*") if path.is_file()}
    assert files == {path for path in found if path.is_file()}


def test_the_statuses_are_those_that_may_be_published(small):
    section = TEXT.split("## How to read a value")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `([A-Z])` \|.*\| (yes|none) \|$", section, re.MULTILINE))

    rows = small.execute(
        "select obs_status, bool_or(value is not null), bool_or(value is null)"
        " from indicators.observations group by obs_status"
    ).fetchall()

    for status, has_value, has_none in rows:
        assert (told[status] == "yes", told[status] == "none") == (has_value, has_none)


def test_counts_of_the_first_page_are_those_of_the_catalogue(catalog):
    assert f"{len(catalog.indicators)} indicators" in TEXT


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert target.startswith("https://") or (ROOT / target).exists()
