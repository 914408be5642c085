"""One paper on several pages, each in its own form, is one row with what each page says."""

from __future__ import annotations

import datetime

import pytest

from tests.conftest import table

CARD = (
    "LGOct 5, 2023Code\n"
    "Pebbles and their order in the sandMira Oakes, Tomas Vell et al. · example labs\n{abstract}\n"
)
ABSTRACT = (
    "We count pebbles in the sand of nine rivers, by hand and with a sieve of our own making. The count is right, the "
    "order is not, and both depend on the rain of the week before."
)
PAGE = f"""Computer Science > Machine Learning
arXiv:2310.00001 (cs)
[Submitted on 2 Oct 2023 (v1), last revised 23 Jun 2024 (this version, v2)]
Title:Pebbles and their order in the sand
Authors:Mira Oakes, Tomas Vell, Ingrid Solbakk
View PDF
Abstract:{ABSTRACT}
Comments: 12 pages
Subjects: Machine Learning (cs.LG); Methodology (stat.ME)
Cite as: arXiv:2310.00001 [cs.LG]
  (or arXiv:2310.00001v2 [cs.LG] for this version)
"""
ENTRY = """@article{oakes2024,
  title = {{The order of pebbles}},
  author = {Oakes, M. and Vell, T. and Solbakk, I.},
  journal = {Journal of Made-up Results},
  year = {2024},
  doi = {10.1234/oaks.12},
  eprint = {2310.00001},
  archivePrefix = {arXiv}
}
"""
FILES = {"a.txt": CARD.format(abstract=ABSTRACT), "b.txt": PAGE, "c.bib.txt": ENTRY}


@pytest.mark.parametrize("joined", [False, True], ids=["a file each", "one file"])
def test_three_pages_say_one_paper(build, joined):
    text = "\n".join([FILES["b.txt"], FILES["c.bib.txt"], FILES["a.txt"]])
    path = build({"all.txt": text} if joined else FILES).path
    records = table(path, "records").filter(status="published").height
    papers = table(path, "papers")
    assert (records, papers.height) == (1, 1), papers
    paper = papers.row(0, named=True)
    assert paper["record_count"] == 3
    assert (paper["author_count"], paper["authors_truncated"]) == (3, False)
    assert (paper["published"], paper["published_precision"]) == (datetime.date(2023, 10, 2), "day")
    assert (paper["arxiv_id"], paper["doi"]) == ("2310.00001", "10.1234/oaks.12")
    assert (paper["venue"], paper["comments"]) == ("Journal of Made-up Results", "12 pages")
    assert paper["category"] == "cs.LG"
    assert (paper["badges"], paper["has_code"]) == (["Code"], True)
    assert table(path, "paper_affiliations")["label_as_listed"].to_list() == ["example labs"]
