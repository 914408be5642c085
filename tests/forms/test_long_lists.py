"""A list of authors may be longer than any look ahead: the record is one all the same, and none is swallowed."""

from __future__ import annotations

import textwrap

from byline.reading.slices import parse_text


def record(number: int, title: str, authors: list[str]) -> str:
    """Return a record as PubMed's Abstract view is copied."""
    listed = textwrap.fill(
        ", ".join(f"{name}({place % 3 + 1})" for place, name in enumerate(authors)) + ".", 79
    )
    return (
        f"{number}. J Made Up Res. 2010 Nov {number};51:90-326. doi: 10.1234/{number}.\n\n{title}.\n\n{listed}\n\n"
        f"Author information: \n(1)Institute of Testing.\n\nWe count things.\n\nDOI: 10.1234/{number}\n"
        f"PMID: 3000000{number} \n\n\n"
    )


def test_the_authors_of_a_large_collaboration_do_not_join_the_record_before():
    many = [f"Quill{chr(97 + place % 26)}{chr(97 + place // 26)} AB" for place in range(650)]
    text = record(1, "Pebbles and their order", ["Oakes M"])
    text += record(2, "Design of a large furnace", many) + record(3, "Slow fires", ["Vell T", "Quill I"])
    rows = parse_text(text.encode())
    assert rows["title"].to_list() == ["Pebbles and their order", "Design of a large furnace", "Slow fires"]
    assert rows["authors"].list.len().to_list() == [1, 650, 2]
