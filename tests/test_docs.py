"""What a person can meet stands in docs/, and what docs/ say stands in the code."""

import argparse
import importlib
import pkgutil
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

import pipeline.commands
from pipeline.commands.replay import Report
from pipeline.config import PREFIX, VARIABLES, Config
from pipeline.funnel import Loss, Stage
from pipeline.items import Article, Link, RawPage, Reason, Rejection
from pipeline.sources import Source
from tests.architecture import STREET

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "seeds").glob("*.md")])
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
README = (ROOT / "README.md").read_text()
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt"
FIRST = f"{INSTALL} . && .venv/bin/newsloom replay && .venv/bin/newsloom articles"
SECOND = f"{INSTALL} -e '.[test]' && .venv/bin/pytest -n auto --dist loadfile"


def page(name: str) -> str:
    return (DOCS / name).read_text()


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its level or above."""
    start = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert start, f"no heading {heading!r}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows, back-quotes and padding removed."""
    return [
        [cell.strip().strip("`") for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands() -> dict[str, ScrapyCommand]:
    """Every command of ours by name, made as Scrapy makes them."""
    found = {}
    for module in pkgutil.iter_modules(pipeline.commands.__path__, "pipeline.commands."):
        for value in vars(importlib.import_module(module.name)).values():
            is_command = (
                isinstance(value, type) and issubclass(value, ScrapyCommand) and value.__module__ == module.name
            )
            if is_command:
                found[module.name.rpartition(".")[2]] = value()
    return found


def own_options(command: ScrapyCommand) -> set[str]:
    """The spellings that the command adds to those of the Scrapy command it is made from."""
    command.settings = Settings()
    theirs = next(kind for kind in type(command).__mro__ if kind.__module__.startswith("scrapy."))
    ours, inherited = argparse.ArgumentParser(add_help=False), argparse.ArgumentParser(add_help=False)
    command.add_options(ours)
    theirs.add_options(command, inherited)
    return spellings(ours) - spellings(inherited)


def spellings(parser: argparse.ArgumentParser) -> set[str]:
    """Long options, and the words that an argument may be."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(option for option in action.option_strings if option.startswith("--"))
        if not action.option_strings:
            found.update(action.choices or ())
    return found - {"--help"}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name):
    described = section(page("commands.md"), f"newsloom {name}")
    assert [
        spelling
        for spelling in sorted(own_options(commands()[name]))
        if not re.search(rf"{re.escape(spelling)}\b", described)
    ] == []


def test_every_key_of_a_replays_summary_is_documented():
    described = section(page("commands.md"), "newsloom replay")
    assert [key for key in Report.__slots__ if f"`{key}`" not in described] == []


def test_no_command_is_documented_that_does_not_exist():
    documented = re.findall(r"^#+ newsloom (\w+)$", page("commands.md"), re.MULTILINE)
    assert sorted(documented) == sorted(commands())


def test_every_setting_is_documented_with_its_default():
    documented = {row[0]: row[1] for row in rows(page("settings.md"))[2:]}
    defaults = {f.name.upper(): f.default for f in fields(Config)} | {
        "EXTRACTION_WORKERS": "the CPUs this process may use"
    }
    assert documented == {
        name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in defaults.items()
    }


def test_only_settings_that_exist_are_named():
    named = {name for path in PAGES for name in re.findall(rf"{PREFIX}([A-Z_]+)", path.read_text())} - {"NAME"}
    assert named <= {variable.removeprefix(PREFIX) for variable in VARIABLES}


@pytest.mark.parametrize("item", [Article, Rejection])
def test_every_exported_field_is_documented_in_order(item):
    documented = [row[:2] for row in rows(section(page("items.md"), item.__name__)) if row[1] in item.__slots__]
    assert documented == [[f.metadata["name"], f.name] for f in fields(item)]


@pytest.mark.parametrize("item", [Link, RawPage])
def test_every_field_of_what_a_spider_hands_over_is_documented_in_order(item):
    documented = [row[0] for row in rows(section(page("items.md"), item.__name__))[2:]]
    assert documented == [f.name for f in fields(item)]


def test_every_reason_is_documented_in_order():
    assert [row[0] for row in rows(section(page("items.md"), "Reasons"))[2:]] == [str(reason) for reason in Reason]


def test_every_residue_rule_is_documented():
    rules = importlib.import_module("pipeline.extraction.residue").RULES
    text = page("residue-rules.md")
    assert [rule.name for rule in rules if f"`{rule.name}`" not in text] == []


def test_the_drawn_street_is_the_one_that_is_checked():
    drawn = [(row[0], row[1].split("` `")) for row in rows(section(page("architecture.md"), "The street"))[2:]]
    assert drawn == [(room.name, [module for module in room.modules if module]) for room in STREET]


def test_every_file_that_the_architecture_names_exists():
    """A row names its folder once; what follows in it stands in the same folder."""
    missing = []
    for line in section(page("architecture.md"), "Where is …").splitlines():
        names = re.findall(r"`([\w./]+)`", line)
        folder = Path(names[0]).parent if names else Path()
        missing += [name for name in names if not any((ROOT / place / name).exists() for place in ("", folder))]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        target, _, fragment = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        goal = (path.parent / target).resolve() if target else path
        if not goal.exists():
            broken.append(link)
        elif fragment:
            headings = re.findall(r"^#+ (.+)$", goal.read_text(), re.MULTILINE)
            broken += [] if fragment in map(anchor, headings) else [link]
    assert broken == []


def test_every_decision_is_listed():
    listed = page("decisions/README.md")
    assert [p.name for p in (DOCS / "decisions").glob("0*.md") if f"({p.name})" not in listed] == []


def test_every_seed_is_described():
    described = (ROOT / "seeds/README.md").read_text()
    assert [
        path.name
        for path in (ROOT / "seeds").iterdir()
        if not path.name.endswith((".meta.json", ".md")) and f"`{path.name}`" not in described
    ] == []


def test_readme_has_the_two_commands_and_ci_runs_the_second():
    assert [command for command in (FIRST, SECOND) if f"\n{command}\n" not in README] == []
    assert SECOND in (ROOT / ".ci/run").read_text().splitlines()


def test_changelog_knows_the_version():
    version = PYPROJECT["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_constraints_pin_every_dependency_and_name_no_place():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if "/" in line or "@" in line or "==" not in line] == []
    pinned = {line.partition("==")[0] for line in lines}
    groups = [PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"].values()]
    named = {re.match(r"[\w.-]+", text)[0].lower().replace("_", "-") for group in groups for text in group} - {
        "newsloom"
    }
    assert named <= pinned


def test_every_word_of_the_funnel_is_documented_in_order():
    stages, lost = (
        re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) for part in page("crawling.md").split("`rejected` says")[:2]
    )
    assert stages == [str(stage) for stage in Stage]
    assert lost == [str(loss) for loss in Loss]


def test_every_key_of_a_source_is_documented_in_order():
    documented = [row[0] for row in rows(section(page("sources.md"), "Keys of an entry"))[2:]]
    assert documented == list(Source.model_fields)
