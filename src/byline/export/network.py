"""Who wrote with whom: the co-authorship graph, its edges and what they rest on.

An edge joins two authors of a paper. Its full weight counts the papers; its fractional weight gives a paper of n
authors 1 / (n - 1) an edge, so that each author's edges of a paper sum to one (Newman 2001; VOSviewer's fractional
counting). Its confidence is the probability that the two persons really share a paper: 1 - product over their papers of
(1 - c₁ c₂), c the `identity_confidence` of each mention. `cut_papers` counts the papers of the edge whose list was cut:
there, edges to the authors that the page left out are missing.

Worked example: A and B share one paper of two authors (c = 0.9 and 1.0) and one of three (1.0 and 0.5): weight 2,
fractional 1/1 + 1/2 = 1.5, confidence 1 - (1 - 0.9)(1 - 0.5) = 0.95.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from byline.core.extras import needed
from byline.export.selection import Selection

if TYPE_CHECKING:
    import networkx as nx

MAX_AUTHORS = 100
"""A paper of more authors is left out unless asked for: a thousand authors are half a million edges, and no friends."""


@dataclass(frozen=True)
class Network:
    """The graph: a row a person, a row a pair of persons who share papers."""

    nodes: pl.DataFrame
    """author_id, name, kind, papers, first and last (dates)."""
    edges: pl.DataFrame
    """source and target (source < target), weight, fractional, confidence, cut_papers."""
    left_out: int
    """Papers of too many authors."""


def network(selection: Selection, max_authors: int = MAX_AUTHORS) -> Network:
    """Return the graph of the selected papers; sorted, so that the same snapshot gives the same files."""
    papers = selection.load("papers").select("paper_id", "author_count", "authors_truncated").collect()
    small = papers.filter(pl.col("author_count") <= max_authors)
    listed = selection.load("authorships").select("paper_id", "author_id", "identity_confidence").collect()
    # A person stands once in a paper; should one not, the surer mention counts.
    mentions = (
        listed.group_by("paper_id", "author_id")
        .agg(pl.col("identity_confidence").max().cast(pl.Float64).alias("sure"))
        .join(small, on="paper_id")
        .sort("paper_id", "author_id")
    )
    nodes = (
        selection.load("authors")
        .select("author_id", "name", "kind", first="first_published", last="last_published")
        .collect()
        .join(listed.group_by("author_id").agg(papers=pl.col("paper_id").n_unique()), on="author_id")
        .sort("author_id")
    )
    return Network(nodes, _edges(mentions), papers.height - small.height)


def _edges(mentions: pl.DataFrame) -> pl.DataFrame:
    """Join each paper's authors in pairs, then sum over papers."""
    left = mentions.rename({"author_id": "source", "sure": "sure_source"})
    right = mentions.select("paper_id", target="author_id", sure_target="sure")
    pairs = left.join(right, on="paper_id").filter(pl.col("source") < pl.col("target"))
    doubt = 1 - pl.col("sure_source") * pl.col("sure_target")
    return (
        pairs.group_by("source", "target")
        .agg(
            weight=pl.len(),
            fractional=(1 / (pl.col("author_count").cast(pl.Float64) - 1)).sort().sum(),
            confidence=1 - doubt.sort().product(),
            cut_papers=pl.col("authors_truncated").sum(),
        )
        .with_columns(pl.col("fractional", "confidence").round(6))
        .sort("source", "target")
    )


def to_network(selection: Selection, to: Path, max_authors: int = MAX_AUTHORS) -> tuple[list[Path], Network]:
    """Write the graph for Gephi, Cytoscape, VOSviewer and spreadsheets; return the files and the graph.

    Raises `UsageError`: NetworkX is not installed.
    """
    graph = network(selection, max_authors)
    written = [_csv(graph, to), *_vosviewer(graph, to), *_xml(graph, to)]
    return written, graph


def _csv(graph: Network, to: Path) -> Path:
    """Write `edges.csv` as Gephi reads it."""
    path = to / "edges.csv"
    names = {"source": "Source", "target": "Target", "weight": "Weight"}
    graph.edges.rename(names).with_columns(Type=pl.lit("Undirected")).write_csv(path)
    return path


def _vosviewer(graph: Network, to: Path) -> list[Path]:
    """Write VOSviewer's map and network files: numbered items, weights, tab separated."""
    nodes = graph.nodes.with_row_index("id", offset=1)
    number = nodes.select("author_id", "id")
    map_path, network_path = to / "vosviewer_map.txt", to / "vosviewer_network.txt"
    year = pl.col("last").dt.year()
    nodes.select(
        "id",
        pl.col("name").str.replace_all(r"[\t\n]", " ").alias("label"),
        pl.col("papers").alias("weight<Documents>"),
        year.alias("score<Last year>"),
    ).write_csv(map_path, separator="\t", quote_style="never")
    edges = graph.edges.join(number.rename({"author_id": "source", "id": "one"}), on="source")
    edges = edges.join(number.rename({"author_id": "target", "id": "other"}), on="target")
    edges.sort("one", "other").select("one", "other", "weight").write_csv(
        network_path, separator="\t", include_header=False
    )
    return [map_path, network_path]


def _xml(graph: Network, to: Path) -> list[Path]:
    with needed("export", "a network"):
        import networkx as nx  # noqa: PLC0415 - an extra
        from networkx.readwrite.gexf import GEXFWriter  # noqa: PLC0415
    made = _graph(graph, nx.Graph())
    graphml, gexf = to / "coauthors.graphml", to / "coauthors.gexf"
    nx.write_graphml(made, graphml)
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(made)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)  # the day of the export is no property of the graph
    with gexf.open("wb") as sink:
        writer.write(sink)
    return [graphml, gexf]


def _graph(graph: Network, made: nx.Graph) -> nx.Graph:
    for author_id, name, kind, first, last, papers in graph.nodes.select(
        "author_id", "name", "kind", "first", "last", "papers"
    ).iter_rows():
        years = {"first_year": first.year, "last_year": last.year} if first and last else {}
        made.add_node(author_id, label=_xml_text(name), kind=kind, papers=papers, **years)
    for row in graph.edges.iter_rows(named=True):
        ends = row.pop("source"), row.pop("target")
        made.add_edge(*ends, **row)
    return made


def _xml_text(text: str) -> str:
    """Return a text without characters that XML can't hold."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
