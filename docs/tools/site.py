"""Make the documentation site: `python -m docs.tools.site [FOLDER]`, which `make site` does.

MkDocs wants the pages below the folder of its settings, and in strict mode every link to lead to a page. So pages are
copied into a scratch folder, with the project's own (README, changelog …) beside them; links to files that are no pages
become code. Nothing is loaded from the network.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
PROJECT = {
    "README.md": "project/README.md",
    "CHANGELOG.md": "project/CHANGELOG.md",
    "CONTRIBUTING.md": "project/CONTRIBUTING.md",
    "benchmarks/README.md": "project/benchmarks.md",
}
"""Pages that lie outside `docs/`, and where the site has them."""
LEFT_OUT = ("tools/", "ci/")
_LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(```+ *\w+)[^\n`]*$", re.MULTILINE)


def pages() -> dict[str, str]:
    """Return the Markdown files of the site: path in the project → path in the site."""
    mine = {
        path.relative_to(ROOT).as_posix(): path.relative_to(DOCS).as_posix()
        for path in sorted(DOCS.rglob("*.md"))
        if not path.relative_to(DOCS).as_posix().startswith(LEFT_OUT)
    }
    return mine | PROJECT


def converted(text: str, source: str, known: dict[str, str]) -> str:
    """Return a page as the site has it: links lead to pages of the site, fences say their language only."""
    here = PurePosixPath(known[source]).parent

    def link(found: re.Match[str]) -> str:
        picture, words, target = found[1], found[2], found[3]
        if re.match(r"\w+:|#", target):
            return found[0]
        place, hash_, anchor = target.partition("#")
        path = _normal(PurePosixPath(source).parent / place)
        to = (
            known.get(path)
            or known.get(f"{path}/README.md")
            or (path.removeprefix("docs/") if picture else None)
        )
        if to is None:
            return words if "`" in words else f"`{words}`"
        return f"{picture}[{words}]({_relative(PurePosixPath(to), here)}{hash_}{anchor})"

    return _FENCE.sub(r"\1", _LINK.sub(link, text))


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _relative(to: PurePosixPath, here: PurePosixPath) -> str:
    return "/".join([*[".."] * len(here.parts), to.as_posix()]) if here.parts else to.as_posix()


def prepare(folder: Path) -> Path:
    """Write settings and pages below a folder; return the settings' path."""
    known = pages()
    for source, target in known.items():
        path = folder / "docs" / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(converted((ROOT / source).read_text("utf-8"), source, known), encoding="utf-8")
    shutil.copytree(DOCS / "images", folder / "docs" / "images", dirs_exist_ok=True)
    decisions = [target for source, target in known.items() if source.startswith("docs/decisions/")]
    listed = "\n".join(f"      - {target}" for target in decisions)
    settings = folder / "mkdocs.yml"
    text = (
        (DOCS / "mkdocs.yml")
        .read_text("utf-8")
        .replace("  - Decisions: DECISIONS", f"  - Decisions:\n{listed}")
    )
    settings.write_text(text, encoding="utf-8")
    return settings


def build(target: Path) -> int:
    """Build the site into `target`; return the exit code of MkDocs, which stops at the first warning."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = prepare(Path(scratch))
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", str(settings)]
        quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        return subprocess.run([*command, "-d", str(target.absolute())], env=quiet, check=False).returncode  # noqa: S603 - our own words


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else "site")))
