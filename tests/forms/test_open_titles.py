"""A title that ends in what stands between names is read again, and such a card never stops a build."""

import polars as pl
import pytest

from byline.forms.restyled import restyled
from byline.reading.slices import parse_text


def test_a_title_that_ends_in_a_comma_is_read_with_its_authors():
    card = (
        "LGJan 2, 2023\nA Product of Kernels and its Uses in lp,D. Turinger · mit, ibm\nWe study kernels.\n"
    )
    (row,) = parse_text(card.encode()).select("title", "authors").iter_rows()
    assert row == ("A Product of Kernels and its Uses in lp,", ["D. Turinger"])


def test_other_cards_beside_it_keep_their_authors():
    cards = [
        "LGJan 2, 2023\nSparse Gates for Robust ParsingAda Lovelane, Alan Turinger\nWe study gates.\n",
        "LGJan 2, 2023\nA Product of Kernels and its Uses in lp,D. Turinger · mit, ibm\nWe study kernels.\n",
        "LGJan 2, 2023\nLatent Trees for Certified SortingGrace Hoppers\nWe study trees.\n",
    ]
    authors = parse_text("".join(cards).encode())["authors"].to_list()
    assert authors == [["Ada Lovelane", "Alan Turinger"], ["D. Turinger"], ["Grace Hoppers"]]


def test_what_was_doubtful_stays_as_doubtful_where_reading_again_finds_nothing_better():
    frame = parse_text(b"LGJan 2, 2023\nCounting owls andAda Pym, Bo Li\nWe count owls.\n")
    low = frame.with_columns(
        title=pl.lit("Counting owls and"), byline=pl.lit("Counting owls andAda Pym, Bo Li"),
        reason=pl.lit(None, dtype=pl.String), boundary_confidence=pl.lit(0.1, dtype=pl.Float32),
    )  # fmt: skip
    (confidence,) = restyled(low)["boundary_confidence"]
    assert confidence == pytest.approx(0.1)


def test_organisations_in_brackets_behind_names_of_another_style_are_labels():
    card = "LGSep 25, 2023Code\nCounting owls in gardensPym, Ada (Mila); Li, Bo (MIT)\nWe count owls.\n"
    (row,) = parse_text(card.encode()).select("authors", "labels").iter_rows()
    assert row == (["Pym, Ada", "Li, Bo"], ["Mila", "MIT"])
