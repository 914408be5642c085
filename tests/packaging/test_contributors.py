"""What contributors are told to do and to say exists: templates of issues, the release recipe, the policy's links."""

from __future__ import annotations

import re

import pytest
import yaml

from byline.cli.app import COMMANDS
from tests.conftest import ROOT

TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
FORMS = [path for path in TEMPLATES if path.name != "config.yml"]
NAMES = {function.__name__.rstrip("_").replace("_", "-") for function in COMMANDS}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_what_the_forge_asks_for(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert form["name"]
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert fields
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)


def test_there_is_a_form_for_a_failure_and_one_for_a_misread_record():
    assert {path.stem for path in FORMS} >= {"failure", "misread"}


@pytest.mark.parametrize(
    "path", [*TEMPLATES, ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name
)
def test_commands_and_links_that_are_named_exist(path):
    text = path.read_text("utf-8")
    named = set(re.findall(r"`byline ([a-z][a-z-]+)", text))
    assert named <= NAMES
    links = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if link]
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_release_recipe_names_what_is_there():
    recipe = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## A release")[2]
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "all passed" in (ROOT / ".ci" / "run").read_text("utf-8")
    tests = re.findall(r"tests/\S+\.py", recipe)
    assert tests
    assert [one for one in tests if not (ROOT / one).exists()] == []
