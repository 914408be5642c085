"""Decisions on persons, names, identifiers, organisations, matches and readings, drawn from what a corpus has."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

import polars as pl

from byline import identity
from byline.decisions import people
from tests.conftest import table
from tests.pipeline.edited import Corpus
from tests.pipeline.fabricated import FAMILY, GIVEN, LABELS

Mention = tuple[str, int]
NOWHERE: Mention = ("0123456789abcdef0123", 1)
ORCIDS = ("0000-0002-1825-0097", "0000-0001-5109-3700")


def mentions(corpus: Corpus) -> list[tuple[str, int, str, str]]:
    """Return all mentions of the last build: paper, position, name, author."""
    rows = table((corpus.home / "grown" / "current").resolve(), "authorships")
    return (
        rows.select("paper_id", "position", "name_as_listed", "author_id").sort("paper_id", "position").rows()
    )


def some_mentions(corpus: Corpus, rnd: random.Random, count: int) -> list[Mention]:
    """Return some of them; sometimes one that is nowhere."""
    found = [row[:2] for row in rnd.sample(mentions(corpus), count)]
    return [NOWHERE if rnd.random() < 0.05 else one for one in found]


def persons(corpus: Corpus, rnd: random.Random) -> None:
    """Say of pairs that they are one person, or two: of one name, of one person, of any two names."""
    everybody = mentions(corpus)
    rows = []
    for _ in range(rnd.randint(1, 6)):
        one = rnd.choice(everybody)
        near = [other for other in everybody if other[2].split()[-1] == one[2].split()[-1]]
        other = rnd.choice(rnd.choice([everybody, near, near]))
        rows.append((rnd.choice(["same", "different"]), *one[:2], *other[:2]))
    frame = pl.DataFrame(rows, schema=people.DECISION_COLUMNS, orient="row")
    frame = frame.join(identity.conflicts(frame), on=frame.columns, how="anti")
    lines = [",".join(map(str, (*row, ""))) for row in frame.iter_rows()]
    write(corpus, people.AUTHORS, ",".join([*people.DECISION_COLUMNS, "note"]), *lines)


def identifiers(corpus: Corpus, rnd: random.Random) -> None:
    """Say which identifiers some mentions bear; two that bear one are one person."""
    some = some_mentions(corpus, rnd, rnd.randint(1, 4))
    lines = [f"orcid,{rnd.choice(ORCIDS)},{paper},{at},page {rnd.randint(1, 3)}" for paper, at in some]
    write(corpus, people.IDENTIFIERS, "scheme,value,paper_id,position,evidence", *lines)


def wanted(corpus: Corpus, rnd: random.Random) -> None:
    """Say which names some people want, and which former ones are withheld."""
    lines = []
    for _ in range(rnd.randint(1, 2)):
        paper, at, name, _ = rnd.choice(mentions(corpus))
        of_one = [(paper, at), *some_mentions(corpus, rnd, rnd.randint(0, 1))]
        said = {"mentions": of_one, "name": f"{rnd.choice(GIVEN)} {rnd.choice(FAMILY)}"}
        lines.append(json.dumps(said | ({"withheld": [name]} if rnd.random() < 0.7 else {})))
    write(corpus, people.NAMES, *lines)


def labels(corpus: Corpus, rnd: random.Random) -> None:
    """Say what some labels mean."""
    lines = [
        f"{label},is,{label.title()} of Gates,,CH,company" if rnd.random() < 0.6 else f"{label},not,,,,"
        for label in rnd.sample(LABELS, 2)
    ]
    write(corpus, "affiliations.csv", "label,verdict,name,ror_id,country,kind", *lines)


def matches(corpus: Corpus, rnd: random.Random) -> None:
    """Say which entry some papers are, or that none is."""
    papers = sorted({row[0] for row in mentions(corpus)})
    ids = [None, "2301.00003", "2301.00021", "2301.00030", "2301.00050"]
    lines = [json.dumps({"paper_id": paper, "arxiv_id": rnd.choice(ids)}) for paper in rnd.sample(papers, 3)]
    write(corpus, "matches.jsonl", *lines)


def readings(corpus: Corpus, rnd: random.Random) -> None:
    """Say how some bylines are to be read."""
    lines = []
    for name in rnd.choices(sorted(path.name for path in corpus.raw.glob("*.txt*")), k=2):
        shown = [line.strip() for line in corpus.read(name).splitlines()[1::3] if line.strip()]
        byline = rnd.choice(shown or ["nothing of this kind"])
        names = [f"{rnd.choice(GIVEN)} {rnd.choice(FAMILY)}" for _ in range(rnd.randint(1, 3))]
        lines.append(json.dumps({"byline": byline, "title": byline[:24].strip(), "authors": names}))
    write(corpus, "boundaries.jsonl", *lines)


def wanted_beside(corpus: Corpus, rnd: random.Random) -> None:
    """Say which names some people want, where those that are withheld stay as they are."""
    path = corpus.home / "curated" / people.NAMES
    before = path.read_text().splitlines() if path.exists() else []
    stay = [json.loads(line) for line in before if "withheld" in line]
    for said in stay:
        said["mentions"] += [list(one) for one in some_mentions(corpus, rnd, rnd.randint(0, 1))]
    more = [
        {"mentions": some_mentions(corpus, rnd, rnd.randint(1, 2)), "name": f"Zora {rnd.choice(FAMILY)}"}
        for _ in range(rnd.randint(0, 2))
    ]
    write(corpus, people.NAMES, *map(json.dumps, [*stay, *more]))


DECISIONS: Sequence[Callable[[Corpus, random.Random], None]] = (
    persons,
    identifiers,
    wanted,
    labels,
    matches,
    readings,
)
FEW: Sequence[Callable[[Corpus, random.Random], None]] = (
    persons,
    persons,
    identifiers,
    wanted_beside,
    labels,
    matches,
    readings,
)
"""Decisions of which it is known what they touch: changed ones take no full build."""


def write(corpus: Corpus, name: str, *lines: str) -> None:
    """Write a file of decisions."""
    path = corpus.home / "curated" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))


def withdraw(corpus: Corpus) -> None:
    """Take all decisions back."""
    for path in (corpus.home / "curated").glob("*"):
        path.unlink()


def decide_anything(corpus: Corpus, rnd: random.Random) -> None:
    """Take all decisions back and make some others, which must not contradict each other."""
    withdraw(corpus)
    for decide in rnd.sample(DECISIONS, rnd.randint(1, len(DECISIONS))):
        decide(corpus, rnd)
    without_contradictions(corpus)


def decide_a_little(corpus: Corpus, rnd: random.Random) -> None:
    """Make some decisions, or others in their place, or take some back; no name is withheld, nor is one shown again."""
    for decide in rnd.sample(FEW, rnd.randint(1, 3)):
        decide(corpus, rnd)
    for name in (people.AUTHORS, people.IDENTIFIERS, "affiliations.csv", "matches.jsonl", "boundaries.jsonl"):
        if rnd.random() < 0.15:
            (corpus.home / "curated" / name).unlink(missing_ok=True)
    without_contradictions(corpus)


def without_contradictions(corpus: Corpus) -> None:
    """Take decisions on persons back where they contradict each other, or what names and identifiers say."""
    if not identity.conflicts(people.author_decisions(corpus.home / "curated")).is_empty():
        (corpus.home / "curated" / people.AUTHORS).unlink()
