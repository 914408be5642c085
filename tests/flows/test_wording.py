"""A failing flow run says what is wrong in the flow's words, and nothing else behind it."""

from __future__ import annotations

import ast
import inspect
import logging
import re
import sys
from collections.abc import Iterator

import pytest

from byline.cli.build import build
from byline.core.errors import BylineError, DataError, LockHeldError, UsageError
from byline_flows.wording import WithoutTraceback, in_flow_words
from tests.conftest import ROOT

PARAMETERS = frozenset(inspect.signature(build).parameters) - {"keep_work"}
"""As the flow's: tests/integration compares them."""
FOR_FLOWS = ("core", "files", "forms", "inputs", "decisions", "pipeline", "snapshots", "storage")
"""Packages whose errors a flow run can end with."""
NOT_THE_FLOWS = {"name"}
"""Options of other commands, in messages of these packages that no build ends with."""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "run again with --wait SECONDS, or end it",
            "run again with the parameter wait (SECONDS), or end it",
        ),
        ("give another folder with --out.", "give another folder with the parameter out."),
        (
            "give the build a smaller value of --slice-mib.",
            "give the build a smaller value of the parameter slice_mib.",
        ),
        ("give --address tcp://HOST:8786.", "give the parameter address (tcp://HOST:8786)."),
        (
            "run again with --accept quarantine --accept papers_lost; the history records it",
            'run again with the parameter accept (["quarantine", "papers_lost"]); the history records it',
        ),
        ("`byline build --accept quarantine` does", "`byline build --accept quarantine` does"),
        ("free some space (`byline prune`)", "free some space (`byline prune`)"),
        ("--unknown stays", "--unknown stays"),
    ],
)
def test_options_become_parameters_and_commands_stay(said, told):
    assert in_flow_words(BylineError("it failed", said), PARAMETERS) == f"it failed\n  {told}"


def messages() -> Iterator[tuple[str, str]]:
    """Yield every text of the packages that a run can end with, with its place; what is filled in stands as X."""
    for package in FOR_FLOWS:
        for path in sorted((ROOT / "src" / "byline" / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            parts_of = [
                part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
            ]
            documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)} | set(
                map(id, parts_of)
            )
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
                    yield f"{path.name}:{node.lineno}", "".join(map(str, parts))
                elif (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and id(node) not in documented
                ):
                    yield f"{path.name}:{node.lineno}", node.value


def test_no_message_of_a_build_names_an_option_to_who_has_none():
    found = 0
    for place, text in messages():
        if not re.search(r"--[a-z]", text):
            continue
        found += 1
        told = re.sub(r"`[^`]*`", "", in_flow_words(BylineError(text), PARAMETERS))
        left = set(re.findall(r"--([a-z-]+)", told)) - NOT_THE_FLOWS
        assert not {name.replace("-", "_") for name in left} & PARAMETERS, f"{place}: {told}"
    assert found > 10


def record_of(failure: BaseException) -> logging.LogRecord:
    """Return the record that Prefect writes when a flow has ended with this."""
    try:
        raise failure
    except BaseException:
        return logging.LogRecord(
            "prefect.flow_runs", 40, __file__, 1, "ended with %r", (failure,), sys.exc_info()
        )


@pytest.mark.parametrize("kind", [DataError, LockHeldError, UsageError])
def test_the_log_ends_with_the_message(kind):
    record = record_of(kind("a is held", "run again with --wait SECONDS"))
    assert WithoutTraceback(PARAMETERS).filter(record)
    shown = logging.Formatter("%(message)s").format(record)
    assert shown == "a is held\n  run again with the parameter wait (SECONDS)"


def test_what_a_later_try_failed_of_is_said_last():
    plainly = WithoutTraceback(PARAMETERS)
    first = record_of(LockHeldError("a is held"))
    assert plainly.filter(first)
    assert first.getMessage() == "a is held"
    plainly.last = "the disk is full"
    stale = record_of(LockHeldError("a is held"))
    assert plainly.filter(stale)
    assert stale.getMessage() == "the disk is full"


def test_a_defect_keeps_its_traceback():
    record = record_of(ZeroDivisionError("a defect"))
    assert WithoutTraceback(PARAMETERS).filter(record)
    assert "Traceback" in logging.Formatter("%(message)s").format(record)
