"""Object storage for real: an S3-compatible server on loopback, and `byline build` as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import obstore
import pytest

from byline.core.errors import LockHeldError, OutputError
from byline.core.options import Options
from byline.core.result import Result
from byline.storage.dispatch import build_anywhere
from byline.storage.place import Changed, Entry, Place, open_place
from byline.storage.pointer import current_address
from byline.storage.remote import build_remotely
from tests.conftest import LISTING, files_of
from tests.integration.ports import free_port
from tests.pipeline.gates_paper import ENTRY, OTHERS, card, paper
from tests.reference.papers import lines

pytestmark = pytest.mark.slow

BUCKET = "listings"
OTHER = "LGSep 25, 2023\nA quiet study of lanternsMirelle Ostrava, Tobin Achterberg\nWe look at lanterns.\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start a server with one bucket; yield the variables that lead to it."""
    port = free_port()
    log = (tmp_path_factory.mktemp("s3") / "server.log").open("wb")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/moto-api/", process)
        urllib.request.urlopen(urllib.request.Request(f"{url}/{BUCKET}", method="PUT")).close()
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "anyone",
            "AWS_SECRET_ACCESS_KEY": "anything",
        }
    finally:
        process.kill()
        process.wait()
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the server ended: its port was taken?"
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url).close()
            return
        time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture
def at(server: dict[str, str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Point this process to the server; return an address of the test's own."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{request.node.name}"


def byline(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "byline", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)


def put(url: str, key: str, content: bytes) -> None:
    obstore.put(open_place(url, OutputError).store, key, content)


def test_the_command_line_builds_from_bucket_to_bucket(at: str, real_build: Path, tmp_path: Path):
    put(f"{at}/raw", "listing.txt", LISTING.read_bytes())
    arguments = ["build", "--raw", f"{at}/raw", "--out", f"{at}/out", "--work", str(tmp_path / "work")]
    first = byline(*arguments)
    assert first.returncode == 0, first.stderr
    assert f"published snapshot {real_build.name} as {at}/out/current" in first.stdout
    place = open_place(f"{at}/out", OutputError)
    folder = f"snapshots/{real_build.name}"
    for entry in place.list(folder):
        place.download(entry, tmp_path / "copy" / entry.key.removeprefix(f"{folder}/"))
    assert files_of(tmp_path / "copy") == files_of(real_build)
    assert current_address(f"{at}/out") == f"{at}/out/{folder}"
    assert byline("path", f"{at}/out").stdout.strip() == f"{at}/out/{folder}"
    checked = byline("validate", f"{at}/out")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{at}/out: sound" in checked.stdout
    second = byline(*arguments)
    assert second.returncode == 0, second.stderr
    assert "nothing new" in second.stdout
    put(f"{at}/raw", "other.txt", OTHER.encode())
    assert byline(*arguments).returncode == 0
    listed = byline("log", f"{at}/out")
    assert len(listed.stdout.splitlines()) == 2
    compared = byline("diff", real_build.name, "current", "--out", f"{at}/out")
    assert "papers: 1 added" in compared.stdout, compared.stderr
    removed = byline("prune", "--out", f"{at}/out", "--keep", "1", "--grace", "0")
    assert removed.stdout == f"removed {real_build.name}\n", removed.stderr
    assert not place.list(folder)
    assert "gone" in byline("log", f"{at}/out").stdout


def put_as_typed(at: str, key: str, content: bytes) -> None:
    """Put an object under a key that obstore itself would refuse or change."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{at.removeprefix('s3://')}/{key}"
    urllib.request.urlopen(urllib.request.Request(url, data=content, method="PUT")).close()


@pytest.mark.parametrize(
    "key", ["raw/%2E%2E/x.txt", "raw/./x.txt", "raw/a//x.txt"], ids=["above", "here", "nothing"]
)
def test_an_object_that_can_be_no_file_is_named_with_the_way_out(at: str, tmp_path: Path, key: str):
    put(f"{at}/raw", "listing.txt", LISTING.read_bytes())
    put_as_typed(at, key, b"text")
    ended = byline("build", "--raw", f"{at}/raw", "--out", str(tmp_path / "out"))
    assert ended.returncode == 2
    assert key.replace("%2E", ".") in ended.stderr
    assert "give it another name" in ended.stderr


def test_odd_keys_beside_what_is_read_stop_nothing(at: str, tmp_path: Path):
    put(f"{at}/raw/2023", "listing.txt", LISTING.read_bytes())
    put_as_typed(at, "raw/2023/", b"")  # as consoles make a folder
    put_as_typed(at, "out/notes/%2E%2E/x.txt", b"text")
    put_as_typed(at, "elsewhere/a//x.txt", b"text")
    ended = byline("build", "--raw", f"{at}/raw", "--out", f"{at}/out")
    assert ended.returncode == 0, ended.stderr
    assert byline("validate", f"{at}/out").returncode == 0
    assert byline("prune", "--out", f"{at}/out", "--keep", "1").returncode == 0


def test_published_tables_are_read_where_they_lie(at: str, real_build: Path):
    import polars as pl

    build_anywhere(Options(raw=LISTING.parent, out=Path("unused"), out_url=f"{at}/out", workers=0))
    papers = pl.read_parquet(f"{current_address(f'{at}/out')}/papers/**/*.parquet", hive_partitioning=True)
    assert papers.height == 21


def test_what_pages_cut_is_filled_in_on_the_way_to_a_bucket(at: str, tmp_path: Path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(card(), encoding="utf-8")
    (tmp_path / "arxiv.json").write_bytes(lines([ENTRY, *OTHERS]))
    options = Options(tmp_path / "raw", tmp_path / "here", arxiv=tmp_path / "arxiv.json", workers=0)
    local = build_anywhere(options).path
    assert isinstance(local, Path)
    build_anywhere(replace(options, out=Path("unused"), out_url=f"{at}/out"))
    place = open_place(f"{at}/out", OutputError)
    for entry in place.list(f"snapshots/{local.name}"):
        place.download(entry, tmp_path / "copy" / entry.key.removeprefix(f"snapshots/{local.name}/"))
    assert paper(local)["authors_source"] == "arxiv"
    assert files_of(tmp_path / "copy") == files_of(local)


def test_of_two_builds_that_race_exactly_one_publishes(at: str, tmp_path: Path):
    put(f"{at}/raw", "listing.txt", LISTING.read_bytes())
    options = Options(Path("unused"), Path("unused"), raw_url=f"{at}/raw", out_url=f"{at}/out", workers=0)

    def overtaken(local: Options) -> Result:
        mine = build_anywhere(local)
        put(f"{at}/raw", "other.txt", OTHER.encode())
        winners.append(build_anywhere(options))
        return mine

    winners: list[Result] = []
    with pytest.raises(LockHeldError, match="another build published") as lost:
        build_remotely(options, overtaken)
    assert lost.value.exit_code == 3
    assert current_address(f"{at}/out").endswith(winners[0].snapshot_id)
    log = open_place(f"{at}/out", OutputError).read("history/log.jsonl")
    assert log is not None
    assert [json.loads(line)["snapshot"] for line in log[0].splitlines()] == [winners[0].snapshot_id]


def test_large_files_go_and_come_in_parts(at: str, tmp_path: Path):
    place = open_place(at, OutputError)
    content = os.urandom(1 << 20) * 20
    (tmp_path / "large").write_bytes(content)
    place.upload(tmp_path / "large", "large")
    (entry,) = place.list()
    assert entry.size == len(content)
    place.download(entry, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    with pytest.raises(Changed):
        place.download(Entry("large", len(content), '"another version"'), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_bucket_that_is_not_there_is_said_with_the_exit_code_of_its_side(at: str, tmp_path: Path):
    missing = byline("build", "--raw", "s3://no-such-bucket/raw", "--out", str(tmp_path / "out"))
    assert missing.returncode == 2
    assert "NoSuchBucket" in missing.stderr
    assert "Traceback" not in missing.stderr
    unwritable = byline("build", "--raw", str(LISTING.parent), "--out", "s3://no-such-bucket/out")
    assert unwritable.returncode == 4
    assert "s3://no-such-bucket/out" in unwritable.stderr


def test_creating_twice_is_refused_by_the_server_itself(at: str):
    place: Place = open_place(at, OutputError)
    place.write_if("pointer", b"one", None)
    with pytest.raises(Changed):
        place.write_if("pointer", b"two", None)
    found = place.read("pointer")
    assert found is not None
    place.write_if("pointer", b"three", found[1])
    with pytest.raises(Changed):
        place.write_if("pointer", b"four", found[1])


def test_reports_of_runs_lie_on_the_store_and_are_listed(at: str, tmp_path: Path):
    from byline.core.errors import DataError

    put(f"{at}/raw", "listing.txt", OTHER.encode())
    options = Options(
        raw=Path("unused"), out=Path("unused"), raw_url=f"{at}/raw", out_url=f"{at}/out", workers=0
    )
    result = build_anywhere(options)
    put(f"{at}/raw", "listing.txt", b"")
    with pytest.raises(DataError):
        build_anywhere(options)
    shown = byline("log", "--runs", "--json", f"{at}/out")
    assert shown.returncode == 0, shown.stderr
    refused, published = [json.loads(line) for line in shown.stdout.splitlines()]
    assert (published["outcome"], published["snapshot"]) == ("published", result.snapshot_id)
    assert (refused["outcome"], refused["exit_code"]) == ("refused", 1)
    assert refused["error"]["what"].startswith(f"{at}/raw")
    assert refused["options"]["out"] == f"{at}/out"


def test_old_snapshots_on_a_store_go_when_a_build_is_told_how_many_stay(
    at: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("byline.storage.dispatch.GRACE", timedelta(0))
    options = Options(raw=Path("unused"), out=Path("unused"), raw_url=f"{at}/raw", out_url=f"{at}/out")
    put(f"{at}/raw", "listing.txt", OTHER.encode())
    first = build_anywhere(options)
    put(f"{at}/raw", "more.txt", LISTING.read_bytes())
    second = build_anywhere(replace(options, keep=1))
    assert second.removed == (first.snapshot_id,)
    assert second.warnings == first.warnings
    assert byline("validate", f"{at}/out").returncode == 0
