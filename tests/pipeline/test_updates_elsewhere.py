"""Builds that work on what changed give a full build's bytes on a cluster, and at an object store, too."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from byline.core.options import Options
from byline.storage.dispatch import build_anywhere
from tests.conftest import files_of
from tests.engines.cluster import Cluster, cluster
from tests.pipeline import edited_decisions, edited_metadata
from tests.pipeline.edited import ANY_LOSS, EDITS, Corpus, small_corpora_too
from tests.pipeline.fabricated import listing
from tests.storage.stores import OUT, Stores


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    small_corpora_too(monkeypatch)
    made = Corpus(tmp_path)
    made.write("kept.txt", listing(1, 40))
    made.write("more.txt", listing(2, 10))
    return made


@pytest.mark.slow
def test_edits_on_a_cluster_end_where_full_builds_end(corpus, running):
    there = {"engine": "dask", "address": running.address}
    corpus.build(**there)
    for name, edit in EDITS.items():
        if not (corpus.raw / "more.txt").exists():
            corpus.write("more.txt", listing(len(name), 10))
        edit(corpus)
        result = corpus.build(**there)
        assert not result.did.startswith("built anew"), name
        assert files_of(Path(str(result.path))) == corpus.in_full(), name


@pytest.mark.slow
def test_edits_under_decisions_beside_a_metadata_file_end_so_too_on_a_cluster(corpus, running):
    there = {"engine": "dask", "address": running.address}
    edited_metadata.started(corpus)
    corpus.build(**there)
    rnd = random.Random(1)
    for decide in edited_decisions.DECISIONS:
        decide(corpus, rnd)
    result = corpus.build(**there)
    assert "decisions changed" in result.did
    assert files_of(Path(str(result.path))) == corpus.in_full()
    edited_decisions.decide_a_little(corpus, rnd)
    result = corpus.build(**there)
    assert "decisions changed" in result.did
    assert files_of(Path(str(result.path))) == corpus.in_full()
    for name in ("pages that the file knows", "records without authors", "a doubtful border"):
        edited_metadata.EDITS[name](corpus)
        result = corpus.build(**there)
        assert not result.did.startswith("built anew"), name
        assert files_of(Path(str(result.path))) == corpus.in_full(), name


@pytest.mark.slow
def test_edits_at_an_object_store_end_where_full_builds_end(corpus, tmp_path, monkeypatch):
    stores = Stores.installed(monkeypatch)
    options = replace(
        Options.at(str(corpus.raw), OUT),
        work=tmp_path / "work",
        workers=0,
        incremental=True,
        accept=ANY_LOSS,
    )
    build_anywhere(options)
    for name in (
        "records behind others",
        "an earlier paper of somebody",
        "two titles of one DOI",
        "a file gone",
    ):
        EDITS[name](corpus)
        result = build_anywhere(options)
        assert not result.did.startswith("built anew"), name
        assert stores.content(OUT, f"snapshots/{result.snapshot_id}") == corpus.in_full(), name
