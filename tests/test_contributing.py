"""CONTRIBUTING.md: its recipes are followed to the letter on a small project."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from flows.catalog import load_catalog
from flows.errors import CatalogError
from flows.line import ingest
from flows.new import create_indicator, create_source
from flows.progress import call_directly
from project import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CREATE = {"source": create_source, "indicator": lambda s, n: create_indicator(s, n, "population")}


def recipe(title):
    """The numbered steps of one recipe."""
    section = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    return re.findall(r"^\d+\. ((?:.|\n(?=   ))+)", section, re.MULTILINE)


def commands(title):
    """Every `jalon …` of the steps of one recipe, in order."""
    text = " ".join(recipe(title))
    return [shlex.split(found)[1:] for found in re.findall(r"`(jalon [^`]+)`", text)]


def files(title):
    """Every file of the project that the steps of one recipe name."""
    return set(re.findall(r"`((?:catalog|schemas|tests)/[^`]+\.[a-z.]+)`", " ".join(recipe(title))))


def jalon(settings, *arguments):
    """The command, on its own, in that project."""
    return subprocess.run(
        [sys.executable, "-m", "flows", "--root", str(settings.root), *arguments],
        cwd=ROOT,
        env=os.environ | {"GX_ANALYTICS_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )


def follow(title, settings):
    """Type every command of a recipe, and look for every file that it names."""
    assert len(recipe(title)) >= 6

    for command in commands(title):
        done = jalon(settings, *command)
        assert done.returncode == 0, f"jalon {' '.join(command)}: {done.stderr}"

    for name in files(title):
        assert (settings.root / name).exists() or (ROOT / name).exists(), name


def test_the_recipe_of_a_source_holds(project):
    follow("Add a source", project)


def test_the_recipe_of_an_indicator_publishes_it(few):
    follow("Add an indicator", few)

    wide = (few.public / "latest/data/wide/population_departement.csv").read_text("utf-8")
    header, *rows = [line.split(",") for line in wide.splitlines()]
    assert header[-2:] == ["large_commune_residents_share", "large_commune_residents_share_status"]
    shares = {row[0]: row[-2] for row in rows}
    assert shares["35"] == "100.0"  # Rennes, Cesson-Sévigné and Betton, all over 10,000
    assert shares["14"] == "0.0"  # Troarn 3,439 and Sannerville 1,905
    assert shares["2A"] == "95.8"  # 76320 / (76320 + 3344)


def test_the_recipes_use_the_commands():
    assert [c[:1] for c in commands("Add a source")] == [["new"], ["check"], ["ingest"]]
    assert [c[:1] for c in commands("Add an indicator")] == [["new"], ["check"], ["run"]]


def test_a_new_source_is_read_whole(project):
    create_source(project, "libraries")

    (report,) = ingest(project, "libraries", call_directly)

    assert (report.rows, report.rejected_rows) == (5, 0)
    sample = project.root / "tests/data/libraries.csv"
    assert len(sample.read_text("utf-8").splitlines()) == 6


def test_comments_and_order_of_a_dataset_stay(project):
    path = project.catalog / "datasets/population.yml"
    path.write_text("# Why these.\n" + path.read_text("utf-8"), encoding="utf-8")
    before = load_catalog(project.catalog).datasets["population"].indicators

    create_indicator(project, "large_commune_residents_share", "population")

    after = load_catalog(project.catalog).datasets["population"].indicators
    assert after == (*before, "large_commune_residents_share")
    assert path.read_text("utf-8").startswith("# Why these.\n")


@pytest.mark.parametrize("kind", CREATE)
@pytest.mark.parametrize(
    "name", ["Libraries", "with-dash", "1st", "é", "", "a b", "../up", "x" * 51]
)
def test_a_name_that_is_not_in_snake_case_is_refused(kind, name, project):
    with pytest.raises(CatalogError, match="not a name in snake_case"):
        CREATE[kind](project, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("source", "town_halls"), ("source", "memberships"), ("indicator", "population")],
)
def test_a_name_that_is_taken_is_refused(kind, name, project):
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}

    done = jalon(project, "new", kind, name, *["--dataset=population"] * (kind == "indicator"))

    assert done.returncode == 2
    assert f"jalon: {name}: the name of a" in done.stderr
    assert {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()} == before


def test_a_former_name_is_not_given_again(project):
    path = project.catalog / "indicators/population.yml"
    text = path.read_text("utf-8") + "formerly: [residents]\n"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogError, match="the name of an indicator already"):
        create_indicator(project, "residents", "population")


def test_an_unknown_dataset_names_those_that_are_known(project):
    with pytest.raises(CatalogError, match=r"no such dataset \(known: digital, ecology"):
        create_indicator(project, "residents", "nope")


def test_a_file_that_stands_there_is_left_alone(project):
    path = project.root / "tests/data/libraries.csv"
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")

    with pytest.raises(CatalogError, match="is there already"):
        create_source(project, "libraries")

    assert path.read_text("utf-8") == "mine"
    assert not (project.catalog / "sources/libraries.yml").exists()


def test_a_list_on_one_line_is_not_guessed_at(project):
    path = project.catalog / "datasets/innovation.yml"
    text = path.read_text("utf-8").replace("\n  - innovation_labs", " [innovation_labs]")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CatalogError, match="write its indicators one a line"):
        create_indicator(project, "more_labs", "innovation")

    assert not Path(project.catalog / "indicators/more_labs.yml").exists()


@pytest.mark.parametrize("linter", ["sqlfluff", "yamllint"])
def test_what_is_written_passes_the_linters(linter, project):
    written = create_source(project, "libraries")
    written += create_indicator(project, "large_commune_residents_share", "population")
    suffix, options = {
        "sqlfluff": (".sql", ["lint", "--config", str(ROOT / "pyproject.toml")]),
        "yamllint": (".yml", ["--strict", "-c", str(ROOT / ".yamllint")]),
    }[linter]
    paths = [str(path) for path in written if path.suffix == suffix]

    done = subprocess.run(
        [sys.executable, "-m", linter, *options, *paths],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
