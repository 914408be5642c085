"""The patterns of lists of names, as `resources/forms_names.toml` gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Patterns:
    """The patterns of `resources/forms_names.toml`."""

    label: str
    cut: str
    inner_cut: str
    affiliations: str
    footnotes: str
    noted: str
    digits: str
    numbered_team: str
    team: str
    teams: str
    venue: str
    degrees: str
    no_initials: str
    maybe_initials: str
    family_initials: str
    suffix: str
    odd: str
    initials_pairs: str
    initials_first: str
    word_pairs: str
    comma_pairs: str
    caps_pairs: str
    caps_first: str
    maybe_pairs: str
    several_words: str
    within_names: str
    no_name: str
    word: str
    particle: str
    small: str
    between: str
    tail: str
    several: str
    prose: str
    prose_words: tuple[str, ...]
    tail_words: tuple[str, ...]
    bracketed: str
    legend: str
    legend_mark: str
    no_organisation: str

    @property
    def listed(self) -> str:
        """A whole line that is a list of names; the last word of a name may be in small letters."""
        return rf"^(?:By )?{self.name}(?:{self.between}{self.name})*{self.tail}$"

    @property
    def begins(self) -> str:
        """A text that begins with a name, whatever follows."""
        more = rf"(?: (?:{self.particle}|{self.word})){{1,5}}"
        return rf"^(?:By )?(?:{self.particle}[ -]){{0,3}}{self.word}{more}(?:[,;|·&…]| and | et al|\s)"

    @property
    def name(self) -> str:
        """One name."""
        lead = rf"(?:{self.particle}[ -]){{0,3}}"
        rest = rf"(?: (?:{self.particle}|{self.word})){{0,5}}(?: {self.small})?"
        return rf"{lead}{self.word}{rest}"


@cache
def patterns() -> Patterns:
    """Return the shipped patterns."""
    text = (files("byline") / "resources" / "forms_names.toml").read_text("utf-8")
    said = tomllib.loads(text)
    particle = said["particle"]
    filled: dict[str, Any] = {
        key: value.replace("<<particle>>", particle) if isinstance(value, str) else tuple(value)
        for key, value in said.items()
    }
    return Patterns(**filled)
