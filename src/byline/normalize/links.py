"""Links in an abstract: URLs as listed, without the punctuation of the sentence around them."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from byline.core import resources

_UNIT = (
    r"""(?:[^\s<>"“”„«»{}|\\^`$，。；：、（）「」『』【】《》]|\\[_%#&~](?:\{\})?|\$\\(?:sim|tilde\{\s?\})\$"""
    r"""|\\(?:textasciitilde|string)(?:\{\}|~)?|\{\\[_%#&~]\})"""
)
"""One character of a URL in running text; LaTeX escapes what it must (`\\_`, `$\\sim$` for a tilde)."""

_TILDES = re.compile(r"\$\\(?:sim|tilde\{\s?\})\$|\\textasciitilde(?:\{\})?|\\string~|\{\\~\}")
_BRACED = re.compile(r"\{\\([_%#&])\}")
_NEXT = re.compile(r"(?i)(?<=[^/=?%#])(?:[;,|]\s*[a-z]{0,12}:?|(?<=[)\]]):?)?(?=https?://)")
"""Where a link ends because another begins: `a;data:https://b`. One within another's path or query stays (`/web/https://`)."""
_GLUED = re.compile(
    r"(?i:(?<=\.html)|(?<=\.htm)|(?<=\.pdf)|(?<=\.php)|(?<=\.git)|(?<=\.zip)|(?<=\.gz)|(?<=\.txt))\.[A-Z][A-Za-z]*$"
    r"|(?<=[\w/-])\.(?:We|Our|The|This|These|In|It|Its|Code|Data|Here|For|To|All|Also|A|An|As|At|On|Project|See|They)$"
)
"""The first word of the next sentence, which lost its space: `page.html.We`."""
_ESCAPED = re.compile(r"\\([_%#&~])(?:\{\})?")
_TRAILING = ".,;:!?'’‘*…–—-"
_CLOSING = {")": "(", "]": "["}
_SOUND = re.compile(
    r"(?i)^(?:https?://)?(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[0-9a-f:]+\])(?::\d+)?(?:[/?#]|$)"
)


@cache
def _pattern() -> str:
    """Return the regex of whatever may be a link: a scheme, `www.`, or a known host with a path."""
    hosts = "|".join(map(re.escape, _hosts()))
    return (
        rf"(?i)(?:https?://{_UNIT}+|\bwww\.{_UNIT}+"
        rf"|\b(?:[a-z0-9-]+\.)*(?:{hosts})/{_UNIT}+|\b[a-z0-9-]+\.github\.io\b)"
    )


def _hosts() -> list[str]:
    return resources.lines("link_hosts.txt")


@cache
def _hint() -> str:
    """Return a regex of what every link holds, searched for many times faster: `://`, `www.`, `.org/` and the like."""
    endings = sorted({re.escape(host.rpartition(".")[2]) for host in _hosts()})
    return rf"(?i)://|www\.|\.(?:{'|'.join(endings)})/|\.github\.io"


def extract(texts: pl.Series) -> pl.Series:
    r"""Return the distinct links of each text in order of appearance, as list[str].

    A link stands as listed, with LaTeX's escapes undone (`\_` is `_`) and trailing punctuation, quotes and closing
    brackets without an opening one taken off. Addresses without a scheme stay without one. A text without links,
    and null, give an empty list.
    """
    empty = pl.lit([], pl.List(pl.String))
    texts = texts.cast(pl.String)
    rows = texts.str.contains(_hint()).arg_true()
    found = texts.gather(rows).str.extract_all(_pattern())
    flat = pl.DataFrame({"row": rows, "link": found}).filter(pl.col("link").list.len() > 0).explode("link")
    flat = flat.with_columns(link=_parted(flat["link"])).explode("link")
    distinct = flat["link"].unique()
    clean = pl.DataFrame(
        {"link": distinct, "clean": [_clean(link) for link in distinct]},
        schema_overrides={
            "link": pl.String,
            "clean": pl.String,
        },
    )
    kept = flat.join(clean, on="link", how="left", maintain_order="left").drop_nulls("clean")
    lists = kept.group_by("row", maintain_order=True).agg(pl.col("clean").unique(maintain_order=True))
    joined = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    joined = joined.join(lists, on="row", how="left", maintain_order="left")
    return joined.select(pl.col("clean").fill_null(empty).alias(texts.name)).to_series()


def _parted(links: pl.Series) -> pl.Series:
    """Return each found text as the links that it holds, list[str]."""
    glued = links.str.contains(r"(?i).https?://")
    parts = pl.Series([_NEXT.split(one) if both else [one] for one, both in zip(links, glued, strict=True)],
                      dtype=pl.List(pl.String))  # fmt: skip
    return parts.alias("link")


def _clean(link: str) -> str | None:
    """Return one link without what the sentence put behind it; None when no address remains."""
    link = _ESCAPED.sub(r"\1", _BRACED.sub(r"\1", _TILDES.sub("~", link))).replace("&amp;", "&")
    link = _GLUED.sub("", link)
    open_ = {closing: link.count(closing) - link.count(opening) for closing, opening in _CLOSING.items()}
    end = len(link)
    while end and (link[end - 1] in _TRAILING or open_.get(link[end - 1], 0) > 0):
        end -= 1
        if link[end] in open_:
            open_[link[end]] -= 1
    return link[:end] if _SOUND.match(link[:end]) else None
