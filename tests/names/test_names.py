import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline import names
from byline.names import folding, keys


def parsed(*listed: str) -> list[dict[str, str | None]]:
    return names.parse(pl.Series(listed)).to_dicts()


def parts(listed: str) -> tuple[str | None, str | None, str | None, str | None]:
    row = parsed(listed)[0]
    return row["given"], row["particle"], row["family"], row["suffix"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("Ada Lovelace", ("Ada", None, "Lovelace", None)),
        ("A. B. Lovelace", ("A. B.", None, "Lovelace", None)),
        ("Jan van der Meulen", ("Jan", "van der", "Meulen", None)),
        ("Dirk Von Steinfurt", ("Dirk", "Von", "Steinfurt", None)),
        ("Ana de la Torre", ("Ana", "de la", "Torre", None)),
        ("Rui da Silva", ("Rui", "da", "Silva", None)),
        ("Ana Ruiz Belmonte", ("Ana", None, "Ruiz Belmonte", None)),
        ("Ramon Ortega y Gasset", ("Ramon", None, "Ortega y Gasset", None)),
        ("John Smith Jr.", ("John", None, "Smith", "Jr.")),
        ("Smith, John, III", ("John", None, "Smith", "III")),
        ("Bhargavi", (None, None, "Bhargavi", None)),
        ("J.Smith", ("J.", None, "Smith", None)),
    ],
)
def test_a_name_is_taken_apart(listed, expected):
    assert parts(listed) == expected


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("Guo, Jian", "Jian Guo"),
        ("WU Xi-mei", "Xi-mei Wu"),
        ("Kim Min-jun", "Min-jun Kim"),
        ("Nguyen Thi Minh Huyen", "Thi Minh Huyen Nguyen"),
        ("Smith J.", "J. Smith"),
        ("Hamish Carr", "Hamish Carr"),
        ("xiaodong yang", "Xiaodong Yang"),
        ("小明 王", "王小明"),
        ("佐藤 太郎", "佐藤 太郎"),
    ],
)
def test_a_name_is_shown_in_the_order_of_its_own_writing(listed, shown):
    assert parsed(listed)[0]["name"] == shown


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        (r"Jan Petr\' ik", "Jan Petrík"),
        (r"J{\"o}rg M\"uller", "Jörg Müller"),
        ("Manuel TardÃ³s", "Manuel Tardós"),
        ("and Ada Lovelace", "Ada Lovelace"),
        ("Ada Lovelace1,2", "Ada Lovelace"),
        ("Ada Lovelace†", "Ada Lovelace"),
        ("Ada  Lovelace ", "Ada Lovelace"),
        ("André Ângelo", "André Ângelo"),
    ],
)
def test_what_the_paste_broke_is_repaired(listed, shown):
    assert parsed(listed)[0]["name"] == shown


@pytest.mark.parametrize(
    "listed",
    [
        "Borexino Collaboration",
        "the ATLAS Collaboration",
        "Gemini Team",
        "OpenAI",
        "Event Horizon Consortium",
    ],
)
def test_teams_and_collaborations_are_told_from_persons(listed):
    assert parsed(listed)[0]["kind"] == "collaboration"


def test_a_collaboration_with_and_without_its_article_shares_a_key():
    one, other = parsed("the ATLAS Collaboration", "ATLAS Collaboration")
    assert one["name_key"] == other["name_key"]
    assert one["block"] == other["block"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jörg Müller", "J. Mueller"),
        ("Jörg Müller", "Jorg Muller"),
        ("Anders Søgren", "A. SOGREN"),
        ("Ana Ruiz-Belmonte", "Ana Ruiz"),
        ("Jan van der Meulen", "J. Meulen"),
        ("WU Xi-mei", "Ximei Wu"),
        ("Guo, Jian", "Jian Guo"),
        ("Zarah Weiß", "Zarah Weiss"),
        ("Odile L’ Aubrac", "Odile L’Aubrac"),
        ("Anneke DeWolvenbeek", "Anneke De Wolvenbeek"),
        ("Fergus VanTavering", "Fergus van Tavering"),
        ("Blas Toledo Ruiz", "Blas Toledo-Ruiz"),
        ("Hugues Saint Corbeil", "Hugues Saint-Corbeil"),
        ("Иван Петров", "Ivan Petrov"),
    ],
)
def test_forms_of_one_family_name_fall_into_one_block(one, other):
    blocks = [row["block"] for row in parsed(one, other)]
    assert blocks[0] == blocks[1]


def test_names_that_differ_keep_their_own_keys():
    keys = [row["name_key"] for row in parsed("Wei Li", "Li Wei", "Wen Li")]
    assert len(set(keys)) == 3


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_string_parses_and_keeps_a_name(listed):
    frame = names.parse(pl.Series(listed, dtype=pl.String))
    assert frame.height == len(listed)
    assert frame.columns == list(names.SCHEMA)
    for text, row in zip(listed, frame.to_dicts(), strict=True):
        if text:
            assert row["name"]
            assert row["family"]
            assert row["block"]


@pytest.mark.parametrize(
    "listed", ["", "🙂", "x" * 10_000, "\x00\x01", ",", "...", "-", "王小明", "\\'", "()", "and "]
)
def test_no_odd_string_breaks_the_parser(listed):
    row = parsed(listed)[0]
    assert (row["name"] == "") == (listed == "")


def test_a_name_parses_alike_alone_and_among_others():
    together = parsed("Ada Lovelace", "Jan van der Meulen", "Ada Lovelace", "Guo, Jian")
    alone = [parsed(name)[0] for name in ("Ada Lovelace", "Jan van der Meulen", "Ada Lovelace", "Guo, Jian")]
    assert together == alone


NAMES = st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z]\.| [A-Z][a-z]{2,6}){0,2} [A-Z][a-z]{2,9}", fullmatch=True)


@settings(max_examples=20, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=12))
def test_parsing_what_is_shown_changes_nothing(listed):
    shown = [row["name"] or "" for row in parsed(*listed)]
    assert all(shown)
    assert [row["name"] for row in parsed(*shown)] == shown


@pytest.mark.slow
@pytest.mark.timeout(600)  # seconds; a cost that grows with the square takes hours
def test_a_hundred_thousand_names_are_parsed_in_one_go():
    listed = pl.Series(
        [f"Name{chr(97 + i % 26)} {chr(97 + i // 26 % 26) * 2}ov{i % 977}" for i in range(100_000)]
    )
    assert names.parse(listed).height == listed.len()


PARTS = pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String})


def in_parts(*rows: tuple[str | None, str, str | None] | None) -> pl.Series:
    said = [
        None if row is None else dict(zip(("given", "family", "suffix"), row, strict=True)) for row in rows
    ]
    return pl.Series(said, dtype=PARTS)


def test_a_family_key_leaves_particle_and_order_out():
    listed = pl.Series(
        ["Maarten van Oostmeer", "van Oostmeer, Maarten", "OOSTMEER M", None, "the PYX Collaboration"]
    )
    said = in_parts(None, None, ("M", "Oostmeer", None), None, None)
    assert names.family_key(listed, said).to_list() == ["oostmeer", "oostmeer", "oostmeer", None, "pyx"]


def test_a_family_word_is_the_last_of_the_folded_family_name_or_the_key_of_what_is_no_person():
    listed = [
        "Ana García de la Torre",
        "Jan van Oostmeer",
        "the PYX Collaboration",
        "Ada Pym-Vale",
        "深林",
        "…",
        "",
        None,
    ]
    parsed = names.parse(pl.Series(listed))
    last = names.fold_names(parsed["family"]).str.split(" ").list.last()
    assert names.family_words(pl.Series(listed)).to_list() == [
        *last[:2], "pyx", "vale", last[4], *parsed["family_key"][5:7], None,
    ]  # fmt: skip
    assert names.family_words(pl.Series(["x"]), in_parts(("M", "van Oostmeer", None))).to_list() == [
        "oostmeer"
    ]


def test_given_parts_are_obeyed():
    said = in_parts(("Jan", "van Oostmeer", "Jr"), ("Li", "Anna", None))
    rows = names.parse(pl.Series(["Jan van Oostmeer Jr", "Li Anna"]), said).to_dicts()
    assert (rows[0]["given"], rows[0]["particle"], rows[0]["family"], rows[0]["suffix"]) == (
        "Jan",
        "van",
        "Oostmeer",
        "Jr.",
    )
    assert rows[1]["name"] == "Li Anna"
    assert rows[1]["family"] == "Anna"


@given(st.lists(st.text("aeiouhwklnptz' -É", max_size=9), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_names_that_are_not_folded_further_stay_as_they_are(texts):
    folded = names.fold_names(pl.Series(texts))
    assert folded.to_list() == [folding.fold_one(text) for text in texts]
    assert folding.coarse(folded).to_list() == folding._coarsened(folded).to_list()


@given(st.lists(st.text("ABÉzç.- ", max_size=8), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_the_key_of_given_names_does_not_depend_on_their_company(texts):
    given_names = pl.Series([" ".join(text.split()) for text in texts])
    apart = [keys._given_key(pl.Series([text])).item() for text in given_names]
    assert keys._given_key(given_names).to_list() == apart


def test_a_name_reads_the_same_beside_one_whose_parts_are_known():
    listed = pl.Series(
        ["Lee Min-ho", "Dr. Ida Rehn", "FOO Collaboration", "Nguyen Thi Hoa", "Ana Ruiz Sol", "?!"]
    )
    parts = in_parts(("Ida", "von Sol", None), *[None] * len(listed))
    beside = pl.concat([pl.Series(["Ida von Sol"]), listed])
    assert names.parse(beside, parts)[1:].to_dicts() == names.parse(listed).to_dicts()
    assert names.family_words(beside, parts)[1:].to_list() == names.family_words(listed).to_list()
