"""Disturbances thought of after the weights of the match: how pages type titles, names, days and abstracts."""

from __future__ import annotations

import datetime
import random
import re

from benchmarks.arxiv_others_kinds import Disturb, Page, in_title, in_words, of_names, shown_first

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SHORT = {
    "two-dimensional": "2D", "three-dimensional": "3D", "machine learning": "ML", "neural network": "NN",
    "black hole": "BH", "dark matter": "DM", "Monte Carlo": "MC", " and ": " & ", " with ": " w/ ",
}  # fmt: skip
LEADING = ("A", "The", "On", "On the", "Towards", "Some", "Notes on")
BEFORE = ("[v2] ", "Preprint: ", "[1] ", "12) ", "[cs.LG] ", "(Extended abstract) ", "* ", "Paper: ")
BEHIND = (" (preprint)", " [v2]", " [PDF]", " (invited paper)", " (extended version)", " | arXiv", ".")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEXT = "We describe what others have described in words of our own, and so this text differs from whatever was seen."


def plural(words: list[str], rnd: random.Random) -> list[str]:
    """Put a word into the plural, or out of it."""
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if long:
        at = rnd.choice(long)
        words[at] = words[at][:-1] if words[at].endswith("s") else words[at] + "s"
    return words


def joined(words: list[str], rnd: random.Random) -> list[str]:
    """Join two words."""
    at = rnd.randrange(max(1, len(words) - 1))
    return [*words[:at], "".join(words[at : at + 2]), *words[at + 2 :]]


def swapped(words: list[str], rnd: random.Random) -> list[str]:
    """Let two words change places."""
    if len(words) > 3:
        one, other = rnd.sample(range(len(words)), 2)
        words[one], words[other] = words[other], words[one]
    return words


def abbreviated(title: str, rnd: random.Random) -> str:
    """Abbreviate what is often abbreviated, else some long word."""
    out = title
    for long, short in SHORT.items():
        out = re.sub(f"(?i){long}", short, out)
    words = out.split(" ")
    some = [at for at, word in enumerate(words) if len(word) > 7 and word.isalpha()]
    if out == title and some:
        at = rnd.choice(some)
        words[at] = words[at][:4] + "."
    return " ".join(words)


def numbers(title: str, rnd: random.Random) -> str:
    """Write small numbers as words, or such words as numbers."""
    out = re.sub(r"(?<![\w.,$^{(])(\d|10)(?![\w.,)])", lambda m: NUMBERS[int(m[1])], title)
    words = "|".join(NUMBERS[2:])
    back = re.sub(rf"(?i)\b({words})\b", lambda m: str(NUMBERS.index(m[1].lower())), title)
    return out if out != title else back


def slip(title: str, rnd: random.Random) -> str:
    """Put a letter in, leave one out, or put another in its place."""
    places = [at for at, letter in enumerate(title) if letter.isalpha()]
    if not places:
        return title
    at = rnd.choice(places)
    put = rnd.choice(["", rnd.choice(LETTERS), rnd.choice(LETTERS) + title[at]])
    return title[:at] + put + title[at + 1 :]


def slips(title: str, rnd: random.Random) -> str:
    """Make two slips."""
    return slip(slip(title, rnd), rnd)


def cut_at(letters: int, mark: str) -> Disturb:
    """Return what cuts a title behind so many letters."""
    return in_title(lambda title, rnd: title if len(title) <= letters else title[:letters].rstrip() + mark)


def _initial_behind(name: str) -> str:
    *given, family = name.split(" ")
    return f"{family}, {' '.join(word[0] + '.' for word in given if word)}" if given else name


def moved(page: Page, rnd: random.Random) -> None:
    """Put the first two names in the other order."""
    page["authors"][:2] = page["authors"][:2][::-1]


def left_out(page: Page, rnd: random.Random) -> None:
    """Leave the second name out."""
    if len(page["authors"]) > 2:
        del page["authors"][1]


def misspelt(page: Page, rnd: random.Random) -> None:
    """Make a slip in a name."""
    at = rnd.randrange(min(3, len(page["authors"])))
    page["authors"][at] = slip(page["authors"][at], rnd)


def year_off(page: Page, rnd: random.Random) -> None:
    """Give the day in another year."""
    day: datetime.date = page["published"]
    page["published"] = day.replace(year=day.year + rnd.choice([-1, 1]), day=min(day.day, 28))


def years_later(page: Page, rnd: random.Random) -> None:
    """Give a day four to eight years later."""
    page["published"] += datetime.timedelta(days=rnd.randrange(1500, 3000))


def year_alone(page: Page, rnd: random.Random) -> None:
    """Give the year alone."""
    page["published"], page["published_precision"] = page["published"].replace(month=1, day=1), "year"


def first_sentence(page: Page, rnd: random.Random) -> None:
    """Keep an abstract's first sentence alone."""
    page["abstract"] = page["abstract"] and page["abstract"].split(". ")[0] + "."


def other_ends(page: Page, rnd: random.Random) -> None:
    """Put other sentences at an abstract's beginning and end."""
    if page["abstract"]:
        page["abstract"] = ". ".join(
            ["In this work we look anew", *page["abstract"].split(". ")[1:-1], "Code is there."]
        )


def other_text(page: Page, rnd: random.Random) -> None:
    """Put another text in the abstract's place."""
    page["abstract"] = TEXT


MORE: dict[str, Disturb] = {
    "plural": in_words(plural), "words joined": in_words(joined), "words swapped": in_words(swapped),
    "abbreviated": in_title(abbreviated), "numbers": in_title(numbers),
    "slip": in_title(slip), "slips": in_title(slips),
    "leading": in_title(lambda title, rnd: f"{rnd.choice(LEADING)} {title}"),
    "question": in_title(lambda title, rnd: rnd.choice(["{}?", "Why {}?", "Is {}?", "{}!"]).format(title)),
    "note before": in_title(lambda title, rnd: rnd.choice(BEFORE) + title),
    "note behind": in_title(lambda title, rnd: title + rnd.choice(BEHIND)),
    "cut at 60": cut_at(60, ""), "cut at 60, marked": cut_at(60, "\u2026"), "cut at 40": cut_at(40, ""),
    "title case": in_title(lambda title, rnd: title.title()), "Last, F.": of_names(_initial_behind),
    "names in capitals": of_names(str.upper), "family names alone": of_names(lambda name: name.split(" ")[-1]),
    "degrees": of_names(lambda name: f"{name}, PhD"), "name misspelt": misspelt, "names moved": moved,
    "name left out": left_out, "three authors": shown_first(3), "year off": year_off, "years later": years_later,
    "year alone": year_alone, "first sentence": first_sentence, "other ends": other_ends, "other text": other_text,
}  # fmt: skip
"""Ways in which a page has a paper otherwise, beside `arxiv_others_kinds.KINDS`."""
