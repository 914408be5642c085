"""What ids, confidences, links and names follow from in other tables: computed again and compared.

All but the confidences is what this very code makes of the rows, so it is asked of its own snapshots alone. Papers are
looked at some at a time, with the rows of other tables that belong to them; authors by ranges of their ids.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from byline import identity, names
from byline.core import ids
from byline.normalize import links
from byline.papers.titles import fold_titles
from byline.validation.report import Finding
from byline.validation.snapshot import Snapshot
from byline.validation.verdict import Verdict, told
from byline_schemas._cuts import ranges, within

SHOWN = 20
MENTIONS = 400_000
"""Mentions of the authors that are looked at together."""
CARD = "card"
NAME = ("name", "given", "family", "particle", "suffix", "kind", "name_key")


def papers_follow(papers: pl.DataFrame, snapshot: Snapshot) -> Iterator[Verdict]:
    """Check what papers take from their records and their first authors."""
    records, authors = _beside(snapshot, papers)
    joined = papers.join(records, on="paper_id", how="left", maintain_order="left")
    joined = joined.join(authors, on="paper_id", how="left", maintain_order="left")
    yield from _records_verdicts(joined)
    if snapshot.as_shipped:
        yield from _links_verdicts(joined)
        yield _ids_verdict(joined, snapshot)


def _beside(snapshot: Snapshot, papers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the published record and the authors of each of these papers say; one row a paper_id."""
    mine = papers.lazy().select("paper_id")
    records = snapshot.scan("records").filter(pl.col("status") == "published")
    records = records.select("paper_id", "form", confidence="boundary_confidence")
    authors = snapshot.scan("authorships").join(mine, on="paper_id", how="semi")
    listed = pl.col("source") == "listed"
    said = authors.group_by("paper_id").agg(
        first=pl.col("name_as_listed").filter(pl.col("position") == 1).first(),
        added=(~listed).any(),
        late=(listed & (pl.col("position") > pl.col("position").filter(~listed).min())).any(),
        all_added=(~listed).all(),
    )
    found = records.join(mine, on="paper_id", how="semi").unique("paper_id", keep="any")
    return found.collect(engine="streaming"), said.collect(engine="streaming")


def _records_verdicts(joined: pl.DataFrame) -> Iterator[Verdict]:
    added = pl.col("authors_source") == "arxiv"
    yield from told(
        joined,
        (
            "confidence_is_its_records",
            "boundary_confidence is that of the published record",
            pl.col("boundary_confidence").ne_missing(pl.col("confidence")),
        ),
        (
            "source_is_its_authors",
            "authors_source is arxiv where an author was added",
            added != pl.col("added"),
        ),
        (
            "added_authors_come_last",
            "what the page listed comes before what was added",
            pl.col("late").fill_null(value=False),
        ),
    )


def _links_verdicts(joined: pl.DataFrame) -> Iterator[Verdict]:
    """The links of the listed abstract are links of the paper; of a single card there are no others."""
    listed = joined.select(
        pl.when(~pl.col("filled").list.contains("abstract")).then(pl.coalesce("abstract_tex", "abstract"))
    )
    found = pl.lit(links.extract(listed.to_series()))
    alone = (pl.col("form") == CARD) & (pl.col("record_count") == 1)
    missing = found.list.set_difference("links").list.len() > 0
    yield from told(
        joined,
        (
            "links_are_the_records",
            "the links are those that its records show",
            missing | (alone & (found != pl.col("links"))),
        ),
    )


def _ids_verdict(joined: pl.DataFrame, snapshot: Snapshot) -> Verdict:
    """The id of a paper is the hash of title and first author, unless another paper has it: then of more.

    Not told of papers whose records an id ties together, which may have other titles, and of those that arXiv's
    metadata gave all their authors.
    """
    titles = fold_titles(joined.select(pl.coalesce("title_tex", "title")).to_series(), joined["title"])
    word = names.fold_names(joined["first"]).str.split(" ").list.last()
    sure = joined.select((pl.col("record_count") == 1) & ~pl.col("all_added")).to_series()
    doubtful = (sure & (_keys(titles, word) != joined["paper_id"])).fill_null(value=False).arg_true()
    broken = pl.Series([False], dtype=pl.Boolean).new_from_index(0, joined.height)
    if doubtful.len():
        wrong = ~_otherwise(joined[doubtful], titles.gather(doubtful), snapshot)
        broken = broken.scatter(doubtful, wrong)
    return Verdict("paper_id_follows", "paper_id is the hash of the title and the first author", broken)


def _keys(titles: pl.Series, words: pl.Series) -> pl.Series:
    return ids.digest_all(titles + ids.SEPARATOR + words, "paper")


def _otherwise(papers: pl.DataFrame, titles: pl.Series, snapshot: Snapshot) -> pl.Series:
    """Tell of a few papers whether the name, read or any word of it, gives the id, or a key that another paper has.

    A page that says which part of a name is the family name is believed, so it may be any of the words.
    """
    parsed = names.parse(papers["first"])
    words = pl.concat_list(
        pl.lit(names.fold_names(papers["first"]).str.split(" ")),
        pl.lit(names.fold_names(parsed["name"]).str.split(" ")),
        pl.lit(parsed["family_key"]),
    )
    rows = pl.DataFrame({"title": titles, "own": papers["paper_id"]}).with_row_index("row")
    rows = rows.with_columns(word=words).explode("word")
    rows = rows.with_columns(key=_keys(rows["title"], rows["word"]))
    rows = rows.with_columns(given=pl.col("key") == pl.col("own"))
    open_ = rows.filter(~pl.col("given").any().over("row"))
    if open_.height:
        others = snapshot.scan("papers").select(key="paper_id").join(open_.lazy(), on="key", how="semi")
        taken = others.collect(engine="streaming")["key"].implode()
        rows = rows.with_columns(pl.col("given") | pl.col("key").is_in(taken))
    return rows.group_by("row").agg(pl.col("given").any()).sort("row")["given"]


def authors_follow(snapshot: Snapshot) -> Iterator[Finding]:
    """Check that an author's id is the hash of the anchor mention, and the name the fullest of the forms listed."""
    passes = max(1, -(-snapshot.known.tables["authorships"].rows // MENTIONS))
    strict = _names_stand_whole(snapshot)
    for low, high in ranges(passes):
        authors = within(snapshot.scan("authors"), "author_id", low, high).select(
            "author_id", "aliases", *NAME
        )
        people = authors.collect(engine="streaming").sort("author_id")
        mentions = _mentions(snapshot, low, high)
        verdicts = [_anchors(people, mentions)]
        if snapshot.as_shipped:
            verdicts.append(_named(people, mentions, strict=strict))
        yield from _findings("authors", people["author_id"], verdicts)


def _mentions(snapshot: Snapshot, low: str, high: str) -> pl.DataFrame:
    """Return the mentions of a range of authors, with the day of their papers."""
    listed = within(snapshot.scan("authorships"), "author_id", low, high)
    found = listed.select("author_id", "paper_id", "position", "name_as_listed").collect(engine="streaming")
    mine = found.lazy().select("paper_id").unique()
    days = snapshot.scan("papers").select("paper_id", "published").join(mine, on="paper_id", how="semi")
    return found.join(days.collect(engine="streaming"), on="paper_id", how="left")


def _anchors(people: pl.DataFrame, mentions: pl.DataFrame) -> Verdict:
    first = mentions.sort("published", "paper_id", "position", nulls_last=True)
    first = first.unique("author_id", keep="first", maintain_order=True)
    said = first.select(
        pl.concat_str("paper_id", pl.col("position").cast(pl.String), separator=ids.SEPARATOR)
    )
    first = first.select("author_id", anchor=ids.digest_all(said.to_series(), "author"))
    found = people.select("author_id").join(first, on="author_id", how="left", maintain_order="left")
    return Verdict(
        "author_id_follows",
        "author_id is the hash of the person's first mention",
        found["anchor"] != found["author_id"],
    )


def _names_stand_whole(snapshot: Snapshot) -> bool:
    """Tell whether all names were read from the listed form alone: no page said which part is the family name."""
    forms = snapshot.scan("records").select(pl.col("form").unique()).collect(engine="streaming")["form"]
    return set(forms.drop_nulls()) <= {CARD} and "arxiv" not in snapshot.known.options


def _named(people: pl.DataFrame, mentions: pl.DataFrame, *, strict: bool) -> Verdict:
    """Describe the authors again from the forms of their names; where a page told the parts, with those of the row."""
    forms = mentions.select("author_id", "name_as_listed", "paper_id", "published")
    once = forms.unique(["author_id", "name_as_listed"], keep="any")
    several = once.filter(pl.len().over("author_id") > 1)["author_id"].unique()
    alone = once.filter(~pl.col("author_id").is_in(several.implode()))
    listed = forms.filter(pl.col("author_id").is_in(several.implode()))
    described = [
        pl.concat(
            [alone.select("author_id"), names.parse(alone["name_as_listed"]).select(NAME)], how="horizontal"
        ),
        identity.describe_authors(
            pl.concat([listed, names.parse(listed["name_as_listed"])], how="horizontal")
        ).select("author_id", *NAME),
    ]
    found = people.select("author_id").join(
        pl.concat(described), on="author_id", how="left", maintain_order="left"
    )
    same = people.select(pl.all_horizontal(pl.col(name).eq_missing(found[name]) for name in NAME)).to_series()
    broken = ~same & found["name"].is_not_null()
    if not strict and broken.any():
        at = broken.arg_true()
        broken = broken.scatter(at, ~_with_parts(people[at]))
    return Verdict(
        "name_follows_from_its_forms", "name and its parts are those of the fullest form listed", broken
    )


def _with_parts(people: pl.DataFrame) -> pl.Series:
    """Tell which authors' names one of the aliases gives when the row's own parts are taken for what the page said."""
    rows = people.with_row_index("row").with_columns(alias="aliases").explode("alias")
    family = pl.concat_str("particle", "family", separator=" ", ignore_nulls=True)
    person = pl.col("kind") == "person"
    parts = rows.select(
        pl.struct(given=pl.when(person).then("given"), family=family, suffix="suffix")
    ).to_series()
    parsed = names.parse(rows["alias"], parts)
    same = pl.all_horizontal(pl.col(name).eq_missing(parsed[name]) for name in NAME)
    letters = pl.lit(_letters(rows["alias"])) == pl.lit(_letters(rows["name"]))
    told_by = rows.select("row", ok=same & letters).group_by("row").agg(pl.col("ok").any()).sort("row")
    return told_by["ok"]


def _letters(texts: pl.Series) -> pl.Series:
    """Return the letters of names, sorted: the same in whatever order the parts stand."""
    return names.fold_names(texts).str.replace_all(" ", "").str.split("").list.sort().list.join("")


def _findings(table: str, keys: pl.Series, verdicts: list[Verdict]) -> Iterator[Finding]:
    for verdict in verdicts:
        rows = verdict.broken.fill_null(value=False).arg_true()
        for key in keys.gather(rows.head(SHOWN)):
            yield Finding(verdict.rule, verdict.message, table, None, f"{keys.name}={key}", rows.len())
