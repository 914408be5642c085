"""Papers to mentions: one row a listed author, with the parsed name and all the evidence its block will need."""

from __future__ import annotations

import numpy as np
import polars as pl

from byline import names
from byline.core.hashing import hash64
from byline.core.ids import SEPARATOR
from byline.identity.forms import FORM
from byline.identity.terms import terms
from byline.names import lexicon

COAUTHORS_KEPT = 24
"""Co-authors kept of a paper, those of the smallest keys: longer lists share the same sample, whoever looks."""
NAMES_SEEN = 367_000.0
"""Author names behind the shipped counts (`lexicon.counts`)."""
UNSEEN = 0.4
"""A name not in the counts is taken to be this frequent."""


def describe(papers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a mention, in the papers' order, then by position.

    `papers`, a row a paper; the last three columns may be absent:

    | column | type | what it says |
    |---|---|---|
    | `paper_id` | String | key |
    | `published` | Date? | day |
    | `category` | String? | such as `cs.LG` |
    | `title`, `abstract` | String, String? | words that mentions may share |
    | `labels` | List(String) | organisations, as listed |
    | `authors` | List(String) | as listed, in order |
    | `authors_truncated` | Boolean | whether the list is cut, so that its last author is not known to be the last |
    | `sources` | List(String) | a source an author; else all are listed |
    | `name_parts` | List(Struct)? | what a form knows of each name, see `names.parse` |

    The result, a row an author of a paper:

    | column | type | what it says |
    |---|---|---|
    | `paper_id`, `published`, `category` | as above | of its paper |
    | `position` | UInt16 | from 1 on |
    | `name_as_listed`, `source` | String | the name, and who said it |
    | `is_last` | Boolean | last of a list that is not cut |
    | the columns of `names.parse` | | the name's parts and keys |
    | `rarity` | Float32 | minus the natural logarithm of the name's share among all names |
    | `own_key` | UInt64 | see `coauthor_keys` |
    | `coauthors` | List(UInt64) | keys of the paper's authors, its own among them |
    | `terms` | List(UInt32) | see `terms` |
    | `organisations` | List(UInt32) | hashes of the labels |
    | `form_key`, `block_key` | UInt64 | hashes of the form of the name and of its block, to sort and group by |
    """
    cut = pl.col("authors_truncated") if "authors_truncated" in papers.columns else pl.lit(value=False)
    sources = pl.col("sources") if "sources" in papers.columns else pl.lit(None, dtype=pl.List(pl.String))
    about = papers.select(
        "paper_id", "published", "category", cut.alias("cut"), pl.col("authors").list.len().alias("listed"),
        sources.alias("sources"), name_as_listed="authors", terms=terms(papers),
        organisations=_organisations(papers["labels"]),
    ).with_row_index("paper")  # fmt: skip
    mentions = about.filter(pl.col("listed") > 0).explode("name_as_listed")
    mentions = mentions.with_columns(position=_positions(about["listed"]))
    source = pl.col("sources").list.get(pl.col("position").cast(pl.Int64) - 1, null_on_oob=True)
    mentions = mentions.with_columns(source=source.fill_null("listed")).drop("sources")
    mentions = _with_names(mentions, _parts(papers, mentions))
    mentions = mentions.with_columns(is_last=~pl.col("cut") & (pl.col("position") == pl.col("listed")))
    together = (
        mentions.select("paper", "own_key").unique().sort("paper", "own_key")
        .group_by("paper", maintain_order=True).agg(pl.col("own_key").head(COAUTHORS_KEPT).alias("coauthors"))
    )  # fmt: skip
    mentions = mentions.join(together, on="paper", how="left", maintain_order="left")
    return mentions.select(
        "paper_id", "position", "published", "name_as_listed", "source", "is_last", *names.SCHEMA, "rarity", "own_key",
        "coauthors", "terms", "category", "organisations", "form_key", "block_key",
    )  # fmt: skip


def _positions(listed: pl.Series) -> pl.Series:
    """Return 1, 2, … for each paper in turn, given how many authors each lists."""
    lengths = listed.to_numpy().astype(np.int64)
    begin = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return pl.Series((np.arange(len(begin)) - begin + 1).astype(np.uint16))


def _parts(papers: pl.DataFrame, mentions: pl.DataFrame) -> pl.Series | None:
    """Return the parts of each mention's name where the paper's form knows them; None when none does."""
    if "name_parts" not in papers.columns or papers["name_parts"].null_count() == papers.height:
        return None
    lists = papers["name_parts"]
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    paper, place = mentions["paper"].to_numpy(), mentions["position"].to_numpy().astype(np.int64) - 1
    at = pl.Series((np.cumsum(lengths) - lengths)[paper] + place)
    # One after the other: a list for each of its mentions would be as many times its size.
    return (
        lists.filter(pl.Series(lengths > 0))
        .explode()
        .gather(at.set(pl.Series(place >= lengths[paper]), None))
    )


def _with_names(mentions: pl.DataFrame, parts: pl.Series | None) -> pl.DataFrame:
    """Add what is known of each mention's name: every distinct one, with its parts, is parsed once."""
    if parts is not None:
        family = parts.struct.field("family").is_not_null()
        parts = pl.select(pl.when(family).then(parts)).to_series()
    return mentions.hstack(names.parse(mentions["name_as_listed"], parts, also=_with_keys))


def _with_keys(parsed: pl.DataFrame) -> pl.DataFrame:
    """Add rarity and keys to the parsed columns of distinct names."""
    given = names.first_given(parsed["given_key"])
    rarity = name_rarity(parsed, given)
    own = coauthor_keys(parsed, rarity, given)
    return with_form_keys(parsed.with_columns(rarity=rarity, own_key=own))


def with_form_keys(parsed: pl.DataFrame) -> pl.DataFrame:
    """Add `form_key` and `block_key` (UInt64), which follow from what is parsed of a name: the columns of `FORM`."""
    form = parsed.select(pl.concat_str(*FORM, separator=SEPARATOR, ignore_nulls=True)).to_series()
    return parsed.with_columns(form_key=hash64(form, "form"), block_key=block_keys(parsed))


def block_keys(parsed: pl.DataFrame) -> pl.Series:
    """Return the hash of the block of each name, given its column `block`."""
    return pl.Series("block_key", hash64(parsed["block"], "block"))


def name_rarity(parsed: pl.DataFrame, given_names: pl.DataFrame) -> pl.Series:
    """Return minus the natural logarithm of a name's expected share: given and family name taken as independent.

    `parsed` is what `names.parse` gives, `given_names` what `names.first_given` says of it:

    | column | type | what it says |
    |---|---|---|
    | `given_key` | String | folded given names; an initial is one of some fifteen |
    | `family_key` | String | folded family name |

    A given name of 367 and a family name of 3,670 among 367,000: -ln(0.001) - ln(0.01) = 6.9 + 4.6 = 11.5 nats.
    """
    first, full = given_names
    given = lexicon.counts(first, repeated=True)["given"].to_numpy() + UNSEEN
    family = lexicon.counts(parsed["family_key"])["family"].to_numpy() + UNSEEN
    initial = ~full.to_numpy()
    given = np.where(initial, NAMES_SEEN / 15.0, given)  # one of some fifteen common initials
    return pl.Series("rarity", -np.log(given / NAMES_SEEN) - np.log(family / NAMES_SEEN), dtype=pl.Float32)


def coauthor_keys(parsed: pl.DataFrame, rarity: pl.Series, given_names: pl.DataFrame) -> pl.Series:
    """Return the keys by which a co-author is recognized on another paper: UInt64.

    Upper 32 bits: block and first initial; 24 bits: the first given name, 0 for an initial; 8 bits: rarity, in
    eighths. Two keys are of one co-author when the upper bits agree and the given names agree or one is an initial.
    `parsed` and `given_names`: as `name_rarity` takes them.
    """
    first, full = given_names
    # two initials with a hyphen (`J.-P.`) tell a co-author nearly as well as a name, and stand for one
    short = (~full).arg_true()
    head = (
        parsed["given_key"].gather(short).str.extract(r"^([^ .]*)", 1).str.replace_all("-", "", literal=True)
    )
    double = head.str.len_chars() > first.gather(short).str.len_chars()
    first = first.clone().scatter(short, head.zip_with(double, first.gather(short)))
    full = full.clone().scatter(short, double)
    who = (
        pl.DataFrame({"block": parsed["block"], "first": first})
        .select(pl.concat_str("block", pl.col("first").str.slice(0, 1), separator=" "))
        .to_series()
    )
    upper = hash64(who, "coauthor") >> np.uint64(32)
    name = hash64(first, "given") & np.uint64(0xFFFFFF)
    name = np.where(full.to_numpy(), np.maximum(name, np.uint64(1)), np.uint64(0))
    level = np.clip(np.round(rarity.to_numpy() * 8), 0, 255).astype(np.uint64)
    return pl.Series("own_key", (upper << np.uint64(32)) | (name << np.uint64(8)) | level)


def _organisations(labels: pl.Series) -> pl.Series:
    """Return the paper's organisation labels, folded and hashed."""
    rows = pl.DataFrame({"row": pl.int_range(labels.len(), dtype=pl.UInt32, eager=True), "label": labels})
    said = (
        rows.explode("label").drop_nulls().with_columns(pl.col("label").str.to_lowercase().str.strip_chars())
    )
    distinct = said["label"].unique()
    keys = pl.Series((hash64(distinct, "organisation") >> np.uint64(32)).astype(np.uint32))
    coded = said.join(pl.DataFrame({"label": distinct, "key": keys}), on="label")
    kept = (
        coded.sort("row", "key")
        .group_by("row", maintain_order=True)
        .agg(pl.col("key").unique(maintain_order=True))
    )
    out = rows.select("row").join(kept, on="row", how="left", maintain_order="left")["key"]
    return out.fill_null(pl.Series([[]], dtype=pl.List(pl.UInt32)))
