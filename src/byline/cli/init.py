"""`byline init`: a project folder of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

README = """# {name}

A dataset of papers, made by byline from pasted listings.

    byline add -            # paste a list (Ctrl-V, then Ctrl-D); it is kept in data/raw/ and published
    byline build            # publish data/processed/current from all of data/raw/
    byline review           # decide what byline left open; later builds obey
    byline export csv       # tables for colleagues, in export/

- `data/raw/`: the pastes as they are. Commit them.
- `data/curated/`: what people decided (`byline review`), and in `lists/` the words they added; its README has an
  example of each file. Commit it.
- `data/processed/`: what is published; every build can make it again.
"""
IGNORED = """data/processed/
export/
"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder; . for this one.")],
) -> None:
    """Make a project folder: data/raw for pastes, data/curated for decisions, a README; what is there already stays."""
    from byline.core import resources
    from byline.files import fs

    for name in ("data/raw", "data/curated", "data/processed"):
        fs.mkdir(folder / name)
    written = [
        name
        for name, content in (
            ("README.md", README.format(name=folder.resolve().name)),
            (".gitignore", IGNORED),
            ("data/curated/README.md", resources.text("corrections.md")),
        )
        if _new(folder / name, content)
    ]
    typer.echo(f"{folder} is ready" + (f" ({', '.join(written)} written)" if written else ""))
    typer.echo(f"next: cd {folder}, then paste a list into: byline add -")


def _new(path: Path, content: str) -> bool:
    from byline.files import fs

    if path.exists() or path.is_symlink():
        return False
    fs.write_atomic(path, content.encode())
    return True
