"""The house stands as it was drawn: four floors, four names, and nothing foreign kept in it."""

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from web.commands import cli

ROOT = Path(__file__).parent.parent
FLOORS = ("bpmn", "engine", "tasks", "web")
README = (ROOT / "README.md").read_text()


def test_each_floor_imports_only_what_lies_beneath() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("floor", FLOORS)
def test_no_other_distribution_owns_the_name_of_a_floor(floor: str) -> None:
    assert set(importlib.metadata.packages_distributions()[floor]) == {"alur"}


def test_every_part_from_npm_is_pinned_exactly() -> None:
    parts = json.loads((ROOT / "web" / "package.json").read_text())
    versions = [*parts["dependencies"].values(), *parts["devDependencies"].values()]
    assert [version for version in versions if not version[0].isdigit()] == []


def test_the_lock_file_names_no_registry_and_a_digest_for_every_part() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert [name for name, part in packages.items() if "resolved" in part] == []
    assert [name for name, part in packages.items() if "integrity" not in part] == []


def test_pages_fetch_nothing_from_another_host() -> None:
    elsewhere = re.compile(r"https?://(?!www\.w3\.org/)")
    sources = [*(ROOT / "web" / "assets").iterdir(), *(ROOT / "web" / "templates").rglob("*.html")]
    assert [path.name for path in sources if elsewhere.search(path.read_text())] == []


def test_the_readme_names_every_command_that_the_help_names() -> None:
    shown = {name for name, command in cli.commands.items() if not command.hidden}
    assert shown == set(re.findall(r"`alur (\w+)", README))


def test_the_readme_names_every_variable_that_is_read() -> None:
    sources = [path.read_text() for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    read = {name for source in sources for name in re.findall(r"\bALUR_[A-Z_]+", source)}
    assert read == set(re.findall(r"\bALUR_[A-Z_]+", README))


@pytest.mark.parametrize("guide", sorted((ROOT / "docs").rglob("*.md")), ids=lambda it: it.stem)
def test_a_guide_names_only_what_there_is(guide: Path) -> None:
    text = guide.read_text()
    variables = set(re.findall(r"\bALUR_[A-Z_]+", text)) - {"ALUR_"}
    assert variables <= set(re.findall(r"\bALUR_[A-Z_]+", README))
    commands = set(re.findall(r"(?:bin/|`|^)alur ([a-z]+)", text, re.MULTILINE))
    assert commands <= set(cli.commands)
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (guide.parent / link).exists()] == []
