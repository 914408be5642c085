"""Pages and entries of arXiv's metadata by kind: which are one paper, and which are not. Decided before they were run.

A case is what the page has and what the entry has. `{}` in a title stands for a subject of the case's own. What is not
said is the same on both: three of four authors and `et al.`, the day, the field. The abstract is on no page, unless
`abstract` says `same` (the entry's), or `other` (another text).
"""

from __future__ import annotations

from typing import Any

Case = tuple[dict[str, Any], dict[str, Any]]
SAME_TEXT, OTHER_TEXT = {"abstract": "same"}, {"abstract": "other"}


def titles(*pairs: tuple[str, str]) -> list[Case]:
    """Return cases that differ in their titles alone."""
    return [({"title": page}, {"title": entry}) for page, entry in pairs]


APART: dict[str, list[Case]] = {
    "replies": titles(
        ("{}", "Reply to: {}"),
        ('Reply to "{}"', "{}"),
        ("{}", "Reply to comment on '{}'"),
        ("Response to {}", "{}"),
        ("{}", "Authors' response to {}"),
        ("Rejoinder: {}", "{}"),
        ("{}", "Rejoinder of: {}"),
        ("Rebuttal of `{}'", "{}"),
        ("{}: a reply", "{}"),
        ("Comment on {}", "Reply to the comment on {}"),
    ),
    "parts": [
        *titles(
            ("{} I", "{} II"),
            ("{}. Part I", "{}. Part II"),
            ("{}, 1", "{}, 2"),
            ("{}: part one", "{}: part two"),
            ("{} II", "{}"),
            ("{}", "{} III. The general case"),
            ("First steps in {}", "Second steps in {}"),
            ("{} (part 1)", "{} (part 2)"),
            ("{}, Part B", "{}, Part C"),
        ),
        ({"title": "{} IV"} | SAME_TEXT, {"title": "{} V"}),
    ],
    "errata": [
        *titles(
            ("{}", "Erratum: {}"),
            ("Erratum to {}", "{}"),
            ("{}", "Corrigendum to `{}'"),
            ("{} (erratum)", "{}"),
            ("{}", "Errata for {}"),
            ("Addendum to: {}", "{}"),
            ("{}", "Correction to {}"),
            ("Retraction of {}", "{}"),
            ("{}", "Erratum and addendum: {}"),
        ),
        ({"title": "{}"} | OTHER_TEXT, {"title": "{}: erratum"}),
    ],
    "comments": [
        *titles(
            ("Comment on {}", "{}"),
            ("{}", 'Comment on "{}"'),
            ("Comments on {}", "{}"),
            ("{}", "{}: a comment"),
            ("Comment on the paper `{}'", "{}"),
            ("{}", "{} revisited"),
            ("{}", "{}, continued"),
            ("Supplement to {}", "{}"),
        ),
        ({"title": "Comment on {}"} | OTHER_TEXT, {"title": "{}"}),
        ({"title": "Comment on {}", "names": "Rei Nakahara"}, {"title": "{}"}),
    ],
    "one title by other people": [
        ({"names": "Rei Nakahara, Pavo Illic, Una Maro et al."}, {}),
        ({"names": "Rei Nakahara"}, {}),
        ({"names": "Rei Nakahara, Boris Ohm, Una Maro et al."}, {}),
        ({"names": "Ada Nakahara, Pavo Illic, Una Maro et al."}, {}),
        ({"names": "Nakahara R., Illic P."}, {}),
        ({"names": "Rei Nakahara, Pavo Illic et al."} | OTHER_TEXT, {}),
        ({"title": "On {}", "names": "Rei Nakahara, Pavo Illic"}, {"title": "On {}"}),
        ({"names": "Rei {family}"}, {}),
        ({"names": "Rei Nakahara, Pavo Illic, Una Maro et al.", "day": None}, {}),
        ({"title": "Preface", "names": "Rei Nakahara"}, {"title": "Preface"}),
    ],
    "the next paper of the same people": [
        *titles(
            ("{}: theory", "{}: experiment"),
            ("{} in SU(2)", "{} in SU(3)"),
            ("{} at 8 TeV", "{} at 13 TeV"),
            ("Finite {}", "Infinite {}"),
            ("{} on graphs without cycles", "Ferns that grow in harbours"),
        ),
        ({"title": "{}", "day": "2023-05-09"}, {"title": "{}: the finite case"}),
        ({"title": "{}: the finite case", "day": "2023-05-09"}, {"title": "{}"}),
        ({"title": "{}"} | OTHER_TEXT, {"title": "{} by other means"}),
        ({"title": "{}", "day": "2021-05-09"} | OTHER_TEXT, {"title": "Causal {}"}),
        ({"title": "Causal {}", "day": "2021-05-09"}, {"title": "Acausal {}"}),
    ],
}
"""The entry is another paper: nothing may be filled."""
ONE: dict[str, list[Case]] = {
    "another title of another version": [
        ({"title": "A careful study of {}"} | SAME_TEXT, {"title": "{}"}),
        ({"title": "{}: theory and practice"} | SAME_TEXT, {"title": "{}"}),
        ({"title": "Quick ways to {}"} | SAME_TEXT, {"title": "On {} and what it costs"}),
        ({"title": "{}"} | SAME_TEXT, {"title": "{} (extended version)"}),
        ({"title": "{}", "day": "2024-11-09"} | SAME_TEXT, {}),
        ({"title": "{}", "day": "2031-11-09"} | SAME_TEXT, {}),
        ({"title": "{}: a study"}, {"title": "{}"}),
        ({"title": "{}"}, {"title": "{}: a study of what it costs"}),
        ({"title": "Towards {}"}, {"title": "{}"}),
        ({"title": "{}", "day": "2029-11-09"}, {}),
    ],
    "a title typed otherwise": titles(
        ("[v2] {}", "{}"),
        ("{} (preprint)", "{}"),
        ("2-body {}", "Two-body {}"),
        ("{} in 2D", "{} in two dimensions"),
        ("{} of colours", "{} of color"),
        ("{} w/ rivers", "{} with rivers"),
        ("{} & rivers", "{} and rivers"),
        ("{} of alpha decay", "{} of $\\alpha$ decay"),
        ("The {}", "{}"),
        ("{} under Poincar\u00e9's rain", "{} under Poincar\\'e's rain"),
    ),
    "names listed otherwise": [
        ({"names": "A. {family}, B. Ohm, C. Varga et al."}, {}),
        ({"names": "{family}, A., Ohm, B."}, {"only": 2}),
        ({"names": "{family} A, Ohm B, Varga C et al."}, {}),
        ({"names": "Ada {family} et al."}, {}),
        ({"names": "ADA {FAMILY}, BORIS OHM, CLEO VARGA et al."}, {}),
        ({"names": "Ada {family}, PhD, Boris Ohm, MD, Cleo Varga et al."}, {}),
        ({"names": "Ada M. {family}, Boris Ohm, Cleo Varga et al."}, {}),
        ({"names": "Ada {family}, Boris Ohm, Cleo Vraga et al."}, {}),
        ({"names": "{family} Ada, Ohm Boris, Varga Cleo et al."}, {}),
        ({"names": "Ada {family}, Boris Ohm, Cleo V\u00c3\u00a1rga et al."}, {}),
    ],
    "TeX in the entry's names": [
        ({}, {"last": last})
        for last in (
            ["\\'Alvarez", "Jos\\'e", ""],
            ["{\\O}stby", "J\\'er\\^ome", ""],
            ['M{\\"u}ller', 'J{\\"o}rg', ""],
            ["Ko\\v{c}i", "Ji\\v{r}\\'{\\i}", ""],
            ["\\L{}ucki", "Pawe{\\l}", ""],
            ["{\\AA}kerlund", "{\\AE}sa", ""],
            ["Ni\\~no", "Bego\\~na", ""],
            ["Gon\\c{c}alves", "Jo\\~ao", ""],
            ["S\\u{a}lcianu", "Mih\\u{a}i", ""],
            ["Wei{\\ss}", "Ren\\'{e}e", ""],
        )
    ],
    "suffixes and odd entries": [
        ({}, {"last": ["Brandt", "Olaf", "Jr."]}),
        ({}, {"last": ["Brandt", "Olaf", "III"]}),
        ({}, {"last": ["Brandt", "Olaf", "Jr.", "Institute of Testing"]}),
        ({"names": "Ada {family} Jr., Boris Ohm, Cleo Varga et al."}, {}),
        ({"names": "Ada {family}, Boris Ohm, Cleo Varga et al."}, {"suffix": "Jr."}),
        ({}, {"last": ["Brandt", "", ""]}),
        ({}, {"last": ["", "Olaf", ""]}),
        ({}, {"last": ["van der Brandt", "Olaf", ""]}),
        ({}, {"last": ["Brandt", "and Olaf", ""]}),
        ({}, {"last": [" Brandt ", "Olaf\n  Karl", ""]}),
    ],
    "collaborations": [
        ({"names": "Heron Collaboration, Ada {family} et al."}, {"team": "Heron Collaboration"}),
        ({"names": "Heron Collaboration, :, Ada {family} et al."}, {"team": "Heron Collaboration"}),
        ({"names": "The Heron Collaboration, Ada {family} et al."}, {"team": "The Heron Collaboration"}),
        ({"names": "HERON Collaboration, A. {family} et al."}, {"team": "Heron Collaboration"}),
        ({"names": "Heron Team, Ada {family}, Boris Ohm et al."}, {"team": "Heron Team"}),
        ({"names": "Heron Consortium et al."}, {"team": "Heron Consortium"}),
        ({"names": "Heron Group, Ada {family} et al."}, {"team": "Heron Group"}),
        ({"names": "LAKE-2 Collaboration, Ada {family} et al."}, {"team": "LAKE-2 Collaboration"}),
        ({"names": "Heron Collaboration et al."} | SAME_TEXT, {"team": "Heron Collaboration"}),
        (
            {"names": "Ada {family}, Boris Ohm, Cleo Varga et al."},
            {"last": ["Collaboration", "for the Heron", ""]},
        ),
    ],
}
"""The entry is the paper, and its list completes what the page cut."""
LISTS_THAT_STAY: list[Case] = [
    ({"names": "Boris Ohm, Ada {family}, Cleo Varga et al."}, {}),
    ({"names": "Ada {family}, Cleo Varga et al."}, {}),
    ({"names": "Ada {family}, Pavo Illic, Una Maro et al."} | SAME_TEXT, {}),
    ({"names": "Cleo Varga, Boris Ohm, Ada {family} et al."}, {}),
    ({"names": "Ada {family}, Boris Ohm, Cleo Varga"}, {}),
    ({"names": "Ada {family}, Boris Ohm"} | SAME_TEXT, {}),
    ({"names": "Ada {family}, Rei Nakahara, Cleo Varga et al."} | SAME_TEXT, {}),
    ({"names": "Heron Collaboration et al."} | SAME_TEXT, {}),
    ({"names": "Olaf Brandt, Ada {family}, Boris Ohm et al."}, {}),
    ({"names": "Ada {family}, Olaf Brandt et al."} | SAME_TEXT, {}),
]
"""The entry is the paper, but the names are not the beginning of its list, or the page does not say that it cut it."""
