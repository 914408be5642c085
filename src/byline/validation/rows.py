"""What follows from a row itself, put to snapshots of this very code: it would have written the row so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from byline import affiliations
from byline.affiliations.forms import label_form
from byline.affiliations.resolve import KIND
from byline.core import ids, resources
from byline.forms import all_forms
from byline.listing import reasons
from byline.normalize import categories
from byline.validation.snapshot import Snapshot
from byline.validation.verdict import Verdict, told
from byline_schemas import Table

FILLABLE = (
    "abstract", "abstract_tex", "arxiv_id", "category", "category_candidates", "category_name", "comments", "doi",
    "published", "published_precision", "venue",
)  # fmt: skip
"""Columns of papers that arXiv's metadata may fill."""
REASONS = (
    reasons.PAGE_FURNITURE, reasons.NO_HEADER, reasons.BAD_DATE, reasons.MISSING_BYLINE, reasons.NOT_UTF8,
    reasons.TOO_LONG, reasons.DAMAGED_FILE, reasons.OTHER_FORM, "no_boundary",
)  # fmt: skip
"""Codes of reasons: those of listings, and of `segment`."""
CODE = "Code"
URL = r"^\S*[^\s/.]\.[^\s/.]\S*$|^(?i:https?://)\S+$|^\S+/\S*$"
"""A scheme and what follows it, or a host with a dot or a path; no white space."""


def follow(frame: pl.DataFrame, table: Table, looked: Snapshot) -> Iterator[Verdict]:
    """Put the rules to rows of a table; `looked` says with which options they were made."""
    put = _RULES.get(table.name)
    if put is not None and frame.height:
        yield from put(frame, looked)


def confident(records: pl.DataFrame) -> Iterator[Verdict]:
    """Only what was read has a confidence; asked of snapshots of every code."""
    quarantined, sure = pl.col("status") == "quarantined", pl.col("boundary_confidence").is_not_null()
    message = "a record has a boundary_confidence unless it is quarantined"
    yield from told(records, ("quarantined_has_no_confidence", message, quarantined == sure))


def _papers(frame: pl.DataFrame, looked: Snapshot) -> Iterator[Verdict]:
    said = pl.concat_list(
        pl.when(
            pl.col("filled").list.contains(name)
            & (pl.col(name).is_null() if name != "category_candidates" else pl.col(name).list.len() == 0)
        ).then(pl.lit(name))
        for name in FILLABLE
    ).list.drop_nulls()
    strange = pl.col("filled").list.set_difference(list(FILLABLE)).list.len() > 0
    urls = pl.col("links").list.eval(pl.element().str.contains(URL)).list.all()
    badge = pl.col("badges").list.contains(CODE)
    yield from told(
        frame,
        (
            "filled_columns_hold_something",
            "`filled` names columns that hold a value",
            strange | (said.list.len() > 0),
        ),
        ("links_are_addresses", "a link is a scheme or a host, and no white space", ~urls),
        (
            "has_code_follows_from_badges",
            "has_code says whether a badge says Code",
            pl.col("has_code") != badge,
        ),
    )
    yield from _categories(frame, looked)


def _categories(frame: pl.DataFrame, looked: Snapshot) -> Iterator[Verdict]:
    """Categories are arXiv's, named as arXiv names them, and follow from the code unless decisions say otherwise."""
    names_of = categories.taxonomy().names
    chosen, listed = pl.col("category"), pl.col("category_candidates")
    name = chosen.replace_strict(dict(names_of), default=None, return_dtype=pl.String)
    unknown = listed.list.set_difference(list(names_of)).list.len() > 0
    found = categories.resolve(frame["category_code"])
    filled = pl.col("filled").list.contains("category")
    other = pl.any_horizontal(
        pl.lit(found[column]).ne_missing(pl.col(column)) for column in ("category", "category_candidates")
    )
    follows = (filled & pl.col("category_code").is_not_null()) | (~filled & other)
    yield from told(
        frame,
        (
            "category_is_arxivs",
            "categories are active ones of arXiv's, under their names",
            unknown | name.ne_missing(pl.col("category_name")) | (chosen.is_not_null() & name.is_null()),
        ),
    )
    if looked.as_shipped:
        message = "category and candidates are those of the code"
        yield from told(frame, ("category_follows_from_code", message, follows))


def _affiliations(frame: pl.DataFrame, looked: Snapshot) -> Iterator[Verdict]:
    label = frame["label"]
    yield Verdict(
        "affiliation_id_follows_from_label",
        "affiliation_id is the hash of the label, which is folded",
        (ids.digest_all(label, KIND) != frame["affiliation_id"]) | (label_form(label) != label),
    )
    country = pl.col("country").is_in(resources.lines("organisations/countries.txt"))
    yield from told(frame, ("country_is_of_iso_3166", "country is a code of ISO 3166-1", ~country))
    if looked.as_shipped:
        yield from _organisations(frame, looked)


def _organisations(frame: pl.DataFrame, looked: Snapshot) -> Iterator[Verdict]:
    unresolved = ~pl.col("resolved") & ((pl.col("name") != pl.col("label")) | pl.col("note").is_null())
    noted = pl.col("resolved") & pl.col("note").is_not_null()
    yield from told(
        frame,
        ("unresolved_labels_say_why", "an unresolved label is its own name, and says why", unresolved),
        ("resolved_labels_have_no_note", "only an unresolved label has a note", noted),
    )
    if looked.known.options.get("ror_sha256") is None:
        found = affiliations.resolve(frame["label"], affiliations.load_registry(None, None))
        other = pl.any_horizontal(pl.lit(found[name]).ne_missing(pl.col(name)) for name in found.columns)
        message = "the organisation is the one that byline knows by the label"
        yield from told(frame, ("organisation_follows_from_label", message, other))


def _labels(frame: pl.DataFrame, _: Snapshot) -> Iterator[Verdict]:
    yield Verdict(
        "label_is_its_affiliations",
        "affiliation_id is the hash of the label, folded",
        ids.digest_all(label_form(frame["label_as_listed"]), KIND) != frame["affiliation_id"],
    )


def _records(frame: pl.DataFrame, _: Snapshot) -> Iterator[Verdict]:
    form = pl.col("form").is_in(list(all_forms()))
    yield from told(frame, ("form_is_known", "form is one of `byline forms`", ~form))


def _quarantine(frame: pl.DataFrame, _: Snapshot) -> Iterator[Verdict]:
    known = pl.col("reason").is_in(REASONS)
    yield from told(frame, ("reason_is_known", "reason is one of byline's codes", ~known))


_RULES: dict[str, Callable[[pl.DataFrame, Snapshot], Iterator[Verdict]]] = {
    "papers": _papers,
    "affiliations": _affiliations,
    "paper_affiliations": _labels,
    "records": _records,
    "quarantine": _quarantine,
}
