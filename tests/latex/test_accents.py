"""Accents are read by LaTeX's own rules; what only looks like one is an apostrophe or a quote."""

import polars as pl
import pytest

from byline.latex import decode

BOTH = {
    "the accent leaves the space behind its letter": [
        (r"Andr\'e Kowalczyk", "André Kowalczyk"),
        (r"Jos\'e M. Solano", "José M. Solano"),
        (r"Ng\^o Anh Kiet", "Ngô Anh Kiet"),
        (r"Ren\'{e} Oudin", "René Oudin"),
        (r"Ren{\'e} Oudin", "René Oudin"),
        (r"Tom\`a Verdin", "Tomà Verdin"),
    ],
    "a space before the letter is the accent's own": [
        (r"Petr\' ik", "Petrík"),
        (r"Erd\H os", "Erdős"),
        (r"Fran\c cois", "François"),
        (r"Ha\v sek", "Hašek"),
        (r"\v Simek", "Šimek"),
        (r"Do\u gan", "Doğan"),
        (r"Gr\k ecka", "Gręcka"),
        (r"{\v s}", "š"),
        (r"{\c C}elem", "Çelem"),
    ],
    "a letter without its dot": [
        (r"Mart\'\i nez", "Martínez"),
        (r"Mart\'{\i}nez", "Martínez"),
        (r"Mart{\'\i}nez", "Martínez"),
        (r"Garc\'\i a Solano", "García Solano"),
        (r"na\"\i ve", "naïve"),
        (r"Man\v\j", "Manǰ"),
    ],
    "braces round several letters: the first bears it": [
        (r"\'{Ecole}", "École"),
        (r"\v{Zitek}", "Žitek"),
        (r"\"{Ozlem}", "Özlem"),
        (r"{\'E}cole", "École"),
        (r"\t{oo}", "o\u0361o"),
    ],
    "two accents": [
        (r"\'{\^e}", "ế"),
        (r"Nguy\~{\^e}n", "Nguyễn"),
        (r"Nguy\~\^en", "Nguyễn"),
        (r"\d{\^o}", "ộ"),
        (r"\^{\d{o}}", "ộ"),
    ],
    "letters of their own": [
        (r"S\o rensen", "Sørensen"),
        (r"\L ukasz", "Łukasz"),
        (r"\o re", "øre"),
        (r"\l odz", "łodz"),
        (r"10 \AA resolution", "10 Å resolution"),
        (r"\AA ngstr\"om", "Ångström"),
        (r"in \AA rhus and \AA lborg", "in Århus and Ålborg"),
        (r"an \AA scale of 3 \AA length", "an Å scale of 3 Å length"),
        (r"Stra{\ss}e", "Straße"),
        (r"\'{\o}", "ǿ"),
        (r"{\AA}ngstr\"om", "Ångström"),
    ],
    "an apostrophe within a name": [
        (r"O\'Brin", "O'Brin"),
        (r"D\'Angelin", "D'Angelin"),
        (r"P\'EREZA", "PÉREZA"),
    ],
}


def plain(text: str, **options: bool) -> str:
    return str(decode(pl.Series([text]), **options)[0])


@pytest.mark.parametrize(("listed", "expected"), [case for cases in BOTH.values() for case in cases])
def test_accents_read_alike_in_texts_and_in_names(listed, expected):
    assert plain(listed) == expected
    assert plain(listed, names=True) == expected


@pytest.mark.parametrize(
    ("listed", "text", "name"),
    [
        (r"Earth\'s", "Earth's", "Earthś"),
        (r"Jan Mi\'s", "Jan Mi's", "Jan Miś"),
        (r"EARTH\'S", "EARTH'S", "EARTHŚ"),
        (r"the students\' work", "the students' work", None),
        (r"we\'re", "we're", None),
        (r"we\'ll", "we'll", None),
        (r"I\'m", "I'm", None),
        (r"don\'t", "don't", "don't"),
        (r"Kowa\'slin", "Kowaślin", "Kowaślin"),
        (r"\'Sliwin", "Śliwin", "Śliwin"),
        (r"Pozna\'n", "Poznań", "Poznań"),
        (r"said \"hello\" to", 'said "hello" to', None),
        (r"\"Uber", "Über", "Über"),
        ("Ada~Pym", "Ada Pym", "Ada Pym"),
    ],
)
def test_what_follows_decides_between_accent_and_apostrophe(listed, text, name):
    assert plain(listed) == text
    assert name is None or plain(listed, names=True) == name


@pytest.mark.parametrize("listed", [r"\b{etas}-gallium", r"\c in", r"\d x", r"\H_2", r"the map \d in"])
def test_a_macro_that_is_no_accent_stays_as_typed(listed):
    assert plain(listed) == listed
