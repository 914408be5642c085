"""A build that goes on from the one before: what changed is found, worked on, and put into the published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from byline.core.errors import DataError
from byline.pipeline import arxiv, stale
from byline.pipeline.incremental import keeping, matching, persons, published, tables
from byline.pipeline.incremental import kept as keeping_place
from byline.pipeline.incremental.differing import differing
from byline.pipeline.incremental.inputs import SHARE, Inputs, Readings, read_again
from byline.pipeline.incremental.kept import Kept, TakesFullBuild
from byline.pipeline.incremental.papers import Touched, touch
from byline.pipeline.incremental.patching import Change, Patched, patch_table
from byline.pipeline.incremental.persons import Corpus, Persons
from byline.pipeline.incremental.revised import SETTING, Revised, compared, rows
from byline.pipeline.incremental.standing import Standing, decided_of, frame_of
from byline.pipeline.incremental.tables import Changes, Papers
from byline.pipeline.state import Build, Updated
from byline.snapshots import documents, manifest, publishing
from byline.validation.touched import COLUMNS
from byline_schemas import TABLES


def usable(build: Build) -> tuple[Kept, Revised]:
    """Return what the build before this one kept, when this one can go on from it, and which decisions changed since.

    Raises `TakesFullBuild` and says why it can't.
    """
    options = build.options
    current = publishing.current(options.out)
    if current is None:
        raise TakesFullBuild("")
    found = keeping_place.read(options.cache / keeping_place.FOLDER)
    if found.head.code != build.code:
        raise TakesFullBuild("the snapshot before was built by other code")
    if found.head.snapshot != current.name:
        raise TakesFullBuild("what the last build kept is not of the current snapshot")
    if found.head.slice_bytes != options.slice_bytes:
        raise TakesFullBuild("slices are of another size")
    before, now = found.head.settings, build.settings()
    for name in sorted((before.keys() | now.keys()) - WORKED_ON):
        if before.get(name) != now.get(name):
            raise TakesFullBuild(f"{WORDS.get(name, name)} changed")
    return found, compared(found, build)


WORKED_ON = {documents.DATASET, "declarations", SETTING}
"""Settings that need no full build: the documents are made anew, what is declared is known of each raw file, and what
changed decisions speak of is looked at again (`revised`)."""
WORDS = {
    "ror_sha256": "the registry of organisations",
    "arxiv": "arXiv's metadata",
}


def update(build: Build, kept: Kept, revised: Revised) -> Updated:
    """Make the staged snapshot from the current one and what changed; keep what the next build needs.

    Raises `TakesFullBuild` and says why that can't be done.
    """
    inputs = Inputs.compared(kept.plans, build.plans)
    moved = inputs.rows({**kept.facts, **build.facts})
    revised = revised.with_holding(_current(build))
    spoken_of = rows(build, kept, _current(build), revised)
    _refuse_many(kept, moved, spoken_of.height)
    readings = read_again(build, kept, inputs)
    readings = replace(readings, changed=pl.concat([readings.changed, spoken_of]).unique())
    touched = touch(build, kept, inputs, readings, revised)
    papers = tables.papers_of(build, touched, revised)
    corpus = _corpus(kept, touched)
    people = _people(build, kept, papers, corpus, revised)
    changes = tables.changes(build, kept, touched, papers, people, revised)
    build.records.update(_records(kept, inputs, touched))
    build.name_buckets = kept.head.name_buckets
    build.matched = matching.changed(kept, papers.matched)
    patched = _patched(build, kept, changes)
    _keep(build, readings, touched, changes)
    return Updated(
        said=_said(inputs, moved, revised, people, patched),
        blocks=people.blocks,
        taken={path: file for one in patched.values() for path, file in one.kept.items()},
        ids=_ids(changes),
        sources=_sources(changes.tables["records"]),
        differs=tables.differs(touched, people),
        since_whole=kept.head.since_whole + 1,
        papers=corpus.papers,
        statuses=tables.counted(
            kept.head.statuses, touched.before.records["status"], touched.now.records["status"]
        ),
        reasons=tables.counted(
            kept.head.reasons, touched.before.records["reason"], touched.now.records["reason"]
        ),
        notes=tuple(_notes(build)),
    )


def _refuse_many(kept: Kept, moved: int, spoken_of: int) -> None:
    """Raise `TakesFullBuild` where so many records came, went, or are spoken of by changed decisions."""
    if moved + spoken_of > SHARE * sum(kept.records.values()):
        more = f", changed decisions speak of {spoken_of}" if spoken_of else ""
        raise TakesFullBuild(f"{moved} records came or went{more}")


def _current(build: Build) -> Path:
    """Return the snapshot that this build goes on from."""
    current = publishing.current(build.options.out)
    assert current is not None
    return current


def _corpus(kept: Kept, touched: Touched) -> Corpus:
    papers = kept.head.papers - touched.before.papers.height + touched.now.papers.height
    if papers == 0:
        raise TakesFullBuild("no paper is left")
    return Corpus(papers=papers, papers_before=kept.head.papers)


def _people(build: Build, kept: Kept, papers: Papers, corpus: Corpus, revised: Revised) -> Persons:
    """Find the persons of the mentions that went and came, and note what decisions speak of then."""
    left = pl.col("paper_id").is_in(papers.again.implode())
    before = kept.frame("decided")
    decided = pl.concat([before.filter(~left), frame_of(papers.decided)])
    standing = Standing.read(revised, [before, decided], papers.named)
    moved = papers.mentions_gone, papers.mentions_fresh
    people = persons.resolve(kept, *moved, corpus, standing, keeping.mentions_folder(build))
    shown = {*kept.frame("namesakes")["author_id"]}
    build.decided = decided_of(decided)
    build.namesakes = sorted((shown - {*people.namesakes_gone}) | {*people.namesakes_fresh})
    return people


def _notes(build: Build) -> list[str]:
    """Return what people should know of the whole corpus, in the order in which a full build says it."""
    found = [] if build.matched is None or build.index is None else arxiv.notes(build.matched, build.index)
    return [*found, *stale.notes(build)]


def _records(kept: Kept, inputs: Inputs, touched: Touched) -> dict[str, int]:
    """Return the records of every raw file."""
    fresh = dict(touched.settled["source_file"].value_counts().iter_rows())
    return {plan.source.name: kept.records[plan.source.name] for plan in inputs.same} | fresh


def _patched(build: Build, kept: Kept, changes: Changes) -> dict[str, Patched]:
    """Write the files of all tables below the staging folder."""
    current = _current(build)
    try:
        known = manifest.read_manifest(current)
    except DataError as problem:
        raise TakesFullBuild(f"the manifest of {current} is damaged") from problem
    at_all = published.looks_at_all(kept.head.since_whole + 1)
    seen = {} if at_all else dict(kept.frame("published").iter_rows())
    build.staged = publishing.stage(build.options.out, build.snapshot_id())
    patched = {
        name: patch_table(table, changes.tables[name], current, known.tables[name].files, seen, build.staged)
        for name, table in TABLES.items()
    }
    build.written = [file for one in patched.values() for file in one.written]
    return patched


def _keep(build: Build, readings: Readings, touched: Touched, changes: Changes) -> None:
    """Keep what the next build goes on from; the mentions are kept already."""
    folder = build.work / keeping.KEPT
    found = {
        **keeping_place.frames_of_plans(build.plans, build.records, build.seen),
        **keeping_place.frames_of_facts(build.facts),
        "names": readings.names,
        "asked": readings.asked,
        "amended": readings.amended,
        "keys": touched.keys,
        "ties": touched.ties,
        "affiliations": changes.labels,
        **keeping.of_corpus(build),
    }
    for name, frame in found.items():
        keeping_place.write_frame(folder, name, frame)


def _ids(changes: Changes) -> dict[str, pl.Series]:
    """Return the ids whose rows changed in any table, by group of rules."""
    found = {}
    for group, (column, names) in COLUMNS.items():
        changed = [changes.tables[name] for name in names]
        parts = [rows[column] for change in changed for rows in (change.gone, change.fresh)]
        found[group] = pl.concat(parts).drop_nulls().unique()
    return found


def _sources(records: Change) -> frozenset[str]:
    """Return the raw files of which records came or went, or lie elsewhere; others only read otherwise."""
    gone, fresh = differing(records.gone.select(SPAN), records.fresh.select(SPAN), ["record_id"])
    return frozenset(pl.concat([gone["source_file"], fresh["source_file"]]))


SPAN = ("record_id", "source_file", "byte_start", "byte_end", "first_line", "last_line")
"""What the rules about spans read of a record."""


def _said(
    inputs: Inputs, moved: int, revised: Revised, people: Persons, patched: Mapping[str, Patched]
) -> str:
    """Return what was done, for a person."""
    written = sum(len(one.written) for one in patched.values())
    taken = sum(len(one.kept) for one in patched.values())
    names = {plan.source.name for plan in inputs.gone}, {plan.source.name for plan in inputs.fresh}
    parts = {
        "new": len(names[1] - names[0]),
        "changed": len(names[0] & names[1]),
        "gone": len(names[0] - names[1]),
    }
    files = ", ".join(f"{number} {word}" for word, number in parts.items() if number)
    why = [f"{files or 'no'} file(s), {moved} records came or went"] if files or not revised.files else []
    why += [f"decisions changed ({', '.join(revised.files)})"] if revised.files else []
    blocks = f"{people.blocks} name block{'' if people.blocks == 1 else 's'}"
    return f"{', '.join(why)}: {blocks} resolved, {written} of {written + taken} files written, {taken} kept"
