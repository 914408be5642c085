"""What a build is asked to do. Plain and picklable, so that it travels to workers as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

MIB = 1024 * 1024

Engine = Literal["local", "dask"]


def is_address(text: str) -> bool:
    """Tell an address on an object store (`s3://bucket/prefix`) from a folder; `file://` names a folder."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None and not text.startswith("file://")


def local_path(text: str) -> Path:
    """Return the folder that a person named, also where it stands as `file:///folder`."""
    return Path(unquote(urlsplit(text).path) if text.startswith("file://") else text)


@dataclass(frozen=True)
class Options:
    """The options of one build. `raw`, `curated`, `ror`, `arxiv` decide what is published; the rest is about how."""

    raw: Path
    out: Path
    files: tuple[Path, ...] = ()
    """Files that are the whole input; `raw` then only says where decisions lie."""
    declared: tuple[tuple[str, str], ...] = ()
    """What a person says of those files beside what lies beside them: form, published, venue, category."""
    curated: Path | None = None
    """Folder of reviewed decisions; `curated` beside the raw folder when not given."""
    ror: Path | None = None
    """Official dump of the Research Organization Registry; the built-in registry alone when not given."""
    arxiv: Path | None = None
    """arXiv's metadata file, or an index of it; what pages cut stays cut when not given."""
    engine: Engine = "local"
    address: str | None = None
    """Address of the Dask scheduler, for `engine="dask"`."""
    workers: int | None = None
    """Processes of the local engine, this one among them; one a core when not given; 0 and 1: this one alone."""
    slice_bytes: int = 16 * MIB
    """About how much text one task reads; bounds the memory of a worker."""
    check_only: bool = False
    """Do everything but publishing."""
    accept: frozenset[str] = field(default_factory=frozenset)
    """Gates that a person has overridden for this build."""
    wait: float = 0.0
    """Seconds to wait for another build to end."""
    keep: int | None = None
    """After publishing, remove old snapshots but this many latest; null: none is removed."""
    metrics: Path | None = None
    """File to write the run's metrics to, in the text format that Prometheus reads."""
    incremental: bool = True
    """Work on what changed alone where the build before kept what that takes, and keep it for the next one."""
    keep_work: bool = False
    """Leave the work folder behind, to look at."""
    raw_url: str | None = None
    """Address of the raw listings on an object store; `raw` is then nothing until they are fetched."""
    out_url: str | None = None
    """Address of the output on an object store; `out` is then nothing until its copy is made."""
    work: Path | None = None
    """Scratch folder for what comes from and goes to an object store; a temporary one when not given."""

    @classmethod
    def at(cls, raw: str, out: str) -> Options:
        """Return options for raw listings and an output as a person writes them: folders or addresses."""
        return cls(
            raw=local_path(raw),
            out=local_path(out),
            raw_url=raw if is_address(raw) else None,
            out_url=out if is_address(out) else None,
        )

    @property
    def curated_folder(self) -> Path:
        """Where reviewed decisions lie."""
        return self.curated if self.curated is not None else self.raw.resolve().parent / "curated"

    @property
    def cache(self) -> Path:
        """Where stages keep what they need not do twice."""
        return self.out / ".cache"

    def seen_by_all(self) -> tuple[Path, ...]:
        """Return the paths that every worker must see."""
        return (self.raw, self.out) if self.arxiv is None else (self.raw, self.out, self.arxiv)

    def absolute(self) -> Options:
        """Return the same options with paths that hold from any folder."""
        curated, ror = self.curated and self.curated.absolute(), self.ror and self.ror.absolute()
        files = tuple(path.absolute() for path in self.files)
        raw, out = self.raw.absolute(), self.out.absolute()
        arxiv = self.arxiv and self.arxiv.absolute()
        return replace(self, raw=raw, out=out, files=files, curated=curated, ror=ror, arxiv=arxiv)
