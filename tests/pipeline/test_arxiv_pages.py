"""Several pages of one paper beside arXiv's metadata: labels stay, versions and twins are one, lists become whole."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.conftest import table
from tests.reference.papers import lines, metadata

TEXT = "We count herons by hand in every lake of the north and say how many there are, with and without rain."
NAMES = [["Pym", "Ada", ""], ["Ohm", "Bo", ""], ["Roe", "Carl", ""], ["Dahl", "Eva", "Jr."]]
TEAM = [["Collaboration", "Heron", ""], [":", "", ""]]
REST = ["Carl Roe", "Eva Dahl Jr."]


def card(title: str, names: str) -> str:
    return f"LGJan 2, 2023\n{title}{names}\n{title}. {TEXT}\n"


def entry(number: int, title: str, names: list[list[str]] = NAMES, **more: Any) -> dict[str, Any]:
    said = {"title": title, "authors_parsed": names, "abstract": f"  {title}. {TEXT}\n", "comments": None}
    return metadata(number, **said, **more)


ENTRIES = [
    entry(1, "Herons of quiet lakes"),
    entry(2, "Gates under rain at night", TEAM + NAMES),
    entry(3, "Bark of northern trees", TEAM + NAMES),
    entry(4, "Pebbles over stones in winter"),
    entry(5, "Storms close the harbour: a study", doi="10.1234/x.5")
    | {"journal-ref": "Phys.Rev.D76:13,2007"},
]
PAGES = {
    "cards.txt": card("Herons of quiet lakes", "Ada Pym, Bo Ohm et al. \u00b7 mila, google")
    + card("Gates under rain at night", "Heron Collaboration: Ada Pym, Bo Ohm et al.")
    + card("Bark of northern trees", "Heron Collaboration, Ada Pym, Bo Ohm et al. \u00b7 mit")
    + card("Pebbles over stones in winter", "Ada Pym, PhD, Bo Ohm, MD et al.")
    + card("Storms close the harbour", "A. Pym, B. Ohm et al."),
    "twin.bib.txt": "@article{k,\n title={Storms close the harbour},\n author={Pym, Ada and Ohm, Bo and Roe, Carl},\n"
    " journal={Journal of Storms},\n year={2024},\n doi={10.1234/x.5},\n eprint={2301.00005},\n"
    " archivePrefix={arXiv}\n}\n",
    "list.md": "# Reading\n\n- [Herons of quiet lakes](https://arxiv.org/abs/2301.00001v3)\n"
    "- [Bark of northern trees](https://arxiv.org/abs/2301.00003)\n"
    "- [Something else altogether](https://arxiv.org/abs/2301.00002)\n",
}
WHOLE = {
    "2301.00001": (["Ada Pym", "Bo Ohm", *REST], 2, ["mila", "google"], None),
    "2301.00002": (["Heron Collaboration", "Ada Pym", "Bo Ohm", *REST], 1, [], None),
    "2301.00003": (["Heron Collaboration", "Ada Pym", "Bo Ohm", *REST], 2, ["mit"], None),
    "2301.00004": (["Ada Pym, PhD", "Bo Ohm, MD", *REST], 1, [], None),
    "2301.00005": (["Pym, Ada", "Ohm, Bo", "Roe, Carl"], 2, [], "Journal of Storms"),
}
"""By id: the names, how many records are the paper, the page's labels, the venue."""


@pytest.mark.slow
def test_pages_of_one_paper_meet_and_nothing_that_they_say_is_lost(build, tmp_path):
    (tmp_path / "arxiv.json").write_bytes(lines(ENTRIES))
    result = build(PAGES, arxiv=tmp_path / "arxiv.json")
    names = table(result.path, "authorships").sort("paper_id", "position")
    names = names.group_by("paper_id").agg(names="name_as_listed")
    labels = table(result.path, "paper_affiliations").sort("paper_id", "position")
    labels = labels.group_by("paper_id").agg(labels="label_as_listed")
    papers = table(result.path, "papers").join(names, on="paper_id").join(labels, on="paper_id", how="left")
    found = papers.select("arxiv_id", "names", "record_count", pl.col("labels").fill_null([]), "venue")
    assert {row[0]: row[1:] for row in found.iter_rows()} == WHOLE
    assert result.reasons["missing_byline"] == 1, "an id under another title"
