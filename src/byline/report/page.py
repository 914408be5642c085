"""The page: figures and charts in their order, as one HTML file that asks the network for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from byline.report import charts
from byline.report.circle import Circle, circle
from byline.report.figures import DOUBTFUL, UNSURE, Figures, Listing, Tables, figures

NAME = "report.html"
_PLACE = re.compile(r"<!--(\w+)-->")
MOST_PRODUCTIVE = 30
"""Bars of the histogram of productivity; authors of more papers are in the last."""


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


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, whether it is a number, and how its cells are written (HTML)."""

    head: str
    number: bool = False
    write: Callable[[object], str] | None = None


def page(tables: Tables, about: About, changes: str = "") -> str:
    """Return the report of a snapshot as HTML. `changes`: a section on the snapshot before, when that is compared."""
    found = figures(tables)
    return layout(found, circle(tables), about, changes)


def layout(found: Figures, picture: Circle, about: About, changes: str = "") -> str:
    """Return the page for figures that are known."""
    sections = [
        ("came-in", "What came in", _came_in(found)),
        ("quarantine", "What was quarantined", _quarantined(found)),
        ("papers", "Papers over time", charts.stacked_years(found.years)),
        ("authors", "Authors", _authors(found)),
        ("network", "Who wrote with whom", _network(found, picture)),
        ("organisations", "Organisations", _organisations(found)),
        ("doubt", "How sure, and what is doubtful", _doubt(found)),
        ("rows", "Where the rows are", _rows(found)),
    ]
    if about.arxiv is not None:
        sections.insert(4, ("arxiv", "What arXiv's metadata gave", _given(found, about.arxiv)))
    if changes:
        sections.insert(0, ("changes", "Since the snapshot before", changes))
    body = "".join(
        f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{head}</h2>{content}</section>'
        for name, head, content in sections
    )
    links = "".join(f'<li><a href="#{name}">{head}</a></li>' for name, head, _ in sections)
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
    papers, authors, records = (_n(counts[name]) for name in ("papers", "authors", "records"))
    sentence = f"{papers} papers by {authors} authors, read from {records} records."
    if cut:
        sentence += f" The page cut the list of authors of {_n(cut)} ({_share(cut, counts['papers'])})"
        sentence += "; arXiv's metadata completes such lists: <code>byline build --arxiv PATH</code>."
    owner = f" Kept by {escape(about.owner)}." if about.owner else ""
    return f"<p>{sentence}{owner}</p>"


def _tiles(counts: dict[str, int]) -> str:
    shown = [
        ("papers", counts["papers"], f"{_n(counts['code'])} with code"),
        ("authors", counts["authors"], f"{_n(counts['authorships'])} authorships"),
        ("organisations", counts["affiliations"], f"named {_n(counts['paper_affiliations'])} times"),
        ("records", counts["records"], f"{_n(counts['records'] - counts['quarantine'])} read"),
        (
            "quarantined",
            counts["quarantine"],
            _share(counts["quarantine"], counts["records"]) + " of the records",
        ),
        ("lists cut", counts["cut"], _share(counts["cut"], counts["papers"]) + " of the papers"),
    ]
    return "".join(
        f"<li><span>{name}</span><strong>{_n(number)}</strong><small>{detail}</small></li>"
        for name, number, detail in shown
    )


def _came_in(found: Figures) -> str:
    numbers = ("records", "published", "duplicate", "quarantined")
    columns = [Column("file"), Column("form"), *(Column(name, number=True) for name in numbers)]
    return _table("t-sources", "Raw files by form", columns, found.sources, "in table records")


def _quarantined(found: Figures) -> str:
    if not found.quarantine.total:
        return '<p class="none">Nothing: every record was read.</p>'
    reasons = "".join(
        f"<li><code>{escape(reason)}</code> {_n(n)}</li>" for reason, n in found.reasons.iter_rows()
    )
    columns = [
        Column("file"), Column("line", number=True), Column("reason", write=_code), Column("expected, found"),
        Column("raw text", write=_raw),
    ]  # fmt: skip
    return (
        f'<ul class="reasons">{reasons}</ul>'
        + _table(
            "t-quarantine", "Records that could not be read", columns, found.quarantine, "in table quarantine"
        )
        + '<p class="hint">Look at one: <code>byline explain FILE:LINE</code>. Decide: <code>byline review</code>.</p>'
    )


def _given(found: Figures, source: Mapping[str, Any]) -> str:
    columns = [Column("column of papers", write=_code), Column("papers", number=True)]
    said = (
        f"<p>From a file of {_n(source['papers'])} papers, changed up to {escape(str(source['newest']))}, "
        f"SHA-256 <code>{escape(source['sha256'])}</code>. It fills only what the page left out; <code>filled</code>, "
        "<code>authors_source</code> and <code>source</code> say where.</p>"
    )
    return said + _table(
        "t-arxiv", "Filled by column", columns, Listing(found.given, found.given.height), "in table papers"
    )


def _authors(found: Figures) -> str:
    most = dict(found.productivity.iter_rows())
    end = min(max(most, default=1), MOST_PRODUCTIVE)
    values = [most.get(number, 0) for number in range(1, end)]
    values.append(sum(authors for papers, authors in most.items() if papers >= end))
    labels = [
        *(str(number) for number in range(1, end)),
        f"{end}+" if max(most, default=1) > end else str(end),
    ]
    chart = charts.bars(labels, values, f"Authors by number of papers: {_n(values[0])} have one.")
    columns = [
        Column("name"), Column("papers", number=True), Column("first"), Column("last"), Column("kind"),
        Column("author_id", write=_code),
    ]  # fmt: skip
    return (
        '<h3>By number of papers</h3>' + chart
        + _table("t-authors", "Authors of most papers", columns, found.authors, "in table authors")
    )  # fmt: skip


def _network(found: Figures, picture: Circle) -> str:
    hint = "All of it: <code>byline export network</code>."
    if found.counts["cut"]:
        hint += f" Lists that the page cut ({_n(found.counts['cut'])} papers) hide further pairs."
    return charts.network(picture) + f'<p class="hint">{hint}</p>'


def _organisations(found: Figures) -> str:
    columns = [
        Column("name"), Column("as listed"), Column("country"), Column("ROR", write=_ror),
        Column("papers", number=True),
    ]  # fmt: skip
    return _table(
        "t-organisations", "Organisations by papers", columns, found.organisations, "in table affiliations"
    )


def _doubt(found: Figures) -> str:
    readings = [
        Column("title as read"), Column("file"), Column("line", number=True),
        Column("confidence", number=True, write=_probability),
    ]  # fmt: skip
    mentions = [
        Column("as listed"), Column("taken for"), Column("paper"),
        Column("confidence", number=True, write=_probability), Column("author_id", write=_code),
    ]  # fmt: skip
    return (
        "<h3>Title and authors told apart</h3>"
        + charts.probabilities(found.reading_bins, "Papers by boundary_confidence")
        + _table("t-readings", f"Readings below {DOUBTFUL}", readings, found.readings, "in table records")
        + '<p class="hint">Settle them: <code>byline review</code>; see why: <code>byline explain FILE:LINE</code>.</p>'
        + "<h3>Who is who</h3>"
        + charts.probabilities(found.mention_bins, "Authorships by identity_confidence")
        + _table("t-mentions", f"Persons below {UNSURE}", mentions, found.mentions, "in table authorships")
        + '<p class="hint">Settle them: <code>byline review --authors</code>; see why: <code>byline explain AUTHOR_ID'
        "</code>.</p>"
    )


def _rows(found: Figures) -> str:
    import polars as pl  # noqa: PLC0415 - only here

    from byline_schemas import TABLES  # noqa: PLC0415 - only here

    rows = []
    for name, table in TABLES.items():
        partition = table.partition.name if table.partition else ""
        rows.append(
            (name, _one_line(table.model.__doc__), found.counts[name], ", ".join(table.key), partition)
        )
    names = ["table", "a row is", "rows", "key", "partition"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    columns = [Column(name, number=name == "rows") for name in names]
    return _table(
        "t-tables", "Tables beside this page", columns, Listing(frame, frame.height), "in this folder"
    ) + (
        '<p class="hint">Load them: <code>byline.load("papers")</code> in Python, <code>byline sql</code>, or any '
        "reader of Parquet.</p>"
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split()).split(";")[0].rstrip(".")


def _table(name: str, caption: str, columns: Sequence[Column], listing: Listing, where: str) -> str:
    """Return a table that can be sorted and searched; without script it is a table all the same."""
    if not listing.total:
        return f'<p class="none">{escape(caption)}: none.</p>'
    shown = listing.rows.height
    rows = "row" if listing.total == 1 else "rows"
    of = (
        f"{_n(listing.total)} {rows}"
        if shown == listing.total
        else f"first {_n(shown)} of {_n(listing.total)} {rows}"
    )
    heads = "".join(
        f'<th scope="col"{" class=n" if column.number else ""}>'
        f'<button type="button">{escape(column.head)}</button></th>'
        for column in columns
    )
    body = "".join(f"<tr>{''.join(_cells(columns, row))}</tr>" for row in listing.rows.iter_rows())
    return (
        f'<div class="tools"><label>Search <input type="search" aria-controls="{name}"></label>'
        f"<output>{of} {where}</output></div>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table id="{name}"><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _cells(columns: Sequence[Column], row: Sequence[object]) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if value is None:
            yield "<td></td>"
        elif column.number:
            shown = column.write(value) if column.write else f"{value:,}"
            yield f'<td class="n" data-v="{value}">{shown}</td>'
        else:
            yield f"<td>{column.write(value) if column.write else _text(value)}</td>"


def _text(value: object) -> str:
    r"""Return a text of the data as HTML: characters that control or turn the text are shown as escapes."""
    from byline.core.display import clean  # noqa: PLC0415 - only where there is text

    return escape(clean(str(value)))


def _code(value: object) -> str:
    return f"<code>{_text(value)}</code>"


def _raw(value: object) -> str:
    return f"<details><summary>show</summary><pre>{_text(value)}</pre></details>"


def _ror(value: object) -> str:
    return f'<a rel="noreferrer" href="https://ror.org/{escape(str(value))}">{escape(str(value))}</a>'


def _probability(value: object) -> str:
    return f"{float(str(value)):.3f}"


def _foot(about: About) -> str:
    said = [
        f"Snapshot <code>{escape(about.snapshot_id)}</code>, contract {escape(about.contract_version)}, byline "
        f"{escape(about.code_version)}. Made from the tables alone; it loads nothing from the network."
    ]
    said += [f"Licence: {escape(about.licence)}."] if about.licence else []
    said += [f"Cite as: {escape(about.citation)}"] if about.citation else []
    return "".join(f"<p>{line}</p>" for line in said)


def _n(number: int) -> str:
    return f"{number:,}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"
