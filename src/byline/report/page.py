"""The page: figures and charts in their order, as one HTML file that asks the network for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import Any

import polars as pl

from byline.report import charts
from byline.report.circle import Circle, circle
from byline.report.figures import Figures, Listing, figures
from byline.report.reductions import DOUBTFUL, STEPS, UNSURE
from byline.report.tables import Column, code, count, probability, raw, ror, share, table
from byline.report.tallies import Tally

NAME = "report.html"
_PLACE = re.compile(r"<!--(\w+)-->")
PRODUCTIVE = (1, 2, 3, 4, 5, 6, 11, 21, 51, 101)
"""Where the classes of authors by papers begin; the last has no end."""
PAIRS = 200
"""Rows of the list of pairs."""


@dataclass(frozen=True)
class About:
    """What the tables don't say: which snapshot it is, and what its owner says of it."""

    snapshot_id: str
    code_version: str
    contract_version: str
    title: str = "Papers, authors and who is who"
    owner: str | None = None
    licence: str | None = None
    citation: str | None = None
    arxiv: Mapping[str, Any] | None = None
    """What the manifest says of arXiv's metadata, where the snapshot was made with it."""


def page(tally: Tally, about: About, changes: str = "") -> str:
    """Return the report of a snapshot as HTML. `changes`: a section on the snapshot before, when that is compared."""
    return layout(figures(tally), circle(tally), about, changes)


def layout(found: Figures, picture: Circle, about: About, changes: str = "") -> str:
    """Return the page for figures that are known."""
    sections = [
        ("came-in", "Input", "What came in", _came_in(found)),
        ("quarantine", "Quarantine", "What was quarantined", _quarantined(found)),
        ("papers", "Papers", "Papers over time", charts.stacked_years(found.years)),
        ("authors", "Authors", "Authors", _authors(found)),
        ("network", "Network", "Who wrote with whom", _network(found, picture)),
        ("organisations", "Organisations", "Organisations", _organisations(found)),
        ("doubt", "Confidence", "How sure, and what is doubtful", _doubt(found)),
        ("rows", "Tables", "Where the rows are", _rows(found)),
    ]
    if about.arxiv is not None:
        sections.insert(4, ("arxiv", "arXiv", "What arXiv's metadata gave", _given(found, about.arxiv)))
    if changes:
        sections.insert(0, ("changes", "Changes", "Since the snapshot before", changes))
    body = "".join(
        f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{head}</h2>{content}</section>'
        for name, _, head, content in sections
    )
    links = "".join(f'<li><a href="#{name}">{link}</a></li>' for name, link, _, _ in sections)
    parts = {
        "title": escape(about.title),
        "style": _resource("style.css"),
        "script": _resource("script.js"),
        "lead": _lead(found, about),
        "tiles": _tiles(found.counts),
        "links": links,
        "sections": body,
        "foot": _foot(about),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _resource("page.html"))


@cache
def _resource(name: str) -> str:
    return files("byline.resources").joinpath(f"report/{name}").read_text(encoding="utf-8")


def _lead(found: Figures, about: About) -> str:
    counts = found.counts
    cut = counts["cut"]
    papers, authors, records = (count(counts[name]) for name in ("papers", "authors", "records"))
    sentence = f"{papers} papers by {authors} authors, read from {records} records."
    if cut:
        sentence += f" Pages cut the list of authors of {count(cut)} ({share(cut, counts['papers'])})"
        sentence += "; arXiv's metadata completes such lists: <code>byline build --arxiv PATH</code>."
    owner = f" Kept by {escape(about.owner)}." if about.owner else ""
    return f"<p>{sentence}{owner}</p>"


def _tiles(counts: dict[str, int]) -> str:
    shown = [
        ("papers", counts["papers"], f"{count(counts['code'])} with code"),
        ("authors", counts["authors"], f"{count(counts['authorships'])} authorships"),
        ("organisations", counts["affiliations"], f"named {count(counts['paper_affiliations'])} times"),
        ("records", counts["records"], f"{count(counts['records'] - counts['quarantine'])} read"),
        (
            "quarantined",
            counts["quarantine"],
            share(counts["quarantine"], counts["records"]) + " of the records",
        ),
        ("lists cut", counts["cut"], share(counts["cut"], counts["papers"]) + " of the papers"),
    ]
    return "".join(
        f"<li><span>{name}</span><strong>{count(number)}</strong><small>{detail}</small></li>"
        for name, number, detail in shown
    )


def _came_in(found: Figures) -> str:
    numbers = ("records", "published", "duplicate", "quarantined")
    columns = [Column("file"), Column("form"), *(Column(name, number=True) for name in numbers)]
    counts = found.counts
    parts = [
        ("published", counts["papers"], "c0"),
        ("duplicate", counts["records"] - counts["papers"] - counts["quarantine"], "c6"),
        ("quarantined", counts["quarantine"], "c1"),
    ]
    files = table("t-sources", "Raw files by form", columns, found.sources, "in table records")
    return charts.shares(parts) + files


def _quarantined(found: Figures) -> str:
    if not found.quarantine.total:
        return '<p class="none">Nothing: every record was read.</p>'
    reasons = "".join(
        f"<li><code>{escape(reason)}</code> {count(n)}</li>" for reason, n in found.reasons.iter_rows()
    )
    columns = [
        Column("file"), Column("line", number=True), Column("reason", write=code), Column("expected, found"),
        Column("raw text", write=raw),
    ]  # fmt: skip
    return (
        f'<ul class="reasons">{reasons}</ul>'
        + table(
            "t-quarantine", "Records that could not be read", columns, found.quarantine, "in table quarantine"
        )
        + '<p class="hint">Look at one: <code>byline explain FILE:LINE</code>. Decide: <code>byline review</code>.</p>'
    )


def _given(found: Figures, source: Mapping[str, Any]) -> str:
    columns = [Column("column of papers", write=code), Column("papers", number=True)]
    until = f", changed up to {escape(source['newest'])}" if source["newest"] else ""
    said = (
        f"<p>From a file of {count(source['papers'])} papers{until}, "
        f"SHA-256 <code>{escape(source['sha256'])}</code>. It fills only what the page left out; <code>filled</code>, "
        "<code>authors_source</code> and <code>source</code> say where.</p>"
    )
    return said + table(
        "t-arxiv", "Filled by column", columns, Listing(found.given, found.given.height), "in table papers"
    )


def _authors(found: Figures) -> str:
    labels, values = _productivity(dict(found.productivity.iter_rows()))
    columns = [
        Column("name"), Column("papers", number=True), Column("first"), Column("last"), Column("kind"),
        Column("author_id", write=code),
    ]  # fmt: skip
    return (
        '<h3>By number of papers</h3>' + charts.rows(labels, values)
        + table("t-authors", "Authors of most papers", columns, found.authors, "in table authors")
    )  # fmt: skip


def _productivity(authors: dict[int, int]) -> tuple[list[str], list[int]]:
    """Return classes of authors by number of papers, as far as there are any. `authors`: papers to authors.

    Worked example: 5 authors of 1 paper, 2 of 7 papers: "1 paper" 5, "2 papers" to "5" none, "6 to 10" 2.
    """
    ends = [*(following - 1 for following in PRODUCTIVE[1:]), None]
    labels, values = [], []
    for start, end in zip(PRODUCTIVE, ends, strict=True):
        if start > max(authors, default=1):
            break
        name = f"{start}" if start == end else f"{start} to {end}" if end else f"{start} or more"
        labels.append(name + (" paper" if end == 1 else " papers"))
        values.append(
            sum(n for papers, n in authors.items() if start <= papers and (end is None or papers <= end))
        )
    return labels, values


def _network(found: Figures, picture: Circle) -> str:
    hint = "All of it: <code>byline export network</code>."
    if found.counts["cut"]:
        hint += f" Lists that the page cut ({count(found.counts['cut'])} papers) hide further pairs."
    pairs = [
        (picture.spots[one].name, picture.spots[other].name, shared)
        for one, other, shared in sorted(picture.arcs, key=lambda arc: (-arc[2], arc))
    ]
    rows = pl.DataFrame(pairs[:PAIRS], schema=["one", "other", "shared"], orient="row")
    columns = [Column("author"), Column("with"), Column("papers shared", number=True)]
    listed = table(
        "t-pairs", "Pairs in the picture", columns, Listing(rows, len(pairs)), "in table authorships"
    )
    return charts.network(picture) + (listed if pairs else "") + f'<p class="hint">{hint}</p>'


def _organisations(found: Figures) -> str:
    columns = [
        Column("name"), Column("as listed"), Column("country"), Column("ROR", write=ror),
        Column("papers", number=True),
    ]  # fmt: skip
    return table(
        "t-organisations", "Organisations by papers", columns, found.organisations, "in table affiliations"
    )


def _doubt(found: Figures) -> str:
    readings = [
        Column("title as read"), Column("file"), Column("line", number=True),
        Column("confidence", number=True, write=probability),
    ]  # fmt: skip
    mentions = [
        Column("as listed"), Column("taken for"), Column("paper"),
        Column("confidence", number=True, write=probability), Column("author_id", write=code),
    ]  # fmt: skip
    settle = (
        '<p class="hint">Settle them: <code>byline review</code>; see why: '
        "<code>byline explain FILE:LINE</code>.</p>"
    )
    persons = (
        '<p class="hint">Settle them: <code>byline review --authors</code>; see why: <code>byline explain AUTHOR_ID'
        "</code>.</p>"
    )
    return (
        "<h3>Title and authors told apart: papers by <code>boundary_confidence</code></h3>"
        + charts.rows(_steps(), found.reading_bins)
        + table("t-readings", f"Readings below {DOUBTFUL}", readings, found.readings, "in table records")
        + (settle if found.readings.total else "")
        + "<h3>Who is who: authorships by <code>identity_confidence</code></h3>"
        + charts.rows(_steps(), found.mention_bins)
        + table("t-mentions", f"Persons below {UNSURE}", mentions, found.mentions, "in table authorships")
        + (persons if found.mentions.total else "")
    )


def _steps() -> list[str]:
    """Return the names of the classes of probabilities."""
    between = [f"{low} to {high}" for low, high in pairwise(STEPS)]
    return [f"below {STEPS[0]}", *between, f"{STEPS[-1]} or more"]


def _rows(found: Figures) -> str:
    from byline_schemas import TABLES  # noqa: PLC0415 - only here

    rows = []
    for name, declared in TABLES.items():
        partition = declared.partition.name if declared.partition else ""
        rows.append(
            (name, _one_line(declared.model.__doc__), found.counts[name], ", ".join(declared.key), partition)
        )
    names = ["table", "a row is", "rows", "key", "partition"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    columns = [Column(name, number=name == "rows") for name in names]
    return table(
        "t-tables", "Tables beside this page", columns, Listing(frame, frame.height), "in this folder"
    ) + (
        '<p class="hint">Load them: <code>byline.load("papers")</code> in Python, <code>byline sql</code>, or any '
        "reader of Parquet.</p>"
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split()).split(";")[0].rstrip(".")


def _foot(about: About) -> str:
    said = [
        f"Snapshot <code>{escape(about.snapshot_id)}</code>, contract {escape(about.contract_version)}, byline "
        f"{escape(about.code_version)}. Made from the tables alone; it loads nothing from the network."
    ]
    said += [f"Licence: {escape(about.licence)}."] if about.licence else []
    said += [f"Cite as: {escape(about.citation)}"] if about.citation else []
    return "".join(f"<p>{line}</p>" for line in said)
