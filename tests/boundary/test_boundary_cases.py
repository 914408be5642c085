"""The kinds of bylines that must be read right. All people and titles are made up."""

import polars as pl
import pytest

from byline.boundary import segment

CASES = {
    "acronym": ("Parsing clinical notes with BERT", ["Jorun Halvorsen", "Tamsin Okoye"]),
    "plural acronym": ("A survey of training tricks for GANs", ["Edgar Vollmer", "Priya Natarajan"]),
    "digit and acronym": ("Fast rendering of city scenes with 3DGS", ["Haolin Qi", "Marta Ferrero"]),
    "digit": ("Searching for the remnant of supernova 1987", ["Wendel Kapoor", "Inge Brandt"]),
    "camel case": ("Building a treebank of dialects with OpenCorpus", ["Leif Aarnes", "Mina Sato"]),
    "mathematics": (r"Sparse recovery under noise in $\ell_1$", ["Ana María Robledo", "Piet Verbeek"]),
    "closing quote": ("On what machines mean by “understanding”", ["Oda Lindqvist", "Rafael Pinto"]),
    "bracket": ("Estimating daily rainfall from radar (second part)", ["Karel Novotny", "Greta Weiss"]),
    "question mark": ("Do larger models forget more slowly?", ["C. Elwood Harris", "Ines Moreau"]),
    "full stop": ("Automatic transcription of folk fiddle tunes.", ["Siobhan Kerr", "Tom Ashdown"]),
    "full stop after capitals": (
        "Retrieving melodies by humming at NTHU.",
        ["Arlo B. P. Chen", "Mei Tanaka"],
    ),
    "comma at the end": ("Volume Products and Ramifications in lp,", ["D. Karay", "Nadia Petrova"]),
    "commas": ("Birds, Bees, and a Theory of Shared Nectar", ["Nadia Petrova", "Louis Garnier"]),
    "names in the title": ("Reply to the comment of Otto Hahnemann and Rosa Keller", ["Viktor Lindgren"]),
    "particle": (
        "A large study of river ecosystems and their networks",
        ["Pieter van der Velde", "Ines de la Cruz"],
    ),
    "particle first": ("A large study of river networks", ["van der Velde", "Joost de Groot"]),
    "arabic article": ("A large study of river networks", ["Karim al-Hashimi", "Layla el-Amin"]),
    "initials with spaces": ("Diffusion of heat in porous ceramics", ["M. E. Ateba", "J. T. Dufour"]),
    "initials without spaces": ("Diffusion of heat in porous ceramics", ["M.E. Ateba", "H.-C. Vogel"]),
    "bare initials": ("Diffusion of heat in porous ceramics.", ["J T Dufour", "RJ Covens", "K Tamura"]),
    "camel-case given name": ("Teaching robots to fold laundry", ["AriaRay Brown", "LouAnne Peters"]),
    "Mc": ("Teaching robots to fold laundry", ["Fiona McKellar", "Angus MacRory"]),
    "all capitals": ("MAGNETISM IN LAYERED MATERIALS", ["ERIKA LANG", "JINGYI ZHOU"]),
    "names in capitals": ("Magnetism in layered materials", ["ERIKA LANG", "JINGYI ZHOU"]),
    "all lower case": ("charge transport in polymer membranes", ["xiaoming yang", "li wei"]),
    "names in lower case": ("Charge transport in polymer membranes", ["xiaoming yang", "kenji morita"]),
    "family name first": ("Application of remote sensing in forestry", ["WANG Feng-ming", "LIU Zhi-hong"]),
    "hyphens": ("Counting lattice points in large polytopes", ["Jean-Luc Martin-Dubois", "Ana-Maria Pop"]),
    "apostrophes": ("Counting lattice points in large polytopes", ["Niamh O'Donnell", "Luca D'Amico"]),
    "diacritics": ("Counting lattice points in large polytopes", ["Øyvind Ås", "Žofia Kováčová"]),
    "nickname": ("Counting lattice points in large polytopes", ["Robert (Bob) Fielding", "Ines Moreau"]),
    "suffix": ("Counting lattice points in large polytopes", ["Harold Bell III", "Ines Moreau"]),
    "single name": ("Counting lattice points in large polytopes", ["Suharto", "Ines Moreau"]),
    "collaboration": (
        "Precise measurement of the solar neutrino flux",
        ["Borealis Collaboration", "A. Marino"],
    ),
    "collaboration alone": ("Precise measurement of the solar neutrino flux", ["The Borealis Collaboration"]),
    "han": ("基于深度学习的图像识别研究", ["王小明", "李晓红"]),
    "han names": ("Image recognition with shallow networks", ["王小明", "李晓红"]),
    "cyrillic": ("Теория чисел и её приложения", ["Иван Петренко", "Анна Соколова"]),
    "one author": ("Growth of crystals under shear", ["Tamsin Okoye"]),
    "a hundred authors": (
        "Growth of crystals under shear",
        [f"{a}. {b}osk{c}" for a in "ABCDE" for b in "KLMN" for c in "aeiou"],
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("tail", ["", " et al.", " · openai, mit", " et al. · DeepMind"])
def test_title_and_names_are_told_apart(name, tail):
    title, authors = CASES[name]
    row = segment(pl.Series([title + ", ".join(authors) + tail])).row(0, named=True)
    assert (row["title"], row["authors"]) == (title, authors)
    assert row["authors_truncated"] == ("et al." in tail)
    assert row["labels"] == {"": [], " et al.": []}.get(
        tail, ["openai", "mit"] if "openai" in tail else ["DeepMind"]
    )
    assert row["reason"] is None


@pytest.mark.parametrize("suffix", [", Jr.", ", III", ", Ph.D.", " Jr."])
def test_a_suffix_stays_with_its_name_though_a_comma_comes_with_it(suffix):
    authors = ["Harold Bell" + suffix, "Ines Moreau" + suffix]
    row = segment(pl.Series(["Counting lattice points" + ", ".join(authors)])).row(0, named=True)
    assert row["authors"] == authors


@pytest.mark.parametrize(
    "degree",
    [
        "MSc",
        "M.Sc.",
        "DPhil",
        "FRCP",
        "FRS",
        "Junior",
        "Jr.",
        "III",
        "Ph. D.",
        "PhD",
        "MPH",
        "MBBS",
        "MA",
        "Filho",
        "Esq.",
    ],
)
def test_a_degree_between_commas_is_nobody(degree):
    frame = segment(pl.Series([f"Counting lattice pointsHarold Bell, {degree}, Ines Moreau"]))
    assert frame["authors"][0].to_list() == [f"Harold Bell, {degree}", "Ines Moreau"]


@pytest.mark.parametrize("name", ["Ma", "Do", "Meng", "Ines"])
def test_a_name_that_is_written_like_a_degree_stays_a_name(name):
    frame = segment(pl.Series([f"Counting lattice pointsHarold Bell, {name}, Ines Moreau"]))
    assert frame["authors"][0].to_list() == ["Harold Bell", name, "Ines Moreau"]


@pytest.mark.parametrize("tail", [" et al.", ", et al.", " et al", " Et al.", " and others"])
def test_et_al_is_never_a_person(tail):
    row = segment(pl.Series(["Counting lattice pointsHarold Bell, Ines Moreau" + tail])).row(0, named=True)
    assert row["authors"] == ["Harold Bell", "Ines Moreau"]
    assert row["authors_truncated"]


def test_a_middle_dot_in_the_title_starts_no_labels():
    title, names = "The A · B decomposition of tensor spaces", ["Harold Bell", "Ines Moreau"]
    for tail, labels in (("", []), (" · openai", ["openai"])):
        row = segment(pl.Series([title + ", ".join(names) + tail])).row(0, named=True)
        assert (row["title"], row["authors"], row["labels"]) == (title, names, labels)


def test_labels_with_commas_leave_the_names_alone():
    byline = "Counting lattice pointsHarold Bell, Ines Moreau · University of Arcadia, Northport, DeepField"
    row = segment(pl.Series([byline])).row(0, named=True)
    assert row["authors"] == ["Harold Bell", "Ines Moreau"]
    assert row["labels"] == ["University of Arcadia", "Northport", "DeepField"]


def test_an_and_before_the_last_name_is_no_part_of_it_and_never_quite_sure():
    row = segment(pl.Series(["Counting lattice pointsHarold Bell, and Ines Moreau"])).row(0, named=True)
    assert row["authors"] == ["Harold Bell", "Ines Moreau"]
    assert row["boundary_confidence"] < 0.99


@pytest.mark.parametrize(
    ("names", "cut"),
    [
        ("Elena Vostrikova and Pavel Hruška", False),
        ("Elena Vostrikova & Pavel Hruška", False),
        ("Elena Vostrikova; Pavel Hruška", False),
        ("Elena Vostrikova,Pavel Hruška", False),
        ("Elena Vostrikova | Pavel Hruška", False),
        ("Elena Vostrikova, Pavel Hruška, and 12 others", True),
        ("Elena Vostrikova, Pavel Hruška, 3 more authors", True),
        ("Elena Vostrikova, Pavel Hruškaet al.", True),
        ("Elena Vostrikova, Pavel Hruška,", False),
        ("Elena Vostrikova / Pavel Hruška", False),
        ("Written by Elena Vostrikova and Pavel Hruška", False),
        ("Elena Vostrikova, …, Pavel Hruška", True),
    ],
)
def test_a_list_of_another_form_is_read(names, cut):
    row = segment(pl.Series(["Robust Estimation under Heavy Noise of Bounds" + names])).row(0, named=True)
    assert row["title"] == "Robust Estimation under Heavy Noise of Bounds"
    assert row["authors"] == ["Elena Vostrikova", "Pavel Hruška"]
    assert row["authors_truncated"] == cut


@pytest.mark.parametrize(
    "names",
    [
        "Vostrikova, Elena, Hruška, Pavel",
        "Vostrikova, E., Hruška, P.",
        "Elena Vostrikova, University of Arcadia",
        "Elena Vostrikova, Institute of Arts and Crafts",
        "Elena Vostrikova, Pavel Hruška https://example.org/a",
        "Vostrikova, Elena Maria, Hruška, Pavel K.",
        "Elena Vostrikova, Prague, Czech Republic",
        "Elena Vostrikova with Pavel Hruška",
    ],
)
def test_a_list_that_may_be_another_is_never_sure(names):
    row = segment(pl.Series(["Robust Estimation under Heavy Noise of Bounds" + names])).row(0, named=True)
    assert row["reason"] is not None or row["boundary_confidence"] <= 0.5


@pytest.mark.parametrize("last", ["the ATLAS and CMS Collaborations", "Pavel Hruška", "Suharto"])
def test_a_list_of_our_form_loses_nothing_by_it(last):
    row = segment(pl.Series([f"Robust Estimation under Heavy Noise of BoundsElena Vostrikova, {last}"])).row(
        0, named=True
    )
    assert row["authors"] == ["Elena Vostrikova", last]
    assert row["boundary_confidence"] > 0.9


@pytest.mark.parametrize(
    "byline",
    ["מחקר בתורת המספריםדוד כהן, שרה לוי", "دراسة في نظرية الأعدادأحمد علي", "การศึกษาป่าชายเลนสมชาย ใจดี"],
)
def test_a_script_that_the_model_never_saw_is_never_sure(byline):
    row = segment(pl.Series([byline])).row(0, named=True)
    assert row["reason"] is not None or row["boundary_confidence"] <= 0.5
