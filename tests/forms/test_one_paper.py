"""One paper pasted from five pages is one row with all that any page said. All people and papers are made up."""

import datetime

import polars as pl

from byline.core.options import Options
from byline.pipeline.run import run_build

PAGES = {
    "card.txt": "LGOct 2, 2023Code\nPebbles and their order in winterMira Oakes, Tomas Vell et al. · ashgrove\n"
    "We count pebbles.\n",
    "list.txt": "Showing new listings for Monday, 2 October 2023\n[1] arXiv:2310.00001 [pdf, other]\n"
    "Title: Pebbles and their order in winter\nMira Oakes, Tomas Vell, Ines Quill\nComments: 12 pages\n"
    "Subjects: Machine Learning (cs.LG)\n",
    "scholar.txt": "\tPebbles and their order in winter\nM Oakes, T Vell, ...\nJournal of Made-up Results 12, 45\n"
    "\t36\t2023\n",
    "paper.bib": "@article{a,\n title = {Pebbles and Their Order in Winter},\n"
    " author = {Oakes, Mira and Vell, Tomas and Quill, Ines},\n year = {2023},\n doi = {10.1234/oaks.12}\n}\n",
    "list.md": "- [Pebbles and their order in winter](https://arxiv.org/abs/2310.00001) (2023), Mira Oakes et al.\n",
}


def test_five_pages_of_one_paper_are_one_row(tmp_path):
    (tmp_path / "raw").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "raw" / name).write_text(text)
    run_build(Options(raw=tmp_path / "raw", out=tmp_path / "out", workers=1))
    (paper,) = pl.read_parquet(tmp_path / "out/current/papers/**/*.parquet").iter_rows(named=True)
    said = {
        "record_count": 5,
        "author_count": 3,
        "authors_truncated": False,
        "arxiv_id": "2310.00001",
        "doi": "10.1234/oaks.12",
        "venue": "Journal of Made-up Results",
        "comments": "12 pages",
        "category": "cs.LG",
        "published": datetime.date(2023, 10, 2),
        "published_precision": "day",
        "abstract": "We count pebbles.",
        "badges": ["Code"],
    }
    assert {key: paper[key] for key in said} == said
    records = pl.read_parquet(tmp_path / "out/current/records/**/*.parquet")
    read = records.filter(pl.col("status") != "quarantined")
    assert sorted(read["form"]) == ["arxiv_list", "bibtex", "card", "markdown", "scholar_profile"]
