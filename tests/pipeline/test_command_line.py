"""What a person sees: messages, exit codes, and nothing half done."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from byline.cli import run
from tests.pipeline.fabricated import listing


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(listing(1, 5))
    return tmp_path


def call(home: Path, *arguments: str) -> int:
    return run(["build", "--raw", str(home / "raw"), "--out", str(home / "out"), *arguments])


def test_a_build_says_what_it_did_and_ends_with_0(home, capsys):
    assert call(home) == 0
    said = capsys.readouterr()
    assert "5 records" in said.out
    assert "published snapshot" in said.out
    assert said.err == ""


def test_a_check_publishes_nothing(home, capsys):
    assert call(home, "--check") == 0
    assert "nothing was published" in capsys.readouterr().out
    assert not (home / "out" / "current").exists()
    assert not (home / "out" / "snapshots").exists()


def test_an_empty_raw_folder_publishes_nothing_and_ends_with_1(home, capsys):
    (home / "raw" / "a.txt").unlink()
    assert call(home) == 1
    assert "nothing to publish" in capsys.readouterr().err


def test_a_missing_raw_folder_ends_with_2_and_says_the_way_out(tmp_path, capsys):
    assert call(tmp_path) == 2
    assert "mkdir" in capsys.readouterr().err


def test_an_unknown_option_ends_with_2(home):
    assert call(home, "--no-such-option") == 2


def test_a_gate_that_does_not_exist_is_refused_before_any_work(home, capsys):
    assert call(home, "--accept-everything") == 2
    assert "quarantine" in capsys.readouterr().err


def test_folders_in_each_other_end_with_2(home, capsys):
    assert run(["build", "--raw", str(home / "raw"), "--out", str(home / "raw" / "out")]) == 2
    assert "lie in each other" in capsys.readouterr().err


def test_a_gate_ends_with_1_names_its_override_and_leaves_the_last_snapshot(home, capsys):
    assert call(home) == 0
    before = (home / "out" / "current").resolve()
    (home / "raw" / "b.txt").write_text(
        "".join(f"LGFeb 30, 20{n:02}\nNo such dayAda Lovelane\nText.\n" for n in range(25))
    )
    assert call(home) == 1
    assert "--accept" in capsys.readouterr().err
    assert (home / "out" / "current").resolve() == before
    assert call(home, "--accept-quarantine") == 0
    assert (home / "out" / "current").resolve() != before


def test_an_output_that_cannot_be_written_ends_with_4(home, capsys):
    (home / "out").write_text("a file, not a folder")
    assert call(home) == 4
    assert capsys.readouterr().err.startswith("byline: ")


def test_hostile_titles_cannot_steer_the_terminal(home, capsys):
    (home / "raw" / "a.txt").write_text("LGMay 5, 2020\nGates \x1b[31mred\x1b[0mAda Lovelane\nText.\n")
    run(["explain", f"{home}/raw/a.txt:1", "--out", str(home / "out")])
    assert "\x1b" not in capsys.readouterr().out


def test_a_line_that_is_not_there_ends_with_2(home, capsys):
    assert run(["explain", f"{home}/raw/a.txt:9999"]) == 2
    assert "line(s)" in capsys.readouterr().err


def test_a_traceback_appears_only_when_asked_for(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("BYLINE_DEBUG", raising=False)
    call(tmp_path)
    assert "Traceback" not in capsys.readouterr().err


def test_a_sigterm_ends_a_command_with_a_word_and_what_is_temporary_is_removed(tmp_path):
    code = (
        "import os, signal, sys, tempfile, time\n"
        "from byline.__main__ import end_when_asked\n"
        "from byline.cli.running import guarded\n"
        "def work():\n"
        "    with tempfile.TemporaryDirectory(dir=sys.argv[1]):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        time.sleep(60)\n"
        "end_when_asked()\n"
        "sys.exit(guarded(work))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=50
    )
    assert ended.returncode == 143
    assert ended.stderr == "byline: ended by SIGTERM; nothing was published that was not published before\n"
    assert not list(tmp_path.iterdir())


def test_a_process_without_file_handles_ends_with_4_and_words(home, capsys, monkeypatch):
    def none_left(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "/proc/self/anything")

    monkeypatch.setattr("byline.pipeline.run._up_to_date", none_left)
    assert call(home) == 4
    assert "too many open files" in capsys.readouterr().err
