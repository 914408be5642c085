"""Organisation labels as listed become organisations, or say why they don't."""

import gzip
import json
import os
import re
import zipfile
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.affiliations import Registry, load_registry, resolve
from byline.affiliations.dump import KINDS
from byline.affiliations.forms import exact_form, loose_form
from byline.core.errors import UsageError
from tests.affiliations.dumps import FABRICATED, write_dump

CURATED = load_registry()


def look_up(label: str, registry: Registry = CURATED) -> dict[str, Any]:
    return resolve(pl.Series([label], dtype=pl.String), registry).row(0, named=True)


def index(registry: Registry) -> pl.DataFrame:
    assert registry.index is not None
    return registry.index


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    path = tmp_path_factory.mktemp("ror") / "v9-ror-data.zip"
    write_dump(path)
    return path


@pytest.fixture(scope="module")
def everything(dump):
    return load_registry(dump)


def test_the_two_labels_of_the_real_listing():
    first, second = look_up("anthropic"), look_up("deepmind")
    assert (first["name"], first["ror_id"], first["country"], first["kind"]) == (
        "Anthropic",
        "056y0v115",
        "US",
        "company",
    )
    assert (second["name"], second["ror_id"], second["country"]) == ("Google DeepMind", "00971b260", "GB")
    assert first["resolved"]
    assert second["resolved"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("mit", "Massachusetts Institute of Technology"), ("google", "Google"), ("msr", "Microsoft"), ("fair", "Meta"),
        ("uc berkeley", "University of California, Berkeley"), ("CMU", "Carnegie Mellon University"),
        ("eth zürich", "ETH Zurich"), ("univ. of oxford", "University of Oxford"),
        ("  Google \u00a0 Research ", "Google"),
        ("at&t", "AT&T"), ("the university of tokyo", "The University of Tokyo"),
    ],
)  # fmt: skip
def test_short_labels_and_their_variants(label, name):
    assert look_up(label)["name"] == name


@pytest.mark.parametrize("label", ["columbia", "cambridge", "york", "northwestern", "ntu", "UVA"])
def test_a_label_that_fits_several_stays_unresolved_and_says_why(label):
    row = look_up(label)
    assert not row["resolved"]
    assert row["ror_id"] is None
    assert row["name"] == label.lower()
    assert " or " in row["note"]


def test_an_unknown_label_is_kept_as_listed_and_folded():
    row = look_up("Acme  Widgets")
    assert (row["label"], row["name"], row["resolved"]) == ("acme widgets", "acme widgets", False)
    assert row["note"] == "no organisation of this name is known"


def test_the_id_belongs_to_the_label_whatever_the_registry(everything):
    assert look_up("uli")["affiliation_id"] == look_up("uli", everything)["affiliation_id"]
    assert look_up("ULI")["affiliation_id"] == look_up("uli")["affiliation_id"]
    assert look_up("deepmind")["affiliation_id"] != look_up("google deepmind")["affiliation_id"]


def test_rows_stay_aligned_and_null_stays_null():
    found = resolve(pl.Series(["mit", None, "cmu", "mit"]), CURATED)
    assert found["label"].to_list() == ["mit", None, "cmu", "mit"]
    assert found["affiliation_id"][0] == found["affiliation_id"][3]
    assert found.row(1) == (None,) * found.width
    assert resolve(pl.Series([], dtype=pl.String), CURATED).height == 0


def test_the_whole_of_ror_stands_behind_the_curated_registry(everything):
    assert look_up("university of lilliput", everything)["ror_id"] == "0fake0100"
    assert look_up("universitat lilliput", everything)["country"] == "LI"
    assert look_up("uli", everything)["name"] == "University of Lilliput"
    assert look_up("Brobdingnag Inst. of Technol.", everything)["ror_id"] == "0fake0200"
    assert look_up("laputa research", everything)["kind"] == "company"
    assert look_up("anthropic", everything)["ror_id"] == "056y0v115"


def test_the_dump_does_not_guess(everything):
    assert not look_up("saint swift college", everything)["resolved"]
    assert look_up("saint swift college", everything)["note"].startswith("fits several organisations: ")
    assert not look_up("balnibarbi academy", everything)["resolved"]
    assert not look_up("xq", everything)["resolved"]
    assert look_up("glub", everything)["ror_id"] == "0fake0900"
    assert not look_up("york", everything)["resolved"]


def test_dumps_of_every_kind_give_the_same_index(dump, everything, tmp_path):
    lines = "\n".join(json.dumps(one) for one in FABRICATED)
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    (tmp_path / "a.json").write_text("\ufeff" + json.dumps(FABRICATED, indent=1), "utf-8")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.write(lines)
    for path in tmp_path.iterdir():
        assert index(load_registry(path)).equals(index(everything))


def test_the_index_is_built_once_and_again_when_it_is_damaged(dump, everything, tmp_path):
    load_registry(dump, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert index(load_registry(dump, tmp_path)).equals(index(everything))
    assert pl.read_parquet(kept).equals(index(everything))
    pl.DataFrame({"form": ["mit"]}).write_parquet(kept)
    assert index(load_registry(dump, tmp_path)).equals(index(everything))


def test_what_is_no_dump_is_refused_with_a_way_out(tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="can't read"):
        load_registry(tmp_path / "absent.zip")
    for name, content in (
        ("a.json", "[{"),
        ("b.jsonl", "nonsense"),
        ("c.json", "[1, 2]"),
        ("d.json", ""),
        ("e.json", "[]"),
        ("f.json", "[" * 50_000),
        ("g.json", '[{"id": "https://ror.org/x", "names": [{"value": "\\ud800", "types": []}]}]'),
        ("h.jsonl", '{"id": NaN}'),
    ):
        (tmp_path / name).write_text(content, "utf-8")
        with pytest.raises(UsageError, match=r"ror\.org"):
            load_registry(tmp_path / name)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="not a regular file"):
        load_registry(tmp_path / "pipe")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "no data")
    with pytest.raises(UsageError, match="holds no"):
        load_registry(tmp_path / "empty.zip")


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("byline.affiliations.dump.LARGEST", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ror-data.json", "[" + " " * 5000 + "]")
    with pytest.raises(UsageError, match="unpacks to more"):
        load_registry(tmp_path / "bomb.zip")


@given(st.lists(st.text(max_size=30), max_size=20))
@settings(max_examples=25, deadline=None)
def test_no_label_breaks_it(labels):
    found = resolve(pl.Series(labels, dtype=pl.String), CURATED)
    assert found.height == len(labels)
    assert found.filter("resolved")["note"].null_count() == found.filter("resolved").height
    assert found.filter(~pl.col("resolved"))["note"].null_count() == 0


def test_the_curated_registry_is_large_and_sound():
    table = CURATED.organisations
    assert table.height >= 250
    assert table["key"].is_unique().all()
    assert table["ror_id"].drop_nulls().is_unique().all()
    assert set(table["kind"]) <= {*KINDS, "other"}
    assert table["country"].str.contains(r"^[A-Z]{2}$").all()


def checksum_holds(ror_id: str) -> bool:
    """ISO/IEC 7064 mod 97-10 over Crockford base 32, https://ror.readme.io/docs/identifier."""
    number = 0
    for char in ror_id[1:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(char)
    return bool(re.fullmatch(r"0[a-z0-9]{6}\d\d", ror_id)) and f"{98 - number * 100 % 97:02}" == ror_id[7:]


def test_every_ror_id_has_a_sound_checksum():
    known = CURATED.organisations["ror_id"].drop_nulls()
    assert len(known) > 100
    assert [one for one in known if not checksum_holds(one)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đại học Đà Nẵng", "Dai hoc Da Nang"),
        ("Universitetet i Tromsø", "universitetet i tromso"),
        ("Politechnika Łódzka", "Politechnika Lodzka"),
        ("Háskóli Þórs", "Haskoli Thors"),
        ("Işık Üniversitesi", "Isik Universitesi"),
    ],
)
def test_letters_without_decomposition_are_compared_as_their_plain_ones(one, other):
    first, second = exact_form(pl.Series([one, other]))
    assert first == second


def test_forms_compare_what_is_the_same():
    listed = pl.Series(["The Univ. of Málaga", "université", "A & B's Lab"])
    assert exact_form(listed).to_list() == ["univ of malaga", "universite", "a and bs lab"]
    assert loose_form(exact_form(listed)).to_list() == [
        "university of malaga",
        "university",
        "a and bs laboratory",
    ]
