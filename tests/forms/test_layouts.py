"""Layouts of pages as people paste them, older and newer, each with what it says. All people and papers are made up."""

import datetime

import polars as pl
import pytest

from byline.reading.slices import parse_text

DAY = datetime.date
LAYOUTS: dict[str, tuple[str, list[dict[str, object]]]] = {
    "arXiv's list of 2023, wrapped and indented, under dates": (
        "Authors and titles for recent submissions\n\nFri, 12 May 2023\n\n"
        "[ total of 50 entries: 1-25 | 26-50 ]\n\n"
        "[1]  arXiv:2305.06927 [pdf, ps, other]\n\n    Title: Nests of\n    owls\n    Authors: Ada Pym, Bo Li\n"
        "    Comments: 23 pages\n    Subjects: Machine Learning (cs.LG)\n\n"
        "[2]  arXiv:2305.06865 (cross-list from math.ST) [pdf, other]\n\n    Title: Moss\n    Authors: Cy Dee\n"
        "    Subjects: Statistics Theory (math.ST)\n\nThu, 11 May 2023\n\n"
        "[3]  arXiv:2305.06000 [pdf, other]\nTitle:Ferns\nAuthors:Di Eff\nSubjects:Machine Learning (cs.LG)\n",
        [
            {"title": "Nests of owls", "authors": ["Ada Pym", "Bo Li"], "published": DAY(2023, 5, 12)},
            {"title": "Moss", "category_code": "math.ST", "published": None},
            {"title": "Ferns", "authors": ["Di Eff"], "published": DAY(2023, 5, 11)},
        ],
    ),
    "arXiv's list with labels on lines of their own": (
        "[1]\narXiv:2310.00012 [pdf, html, other]\nTitle:\nOwls on the sphere\n"
        "Ada Pym (1), Bo Li (2) ((1) Univ X, (2) Inst Y)\n"
        "Comments:\n23 pages\nSubjects:\nMachine Learning (cs.LG)\n",
        [
            {
                "title": "Owls on the sphere",
                "authors": ["Ada Pym", "Bo Li"],
                "comments": "23 pages",
                "category_code": "cs.LG",
            }
        ],
    ),
    "arXiv's search with tags on lines of their own": (
        "arXiv:2304.01234  [pdf, other]\ncs.CV\ncs.LG\ndoi\n10.1109/ABC.2023.123\nOwls in the dark: a study\n"
        "Authors: Ada Pym, Bo Li\nAbstract: …owls are great… ▽ More\n"
        "Submitted 14 April, 2023; v1 submitted 3 April, 2023; originally announced April 2023.\n",
        [
            {
                "title": "Owls in the dark: a study",
                "doi": "10.1109/abc.2023.123",
                "category_code": "cs.CV",
                "published": DAY(2023, 4, 3),
            }
        ],
    ),
    "a mail of 1995": (
        "\\\\\nPaper: hep-th/9510001\nFrom: someone@example.org\nDate: Mon, 2 Oct 95 20:33:39 GMT   (12kb)\n\n"
        'Title: Strings and\n owls\nAuthor: G\\"unther M\\"uller and Ada Pym\nReport-no: ABC-95-1\n\\\\\n'
        "  We study strings.\n\\\\\n",
        [
            {
                "title": "Strings and owls",
                "authors": ['G\\"unther M\\"uller', "Ada Pym"],
                "arxiv_id": "hep-th/9510001",
                "published": DAY(1995, 10, 2),
                "abstract": "We study strings.",
            }
        ],
    ),
    "Scholar's page with its columns on one line": (
        "TITLE\t\nCITED BY\nYEAR\nDeep owls\nA Pym, B Li\n"
        "Proceedings of the conference on owls and …, 2016\n180,000\t2016\n"
        "Owl nests\nA Pym, C Dee, DE Eff, ...\nNature of Owls 521 (7553), 436-444, 2015\n80000*\t2015\nSHOW MORE\n",
        [
            {"title": "Deep owls", "authors": ["A Pym", "B Li"], "published": DAY(2016, 1, 1)},
            {"title": "Owl nests", "authors_truncated": True, "venue": "Nature of Owls"},
        ],
    ),
    "Scholar's results with marks in and under titles": (
        "Owls in the wild[PDF] owl.org\nA Pym, B Li - Journal of Owls, 2020 - Springer\nOwls are …\n"
        "Cited by 12 Related articles All 3 versions Cite Save\n[BOOK][B] Owl handbook\n"
        "A Pym - 1999 - books.google.com\n"
        "A handbook …\n☆ Save 99 Cite Cited by 3 Related articles\nOwl paper three\n[PDF] arxiv.org\n"
        "C Dee, D Eff, … - arXiv preprint arXiv:2001.01234, 2020 - arxiv.org\nText …\n☆ Save Cite Cited by 5 ≫\n",
        [
            {"title": "Owls in the wild", "authors": ["A Pym", "B Li"], "venue": "Journal of Owls"},
            {"title": "Owl handbook", "authors": ["A Pym"], "published": DAY(1999, 1, 1)},
            {"title": "Owl paper three", "authors_truncated": True, "arxiv_id": "2001.01234"},
        ],
    ),
    "PubMed with groups, collaborators, a language": (
        "1. Owl Commun. 2023 Sep 25;14(1):5987. doi: 10.1038/owl.1.\n\nWhat do owls do at night, and\nwhy?\n\n"
        "Pym A(#)(1)(2), van der Berg CD Jr(3); Owl Study Group.\n\nCollaborators: Foy G.\n\n"
        "Author information:\n(1)Department of Owls.\n\nBACKGROUND: Owls.\nMETHODS: We looked.\n\n"
        "DOI: 10.1038/owl.1\n"
        "PMID: 37749093\n\n\n2. Owl J. 2001 Mar;357:1-2.\n\n[Owls in French].\n\n[Article in French]\n\n"
        "Pym A.\n\nPMID: 11234567\n",
        [
            {
                "title": "What do owls do at night, and why?",
                "authors": ["Pym A", "van der Berg CD Jr", "Owl Study Group"],
                "abstract": "BACKGROUND: Owls. METHODS: We looked.",
            },
            {"title": "Owls in French", "authors": ["Pym A"], "published": DAY(2001, 3, 1)},
        ],
    ),
    "reading lists": (
        "- [**A recipe for owls.**](https://arxiv.org/abs/2401.18058) *Ada Pym, Bo Li*. Arxiv 2024\n"
        "- **Owls everywhere.** Ada Pym, Bo Li. *OWL 2023*. [[paper](https://arxiv.org/abs/2301.00001)]\n"
        "- Ada Pym, Bo Li. [Owl title](https://doi.org/10.1234/abc). *Journal of Owls*, 2021.\n"
        "- [2019] [Owl nets](https://arxiv.org/abs/1901.00003) - Ada Pym et al.\n"
        "- **Deep Owls** (2015), A. Pym et al. [[pdf]](http://www.owl.example/x.pdf)\n",
        [
            {"title": "A recipe for owls.", "authors": ["Ada Pym", "Bo Li"], "arxiv_id": "2401.18058"},
            {"title": "Owls everywhere.", "authors": ["Ada Pym", "Bo Li"], "venue": "OWL"},
            {"title": "Owl title", "doi": "10.1234/abc", "venue": "Journal of Owls"},
            {"title": "Owl nets", "authors_truncated": True, "published": DAY(2019, 1, 1)},
            {"title": "Deep Owls", "authors": ["A. Pym"], "published": DAY(2015, 1, 1)},
        ],
    ),
    "BibTeX with a macro, DBLP's number, a team, a broken entry": (
        '@string{jo = "Journal of Owls"}\n'
        '@article{a, title={On {O}wls}, author={Wei Pym 0001 and {The Owl Team} and others},\n'
        "  journal=jo, year=2008, month=mar}\n@article{b, title={Broken, author={Pym, A}\n\n"
        "@misc{c, title={Moss}, author={Li, Bo}}\n",
        [
            {
                "title": "On {O}wls",
                "authors": ["Wei Pym", "The Owl Team"],
                "authors_truncated": True,
                "venue": "Journal of Owls",
                "published": DAY(2008, 3, 1),
            },
            {"title": "Moss", "authors": ["Li, Bo"], "published": None},
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_as_it_says(layout: str):
    text, wanted = LAYOUTS[layout]
    rows = [row for row in parse_text(text.encode()).iter_rows(named=True) if row["reason"] is None]
    assert [{key: row[key] for key in said} for row, said in zip(rows, wanted, strict=True)] == wanted


def test_an_item_without_authors_keeps_what_arxiv_can_complete():
    frame = parse_text(
        b"- [Owls at night](https://arxiv.org/abs/2401.18058)\n- [A tool](https://example.org/tool)\n"
    )
    assert frame["reason"].to_list() == ["missing_byline"] * 2
    assert frame.select("title", "arxiv_id").row(0) == ("Owls at night", "2401.18058")
    assert "arXiv's metadata" in frame["detail"][0]


@pytest.mark.parametrize("behind", ["TI Slow fires\n", "AF Quill, Ines\nAU Quill, I\n"])
def test_what_stands_behind_the_line_that_ends_a_record_is_no_part_of_it(behind: str):
    record = "PT J\nAF Oakes, Mira\nTI Pebbles and their order\nPY 2022\nER\n\n"
    frame = parse_text((record + behind + record).encode())
    good = frame.filter(pl.col("reason").is_null())
    assert good["title"].to_list() == ["Pebbles and their order"] * 2
    assert good["authors"].to_list() == [["Oakes, Mira"]] * 2
    assert frame["reason"].to_list() == [None, "page_furniture", None]
