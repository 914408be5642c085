"""A title that ends in what stands between names is read again, and such a card never stops a build."""

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
