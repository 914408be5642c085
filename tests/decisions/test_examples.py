"""The page on corrections shows an example of each file, and byline reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from pathlib import Path

import pytest

from byline.core import resources
from byline.decisions import curated, organisations, people
from byline.decisions.about import about

PAGE = resources.text("corrections.md")
READERS: dict[str, Callable[[Path], Sized]] = {
    "boundaries.jsonl": curated.boundaries,
    "authors.csv": people.author_decisions,
    "identifiers.csv": people.identifiers,
    "affiliations.csv": organisations.meanings,
    "names.jsonl": people.wanted_names,
}


def examples(name: str) -> str:
    """Return the indented lines of the section about a file."""
    section = re.split(rf"^## .*`{re.escape(name)}`$", PAGE, flags=re.MULTILINE)[1].split("\n## ")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    return "\n".join(line for line in lines if not line.startswith(("byline", "rm "))) + "\n"


@pytest.mark.parametrize("name", READERS)
def test_the_example_of_a_file_is_read(tmp_path: Path, name: str):
    (tmp_path / name).write_text(examples(name))
    assert len(READERS[name](tmp_path)) > 0


def test_the_files_that_need_no_section_are_read_too(tmp_path: Path):
    block = PAGE.split("## Other files")[1]
    lines = [line.strip() for line in block.splitlines() if line.startswith("    ")]
    (tmp_path / curated.MATCHES).write_text(lines[0])
    (tmp_path / curated.CATEGORIES).write_text("\n".join(lines[1:]))
    assert curated.match_decisions(tmp_path).height == 1
    assert curated.category_settings(tmp_path)["order"] == ["cs", "stat"]
    assert about(tmp_path) == {}


def test_every_file_of_decisions_is_told():
    for name in (curated.BOUNDARIES, curated.MATCHES, curated.CATEGORIES, *people.FILES, organisations.NAME):
        assert f"`{name}`" in PAGE
