"""`byline build`: the main job, in this process."""

from __future__ import annotations

from dataclasses import replace

from byline.cli import build_options as option
from byline.cli.options import DATASET, RAW
from byline.cli.outcome import Format


def build(
    files: option.Files = None,
    raw: option.Raw = RAW,
    out: option.Out = DATASET,
    curated: option.Curated = None,
    ror: option.Ror = None,
    arxiv: option.Arxiv = None,
    form: option.Form = None,
    published: option.Published = None,
    venue: option.Venue = None,
    category: option.Category = None,
    engine: option.Engine = option.EngineName.local,
    address: option.Address = None,
    workers: option.Workers = None,
    check: option.Check = False,
    accept: option.Accept = None,
    wait: option.Wait = 0.0,
    slice_mib: option.SliceMib = 16,
    work: option.Work = None,
    keep: option.Keep = None,
    metrics: option.Metrics = None,
    output: option.Output = Format.text,
    incremental: option.Incremental = True,
    keep_work: option.KeepWork = False,
) -> None:
    """Read the raw listings and publish a snapshot; when nothing is new, say so and do nothing.

    Records that can't be read go into the table `quarantine`, with the reason; the run goes on. A run that would break
    a rule or trip a gate publishes nothing and leaves `current` as it was; what it could not read is kept in
    .unpublished/quarantine.jsonl of the output folder until the next build.

    In CI:  byline build --check --format github
    """
    from byline.cli.given import given
    from byline.cli.outcome import places, say
    from byline.cli.watching import for_terminal
    from byline.core.options import MIB, Options
    from byline.forms.declared import declared_of
    from byline.storage.dispatch import build_anywhere

    with given(raw, files or []) as what:
        said = declared_of(what.files, form=form, published=published, venue=venue, category=category)
        options = replace(
            Options.at(what.raw, out), files=what.files, declared=said,
            curated=curated, ror=ror, arxiv=arxiv,
            engine=engine.value, address=address, workers=workers, wait=wait,
            slice_bytes=slice_mib * MIB, incremental=incremental,
            work=work, keep_work=keep_work, metrics=metrics,
            check_only=check, accept=frozenset(accept or ()), keep=keep,
        )  # fmt: skip
        place = places(what.raw, what.files)
        say(lambda: build_anywhere(options, for_terminal()), output, out, place)
