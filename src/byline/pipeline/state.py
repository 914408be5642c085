"""A build in progress: what is asked, where it works, and the small facts that stages leave for each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import polars as pl

from byline.core.code_digest import code_digest, code_version
from byline.core.errors import UsageError
from byline.core.options import Options
from byline.core.resources import Additions
from byline.core.result import Unread
from byline.decisions import curated, lists
from byline.decisions.about import about
from byline.files.parquet import Written
from byline.inputs import Plan
from byline.pipeline.incremental import may_go_on
from byline.pipeline.incremental.kept import Kept
from byline.pipeline.stages.bucket import Decided, MergeFacts
from byline.pipeline.stages.layout import Produced
from byline.pipeline.stages.matched import Matched
from byline.pipeline.stages.read import SliceFacts
from byline.pipeline.stages.settle import Placed
from byline.report.tallies import Tally
from byline.snapshots import documents, manifest
from byline.snapshots.gates import GateReport

if TYPE_CHECKING:
    from byline.pipeline.incremental.revised import Revised
    from byline.reference.layout import Index

A = TypeVar("A")
R = TypeVar("R")


def parsed_folder(added: Additions) -> str:
    """Return the name of the folder in which parsed rows are kept: they depend on the code and on what people added."""
    return f"parsed-{code_digest()}" + (f"-{added.key}" if added.key else "")


class Mapper(Protocol):
    """Runs plain functions on plain arguments, somewhere, and returns the results in the arguments' order."""

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task; the first failure is raised."""
        ...


LEAST_KEPT = 5_000
"""Records from which on something is kept for the next build."""


@dataclass(frozen=True)
class Updated:
    """What a build that works on what changed has done, and the counts of the whole corpus that follow."""

    said: str
    """What was done, for a person."""
    blocks: int
    """Name blocks that were resolved."""
    taken: dict[Path, manifest.DataFile]
    """Files of the current snapshot that are the new one's, too, by their path there."""
    ids: dict[str, pl.Series]
    """The ids whose rows changed, by group of rules (`validation.touched`)."""
    sources: frozenset[str]
    """Raw files of which records came or went, or lie elsewhere."""
    differs: tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]
    """In what the snapshot before can differ from the new one, and the other way round (`snapshots.scan.Part`)."""
    since_whole: int
    """How many builds in a row have worked on what changed alone."""
    papers: int
    statuses: dict[str, int]
    reasons: dict[str, int]
    notes: tuple[str, ...]
    """What people should know of the whole corpus."""


@dataclass
class Build:
    """The facts of one build. Stages read what came before and add their own; frames lie in `work`, not here."""

    options: Options
    work: Path
    ror_sha256: str | None = None
    index: Index | None = None
    """Index of arXiv's metadata, when the options name the file or an index of it."""
    plans: list[Plan] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    """What the system says of each raw file that can be known again by it, by name."""
    skipped: list[str] = field(default_factory=list)
    """What was found in the raw folder and not read, with the reason."""
    declarations: dict[str, str] = field(default_factory=dict)
    """Files that declare something of raw files beside them, with their SHA-256, by name."""
    batches: list[tuple[Placed, ...]] = field(default_factory=list)
    facts: dict[str, SliceFacts] = field(default_factory=dict)
    paper_buckets: int = 1
    name_buckets: int = 1
    records: Counter[str] = field(default_factory=Counter)
    """Records by source file."""
    ties: list[Path] = field(default_factory=list)
    """Run files of the ids that records state."""
    equal: list[Path] = field(default_factory=list)
    """Run files of records that others of the same bytes may differ from."""
    left: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Keys whose records left their paper bucket, by bucket."""
    moved: tuple[Path, ...] = ()
    """Run files of those records."""
    merged: list[tuple[Path, MergeFacts]] = field(default_factory=list)
    resolved: Produced = field(default_factory=lambda: Produced((), 0))
    decided: Decided = field(default_factory=Decided)
    """What decisions speak of and is there."""
    namesakes: list[str] = field(default_factory=list)
    """Authors that show a name which another author's decision withholds."""
    kept: Kept | None = None
    """What the build before kept, when this one can go on from it."""
    revised: Revised | None = None
    """What decisions speak of that came, went or changed since then."""
    whole: str = ""
    """Why everything is built anew, where it need not have been."""
    updated: Updated | None = None
    """What was done where only what changed was worked on; null for a full build."""
    notes: list[str] = field(default_factory=list)
    """What people should know of this build beside the gates' warnings."""
    written: list[Written] = field(default_factory=list)
    staged: Path | None = None
    staged_as: dict[str, str] = field(default_factory=dict)
    """What the system says of the staged files (`incremental.published`), where they are kept in mind."""
    sealed: manifest.Manifest | None = None
    tally: Tally | None = None
    """What the report and the gates needed of the staged tables."""
    gates: GateReport | None = None
    cut: int = 0
    """Papers whose list of authors stays cut."""
    matched: Matched | None = None
    """What came of the papers' matches to arXiv's metadata; null without it."""
    unread: tuple[Unread, ...] = ()
    """The first records that could not be read."""
    rest: str | None = None
    """The file that lists all of them, where nothing is published."""
    published: Path | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What people should know: what the gates say, and the notes."""
        of_gates = () if self.gates is None else self.gates.warnings
        return (*of_gates, *(() if self.updated is None else self.updated.notes), *self.notes)

    @property
    def code(self) -> str:
        """Digest of the code that builds."""
        return code_digest()

    @cached_property
    def lists(self) -> Additions:
        """Word lists that people extended."""
        return lists.read(self.curated)

    @property
    def parsed_cache(self) -> Path:
        """Folder of the rows that this code has parsed with these lists."""
        return self.options.cache / parsed_folder(self.lists)

    @property
    def keeps(self) -> bool:
        """Whether something is kept for the next build; small corpora are as cheap in full.

        A build that publishes nothing leaves nothing. One that is to work on all makes anew what the one before kept.
        """
        wanted = self.options.incremental or may_go_on(self.options)
        rows = sum(fact.rows for fact in self.facts.values())
        return wanted and not self.options.check_only and rows >= LEAST_KEPT

    @property
    def curated(self) -> Path | None:
        """Folder of reviewed decisions, null when there is none.

        Raises `UsageError` when one was named that isn't there: its decisions would be missed in silence.
        """
        folder = self.options.curated_folder
        if folder.is_dir():
            return folder
        if self.options.curated is not None or folder.exists():
            raise UsageError(
                f"{folder} is not a folder of decisions", "Give the folder with --curated FOLDER."
            )
        return None

    @property
    def mentions(self) -> int:
        """Listed authors in all slices."""
        return sum(self.facts[placed.piece.digest].mentions for batch in self.batches for placed in batch)

    def settings(self) -> dict[str, Any]:
        """Return the options that decide what is published, as the manifest shows them."""
        said: dict[str, Any] = {
            "ror_sha256": self.ror_sha256,
            "curated": {**curated.digests(self.curated), **lists.digests(self.curated)},
            documents.DATASET: about(self.curated),
        }
        if self.declarations:
            said["declarations"] = self.declarations
        return said if self.index is None else said | {"arxiv": self.index.provenance()}

    def inputs(self) -> list[manifest.Input]:
        """Return the raw files; their record counts are known once their records are settled."""
        return [
            manifest.Input(
                path=p.source.name, sha256=p.sha256, bytes=p.bytes, records=self.records[p.source.name]
            )
            for p in self.plans
        ]

    def snapshot_id(self) -> str:
        """Return the hash of the contract version, the code, the inputs and the options that matter."""
        return manifest.identify(code_version(), self.inputs(), self.settings())

    def manifest_facts(self) -> manifest.Facts:
        """Return what the manifest says beyond the tables' files."""
        return manifest.Facts(
            snapshot_id=self.snapshot_id(),
            code_version=code_version(),
            inputs=self.inputs(),
            options=self.settings(),
            counts=dict(self.statuses()),
            reasons=dict(self.reasons()),
        )

    @property
    def papers(self) -> int:
        """Papers of the corpus."""
        if self.updated is not None:
            return self.updated.papers
        return sum(sum(facts.partitions["papers"].values()) for _, facts in self.merged)

    def statuses(self) -> Counter[str]:
        """Return the records by status."""
        if self.updated is not None:
            return Counter(self.updated.statuses)
        return sum((facts.statuses for _, facts in self.merged), Counter())

    def reasons(self) -> Counter[str]:
        """Return the quarantined records by reason."""
        if self.updated is not None:
            return Counter(self.updated.reasons)
        return sum((facts.reasons for _, facts in self.merged), Counter())
