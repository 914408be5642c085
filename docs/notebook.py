# The questions an analyst asks of a dataset, as a marimo notebook: `marimo edit docs/notebook.py` in the project's folder.
# Run as a script (`python docs/notebook.py`) it prints the answers; a test does that.

import marimo

app = marimo.App(width="medium", app_title="Questions to a byline dataset")


@app.cell
def _():
    import marimo as mo
    import polars as pl

    import byline

    data = byline.dataset("data/processed")  # one snapshot: its tables belong together
    papers, authors = data.load("papers"), data.load("authors")
    authorships = data.load("authorships")
    return authors, authorships, data, mo, papers, pl


@app.cell
def _(data, mo):
    mo.md(f"""
    # Questions to a dataset

    Snapshot `{data.snapshot_id}`. Every answer is a lazy polars query; `.collect()` runs it.
    """)


@app.cell
def _(papers, pl):
    # How much is there, and since when? Papers without a date lie in year 0.
    by_year = (
        papers.group_by("year")
        .agg(papers=pl.len(), cut=pl.col("authors_truncated").sum())
        .sort("year")
        .collect()
    )
    print("papers by year, and how many of their author lists the page cut", by_year)
    by_year  # noqa: B018 - a notebook shows a cell's last expression


@app.cell
def _(authors, pl):
    # Who publishes most? A collaboration is no person.
    busiest = (
        authors.filter(pl.col("kind") == "person")
        .sort("paper_count", "name", descending=[True, False])
        .select("name", "paper_count", "first_published", "last_published")
        .head(10)
        .collect()
    )
    print("busiest authors", busiest)
    busiest  # noqa: B018


@app.cell
def _(authors, authorships, pl):
    # Who writes with whom? Pairs of authors by papers that they share; where a list is cut, pairs are missing.
    pairs = (
        authorships.join(authorships, on="paper_id", suffix="_2")
        .filter(pl.col("author_id") < pl.col("author_id_2"))
        .group_by("author_id", "author_id_2")
        .agg(papers=pl.len())
        .join(authors.select("author_id", "name"), on="author_id")
        .join(authors.select(author_id_2="author_id", other="name"), on="author_id_2")
        .select("name", "other", "papers")
        .sort("papers", "name", "other", descending=[True, False, False])
        .head(10)
        .collect()
    )
    print("pairs who share most papers", pairs)
    pairs  # noqa: B018


@app.cell
def _(data, pl):
    # Which organisations stand beside papers, and which together? The page ties them to papers, not to authors.
    organisations = (
        data.load("paper_affiliations")
        .join(data.load("affiliations"), on="affiliation_id")
        .group_by("name", "country", "ror_id")
        .agg(papers=pl.col("paper_id").n_unique())
        .sort("papers", "name", descending=[True, False])
        .head(10)
        .collect()
    )
    print("organisations", organisations)
    organisations  # noqa: B018


@app.cell
def _(papers, pl):
    # Does the number of authors grow? Only lists that are whole can tell.
    growth = (
        papers.filter(~pl.col("authors_truncated"), pl.col("year") > 0)
        .group_by("year")
        .agg(papers=pl.len(), mean_authors=pl.col("author_count").mean().round(2))
        .sort("year")
        .collect()
    )
    print("authors a paper, of whole lists", growth)
    growth  # noqa: B018


@app.cell
def _(authorships, papers, pl):
    # How far can it be trusted? Confidences are probabilities; leave out what your question can't bear.
    sure = papers.select(
        papers=pl.len(),
        title_sure=(pl.col("boundary_confidence") >= 0.99).mean(),
    ).collect()
    persons = authorships.select(
        mentions=pl.len(), person_sure=(pl.col("identity_confidence") >= 0.9).mean()
    ).collect()
    print("how sure", sure, persons)
    sure, persons  # noqa: B018


@app.cell
def _(data, pl):
    # What is not in there, and why? Everything that was not read lies in quarantine, with its place.
    missing = (
        data.load("quarantine")
        .join(data.load("records").select("record_id", "source_file", "first_line"), on="record_id")
        .group_by("reason")
        .agg(
            records=pl.len(),
            first=pl.col("source_file").first() + ":" + pl.col("first_line").first().cast(pl.String),
        )
        .sort("records", descending=True)
        .collect()
    )
    print("quarantined", missing)
    missing  # noqa: B018


if __name__ == "__main__":
    app.run()
