"""Other borders of a doubtful line that can be ruled out: what they leave is no name, or no word of a title.

The model sums what speaks for each border by itself. Where two borders stand beside each other (`DAGs|Ada Pym`,
`DA|GsAda Pym`) it keeps a doubt that looking at both at once dispels: `Gs` begins no name, while titles hold `DAGs`.
Each rule here takes an alternative out of the softmax; the border itself never moves. Of 176,700 made-up variants of
arXiv papers that nothing was learned from, 818 became sure that were right, and 1 that was wrong; of 23,399 bylines as
listed 62, and none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.boundary.abstracts import repeated
from byline.boundary.candidates import Candidates
from byline.boundary.lines import Ints, Lines
from byline.boundary.model import Model, Words
from byline.boundary.scoring import Verdict
from byline.boundary.spans import Bounds, first_run, last_run, run_around
from byline.boundary.wordlists import folded_text, names_lists, syllable_counts
from byline.names.wordlists import east_asian_surnames, particles, team_heads, team_words

LEAST, MOST = 0.003, 0.7
"""Doubts between which the alternatives are looked at: below them a line is sure, above it is another reading's."""
SHARE = 1e-5
"""Probability of an alternative from which on it is looked at."""
_COMMON = 4
"""Bin of the lexicon from which on titles hold a word often."""
_KNOWN = 2
"""Bin from which on a word is somebody's name."""
_APART = 3
"""Bins by which a word of titles is more often theirs than a name, or a name more often that."""
_OFTEN = 5
"""The same for a part of a title's word (`Bank` of `TimeBank`): `Shannon` is three apart, `Hope` four."""
_MARKS = (ch.MARK, ch.DIGIT, ch.DOLLAR, ch.OTHER)
_AFTER_A_WORD = (ch.EDGE, ch.SPACE, ch.STOP, ch.HYPHEN, ch.APOSTROPHE)

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Alternatives beside the best border of their lines: one entry an alternative."""

    at: Ints
    end: Ints
    follows: Flags
    """Whether the name behind its own begins with a capital."""
    best: Ints
    """Where the best border of its line lies."""
    best_end: Ints
    own: Flags
    """Whether the title holds the first word of the best border's name: teams are named after what they made."""


def settled(model: Model, lines: Lines, c: Candidates, verdict: Verdict) -> Verdict:
    """Return the verdict with the doubt that remains when the alternatives that can't be are left out."""
    open_ = (verdict.best >= 0) & (verdict.doubt > LEAST) & (verdict.doubt < MOST)
    rows = np.flatnonzero(open_[c.line] & (verdict.probability > SHARE))
    rows = rows[rows != verdict.best[c.line[rows]]]
    best = verdict.best[c.line[rows]]
    before, here = lines.kinds[c.at[best] - 1], lines.kinds[c.at[best]]
    looked = (before != ch.SPACE) & (
        (before != ch.DIGIT) | (here != ch.LOWER)
    )  # `0.4|tj. pym` may be `0.4t|j. pym`
    rows, best = rows[looked], best[looked]
    if not len(rows):
        return verdict
    own = _own(lines, c, best)
    pairs = Pairs(c.at[rows], c.end[rows], _is_followed(lines, c.chunk[rows]), c.at[best], c.end[best], own)
    out = rows[_impossible(model, lines, pairs)]
    gone = np.zeros(lines.height)
    np.add.at(gone, c.line[out], verdict.probability[out])
    whole = np.zeros(lines.height)
    np.add.at(whole, c.line, verdict.probability)
    line = c.line[np.unique(best)]
    none = line[_has_names(model, lines, c, np.unique(best))]
    gone[none] += np.maximum(1.0 - whole[none], 0.0)
    return replace(verdict, doubt=np.clip((verdict.doubt - gone) / (1.0 - gone), 0.0, 1.0))


def _own(lines: Lines, c: Candidates, best: Ints) -> Flags:
    """Whether the title holds the first word of some candidates' names."""
    used, where = np.unique(best, return_inverse=True)
    some = Candidates(c.at[used], c.stop[used], c.line[used], c.chunk[used], c.end[used])
    return (repeated(lines, some) > 0)[where]


def _is_followed(lines: Lines, chunk: Ints) -> Flags:
    """Whether a piece that begins with a capital follows each piece of a line."""
    chunks = lines.chunks
    follows = np.minimum(chunk + 1, len(chunks.start) - 1)
    found: Flags = (chunk < chunks.last[chunk]) & (lines.kinds[chunks.start[follows]] == ch.UPPER)
    return found


def _has_names(model: Model, lines: Lines, c: Candidates, best: Ints) -> Flags:
    """Whether a line can't be a title alone: a word of titles ends at the border, and no title holds what is behind."""
    at, end = c.at[best], c.end[best]
    first = first_run(lines, at, end)
    several = (lines.words_before[end] > lines.words_before[at]) & _is_plain(lines, first)
    word = _ends_in_word(model, lines, at) & (_bins(model, lines, first)[0] == 0)
    asked = several & (lines.kinds[at - 1] == ch.LOWER)
    result: Flags = (several & word) | _is_east_asian(lines, first, last_run(lines, at, end), asked)
    return result


def _is_east_asian(lines: Lines, first: Bounds, last: Bounds, asked: Flags) -> Flags:
    """Whether names are syllables of a given name before a family name that is theirs: `Bodan Li`."""
    found = syllable_counts(lines, first, asked) > 0
    for row in np.flatnonzero(found).tolist():
        found[row] = folded_text(lines, last[0][row], last[1][row]) in east_asian_surnames()
    return found


def _impossible(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether each alternative leaves what is no name, or no word of a title, where the best border leaves both."""
    teams = team_words() | team_heads()
    team = _in(model, lines, last_run(lines, p.at, p.end), teams)
    held = _takes_title(model, lines, p) | _holds_mark(lines, p) | _begins_small(model, lines, p)
    held |= _takes_letter(model, lines, p)
    start, stop = run_around(lines, p.best)[0], first_run(lines, p.best, p.best_end)[1]
    cuts = p.own & team & (p.at >= start) & (p.at <= stop)  # `XENON|100 Team` of `XENON100 Team`
    result: Flags = (held & ~team) | cuts | _gives_name(model, lines, p) | _within_case(model, lines, p)
    return result


def _bins(model: Model, lines: Lines, span: Bounds) -> tuple[Ints, Ints]:
    """How often titles hold a word, and how often names do."""
    start, stop = span
    seen = model.lexicon.seen(lines.hash_span(start, np.maximum(stop, start)))
    return seen.title, seen.name


def _given(model: Model, lines: Lines, word: Bounds) -> Ints:
    """How often a word is a given name."""
    return model.lexicon.seen(lines.hash_span(*word)).given


def _in(model: Model, lines: Lines, span: Bounds, words: Words) -> Flags:
    """Whether spans are one of some words."""
    result: Flags = np.isin(lines.hash_span(*span), model.hashes(words))
    return result


def _takes_title(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a name would begin with a word of titles: `Time|BankAda Pym`, where `TimeBank|Ada Pym` is best."""
    run = run_around(lines, p.best)[0]
    taken = np.minimum(np.maximum(run, p.at), p.best), p.best
    title, name = _bins(model, lines, taken)
    part = p.at > run  # of the word that ends at the best border
    found = (title - name >= _APART) & ~_in(model, lines, taken, frozenset(particles()))
    often = title - _given(model, lines, taken) >= _OFTEN
    found = np.where(part, often & _is_word(model, lines, (run, p.at)), found)
    whole, _ = _bins(model, lines, (run, p.best))
    plural = (p.best - taken[0] == 2) & (lines.folded[p.best - 1] == ord("s"))
    plural &= lines.kinds[np.maximum(taken[0] - 1, 0)] == ch.UPPER
    found |= part & (whole >= _COMMON) & ((name < _KNOWN) | plural)  # `DA|Gs` of `DAGs`
    capital = (p.at == p.best - 1) & (lines.kinds[p.at] == ch.UPPER) & (lines.kinds[p.best] == ch.UPPER)
    small = lines.kinds[np.minimum(p.best + 1, len(lines.kinds) - 1)] == ch.LOWER
    found |= capital & small & (whole >= _COMMON - 1)  # `LL|MAda` of `LLM`
    known = (_bins(model, lines, first_run(lines, p.at, p.end))[1] > 0) & (p.at >= run)  # `RoseMary`
    result: Flags = (
        (p.at < p.best) & (p.best < p.end) & ((found & ~known) | _holds_word(model, lines, p, run))
    )
    return result


def _holds_word(model: Model, lines: Lines, p: Pairs, run: Ints) -> Flags:
    """Whether a name would hold a word of titles before the best border's: `Into` of `Ham|NoSys Into SiGMLAda Pym`."""
    stop = np.maximum(run - 1, p.at)
    start = np.maximum(run_around(lines, stop)[0], p.at)
    title, name = _bins(model, lines, (start, stop))
    found: Flags = (run > p.at) & (title - name >= _APART)
    return found


def _is_word(model: Model, lines: Lines, word: Bounds) -> Flags:
    """Whether titles hold a word that ends in a small letter, and that is no acronym's plural: `Time`, not `WSNs`."""
    stop = word[1]
    small = (lines.kinds[stop - 1] == ch.LOWER) & (lines.kinds[np.maximum(stop - 2, 0)] == ch.LOWER)
    result: Flags = small & (_bins(model, lines, word)[0] >= _COMMON)
    return result


def _holds_mark(lines: Lines, p: Pairs) -> Flags:
    """Whether a name would hold a question mark, a digit or the like that the best border leaves to the title."""
    marks = np.concatenate([[0], np.cumsum(np.isin(lines.kinds, _MARKS))])
    result: Flags = (marks[p.end] > marks[p.at]) & (marks[p.best_end] == marks[p.best])
    return result


def _takes_letter(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a lone capital would join a known family name: `Hepatitis |BCHEN` of `Hepatitis B|CHEN`."""
    lone = (p.at == p.best - 1) & (lines.kinds[p.at] == ch.UPPER) & (lines.kinds[p.at - 1] == ch.SPACE)
    best = _bins(model, lines, first_run(lines, p.best, p.best_end))[1] > _KNOWN
    result: Flags = lone & best & (_bins(model, lines, first_run(lines, p.at, p.end))[1] == 0)
    return result


def _begins_small(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a name would begin in lower case though its last word does not: `IA|da Pym`, but `|van Pym`."""
    first, last = first_run(lines, p.at, p.end), last_run(lines, p.at, p.end)
    small = (lines.kinds[p.at] == ch.LOWER) & (lines.kinds[p.best] == ch.UPPER)
    follows = p.follows & (p.end == p.best_end) & (first[1] - first[0] > 1)
    capital = ((lines.kinds[last[0]] == ch.UPPER) | follows) & (last[0] > first[0])
    possessive = (lines.kinds[p.at] == ch.APOSTROPHE) & (lines.kinds[p.at - 1] != ch.SPACE)
    possessive &= (first[1] - first[0] == 1) & (lines.folded[first[0]] == ord("s"))
    result: Flags = (small & capital & ~_in(model, lines, first, frozenset(particles()))) | possessive
    return result


def _gives_name(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a title would hold a word with a name glued to it: `PruningAda|Maria Pym`, `pruningAda |Pym`."""
    run = run_around(lines, p.best)[0]
    first = first_run(lines, p.best, p.best_end)
    given = first[0], np.minimum(first[1], np.maximum(p.at, first[0]))
    title, name = _bins(model, lines, given)
    word, plain = _ends_in_word(model, lines, p.best), _is_plain(lines, first)
    rest = _given(model, lines, (given[1], first[1]))
    joined = (name - title >= _KNOWN) & ~plain & (rest >= _KNOWN)  # `pruning|AdaMaria`, `Pruning|JingMin`
    capital = joined & (lines.kinds[run] == ch.UPPER)
    syllabic = syllable_counts(lines, first, capital) > 0  # `Tweeting|JayAda`: `TweetingJay`
    joined &= (lines.kinds[run] == ch.LOWER) | syllabic
    named = ((name - title >= _KNOWN) & plain) | joined
    later = plain & (p.at > first[1] + 1) & (title == 0)
    next_ = p.at == first[1] + 1
    small = plain & (lines.kinds[run] == ch.LOWER) & ((title < _COMMON) | (name >= title))
    words = lines.words_before  # `PruningAda |Pym, Bo Li`: one word, where the list's names are several
    single = (words[p.end] == words[p.at]) & (words[p.best_end] > words[p.best]) & p.follows
    other = later | (small & (~next_ | (name >= _KNOWN))) | single
    unknown = _bins(model, lines, (run, given[1]))[0] == 0
    result: Flags = ((p.at > p.best) & word & unknown & (named | other)) | _leaves_open(model, lines, p)
    return result


def _leaves_open(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a title would end in a word that ends none: `Owls ofAda Pym de |Fenn`."""
    before = np.maximum(p.at - 1, 0)
    word = run_around(lines, before)[0], before
    result: Flags = (lines.kinds[before] == ch.SPACE) & _in(
        model, lines, word, tuple(names_lists()["titles"]["open"])
    )
    return result


def _is_plain(lines: Lines, word: Bounds) -> Flags:
    """Whether a word is a capital and small letters, and stands alone: no `MaxiAda`, `Emit4B`, `CURI`."""
    start, stop = word
    small = np.concatenate([[0], np.cumsum(lines.kinds == ch.LOWER)])
    shaped = (lines.kinds[start] == ch.UPPER) & (small[stop] - small[start] == stop - start - 1)
    after = lines.kinds[np.minimum(stop, len(lines.kinds) - 1)]
    result: Flags = shaped & (stop - start > 1) & np.isin(after, _AFTER_A_WORD)
    return result


def _ends_in_word(model: Model, lines: Lines, at: Ints) -> Flags:
    """Whether a word that titles hold often ends at each border, in a small letter before a capital."""
    run = run_around(lines, at)[0]
    title, _ = _bins(model, lines, (run, at))
    usual = (lines.kinds[at - 1] == ch.LOWER) & (lines.kinds[at] == ch.UPPER)
    found: Flags = usual & (title >= _COMMON) & (at - run > _KNOWN)
    return found


def _within_case(model: Model, lines: Lines, p: Pairs) -> Flags:
    """Whether a word or a name in letters of one case would be unknown: `volta|geada pym` of `voltage|ada pym`."""
    here = lines.kinds[p.best]
    same = (lines.kinds[p.best - 1] == here) & ((here == ch.LOWER) | (here == ch.UPPER))
    same &= lines.kinds[np.minimum(p.best + 1, len(lines.kinds) - 1)] == here
    run, first = run_around(lines, p.best)[0], first_run(lines, p.best, p.best_end)
    known = _bins(model, lines, (run, p.best))[0] >= _COMMON - 1
    known &= (_bins(model, lines, first)[1] >= _KNOWN) | (syllable_counts(lines, first, same & known) > 0)
    near = (p.at > run) & (p.at < first[1])
    plural = (np.abs(p.at - p.best) == 1) & (lines.folded[np.minimum(p.at, p.best)] == ord("s"))
    word = _bins(model, lines, (run, np.maximum(p.at, run)))[0]
    name = _bins(model, lines, first_run(lines, p.at, p.end))[1]
    odd = (name == 0) & (np.abs(p.at - p.best) > 1) & (p.at < p.best)  # `Path|wayada` of `Pathway|ada`
    result: Flags = same & known & near & ~plural & ((word <= 1) | odd)
    return result
