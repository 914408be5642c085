"""What a person says beside a file fills what its text leaves null, and nothing else. All people are made up."""

import datetime

import pytest

from byline.core.errors import UsageError
from byline.forms import declared
from byline.inputs import survey, survey_files
from byline.reading.slices import parse_text

PAIRS = "On Owls\nAda Pym, Bo Li\n\nOn moss and its uses\nCy Dee and Di Eff\n"
CARD = "LGSep 25, 2023\nOn Owls and their NestsAda Pym, Bo Li et al.\nWe look at owls.\n"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"form": "lines"}, {"form": "lines"}),
        ({"published": datetime.date(2023, 7, 9)}, {"published": "2023-07-09"}),
        ({"published": "2023-07"}, {"published": "2023-07"}),
        ({"published": 2023}, {"published": "2023"}),
        (
            {"venue": " Owl  Conference ", "category": "cs.LG"},
            {"venue": "Owl Conference", "category": "cs.LG"},
        ),
        (
            {"venue": "Owl\x00 \x1bConfe\u0301rence\u200b"},
            {"venue": "Owl Conf\N{LATIN SMALL LETTER E WITH ACUTE}rence"},
        ),
    ],
)
def test_what_may_be_declared(values, said):
    assert declared.declare(values, "listing.toml") == said
    assert declared.from_text(declared.to_text(said)) == said


@pytest.mark.parametrize(
    "values",
    [
        {"form": "pictures"},
        {"title": "On Owls"},
        {"published": "next year"},
        {"published": "2023-02-30"},
        {"published": True},
        {"venue": ""},
        {"venue": "\x00\u200b"},
        {"venue": 7},
        {"category": "machine learning"},
    ],
)
def test_what_may_not_be_declared_is_wrong_usage(values):
    with pytest.raises(UsageError) as error:
        declared.declare(values, "a/listing.toml")
    assert "a/listing.toml" in error.value.what


def test_the_nearest_declaration_counts(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "listing.toml").write_text('venue = "Far"\npublished = 2020\n')
    (tmp_path / "a/listing.toml").write_text('venue = "Near"\n')
    (tmp_path / "a/b/owls.listing.toml").write_text('form = "lines"\n')
    for name in ("moss.txt", "a/moss.txt", "a/b/owls.txt", "a/b/moss.txt"):
        (tmp_path / name).write_text(PAIRS)
    found = survey(tmp_path)
    assert {one.name: declared.from_text(one.declared) for one in found.sources} == {
        "moss.txt": {"venue": "Far", "published": "2020"},
        "a/moss.txt": {"venue": "Near", "published": "2020"},
        "a/b/moss.txt": {"venue": "Near", "published": "2020"},
        "a/b/owls.txt": {"venue": "Near", "published": "2020", "form": "lines"},
    }
    assert list(found.declarations) == ["a/b/owls.listing.toml", "a/listing.toml", "listing.toml"]


@pytest.mark.parametrize(
    "text",
    ["venue =", 'form = "pictures"', "\xff", f"venue = {'[' * 2_000}{']' * 2_000}", f"venue = {'9' * 5_000}"],
    ids=lambda text: text[:16],
)
def test_a_malformed_declaration_is_wrong_usage(tmp_path, text):
    (tmp_path / "owls.txt").write_text(PAIRS)
    (tmp_path / "owls.listing.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"owls\.listing\.toml"):
        survey(tmp_path)


def test_declared_lines_are_read_whatever_they_look_like():
    frame = parse_text(b"owls\nada pym\n\nmoss\nbo li, cy dee\n", declared.to_text({"form": "lines"}))
    assert frame["title"].to_list() == ["owls", "moss"]
    assert frame["authors"].to_list() == [["ada pym"], ["bo li", "cy dee"]]
    assert (frame["boundary_confidence"] <= 0.5).all()


def test_undeclared_lines_are_read_only_beyond_doubt():
    assert parse_text(PAIRS.encode())["reason"].to_list() == ["no_header"]
    several = "".join(f"On owls of kind {n}\nAda Pym, Bo Li\n\n" for n in range(9)).encode()
    assert parse_text(several)["title"].to_list() == [f"On owls of kind {n}" for n in range(9)]


def test_what_is_declared_fills_nulls_only():
    said = declared.to_text({"published": "2020-05", "venue": "Owl Conference", "category": "cs.CL"})
    (card,) = parse_text(CARD.encode(), said).iter_rows(named=True)
    assert card["published"] == datetime.date(2023, 9, 25)
    assert (card["category_code"], card["venue"]) == ("LG", "Owl Conference")
    text = "@article{a, title={On Owls}, author={Pym, Ada}}\n"
    (entry,) = parse_text(text.encode(), said).iter_rows(named=True)
    assert (entry["published"], entry["published_precision"]) == (datetime.date(2020, 5, 1), "month")
    assert (entry["category_code"], entry["venue"]) == ("cs.CL", "Owl Conference")


def test_a_declared_card_is_not_cut_at_other_marks():
    text = CARD.replace("We look", "@article{a, title={On Moss}}\nWe look")
    (card,) = parse_text(text.encode(), declared.to_text({"form": "card"})).iter_rows(named=True)
    assert card["abstract"] == "@article{a, title={On Moss}} We look at owls."
    assert parse_text(text.encode())["form"].to_list() == [
        "card",
        "bibtex",
        None,
    ]  # no part of the entry above


def test_options_of_a_named_file_count_before_what_lies_beside_it(tmp_path):
    (tmp_path / "owls.txt").write_text(PAIRS)
    (tmp_path / "owls.listing.toml").write_text('form = "lines"\nvenue = "Near"\n')
    (source,) = survey_files([tmp_path / "owls.txt"], {"venue": "Said"}).sources
    assert declared.from_text(source.declared) == {"form": "lines", "venue": "Said"}
