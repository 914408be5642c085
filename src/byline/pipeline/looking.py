"""A look at whether there is anything to build, for who would have to start a server for it."""

from __future__ import annotations

from pathlib import Path

from byline.core.code_digest import code_version
from byline.core.errors import BylineError
from byline.core.options import Options
from byline.pipeline.stages.plan import file_digest, survey
from byline.pipeline.state import Build
from byline.snapshots import manifest, publishing


def nothing_new(options: Options) -> bool:
    """Tell whether the current snapshot is of these raw files, options and code, as far as a look can tell.

    Files are read once, for their SHA-256, and not at all where one came or went; of whatever is in doubt the answer is
    no. A build says more: it holds the lock, and looks at the snapshot itself, too.
    """
    if options.raw_url or options.out_url or options.arxiv:
        return False
    try:
        current = publishing.current(options.out)
        if current is None:
            return False
        found, known = survey(options), manifest.read_manifest(current)
        if {one.name for one in found.sources} != {one.path for one in known.inputs}:
            return False
        build = Build(options=options, work=Path(), declarations=found.declarations)
        build.ror_sha256 = None if options.ror is None else file_digest(options.ror)
        files = [
            manifest.Input(one.name, manifest.sha256(one.path), bytes=0, records=0) for one in found.sources
        ]
        return manifest.identify(code_version(), files, build.settings()) == current.name
    except (BylineError, OSError):
        return False
