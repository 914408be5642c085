"""The raw folder's files: what is read, what is left out and why."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from byline.core.errors import UsageError
from byline.forms import declared
from byline.inputs.model import Compression, Source

_MAGIC: tuple[tuple[bytes, Compression], ...] = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_SUFFIX: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udcff\\]")


@dataclass(frozen=True)
class Skipped:
    """A file or folder that is not read; `warn` where someone may have meant it to be."""

    name: str
    why: str
    warn: bool = False


@dataclass(frozen=True)
class Survey:
    """What lies in a raw folder, sorted by name."""

    sources: list[Source]
    skipped: list[Skipped]
    declarations: dict[str, str] = field(default_factory=dict)
    """Files that say something of the sources beside them, with their SHA-256, by name."""


def find_sources(raw: Path) -> list[Source]:
    """Return the files of a raw folder that are read, sorted by name. Raises UsageError as `survey` does."""
    return survey(raw).sources


def survey(raw: Path) -> Survey:
    """Look through a raw folder and all folders below it.

    Left out: names that begin with a dot, README files, what is no regular file, and symbolic links that lead out of
    the raw folder or to a folder. Raises UsageError when the folder, or a file to be read, can't be.
    """
    try:
        root = raw.resolve(strict=True)
        if not root.is_dir():
            raise UsageError(
                f"{raw} is not a folder", "name the folder that holds the raw listings: --raw DIR"
            )
        found = [_look(root, relative) for relative in _walk(root)]
    except FileNotFoundError as error:
        raise UsageError(
            f"the raw folder {raw} does not exist",
            f"make it and put listings in (mkdir -p {raw}), or name another: --raw DIR",
        ) from error
    except OSError as error:
        raise UsageError(
            f"{show_name(str(error.filename or raw))} can't be read: {error.strerror}",
            "give yourself the right to read it (chmod -R u+rX), or take it out of the raw folder",
        ) from error
    sources = _unique([one for one in found if isinstance(one, Source)])
    skipped = [one for one in found if isinstance(one, Skipped)]
    sources, declarations = _declared(sources)
    return Survey(
        sorted(sources, key=lambda one: one.name), sorted(skipped, key=lambda one: one.name), declarations
    )


def _declared(sources: list[Source]) -> tuple[list[Source], dict[str, str]]:
    """Give each source what the files beside and above it declare: the nearest that says something counts."""
    files = {one.name: one for one in sources if declared.is_declaration(one.name)}
    said = {name: declared.read_declared(one.path, name) for name, one in files.items()}
    listings = [one for one in sources if one.name not in files]
    result = []
    for one in listings:
        values: dict[str, str] = {}
        for name in declared.names_for(one.name):
            values |= said.get(name, {})
        result.append(replace(one, declared=declared.to_text(values)))
    return result, {name: sha256(one.path.read_bytes()).hexdigest() for name, one in sorted(files.items())}


def declared_beside(source: Source, options: Mapping[str, str] | None = None) -> Source:
    """Return a source that was named by itself with what the file beside it, and options before all, declare."""
    beside = source.path.parent / declared.names_for(source.path.name)[-1]
    values = declared.read_declared(beside, str(beside)) if beside.is_file() else {}
    return replace(source, declared=declared.to_text({**values, **(options or {})}))


def survey_files(files: Sequence[Path], said: Mapping[str, str] | None = None) -> Survey:
    """Return the files that a person named as the whole input, under their own names, sorted by name.

    `said`: what is declared of all of them, before what the files beside them declare.

    Raises UsageError when one can't be read, is no regular file, or two have the same name.
    """
    sources = [declared_beside(_named(path), said) for path in files]
    for one, other in pairwise(sorted(sources, key=lambda source: source.name)):
        if one.name == other.name:
            raise UsageError(
                f"two files are called {one.name}: {one.path} and {other.path}",
                "Rename one, or put both into folders of a raw folder: --raw DIR",
            )
    known = {one.name: sha256(one.declared.encode()).hexdigest() for one in sources if one.declared}
    return Survey(sorted(_unique(sources), key=lambda one: one.name), [], known)


def _named(path: Path) -> Source:
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise UsageError(f"{path} is a folder", "Name a folder of listings with --raw DIR.")
        if not stat.S_ISREG(facts.st_mode):
            raise UsageError(f"{path} is not a regular file", "Pipe it in instead: … | byline build -")
        return Source(show_name(path.name), path.resolve(), facts.st_size, _compression(path))
    except OSError as error:
        raise UsageError(
            f"{show_name(str(path))}: {error.strerror}", "Name a file that can be read."
        ) from error


def _walk(root: Path) -> Iterator[str]:
    """Yield the paths of everything below a folder that is no plain folder; folders with a dot are not entered."""

    def refuse(error: OSError) -> None:
        raise error

    for folder, folders, names in os.walk(root, onerror=refuse, followlinks=False):
        here = os.path.relpath(folder, root)
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names + links):
            yield name if here == "." else f"{here}/{name}"


def _look(root: Path, relative: str) -> Source | Skipped:
    path = root / relative
    name = show_name(relative)
    if path.name.startswith(".") or path.name.upper().split(".")[0] == "README":
        return Skipped(name, "hidden files and README files are not listings")
    if path.is_symlink():
        target = Path(os.path.realpath(path))  # unlike Path.resolve, at ease with a loop
        if not target.is_relative_to(root):
            return Skipped(
                name, "a symbolic link that leads out of the raw folder is not followed", warn=True
            )
        if target.is_dir():
            return Skipped(
                name, "a symbolic link to a folder of the raw folder, whose files are read where they lie"
            )
        if not target.exists():
            return Skipped(name, "a symbolic link that leads nowhere", warn=True)
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        return Skipped(name, "not a regular file", warn=True)
    return Source(name, path, facts.st_size, _compression(path))


def _compression(path: Path) -> Compression | None:
    """Tell packed files by their first bytes; by their suffix only where those are no text either."""
    with path.open("rb") as file:
        head = file.read(512)
    for magic, compression in _MAGIC:
        if head.startswith(magic):
            return compression
    if not head or (head.isascii() and b"\0" not in head):
        return None
    return _SUFFIX.get(path.suffix.lower())


def show_name(name: str) -> str:
    r"""Return a path as text that is safe to show and to store, different for different paths.

    Control codes, bytes that are not UTF-8 and characters that turn the direction of text stand as escapes (`\x0a`,
    `\u202e`), and a backslash, where there is one, as two.
    """

    def one(found: re.Match[str]) -> str:
        code = ord(found[0])
        if found[0] == "\\":
            return "\\\\"
        if 0xDC80 <= code <= 0xDCFF:
            return f"\\x{code - 0xDC00:02x}"
        return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"

    return _UNSAFE.sub(one, _as_utf8(name))


def _as_utf8(name: str) -> str:
    """Return a name of the file system as its bytes say it in UTF-8, whatever the locale took them for."""
    try:
        return os.fsencode(name).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no name of the file system
        return name


def _unique(sources: list[Source]) -> list[Source]:
    """Bring names into NFC, as all texts are; where two files meet so, the one that was not gets escapes."""
    taken = {one.name for one in sources}
    result = []
    for one in sources:
        name = unicodedata.normalize("NFC", one.name)
        if name != one.name and name in taken:
            name = "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in one.name)
        taken.add(name)
        result.append(replace(one, name=name))
    return result
