"""What commands say of an output on an object store: what they say of the same output on a disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.api import datasets
from byline.cli import run
from byline.core.errors import OutputError
from byline.core.options import Options
from byline.core.result import Result
from byline.pipeline.run import run_build
from byline.snapshots import history
from tests.conftest import for_comparison, table
from tests.pipeline.fabricated import listing
from tests.storage.stores import OTHER, OUT, Stores, upload

Say = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output folder on a disk in which three snapshots were published."""
    home = tmp_path_factory.mktemp("commands")
    raw = home / "raw"
    raw.mkdir()
    for name, text in (("k.txt", listing(5, 12)), ("a.txt", OTHER), ("b.txt", listing(6, 4))):
        (raw / name).write_text(text)
        with for_comparison():
            result: Result = run_build(Options(raw=raw, out=home / "out", workers=0))
        assert result.path is not None
    return home / "out"


@pytest.fixture
def stores(built: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """Return stores in memory, the output among them at `OUT`."""
    made = Stores.installed(monkeypatch)
    upload(made, built)
    return made


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def command(*words: str) -> tuple[int, str]:
        code = run(words)
        heard = capsys.readouterr()
        return code, heard.out + heard.err

    return command


def ids(out: Path) -> list[str]:
    return [entry.snapshot for entry in history.log(out)]


@pytest.mark.parametrize(
    "words",
    [
        ("log",),
        ("log", "--json"),
        ("validate", "--quick"),
        ("sql", "SELECT count(*) FROM papers", "--format", "csv"),
        ("diff", "{0}", "current"),
        ("diff", "{0}", "{1}", "--format", "json"),
        ("diff", "{0}", "nowhere"),
        ("prune", "--keep", "1", "--grace", "0", "--dry-run"),
        ("resolve", "{author}", "00000000000000000000"),
        ("explain", "{author}"),
        ("explain", "ffffffffffffffffffff"),
        ("review", "--authors", "--list"),
        ("export", "bibtex", "--to", "-"),
        ("rollback", "nowhere"),
    ],
    ids=" ".join,
)
def test_a_command_says_of_an_address_what_it_says_of_the_folder(
    words: tuple[str, ...], built: Path, stores: Stores, say: Say
):
    author = table(built / "current", "authors")["author_id"].sort()[0]
    spoken = [word.format(*ids(built), author=author) for word in words]
    here, there = say(*spoken, "--out", str(built)), say(*spoken, "--out", OUT)
    assert tempfile.gettempdir() not in there[1].replace(str(built), "")
    plain = here[1].replace(str(built), OUT)
    assert there == (here[0], plain)


def test_a_report_compares_with_the_snapshot_before(built: Path, stores: Stores, say: Say, tmp_path: Path):
    for place, name in ((str(built), "here.html"), (OUT, "there.html")):
        assert say("report", "--to", str(tmp_path / name), "--out", place)[0] == 0
    assert (tmp_path / "here.html").read_bytes() == (tmp_path / "there.html").read_bytes()


def test_prune_removes_what_it_says_and_nothing_else(built: Path, stores: Stores, say: Say):
    first, second, third = ids(built)
    before = stores.content(OUT)
    code, told = say("prune", "--keep", "1", "--grace", "0", "--out", OUT)
    assert (code, told.split()) == (0, ["removed", first, "removed", second])
    after = stores.content(OUT)
    gone = tuple(f"snapshots/{name}/" for name in (first, second))
    assert after == {key: content for key, content in before.items() if not key.startswith(gone)}
    assert {key.split("/")[1] for key in after if key.startswith("snapshots/")} == {third}
    assert "gone" in say("log", "--out", OUT)[1]


def test_a_history_that_is_not_in_place_yet_is_read(built: Path, stores: Stores, say: Say):
    log = stores.content(OUT)["history/log.jsonl"]
    stores.put(OUT, "history/pending/once/history/log.jsonl", log)
    stores.put(OUT, "history/log.jsonl", log.splitlines(keepends=True)[0])
    assert len(say("log", OUT)[1].splitlines()) == 3


def test_python_reads_an_address(built: Path, stores: Stores):
    assert datasets.load("papers", OUT).collect().height == table(built / "current", "papers").height
    report = datasets.validate(OUT, deep=False)
    assert (report.dataset, report.ok) == (OUT, True)


@pytest.mark.parametrize("command", [("explain", "a.txt:1"), ("review", "--list")])
def test_raw_files_at_an_address_are_refused_by_name(command: tuple[str, ...], stores: Stores, say: Say):
    code, told = say(*command, "--raw", "s3://bucket/raw", "--out", OUT)
    assert code == 2
    assert "not from s3://bucket/raw" in told


def test_an_address_that_nothing_was_published_at_is_said_by_all(stores: Stores, say: Say):
    for words in (
        ["log"],
        ["prune"],
        ["diff", "current"],
        ["validate"],
        ["path"],
        ["report"],
        ["review", "--list"],
    ):
        code, told = say(*words, "--out", "s3://bucket/empty")
        assert code == 1
        assert "nothing was published at s3://bucket/empty yet" in told


def test_plain_http_without_permission_is_explained(monkeypatch: pytest.MonkeyPatch):
    from byline.storage.place import open_place

    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "anyone",
        "AWS_SECRET_ACCESS_KEY": "anything",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ALLOW_HTTP", raising=False)
    with pytest.raises(OutputError, match="AWS_ALLOW_HTTP=true"):
        open_place("s3://bucket/out", OutputError).read("current.json")


def test_a_log_is_settled_where_it_lies(stores: Stores, say: Say):
    place = stores.open(OUT, OutputError)
    content = place.read("history/log.jsonl")
    assert content is not None
    place.write("history/log.jsonl", content[0].partition(b"\n")[2])
    assert "history_is_whole" in say("validate", OUT)[1]
    assert say("log", "--settle", OUT)[0] == 0
    assert "history_" not in say("validate", OUT)[1]


def test_a_damaged_report_of_a_run_is_named_where_it_lies(
    stores: Stores, say: Say, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("byline.storage.reports.open_place", stores.open)
    name = "history/runs/20230902T101112Z-1-00abcd.json"
    stores.open(OUT, OutputError).write(name, b"{")
    code, said = say("log", "--runs", OUT)
    assert code == 0
    assert f"{OUT}/{name}: not the report of a run" in said
