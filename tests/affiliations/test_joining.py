"""Labels that a comma of their own has parted stand as one again; two organisations stay two."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.affiliations import join_labels, joining, load_registry, resolve
from byline.affiliations.forms import company_form, exact_form

CURATED = load_registry()

TOGETHER = [
    (["university of california", "berkeley"], "University of California, Berkeley"),
    (["University of California", "Los Angeles"], "University of California, Los Angeles"),
    (["university of texas", "austin"], "The University of Texas at Austin"),
    (["university of michigan", "ann arbor"], "University of Michigan"),
    (["university of maryland", "college park"], "University of Maryland, College Park"),
    (["university of illinois", "urbana-champaign"], "University of Illinois Urbana-Champaign"),
    (["university of wisconsin", "madison"], "University of Wisconsin–Madison"),
    (["indiana university", "bloomington"], "Indiana University Bloomington"),
    (["washington university", "st. louis"], "Washington University in St. Louis"),
    (["rutgers", "the state university of new jersey"], "Rutgers, The State University of New Jersey"),
    (["cuhk", "shenzhen"], "Chinese University of Hong Kong, Shenzhen"),
    (["chinese university of hong kong", "shenzhen"], "Chinese University of Hong Kong, Shenzhen"),
    (["hkust", "guangzhou"], "Hong Kong University of Science and Technology (Guangzhou)"),
    (["nyu", "shanghai"], "New York University Shanghai"),
    (["nyu", "abu dhabi"], "New York University Abu Dhabi"),
    (["texas a&m university", "college station"], "Texas A&M University"),
    (["mit", "cambridge"], "Massachusetts Institute of Technology"),
    (["tsinghua university", "beijing"], "Tsinghua University"),
    (["max planck institute for informatics", "saarbrücken"], "Max Planck Institute for Informatics"),
    (["state university of new york", "stony brook"], "Stony Brook University"),
    (["university of oslo", "norway"], "University of Oslo"),
    (["univ. of oslo", "Norway"], "University of Oslo"),
    (["tsinghua university", "p.r. china"], "Tsinghua University"),
    (["eth zurich", "switzerland"], "ETH Zurich"),
    (["amazon.com", "inc."], "Amazon"),
    (["Apple", "Inc"], "Apple"),
    (["alibaba", "co.", "ltd."], "Alibaba Group"),
    (["deepl", "gmbh"], "DeepL"),
]

APART = [
    ["google", "deepmind"],
    ["mit", "cmu"],
    ["berkeley", "stanford"],
    ["microsoft", "eth zurich"],
    ["anthropic", "openai", "google deepmind"],
    ["acme widgets", "berkeley"],
    ["mit", "pittsburgh"],
    ["acme widgets", "cambridge"],
    ["university of oslo", "sweden"],
    ["norway", "sweden"],
    ["university of lilliput", "blefuscu"],
    ["mit"],
    [],
]


def joined(*lists: list[str]) -> list[list[str]]:
    return list(join_labels(pl.Series(list(lists), dtype=pl.List(pl.String))).to_list())


@pytest.mark.parametrize(("listed", "name"), TOGETHER)
def test_parts_of_one_label_become_one_organisation(listed, name):
    assert joined(listed) == [[", ".join(listed)]]
    assert resolve(pl.Series([", ".join(listed)]), CURATED)["name"][0] == name


@pytest.mark.parametrize("listed", APART)
def test_labels_of_their_own_stay_apart(listed):
    assert joined(listed) == [listed]


def test_a_list_keeps_the_labels_around_a_joined_one_and_null_stays_null():
    lists = [
        ["mit", "university of california", "davis", "university of california", "irvine"],
        None,
        ["mit"],
    ]
    found = join_labels(pl.Series("labels", lists, dtype=pl.List(pl.String)))
    assert found.name == "labels"
    assert found.to_list() == [
        ["mit", "university of california, davis", "university of california, irvine"], None, ["mit"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("università di bologna", "University of Bologna"),
        ("Universität Wien", "University of Vienna"),
        ("université de genève", "University of Geneva"),
        ("universidade do porto", "Universidade do Porto"),
        ("helsingin yliopisto", "University of Helsinki"),
        ("uniwersytet warszawski", "University of Warsaw"),
        ("清华大学", "Tsinghua University"),
        ("北京大学", "Peking University"),
        ("東京大学", "The University of Tokyo"),
        ("서울대학교", "Seoul National University"),
        ("мгу", "Lomonosov Moscow State University"),
        ("mpi for intelligent systems", "Max Planck Institute for Intelligent Systems"),
        ("MPI for Informatics", "Max Planck Institute for Informatics"),
        ("01.ai", "01.AI"),
        ("courant", "Courant Institute of Mathematical Sciences"),
        ("thu", "Tsinghua University"),
        ("wisc", "University of Wisconsin–Madison"),
        ("deepl", "DeepL"),
        ("Google LLC", "Google"),
    ],
)
def test_native_names_and_short_forms(label, name):
    assert resolve(pl.Series([label]), CURATED)["name"][0] == name


@pytest.mark.parametrize("label", ["mpi", "stanford inc", "columbia", "unige", "ntnu gmbh"])
def test_what_could_be_another_stays_unresolved(label):
    assert not resolve(pl.Series([label]), CURATED)["resolved"][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Đại học Đà Nẵng", "Dai hoc Da Nang"), ("Łódź", "Lodz"), ("Þingeyri", "Thingeyri"), ("Œuvre", "oeuvre"),
     ("Ħamrun", "Hamrun"), ("Sabancı", "Sabanci"), ("Ærø", "Aero"), ("Straße", "Strasse")],
)  # fmt: skip
def test_letters_that_do_not_decompose_fold_alike(one, other):
    assert exact_form(pl.Series([one]))[0] == exact_form(pl.Series([other]))[0]


def test_a_legal_form_goes_from_the_end_only():
    listed = pl.Series(["amazon com inc", "alibaba co ltd", "inc", "co op labs", "limited brands"])
    assert company_form(listed).to_list() == ["amazon com", "alibaba", "inc", "co op labs", "limited brands"]


PARTS = [
    "university of california",
    "The",
    "...",
    "berkeley",
    "CUHK",
    "Shenzhen",
    "amazon.com",
    "Inc.",
    "univ",
    "lab",
    "google",
]


@given(st.lists(st.lists(st.sampled_from(PARTS), min_size=2, max_size=5), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_list_in_which_no_pair_may_begin_an_organisation_stays(lists):
    may = joining._may_join(pl.Series(lists))
    assert may.to_list() == [joining._may_join(pl.Series([one])).item() for one in lists]
    others = [one for one, some in zip(lists, may, strict=True) if not some]
    assert joining._joined(others).to_list() == others
