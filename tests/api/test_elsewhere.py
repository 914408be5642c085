"""What only reads needs nothing that POSIX systems alone have; a build says plainly that it does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LISTING

ELSEWHERE = """
import builtins, os, sys, types
class Elsewhere(types.ModuleType):
    def __getattr__(self, name):
        if name in GONE:
            raise AttributeError(name)
        return set() if name.startswith("supports_") else without_places(name, getattr(os, name))
GONE = {
    "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC", "O_SYNC", "register_at_fork", "fork", "killpg", "setsid",
    "geteuid", "getuid", "getegid", "getgid", "chown", "fchown", "fchmod", "fchdir", "mkfifo", "mknod", "statvfs",
    "sched_getaffinity", "sysconf", "uname", "pread", "pwrite", "posix_fadvise", "sendfile", "wait4", "fdatasync",
}
def without_places(name, function):
    if name not in {"open", "stat", "lstat", "replace", "rename", "unlink", "remove", "mkdir", "rmdir", "readlink"}:
        return function
    def here(*given, **named):
        if any(named.pop(place, None) is not None for place in ("dir_fd", "src_dir_fd", "dst_dir_fd")):
            raise NotImplementedError("dir_fd unavailable on this platform")
        if name == "open" and os.path.isdir(given[0]):
            raise PermissionError(13, "Permission denied", given[0])
        return function(*given, **named)
    return here
other = Elsewhere("os")
alone = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog"}
taken = builtins.__import__
def as_elsewhere(name, globals=None, *rest, **more):
    who = (globals or {}).get("__name__", "")
    if who.partition(".")[0] in ("byline", "byline_schemas"):
        if name.partition(".")[0] in alone:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if name == "os":
            return other
    return taken(name, globals, *rest, **more)
builtins.__import__ = as_elsewhere
"""
"""A system without what POSIX alone has, as far as byline's own modules see it; libraries have ways of their own."""


def elsewhere(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code on such a system."""
    return subprocess.run(
        [sys.executable, "-c", ELSEWHERE + code, *arguments], capture_output=True, text=True, check=False
    )


PYTHON = """
import byline
assert byline.parse(open(sys.argv[2], "rb").read()).height == 21
assert byline.load("papers", sys.argv[1]).collect().height == 21
assert byline.validate(sys.argv[1]).ok
"""
COMMANDS = """
from byline.cli import run
reading = (
    ["export", "bibtex", "--to", "-"], ["sql", "SELECT 1"], ["log"], ["path"], ["diff", "current"],
    ["explain", "listing.txt:1"], ["review", "--list"],
)
for words in reading:
    assert run([*words, "--out", sys.argv[1]]) == 0, words
assert run(["init", sys.argv[3]]) == 0
"""
PUBLISHES = """
from byline.cli import run
for words in (["build", "--raw", sys.argv[2]], ["add", sys.argv[2]], ["rollback"], ["prune"]):
    assert run([*words, "--out", sys.argv[1]]) == 2, words
"""


@pytest.mark.parametrize("code", [PYTHON, COMMANDS], ids=["python", "commands"])
def test_what_only_reads_works_without_posix(code: str, real_build: Path, tmp_path: Path):
    done = elsewhere(code, str(real_build.parents[1]), str(LISTING), str(tmp_path / "project"))
    assert done.returncode == 0, done.stderr


def test_what_publishes_says_that_it_does_not_work_there(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = elsewhere(PUBLISHES, str(tmp_path / "out"), str(LISTING))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("need a POSIX system") == 4
    assert "WSL" in done.stderr
    assert not (tmp_path / "out").exists()
