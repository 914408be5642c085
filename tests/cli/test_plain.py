"""Plain lines of commands mean what typer would make of them; whatever else a line holds is typer's."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import typer

from byline.cli.app import app
from byline.cli.build import build
from byline.cli.parse import parse
from byline.cli.plain import PLAIN, parameters, plain_call

LINES = [
    ["parse"],
    ["parse", "-"],
    ["parse", "list.txt"],
    ["parse", "--format", "csv", "list.txt"],
    ["parse", "list.txt", "--format=json", "--strict"],
    ["parse", "--form", "zotero_csv", "--published", "2024-05", "--venue=A = B", "--category", "cs.LG", "-"],
    ["build"],
    ["build", "--raw", "data/raw", "--out=out", "--workers", "0", "--check", "--format", "json"],
    [
        "build",
        "--incremental",
        "--curated",
        "some/decisions",
        "--keep",
        "2",
        "--slice-mib=8",
        "--engine",
        "local",
    ],
    ["build", "--full", "--keep-work", "--metrics", "byline.prom"],
]
TYPERS = [
    [],
    ["-h"],
    ["--version"],
    ["build", "list.txt"],
    ["build", "--wait", "1"],
    ["build", "--accept", "papers_lost"],
    ["build", "--workers", "-1"],
    ["build", "--workers", "two"],
    ["build", "--keep", "0"],
    ["build", "--full", "--incremental"],
    ["build", "--engine", "spark"],
    ["parse", "--help"],
    ["parse", "list.txt", "-h"],
    ["parse", "one.txt", "two.txt"],
    ["parse", "--format"],
    ["parse", "--format", "xml"],
    ["parse", "--format", "json", "--format", "csv"],
    ["parse", "--strict=yes"],
    ["parse", "--no-strict"],
    ["parse", "--form", "--strict"],
    ["parse", "--nothing-of-ours"],
    ["parse", "--", "list.txt"],
]


def by_typer(words: list[str]) -> dict[str, Any]:
    """Return the arguments that typer makes of a line."""
    command = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]  # of a group
    context = command.make_context(words[0], list(words[1:]))
    return {name: None if value == () else value for name, value in context.params.items()}  # as it calls us


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_a_plain_line_means_what_typer_makes_of_it(words: list[str]):
    call = plain_call(words)
    assert isinstance(call, partial)
    command = {"parse": parse, "build": build}[words[0]]
    assert call.func is command
    said = by_typer(words)
    given = {name: value for name, value in said.items() if name in call.keywords}
    assert call.keywords == given
    assert {name: said[name] for name in said.keys() - given.keys()} == {
        name: command.__defaults__[place]  # type: ignore[index]  # all have one
        for place, name in enumerate(one.name for one in parameters(command))
        if name not in given
    }


@pytest.mark.parametrize("words", TYPERS, ids=" ".join)
def test_other_lines_are_left_to_typer(words: list[str]):
    assert plain_call(words) is None


def test_plain_commands_are_commands():
    assert set(PLAIN) <= set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # as above
