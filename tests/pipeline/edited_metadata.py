"""Edits of a corpus beside which a file of arXiv's metadata lies: of pages that it knows, and of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.pipeline.edited import Corpus, card
from tests.pipeline.gates_paper import ABSTRACT, ENTRY, LOWER, NAMES, OTHERS, TITLE
from tests.pipeline.gates_paper import card as gates
from tests.reference.papers import lines, metadata

SHOWN = "Ada Lindqvist, Boris Ohm, Cleo Varga et al."
TWIN = ENTRY | {"id": "2301.00004"}
"""An entry that fits as well as another one."""
MANY = [metadata(number, authors_parsed=NAMES) for number in range(30, 60)]
FILE = [ENTRY, *OTHERS, *MANY]


def give(corpus: Corpus, entries: Sequence[dict[str, Any]] = FILE) -> None:
    """Give a file of these entries with every build from now on."""
    path = corpus.home / "arxiv.json"
    path.write_bytes(lines(entries))
    corpus.standing["arxiv"] = path


def take_away(corpus: Corpus) -> None:
    """Give none from now on."""
    corpus.standing.pop("arxiv", None)


def page(number: int, title: str | None = None, names: str = SHOWN, abstract: bool = True) -> str:
    """Return one of `MANY` as a page shows it; `title` stands instead of its own."""
    entry = metadata(number, authors_parsed=NAMES)
    said = " ".join(entry["abstract"].split()) if abstract else ""
    return card(title or " ".join(entry["title"].split()), names, abstract=said)


def pages(some: Sequence[int]) -> str:
    """Return several of them."""
    return "".join(page(number) for number in some)


def started(corpus: Corpus) -> None:
    """Give the file, and write pages of which it knows half."""
    give(corpus)
    corpus.write("pages.txt", pages(range(30, 45)))
    corpus.write("gates.txt", gates())


def fullest_leaves(corpus: Corpus) -> None:
    """The record that made the match sure goes; what stays has another abstract and no day."""
    corpus.write(
        "less.txt", card(TITLE, "Ada Lindqvist et al.", day="Mar 3, 2011", abstract=f"{ABSTRACT} And so on.")
    )
    corpus.follows()
    (corpus.raw / "gates.txt").unlink()


def without_authors(corpus: Corpus, numbers: Sequence[int] = (31, 50, 51)) -> None:
    entries = [f"[{TITLE}](https://arxiv.org/abs/2301.00003)", "[Other](https://arxiv.org/abs/2301.00021)"]
    entries += [f"[Sparse gates in the {n}th layer](https://arxiv.org/abs/2301.{n:05d})" for n in numbers]
    corpus.write("list.md", "# Reading\n\n" + "".join(f"- {entry}\n" for entry in entries))


def one_id_twice(corpus: Corpus) -> None:
    said = {
        "title": "Quite another word on gates",
        "author": "Lindqvist, Ada",
        "eprint": "2301.00033",
        "year": "2023",
    }
    fields = ", ".join(f"{name}={{{value}}}" for name, value in said.items())
    corpus.write("ids.bib", f"@article{{k, {fields}}}\n")


def disturbed(corpus: Corpus) -> None:
    corpus.write("other.txt", page(52, "Sparse Gates In The 52th Layers") + page(53, "On sparse gates"))


EDITS: dict[str, Callable[[Corpus], object]] = {
    "pages that the file knows": lambda corpus: corpus.write("more.txt", pages(range(45, 55))),
    "a page changed": lambda corpus: corpus.write("gates.txt", gates(names="Ada Lindqvist, Boris Ohm")),
    "pages gone": lambda corpus: corpus.write("pages.txt", pages(range(30, 33))),
    "without an abstract": lambda corpus: corpus.write("bare.txt", page(50, abstract=False)),
    "a disturbed title": disturbed,
    "the fullest record leaves": fullest_leaves,
    "records without authors": without_authors,
    "a doubtful border": lambda corpus: corpus.write("lower.txt", LOWER),
    "an id of two papers": one_id_twice,
}
