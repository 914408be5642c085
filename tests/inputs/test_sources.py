"""The raw folder: what is read and what is left out, hostile names included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from byline.core.errors import UsageError
from byline.inputs import find_sources, survey


def names(raw: Path) -> list[str]:
    return [source.name for source in find_sources(raw)]


def test_files_of_all_folders_come_sorted_with_posix_names(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "b/a.txt", "b/a.txt.gz", "a.md"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a.md", "b/a.txt", "b/a.txt.gz", "z.txt"]


def test_hidden_files_and_readmes_are_left_out_and_said_so(tmp_path):
    for name in (".hidden", "README.md", "readme", "listing.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    found = survey(tmp_path)
    assert [source.name for source in found.sources] == ["listing.txt"]
    assert [one.name for one in found.skipped] == [".hidden", "README.md", "readme"]


def test_a_link_out_of_the_raw_folder_is_not_followed(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("secret")
    (raw / "file.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (raw / "folder").symlink_to(tmp_path / "secret")
    (raw / "relative").symlink_to("../secret/key.txt")
    (raw / "nowhere").symlink_to("missing.txt")
    (raw / "loop").symlink_to("loop")
    found = survey(raw)
    assert found.sources == []
    assert {one.name for one in found.skipped if one.warn} == {
        "file.txt",
        "folder",
        "relative",
        "nowhere",
        "loop",
    }


def test_a_link_within_the_raw_folder_is_read_and_a_linked_raw_folder_too(tmp_path):
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    (tmp_path / "raw" / "a.txt").write_text("x")
    (tmp_path / "raw" / "b.txt").symlink_to("a.txt")
    (tmp_path / "raw" / "again").symlink_to("sub")
    (tmp_path / "link").symlink_to("raw")
    assert names(tmp_path / "link") == ["a.txt", "b.txt"]


def test_what_is_no_regular_file_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (one,) = survey(tmp_path).skipped
    assert (one.name, one.warn) == ("pipe", True)


def test_weird_names_are_escaped_and_stay_different(tmp_path):
    for name in (b"a\nb", b"a\\x0ab", b"caf\xe9", "caf\u00e9".encode(), b"\x1b[2J", "\u202egpj".encode()):
        (tmp_path / os.fsdecode(name)).write_text("x")
    found = names(tmp_path)
    assert sorted(found) == sorted(["a\\x0ab", "a\\\\x0ab", "caf\\xe9", "café", "\\x1b[2J", "\\u202egpj"])
    assert all(source.path.read_text() == "x" for source in find_sources(tmp_path))


def test_names_are_told_by_their_bytes_whatever_the_locale(tmp_path):
    (tmp_path / "é.txt").write_text("a listing")
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text("a listing")
    code = (
        "import sys, pathlib; from byline import inputs\n"
        "print(ascii([one.name for one in inputs.survey(pathlib.Path(sys.argv[1])).sources]))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, **locale},
            capture_output=True,
            check=True,
        ).stdout
        for locale in ({"PYTHONUTF8": "1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    }
    assert told == {ascii(["\\xff.txt", "é.txt"]).encode() + b"\n"}


def test_names_are_nfc_and_stay_different(tmp_path):
    (tmp_path / "e\u0301.txt").write_text("x")
    assert names(tmp_path) == ["\u00e9.txt"]
    (tmp_path / "\u00e9.txt").write_text("y")
    assert sorted(names(tmp_path)) == ["e\\u0301.txt", "\u00e9.txt"]


def test_compression_is_told_by_content_first(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\x1f\x8b\x08")
    (tmp_path / "b.gz").write_text("plain text all the same")
    (tmp_path / "c.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "d.gz").write_bytes(b"\xff\x00broken")
    (tmp_path / "e.gz").write_bytes(b"")
    assert [source.compression for source in find_sources(tmp_path)] == ["gzip", None, "zstd", "gzip", None]


def test_a_missing_folder_is_wrong_usage_with_a_way_out(tmp_path):
    with pytest.raises(UsageError, match="does not exist") as caught:
        find_sources(tmp_path / "nothing")
    assert caught.value.exit_code == 2
    assert "mkdir" in caught.value.way_out
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="not a folder"):
        find_sources(tmp_path / "file")


def test_an_unreadable_folder_is_wrong_usage(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("x")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied", str(tmp_path / "a.txt"))

    monkeypatch.setattr("byline.inputs.sources._compression", refuse)
    with pytest.raises(UsageError, match=r"a\.txt can't be read: Permission denied"):
        find_sources(tmp_path)
