"""Made-up listings: the same for the same seed, no title twice, cut where asked, readable by byline itself."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.common import community, fabricate, material
from benchmarks.common.corpus import Corpus, Shape
from benchmarks.common.plot import Line, chart
from benchmarks.generate import generate, parse_size
from byline import boundary, listing


@pytest.fixture(scope="module")
def corpus():
    return Corpus(material.from_papers(fabricate.papers(seed=5, rows=600)), Shape(seed=5))


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder / "raw").iterdir()))


def test_a_seed_gives_the_same_bytes_and_another_seed_others(corpus, tmp_path):
    generate(corpus, tmp_path / "a", records=300)
    generate(corpus, tmp_path / "b", records=300)
    generate(Corpus(corpus.material, Shape(seed=6)), tmp_path / "c", records=300)
    assert content(tmp_path / "a") == content(tmp_path / "b") != content(tmp_path / "c")


def test_a_small_corpus_is_the_beginning_of_a_large_one(corpus):
    small, large = corpus.chunk(0, 100), corpus.chunk(0, 400)
    assert bytes(large.content[: small.ends[-1]]) == bytes(small.content)


def test_a_part_can_be_made_alone(corpus):
    whole, part = corpus.chunk(0, 400), corpus.chunk(250, 100)
    assert bytes(whole.content[whole.ends[249] : whole.ends[349]]) == bytes(part.content)


def test_no_title_stands_twice_even_when_every_half_has_come_round_many_times(corpus):
    rounds = len(corpus.material.first) * 40
    titles = material.folded(corpus.titles(np.arange(rounds, dtype=np.int64)))
    assert titles.n_unique() == rounds


def test_more_records_than_there_are_titles_are_refused(corpus):
    with pytest.raises(ValueError, match="different titles"):
        next(corpus.chunks(corpus.material.titles + 1))


@pytest.mark.parametrize("files", [1, 2, 7])
def test_files_are_cut_between_records_and_as_many_as_asked(corpus, tmp_path, files):
    done = generate(corpus, tmp_path, records=280, files=files)
    parts = sorted((tmp_path / "raw").iterdir())
    assert (done.records, done.files, len(parts)) == (280, files, files)
    assert sum(path.stat().st_size for path in parts) == done.size
    assert all(path.read_bytes().count(b"\n") % 3 == 0 for path in parts)


def test_bytes_asked_are_reached_and_not_passed_by_more_than_a_record(corpus, tmp_path):
    done = generate(corpus, tmp_path, size=100_000, files=3)
    assert 100_000 <= done.size < 100_000 + 20_000
    assert content(tmp_path) == bytes(corpus.chunk(0, done.records).content)


def test_the_truth_is_what_the_listing_says(corpus, tmp_path):
    generate(corpus, tmp_path, records=50, truth=True)
    truth = pl.read_parquet(tmp_path / "truth").row(0, named=True)
    byline = content(tmp_path).decode().split("\n")[1]
    assert byline.startswith(f"{truth['title']}{truth['name_0']}")
    assert (" et al." in byline) == truth["cut"]


def test_byline_reads_a_made_up_listing_without_rest(corpus):
    records = listing.parse([bytes(corpus.chunk(0, 200).content)])
    assert records.height == 200
    assert records["reason"].null_count() == 200
    assert boundary.segment(records["byline"])["title"].null_count() < 20


def test_groups_persist_and_newcomers_grow_slower_than_the_corpus():
    papers = np.arange(40_000, dtype=np.int64)
    founders = community.groups(community.places_in_literature(papers, 1), 1)
    few, many = len(np.unique(founders[:10_000])), len(np.unique(founders))
    assert few < many < 4 * few


def test_the_first_author_of_a_paper_is_never_its_second(corpus):
    places = community.places_in_literature(np.arange(2_000, dtype=np.int64), 1)
    founders = community.groups(places, 1)
    first, second = (community.authors(places, founders, k, 1).identity for k in (0, 1))
    assert (first != second).all()


@pytest.mark.parametrize(("text", "size"), [("10G", 10**10), ("1.5M", 1_500_000), ("20k", 20_000), ("7", 7)])
def test_sizes_are_read_in_powers_of_ten(text, size):
    assert parse_size(text) == size


def test_a_chart_is_the_same_text_for_the_same_figures():
    lines = [Line("a & b", [(1e5, 2.0), (1e6, 20.0)]), Line("limit", [(1e5, 30.0), (1e6, 30.0)], dots=False)]
    one, two = (chart("Time", "records", "s", lines) for _ in range(2))
    assert one == two
    assert "a &amp; b" in one
    assert "300k" in one
