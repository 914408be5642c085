"""What people do to files that hold pages of other forms, beside cards or among them.

A page says of a paper what its reader happened to see. So what a paper is follows from files of several forms, of which
each may change: its authors, its ids, its day, how sure a byline is elsewhere.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import replace

from byline.forms.declared import known_forms
from byline.listing.spans import WHOLE_LINE
from tests.pipeline.edited import Corpus, card
from tests.pipeline.fabricated import FAMILY, GIVEN
from tests.pipeline.told import TEMPLATES, Name, records, shown, told
from tests.reference.papers import sentence

STRANGERS = [Name("Quorvath", "Zelma"), Name("Tildra", "Voss"), Name("Ombel", "Kray")]
"""Names that no list of names knows."""


def _files(corpus: Corpus) -> list[str]:
    return sorted(path.name for path in corpus.raw.glob("*.txt*"))


def _any_form(rnd: random.Random) -> str:
    return rnd.choice(sorted(TEMPLATES))


def _name_of_a_page(rnd: random.Random, form: str) -> str:
    return f"page-{rnd.randrange(1_000_000):06d}-{form}.txt"


def some_page(corpus: Corpus, rnd: random.Random) -> str:
    """Return the name of a file; mostly one that holds pages of other forms."""
    every = _files(corpus)
    return rnd.choice([name for name in every if name.startswith("page")] or every)


def form_of(name: str) -> str:
    """Return the form that a file's name says, else the card."""
    said = name.split(".", maxsplit=1)[0].rsplit("-", maxsplit=1)[-1]
    return said if said in TEMPLATES else "card"


def add_a_page(corpus: Corpus, rnd: random.Random) -> None:
    form = _any_form(rnd)
    name = _name_of_a_page(rnd, form) + ".gz" * (rnd.random() < 0.15)
    corpus.write(name, records(rnd, form, rnd.randint(1, 6)))


def append_to_a_page(corpus: Corpus, rnd: random.Random) -> None:
    name = some_page(corpus, rnd)
    form = form_of(name) if rnd.random() < 0.7 else _any_form(rnd)
    corpus.write(name, corpus.read(name) + rnd.choice(["", "", "\n"]) + records(rnd, form, rnd.randint(1, 3)))


def put_in_front_of_a_page(corpus: Corpus, rnd: random.Random) -> None:
    name = some_page(corpus, rnd)
    form = form_of(name) if rnd.random() < 0.5 else _any_form(rnd)
    corpus.write(name, records(rnd, form, 1) + corpus.read(name))


def put_among_cards(corpus: Corpus, rnd: random.Random) -> None:
    """Put records of a form between two cards, or into the middle of one."""
    name = rnd.choice(_files(corpus))
    lines = corpus.read(name).splitlines(keepends=True)
    at = rnd.randint(0, len(lines))
    at -= at % 3 if rnd.random() < 0.7 else 0
    lines.insert(at, records(rnd, _any_form(rnd), rnd.randint(1, 2)))
    corpus.write(name, "".join(lines))


def write_a_page_anew(corpus: Corpus, rnd: random.Random) -> None:
    """Other records stand where some stood, as a page shows them on another day."""
    name = some_page(corpus, rnd)
    corpus.write(name, records(rnd, form_of(name), rnd.randint(1, 6)))


def change_a_line(corpus: Corpus, rnd: random.Random) -> None:
    """Take a line out, write it twice, move it, or change a name in it."""
    name = some_page(corpus, rnd)
    lines = corpus.read(name).splitlines(keepends=True)
    if len(lines) < 2:
        return
    at = rnd.randrange(len(lines))
    line, how = lines.pop(at), rnd.randrange(4)
    if how == 1:
        lines[at:at] = [line, line]
    elif how == 2:
        lines.insert(rnd.randint(0, len(lines)), line)
    elif how == 3:
        lines.insert(
            at, line.replace(rnd.choice(FAMILY), rnd.choice(FAMILY)).replace(rnd.choice(GIVEN), "Ada")
        )
    corpus.write(name, "".join(lines))


def break_off(corpus: Corpus, rnd: random.Random) -> None:
    """Cut a file off somewhere, in its text or as an archive."""
    name = some_page(corpus, rnd)
    text = corpus.read(name)
    if name.endswith(".gz") and rnd.random() < 0.5:
        data = gzip.compress(text.encode(), mtime=0)
        (corpus.raw / name).write_bytes(data[: rnd.randint(len(data) // 2, len(data))])
    elif len(text) > 40:
        corpus.write(name, text[: rnd.randint(20, len(text))])


def pack_or_unpack(corpus: Corpus, rnd: random.Random) -> None:
    name = some_page(corpus, rnd)
    text = corpus.read(name)
    (corpus.raw / name).unlink()
    corpus.write(name.removesuffix(".gz") if name.endswith(".gz") else f"{name}.gz", text)


def move_a_page(corpus: Corpus, rnd: random.Random) -> None:
    name = some_page(corpus, rnd)
    text = corpus.read(name)
    (corpus.raw / name).unlink()
    corpus.write(_name_of_a_page(rnd, form_of(name)), text)


def take_a_page_away(corpus: Corpus, rnd: random.Random) -> None:
    if len(_files(corpus)) > 2:
        (corpus.raw / some_page(corpus, rnd)).unlink()


def declare_of_a_page(corpus: Corpus, rnd: random.Random) -> None:
    """Say something of a page beside it, or nothing any more."""
    path = corpus.raw / f"{some_page(corpus, rnd).split('.')[0]}.listing.toml"
    if path.exists() and rnd.random() < 0.4:
        path.unlink()
        return
    said = {
        "form": rnd.choice([form_of(path.name), "lines", *known_forms()]),
        "published": rnd.choice(["2021", "2022-03", "2020-02-03"]),
        "venue": f"Proceedings of Gates {rnd.randint(1, 3)}",
        "category": rnd.choice(["cs.LG", "math.CO"]),
    }
    said = {
        key: value
        for key, value in said.items()
        if rnd.random() < 0.4 and (key != "form" or value in known_forms())
    }
    path.write_text("".join(f'{key} = "{value}"\n' for key, value in said.items()))


def long_abstracts(corpus: Corpus, rnd: random.Random) -> None:
    """Put cards with a long abstract into a file, on one line or wrapped: what it shows mostly is its habit."""
    name = rnd.choice(_files(corpus))
    end = rnd.choice([" ", "\n"])
    cards = []
    for _ in range(rnd.randint(1, 4)):
        one = told(rnd)
        cards.append(
            shown("card", replace(one, abstract=end.join([sentence(one.year)] * (WHOLE_LINE // 40))))
        )
    both = ["".join(cards), corpus.read(name)]
    rnd.shuffle(both)
    corpus.write(name, "".join(both))


def a_doubtful_byline(corpus: Corpus, rnd: random.Random) -> None:
    """Write a card whose title may end in a name; what is known of the name stands on other pages."""
    names = [rnd.choice(STRANGERS), *told(rnd).names]
    head = f"A Study Of {rnd.choice(STRANGERS).full}"
    corpus.write(_name_of_a_page(rnd, "card"), card(head, ", ".join(name.full for name in names)))


def evidence_on_a_page(corpus: Corpus, rnd: random.Random) -> None:
    """Write a page that lists a stranger beyond doubt, once or several times."""
    form, first = _any_form(rnd), rnd.choice(STRANGERS)
    some = [replace(told(rnd), names=(first, *told(rnd).names)) for _ in range(rnd.randint(1, 6))]
    corpus.write(f"page-sure-{form}.txt", "".join(shown(form, one) for one in some))


PAGES: list[Callable[[Corpus, random.Random], None]] = [
    add_a_page, add_a_page, add_a_page, append_to_a_page, append_to_a_page, put_in_front_of_a_page, put_among_cards,
    put_among_cards, write_a_page_anew, change_a_line, change_a_line, break_off, pack_or_unpack, move_a_page,
    take_a_page_away, declare_of_a_page, declare_of_a_page, long_abstracts, a_doubtful_byline, evidence_on_a_page,
]  # fmt: skip
"""Edits of which none takes a full build."""
