"""What people do to a raw folder, drawn at random: edits of a `Corpus`, most of which take no full build."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.pipeline.edited import Corpus, card, junk, tie
from tests.pipeline.edited_decisions import decide_a_little, decide_anything
from tests.pipeline.edited_metadata import FILE, SHOWN, TWIN, give, page, take_away, without_authors
from tests.pipeline.edited_pages import PAGES

Edit = Callable[[Corpus, random.Random], object]


def some_file(corpus: Corpus, rnd: random.Random) -> str:
    """Return the name of a file of cards, packed or not."""
    return rnd.choice(sorted(path.name for path in corpus.raw.glob("*.txt*")))


def cards_of(corpus: Corpus, name: str) -> list[str]:
    lines = corpus.read(name).splitlines(keepends=True)
    return ["".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]


def new_name(corpus: Corpus, rnd: random.Random) -> str:
    return f"{rnd.randrange(1_000_000):06d}.txt" + (".gz" if rnd.random() < 0.2 else "")


def add(corpus: Corpus, rnd: random.Random) -> None:
    corpus.write(new_name(corpus, rnd), corpus.more(rnd, rnd.randint(1, 8)))


def append(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    corpus.write(name, corpus.read(name) + corpus.more(rnd, rnd.randint(1, 3)))


def insert_in_front(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    corpus.write(name, corpus.more(rnd, 1) + corpus.read(name))


def change_a_name(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    corpus.write(name, corpus.read(name).replace(corpus.family(rnd), corpus.family(rnd), rnd.randint(1, 3)))


def take_out(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    cards = cards_of(corpus, name)
    if len(cards) > 1:
        cards.pop(rnd.randrange(len(cards)))
        corpus.write(name, "".join(cards))


def put_in_other_order(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    cards = cards_of(corpus, name)
    rnd.shuffle(cards)
    corpus.write(name, "".join(cards))


def rename(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    text = corpus.read(name)
    (corpus.raw / name).unlink()
    corpus.write(new_name(corpus, rnd), text)


def copy(corpus: Corpus, rnd: random.Random) -> None:
    corpus.write(new_name(corpus, rnd), corpus.read(some_file(corpus, rnd)))


def split(corpus: Corpus, rnd: random.Random) -> None:
    name = some_file(corpus, rnd)
    cards = cards_of(corpus, name)
    at = rnd.randint(0, len(cards))
    (corpus.raw / name).unlink()
    for part in (cards[:at], cards[at:]):
        if part:
            corpus.write(new_name(corpus, rnd), "".join(part))


def join(corpus: Corpus, rnd: random.Random) -> None:
    one, other = some_file(corpus, rnd), some_file(corpus, rnd)
    if one != other:
        corpus.write(one, corpus.read(one) + corpus.read(other))
        (corpus.raw / other).unlink()


def remove(corpus: Corpus, rnd: random.Random) -> None:
    if len(list(corpus.raw.glob("*.txt*"))) > 2:
        (corpus.raw / some_file(corpus, rnd)).unlink()


def a_shorter_list(corpus: Corpus, rnd: random.Random) -> None:
    """Say a paper once more, with its first author alone; or the whole, where that was said first."""
    lines = rnd.choice(cards_of(corpus, some_file(corpus, rnd)) or [""]).splitlines(keepends=True)
    if len(lines) < 2:
        return
    head, byline, *rest = lines
    first = byline.split(", ", maxsplit=1)[0].rstrip()
    corpus.write(new_name(corpus, rnd), "".join([head, f"{first} et al.\n", *rest]))


def a_namesake(corpus: Corpus, rnd: random.Random) -> None:
    year = rnd.randint(1999, 2025)
    names = f"{rnd.choice('AGKD')}. {corpus.family(rnd)}, {rnd.choice('AGKD')}. {corpus.family(rnd)}"
    corpus.write(new_name(corpus, rnd), card(f"On gates of {year}", names, day=f"Mar 1, {year}"))


def doubt(corpus: Corpus, rnd: random.Random) -> None:
    corpus.write(
        "doubt.txt", "LGJan 2, 2023\nA Study Of Quorvath ZelmaQuorvath Zelma, Ida Brenn\nWe study it.\n"
    )


def evidence(corpus: Corpus, rnd: random.Random) -> None:
    sure = "".join(
        card(f"On gates of kind {number}", "Quorvath Zelma, Ida Brenn") for number in range(rnd.randint(1, 6))
    )
    corpus.write("sure.txt", sure)


def declare(corpus: Corpus, rnd: random.Random) -> None:
    path = corpus.raw / "listing.toml"
    if path.exists():
        path.unlink()
    else:
        path.write_text(f'venue = "Proceedings of Gates {rnd.randint(1, 3)}"\n')


def decide(corpus: Corpus, rnd: random.Random) -> None:
    """Say in which order archives count: a full build follows."""
    path = corpus.home / "curated" / "categories.toml"
    path.parent.mkdir(exist_ok=True)
    first = rnd.choice(["math", "cs", "stat"])
    path.write_text(f'order = ["{first}", "eess"]\n')


def without_exports(corpus: Corpus, rnd: random.Random) -> None:
    for path in corpus.raw.glob("*.bib"):
        path.unlink()


def what_cannot_be_read(corpus: Corpus, rnd: random.Random) -> None:
    junk(corpus)


def two_titles_of_one_id(corpus: Corpus, rnd: random.Random) -> None:
    tie(corpus)


def pages(corpus: Corpus, rnd: random.Random) -> None:
    """Write pages of papers that arXiv's metadata knows, some of them disturbed."""
    some = rnd.sample(range(30, 60), rnd.randint(1, 6))
    told = [
        page(n, names=rnd.choice(["Ada Lindqvist et al.", SHOWN]), abstract=rnd.random() < 0.7) for n in some
    ]
    corpus.write(new_name(corpus, rnd), "".join(told))


def a_list_without_authors(corpus: Corpus, rnd: random.Random) -> None:
    without_authors(corpus, rnd.sample(range(30, 60), rnd.randint(1, 5)))


def metadata(corpus: Corpus, rnd: random.Random) -> None:
    """Give a metadata file, or another one: a full build follows."""
    give(corpus, [*FILE, TWIN][rnd.randint(0, 3) : rnd.randint(20, 50)])


def without_metadata(corpus: Corpus, rnd: random.Random) -> None:
    take_away(corpus)


def withdraw(corpus: Corpus, rnd: random.Random) -> None:
    """Take all decisions back."""
    for path in (corpus.home / "curated").glob("*"):
        path.unlink()


OFTEN: list[Edit] = [
    add, append, insert_in_front, change_a_name, take_out, put_in_other_order, rename, copy, split, join, remove,
    a_shorter_list, a_namesake, doubt, evidence, declare, pages, a_list_without_authors,
    decide_a_little, decide_a_little, decide_a_little, *PAGES,
]  # fmt: skip
SELDOM: list[Edit] = [
    decide,
    what_cannot_be_read,
    two_titles_of_one_id,
    without_exports,
    metadata,
    without_metadata,
    decide_anything,
    decide_anything,
    withdraw,
]
