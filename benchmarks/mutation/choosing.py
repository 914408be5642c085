"""Which tests a fault is put to: those that run its line, the cheapest first."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from benchmarks.mutation.faults import Fault
from benchmarks.mutation.known import ROOT


class Covering:
    """Which tests run which line, and what they cost."""

    def __init__(self, found: dict[str, Any], most: float) -> None:
        """`found` is what `mutation.covering` wrote; `most` seconds are spent on one fault."""
        self._seconds: dict[str, float] = found["seconds"]
        self._fixtures: dict[str, float] = found["fixtures"]
        self._shared: dict[str, list[str]] = found["shared"]
        self._most = most
        files = {name.partition("::")[0] for name in self._seconds}
        self._files = {name: (ROOT / name).read_text("utf-8") for name in files if (ROOT / name).is_file()}
        self.lines = {
            path: _moved(lines, found["texts"][path], path) for path, lines in found["lines"].items()
        }

    def tests(self, path: str, fault: Fault) -> tuple[tuple[str, ...], float]:
        """Return the tests that may notice a fault, and their seconds: the cheapest that `most` seconds pay for."""
        names = self._running(path, fault)
        alone = {name: self._cost(name, ()) for name in names}
        chosen: list[str] = []
        spent, paid = 0.0, set[str]()
        for name in sorted(names, key=lambda name: (alone[name], name)):
            cost = self._cost(name, paid)
            if spent + cost > self._most and len(chosen) >= 3:
                break
            chosen.append(name)
            spent += cost
            paid.update(self._shared.get(name, ()))
        return tuple(chosen), spent

    def cheapest(self, path: str, fault: Fault) -> float | None:
        """Return the seconds of the cheapest test that may notice a fault; null when there is none."""
        return min((self._cost(name, ()) for name in self._running(path, fault)), default=None)

    def _running(self, path: str, fault: Fault) -> set[str]:
        """Return the tests that run a fault's line, else those related to it.

        Of what has a name (at import, or in a function that keeps what it returned) these are the tests whose file
        speaks of the name and its module, too; at import all of the module where no test has to do with the name.
        """
        lines = self.lines.get(path, {})
        own = set() if fault.at_import else set(lines.get(fault.line, ()))
        related = {name for line in fault.related for name in lines.get(line, ())}
        if not fault.names:
            return own or related
        found = own | related | self._speaking(Path(path).stem, fault.names)
        every = {name for names in lines.values() for name in names} if fault.at_import else set()
        return found or every

    def _speaking(self, module: str, names: Iterable[str]) -> set[str]:
        """Return the tests whose file has the words of a module and of one of its names."""
        words = [re.compile(rf"\b{re.escape(name)}\b") for name in names]
        told = {
            file
            for file, text in self._files.items()
            if re.search(rf"\b{module}\b", text) and any(word.search(text) for word in words)
        }
        return {name for name in self._seconds if name.partition("::")[0] in told}

    def _cost(self, name: str, paid: Iterable[str]) -> float:
        """Return the seconds of a test and of the shared fixtures that nobody has asked for yet."""
        own = float(self._seconds.get(name, 0.0))
        return own + sum(float(self._fixtures[one]) for one in self._shared.get(name, ()) if one not in paid)


def _moved(lines: dict[str, list[str]], text: str, path: str) -> dict[int, list[str]]:
    """Return the tests by line as the file is now; `text` is what it was when they were run.

    Lines that were added since count as the line before them.
    """
    then, now = text.splitlines(), (ROOT / path).read_text("utf-8").splitlines()
    old = 0
    place: dict[int, int] = {}
    for tag, first, _last, start, stop in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        for line in range(start, stop):
            old = first + line - start if tag == "equal" else old
            place[line + 1] = old + 1
    return {line: lines.get(str(was), []) for line, was in place.items()}


def covering(modules: Sequence[str], tests: Sequence[str], kept: Path | None, most: float) -> Covering:
    """Run the tests once under coverage, or take what `kept` holds from another run."""
    with tempfile.TemporaryDirectory(prefix="byline-mutants-") as scratch:
        out = Path(scratch) / "covering.json" if kept is None else kept.absolute()
        if not out.exists():
            arguments = [str(out), os.pathsep.join(modules), *tests]
            command = [sys.executable, "-m", "benchmarks.mutation.covering", *arguments]
            done = subprocess.run(command, cwd=ROOT, check=False)
            if not out.exists():
                raise SystemExit(f"the tests did not run (exit code {done.returncode})")
        return Covering(json.loads(out.read_text()), most)
