"""Why text of other forms can't be read, in words that name the form and the way out."""

from __future__ import annotations

import numpy as np

from byline.forms.model import Form
from byline.listing import furniture
from byline.listing import reasons as of_cards
from byline.listing.lines import Flags, Ints, Page, shown_in
from byline.listing.text import escape

_MENU_LINES = 120
_MENU_BYTES = 90
_PAGE_BYTES = 400
_NO_FORM = f"text of no form that byline knows (`byline forms` lists them); {of_cards.ELSEWHERE}; found {{}}"


def detail(code: str, form: Form | None, record: bytes, arxiv_id: str | None = None) -> str:
    """Return what was expected, what stood there, and what to do."""
    if code == of_cards.NOT_UTF8:
        return of_cards.not_utf8(record).detail
    if code == of_cards.PAGE_FURNITURE:
        return of_cards.page_furniture().detail
    shown = repr(" ".join(escape(record[:300]).split())[:80])
    if form is None:
        return _NO_FORM.format(shown)
    if code == of_cards.MISSING_BYLINE and arxiv_id is not None:
        return (
            f"{form.form}: expected authors; found none, but the arXiv id {arxiv_id}: arXiv's metadata completes the "
            f"record (byline build --arxiv PATH); found {shown}"
        )
    if form.unread:
        return f"{form.form} ({form.page}): recognized, not read; {form.way_out}; found {shown}"
    what = "authors" if code == of_cards.MISSING_BYLINE else "title and authors"
    return f"{form.form} ({form.page}): expected {what}; {form.way_out}; found {shown}"


def are_furniture(page: Page, form: Form, first: Ints, stop: Ints, *, menus: bool = True) -> Flags:
    """Tell which ranges of lines between records are the page's: blank, known furniture, or (`menus`) a short menu.

    All their lines are looked at in one go. Example: of the ranges 3 to 5 and 7 to 8, where line 3 is blank, 4 is
    `Next page` and 7 a sentence, the first is furniture.
    """
    line, owner = shown_in(page, first, stop)
    long = page.stop[line] - page.start[line] > _PAGE_BYTES
    refused = np.bincount(owner, minlength=len(first)) > _MENU_LINES
    refused[owner[long]] = True
    kept = ~refused[owner]
    line, owner = line[kept], owner[kept]
    distinct, where = np.unique(line, return_inverse=True)
    refused[owner[~_looks(page, form, distinct, menus=menus)[where]]] = True
    return ~refused


def _looks(page: Page, form: Form, lines: Ints, *, menus: bool) -> Flags:
    """Whether lines, ascending, look like the page's by themselves."""
    if not len(lines):
        return np.zeros(0, bool)
    texts = page.plain(lines)
    known = np.zeros(len(lines), bool)
    if form.furniture is not None:
        known |= texts.str.contains(form.furniture).to_numpy()
    if menus:
        short = page.stop[lines] - page.start[lines] <= _MENU_BYTES
        known |= short & texts.str.contains(r"^[^.;!?]{1,60}$").to_numpy()
    left = lines[~known]  # the menus of every page are the dearest to look for
    if len(left):
        known[~known] = furniture.look(page, left).kind[left] >= furniture.WEAK
    return known
