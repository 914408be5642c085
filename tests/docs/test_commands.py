"""Every command that the site's pages show runs as it stands, a page in a project folder of its own.

Blocks of `sh` and `python` run one after the other; a block `text output` behind one says lines that its output has,
`…` for anything. What can't run here says so in its fence, with the reason: ```` ```sh notest: needs a server ````.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import LISTING, ROOT

DOCS = ROOT / "docs"
PAGES = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    if re.search(r"^```", path.read_text("utf-8"), re.MULTILINE)
    and not path.is_relative_to(DOCS / "reference")
    and not path.is_relative_to(DOCS / "decisions")
]


@dataclass(frozen=True)
class Block:
    """A fenced block: language, what stands behind it in the fence, its lines, where it begins."""

    language: str
    marker: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    text = page.read_text("utf-8")
    return [
        Block(found[1], found[2].strip(), found[3], text[: found.start()].count("\n") + 1)
        for found in re.finditer(r"^```(\w*)([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project folder with the sample listing, and a command `byline` that is this checkout's."""
    folder = tmp_path / "project"
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "raw" / "listing.txt").write_bytes(LISTING.read_bytes())
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "byline"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m byline "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.mark.slow  # some seconds a page
@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(DOCS).as_posix() for page in PAGES])
def test_the_commands_of_a_page_run_as_they_stand(page, project):
    path = f"{project.parent / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    shown = ""
    where = project
    for block in blocks(page):
        if block.language == "text" and block.marker == "output":
            for line in filter(None, block.text.splitlines()):
                wanted = re.escape(line).replace("…", ".*")
                assert re.search(rf"^\s*{wanted}\s*$", shown, re.MULTILINE), (
                    f"{page}:{block.line}: {line}\n{shown}"
                )
        if block.language not in ("sh", "python") or block.marker:
            continue
        code = (
            f"set -eo pipefail\n{block.text}\npwd > {project.parent}/where"
            if block.language == "sh"
            else block.text
        )
        shell = ["bash", "-c"] if block.language == "sh" else [sys.executable, "-c"]
        done = subprocess.run(
            [*shell, code],
            cwd=where,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{page}:{block.line}\n{done.stdout}{done.stderr}"
        shown = done.stdout
        if block.language == "sh":
            where = Path((project.parent / "where").read_text().strip())


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(DOCS).as_posix() for page in PAGES])
def test_what_does_not_run_says_why(page):
    code = [block for block in blocks(page) if block.language in ("sh", "python")]
    for block in code:
        assert not block.marker or re.fullmatch(r"notest: \S.{8,}", block.marker), f"{page}:{block.line}"
    for block in blocks(page):
        assert block.language in {"sh", "python", "text", "toml"}, f"{page}:{block.line}: say the language"
