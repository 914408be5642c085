"""Where indexes are kept, so that the file of gigabytes is read once and later builds look at the small index alone."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from hashlib import blake2b, file_digest
from pathlib import Path

import byline
from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.files import fs
from byline.files.named import refuse_other_than_file
from byline.reference import layout
from byline.reference.abstracts import check_beside
from byline.reference.building import Mapper, build_index

SEEN = "seen.json"
"""Files whose digest is known: by path, size and time of change, as build tools know theirs."""
MADE_BY = ("reference", "latex", "names", "normalize", "resources/latex")
"""What decides the content of an index."""


def index_for(path: Path, home: Path, scratch: Path, mapper: Mapper) -> layout.Index:
    """Return the index that `path` is, or the one of the metadata file that it is, made now or kept below `home`.

    Raises `UsageError`: not arXiv's metadata; a torn index, where `path` names it. A torn one in `home` is made again.
    """
    if path.is_dir():
        index = layout.open_index(path)
        check_beside(index)
        torn = _torn(index)
        if torn:
            raise UsageError(f"{path}/{torn}: not the bytes that were written", layout.REBUILD)
        return index
    digest = digest_of(path, home)
    folder = _folder(home, digest)
    known = kept(home, digest)
    if known is not None and not _torn(known):
        return _beside(known, path)
    _forget_others(home, folder)
    return build_index(path, folder, scratch, mapper, digest, beside=True)


def _beside(index: layout.Index, path: Path) -> layout.Index:
    """Return an index that is kept for the file of this path, and keep it so where it lay beside the same elsewhere."""
    here = beside(index, path)
    if here != index:
        layout.write_texts(here.folder, here.texts)
    return here


def beside(index: layout.Index, path: Path) -> layout.Index:
    """Return the index of a file as one that lies beside it at this path, where it needs the file at all."""
    if index.texts.beside is None:
        return index
    return replace(index, texts=replace(index.texts, beside=layout.Beside.of(path)))


def _folder(home: Path, digest: str) -> Path:
    return home / f"{digest[:20]}-{made_by()}"


def kept(home: Path, digest: str) -> layout.Index | None:
    """Return the index of the file of this digest that is kept below `home`, null where none (or half of one) is."""
    folder = _folder(home, digest)
    if not (folder / layout.NAME).is_file():
        return None
    try:
        return layout.open_index(folder)
    except UsageError:
        return None


def _torn(index: layout.Index) -> str | None:
    """Return the path of a part whose bytes are others; a gigabyte takes a second, two processes' start as long."""
    parts = ((index.folder, part) for part in layout.all_parts(index))
    return next((torn for part in parts if (torn := layout.damaged(part))), None)


def digest_of(path: Path, home: Path) -> str:
    """Return the file's digest; one whose path, size and time are as they were is not read again."""
    refuse_other_than_file(path)
    status, name = path.stat(), str(path.resolve())
    mark = [status.st_size, status.st_mtime_ns]
    try:
        seen = from_json((home / SEEN).read_bytes())
        if seen[name][:2] == mark:
            return str(seen[name][2])
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        pass  # nothing known, or nothing readable: then the file is read
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    fs.write_atomic(home / SEEN, json.dumps({name: [*mark, digest]}).encode())
    return digest


def _forget_others(home: Path, folder: Path) -> None:
    """Remove kept indexes of other files and other code: each takes up to a quarter of the file's size."""
    for other in home.iterdir() if home.is_dir() else ():
        if other.is_dir() and not other.is_symlink() and other != folder:
            fs.rmtree(other)


@cache
def made_by() -> str:
    """Return a digest of the code and the tables that decide what an index holds."""
    total = blake2b(digest_size=5)
    root = Path(str(byline.__file__)).parent
    for place in MADE_BY:
        for path in sorted((root / place).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()
