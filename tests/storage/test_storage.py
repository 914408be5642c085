"""Object storage, against stores in memory: what is fetched, what is published, and who wins a race."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import obstore
import pytest

from byline.core.errors import BylineError, DataError, LockHeldError, OutputError, UsageError
from byline.core.options import Options
from byline.core.result import Result
from byline.storage import remote
from byline.storage.dispatch import build_anywhere
from byline.storage.place import open_place
from byline.storage.pointer import Pointer, read_pointer, switch
from byline.storage.publishing import complete
from byline.storage.remote import build_remotely
from byline.storage.transfer import fetch_folder
from tests.conftest import LISTING, files_of
from tests.storage.stores import OTHER, OUT, RAW, Stores


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Stores:
    return Stores.installed(monkeypatch)


def remotely(tmp_path: Path) -> Options:
    return replace(Options.at(RAW, OUT), workers=0, work=tmp_path / "work")


def test_a_build_from_store_to_store_publishes_the_bytes_of_a_local_one(
    stores: Stores, real_build: Path, tmp_path: Path
):
    stores.put(RAW, "listing.txt", LISTING.read_bytes())
    result = build_anywhere(remotely(tmp_path))
    assert result.path == f"{OUT}/snapshots/{result.snapshot_id}"
    assert stores.content(OUT, f"snapshots/{result.snapshot_id}") == files_of(real_build)
    pointer = json.loads(stores.content(OUT)["current.json"])
    assert pointer["snapshot"] == result.snapshot_id
    assert pointer["path"] == f"snapshots/{result.snapshot_id}"
    log = stores.content(OUT)["history/log.jsonl"].decode().splitlines()
    assert [json.loads(line)["snapshot"] for line in log] == [result.snapshot_id]
    assert not [key for key in stores.keys(OUT) if "pending" in key or ".work" in key or ".cache" in key]


def test_a_second_build_of_the_same_input_does_nothing_and_a_new_one_continues_the_history(
    stores: Stores, tmp_path: Path
):
    stores.put(RAW, "listing.txt", LISTING.read_bytes())
    first = build_anywhere(remotely(tmp_path))
    before = stores.content(OUT)
    again = build_anywhere(remotely(tmp_path))
    assert again.up_to_date
    assert stores.content(OUT) == before
    stores.put(RAW, "deeper/other.txt", OTHER.encode())
    second = build_anywhere(remotely(tmp_path))
    log = [json.loads(line) for line in stores.content(OUT)["history/log.jsonl"].decode().splitlines()]
    assert [entry["previous"] for entry in log] == [None, first.snapshot_id]
    assert [entry["snapshot"] for entry in log] == [first.snapshot_id, second.snapshot_id]
    assert f"snapshots/{first.snapshot_id}/manifest.json" in stores.keys(OUT)


def test_an_earlier_snapshot_is_made_current_again(stores: Stores, tmp_path: Path):
    stores.put(RAW, "listing.txt", LISTING.read_bytes())
    first = build_anywhere(remotely(tmp_path))
    stores.put(RAW, "other.txt", OTHER.encode())
    second = build_anywhere(remotely(tmp_path))
    assert remote.rollback_remotely(OUT, None) == first.snapshot_id
    content = stores.content(OUT)
    assert json.loads(content["current.json"])["snapshot"] == first.snapshot_id
    log = [json.loads(line) for line in content["history/log.jsonl"].decode().splitlines()]
    assert [entry["kind"] for entry in log] == ["build", "build", "rollback"]
    assert log[-1]["previous"] == second.snapshot_id
    with pytest.raises(DataError, match=f"no snapshot nowhere in {OUT}"):
        remote.rollback_remotely(OUT, "nowhere")


def test_of_two_builds_that_race_one_wins_and_the_other_says_so(stores: Stores, tmp_path: Path):
    stores.put(RAW, "listing.txt", LISTING.read_bytes())

    def overtaken(local: Options) -> Result:
        mine = build_anywhere(local)
        stores.put(RAW, "other.txt", OTHER.encode())
        winners.append(build_anywhere(replace(remotely(tmp_path), work=None)))
        return mine

    winners: list[Result] = []
    with pytest.raises(LockHeldError, match="another build published") as lost:
        build_remotely(remotely(tmp_path), overtaken)
    assert lost.value.exit_code == 3
    content = stores.content(OUT)
    assert json.loads(content["current.json"])["snapshot"] == winners[0].snapshot_id
    assert len(content["history/log.jsonl"].splitlines()) == 1
    assert not [key for key in content if "pending" in key]


def test_a_failed_build_leaves_the_store_as_it_was_and_names_the_address(stores: Stores, tmp_path: Path):
    stores.put(RAW, "empty.txt", b"")
    with pytest.raises(BylineError, match=r"s3://bucket/raw: nothing to publish"):
        build_anywhere(remotely(tmp_path))
    assert stores.keys(OUT) == []


def test_a_publication_that_died_after_the_switch_is_completed_by_the_next_build(
    stores: Stores, tmp_path: Path
):
    stores.put(RAW, "listing.txt", LISTING.read_bytes())
    first = build_anywhere(remotely(tmp_path))
    content = stores.content(OUT)
    publication = json.loads(content["current.json"])["publication"]
    store = stores.open(OUT, OutputError).store
    obstore.put(store, f"history/pending/{publication}/history/log.jsonl", content["history/log.jsonl"])
    obstore.delete(store, "history/log.jsonl")
    assert build_anywhere(remotely(tmp_path)).up_to_date
    assert stores.content(OUT) == content
    assert first.snapshot_id in content["history/log.jsonl"].decode()


def test_a_late_publisher_does_not_overwrite_the_history_of_its_successor(stores: Stores):
    place = stores.open(OUT, OutputError)
    late, newer = (Pointer(name, f"snapshots/{name}", f"{name}-publication") for name in ("aaa", "bbb"))
    for pointer in (late, newer):
        place.write(f"history/pending/{pointer.publication}/history/log.jsonl", pointer.snapshot.encode())
    assert switch(place, newer, None)
    complete(place, newer)
    complete(place, late)
    assert stores.content(OUT)["history/log.jsonl"] == b"bbb"


def test_a_switch_whose_answer_was_lost_is_known_again(stores: Stores):
    place = stores.open(OUT, OutputError)
    pointer = Pointer("aaa", "snapshots/aaa", "once")
    assert switch(place, pointer, None)
    assert switch(place, pointer, None)
    assert not switch(place, Pointer("aaa", "snapshots/aaa", "twice"), None)
    assert read_pointer(place)[0] == pointer


def test_a_kept_scratch_folder_fetches_only_what_changed(stores: Stores, tmp_path: Path):
    place = stores.open(RAW, UsageError)
    for name in ("a.txt", "b/c.txt", ".hidden/d.txt"):
        stores.put(RAW, name, name.encode())
    folder = tmp_path / "raw"
    fetch_folder(place, folder)
    assert sorted(files_of(folder)) == ["a.txt", "b/c.txt"]
    (folder / "a.txt").write_bytes(b"local")  # same length: is not looked into again
    stores.put(RAW, "b/c.txt", b"changed")
    fetch_folder(place, folder)
    assert files_of(folder) == {"a.txt": b"local", "b/c.txt": b"changed"}
    obstore.delete(place.store, "b/c.txt")
    fetch_folder(place, folder)
    assert sorted(files_of(folder)) == ["a.txt"]


def test_an_object_that_stands_for_a_folder_is_no_file(stores: Stores, tmp_path: Path):
    stores.put(RAW, "a", b"")
    stores.put(RAW, "a/b", b"")
    stores.put(RAW, "a/b/c.txt", b"2")
    stores.put(RAW, "empty.txt", b"")
    fetch_folder(stores.open(RAW, UsageError), tmp_path / "raw")
    assert files_of(tmp_path / "raw") == {"a/b/c.txt": b"2", "empty.txt": b""}


def test_keys_that_are_no_paths_are_refused(stores: Stores, tmp_path: Path):
    stores.put(RAW, "a", b"1")
    stores.put(RAW, "a/b", b"2")
    with pytest.raises(UsageError, match="both an object and a folder"):
        fetch_folder(stores.open(RAW, UsageError), tmp_path / "raw")


@pytest.mark.parametrize("address", ["memory:///x", "ftp://host/x", "s3://"])
def test_addresses_of_no_store_are_refused(address: str):
    with pytest.raises(UsageError):
        open_place(address, OutputError)


def test_raw_and_out_may_not_lie_in_each_other():
    with pytest.raises(UsageError, match="lie in each other"):
        build_anywhere(Options.at("s3://bucket/raw", "s3://bucket/raw/out"))


def test_a_file_address_is_a_folder(tmp_path: Path):
    options = Options.at(f"file://{tmp_path}/raw%20files", str(tmp_path / "out"))
    assert options.raw == tmp_path / "raw files"
    assert options.raw_url is None
