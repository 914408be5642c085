"""Damage to texts, organisations and records that leaves every table consistent and every digest right."""

from __future__ import annotations

import polars as pl

from tests.validation.damage import Damage
from tests.validation.damage_edits import everywhere, of_list, row, text

col = pl.col
PLAIN = (col("aliases").list.len() == 1) & (col("kind") == "person") & col("particle").is_null()
TEXTS = [
    Damage(f"{what} in {table}.{column}", text(table, column, bad), "text_holds_what_a_text_may")
    for table, column in (
        ("papers", "title"),
        ("papers", "title_tex"),
        ("papers", "abstract"),
        ("papers", "abstract_tex"),
        ("papers", "venue"),
        ("papers", "comments"),
        ("papers", "category_code"),
        ("papers", "category_name"),
        ("authors", "name"),
        ("authors", "family"),
        ("authorships", "name_as_listed"),
        ("affiliations", "name"),
        ("paper_affiliations", "label_as_listed"),
        ("quarantine", "detail"),
        ("quarantine", "raw_text"),
    )
    for what, bad in (("an escape", "\x1b[31m"), ("a C1 code", "\x9b1m"))
] + [
    Damage("two spaces in a title", text("papers", "title", "  x"), "text_holds_what_a_text_may"),
    Damage("a space behind a title", text("papers", "title", " "), "text_holds_what_a_text_may"),
    Damage("a line's end in an abstract", text("papers", "abstract", "\nx"), "text_holds_what_a_text_may"),
    Damage("another kind of space", text("papers", "title", "\u2003x"), "text_holds_what_a_text_may"),
    Damage("a space of no width", text("authors", "name", "\u200bx"), "text_holds_what_a_text_may"),
    Damage("a control code in a badge", of_list("badges", ["Code\x07"]), "text_holds_what_a_text_may"),
    Damage(
        "a control code in a file's name",
        text("records", "source_file", "\x07"),
        "text_holds_what_a_text_may",
    ),
    Damage(
        "a control code in an alias",
        row("authors", PLAIN, aliases=col("aliases").list.eval(pl.element() + "\x07")),
        "text_holds_what_a_text_may",
    ),
]
ORGANISATIONS = [
    Damage(
        "a country that is none", row("affiliations", col("resolved"), country="ZZ"), "country_is_of_iso_3166"
    ),
    Damage(
        "another country",
        row("affiliations", col("resolved"), country="PE"),
        "organisation_follows_from_label",
    ),
    Damage(
        "another organisation",
        row("affiliations", col("resolved"), name="Example Institute"),
        "organisation_follows_from_label",
    ),
    Damage(
        "another ROR id",
        row("affiliations", col("resolved"), ror_id="012abcd34"),
        "organisation_follows_from_label",
    ),
    Damage(
        "another kind of organisation",
        row("affiliations", col("resolved"), kind="other"),
        "organisation_follows_from_label",
    ),
    Damage(
        "a label resolved by nobody",
        row("affiliations", ~col("resolved"), resolved=True, note=None),
        "organisation_follows_from_label",
    ),
    Damage(
        "a resolved label said to be open",
        row("affiliations", col("resolved"), resolved=False, ror_id=None, country=None, kind=None),
        "unresolved_labels_say_why",
    ),
    Damage(
        "a name of an unresolved label",
        row("affiliations", ~col("resolved"), name="Example Labs"),
        "unresolved_labels_say_why",
    ),
    Damage(
        "no word why a label is open",
        row("affiliations", ~col("resolved"), note=None),
        "unresolved_labels_say_why",
    ),
    Damage(
        "a note on a resolved label",
        row("affiliations", col("resolved"), note="unsure"),
        "resolved_labels_have_no_note",
    ),
    Damage(
        "facts about an unresolved label",
        row("affiliations", ~col("resolved"), country="CH"),
        "model:unresolved_labels_carry_no_facts",
    ),
    Damage(
        "another label",
        row("affiliations", ~col("resolved"), label="other labs"),
        "affiliation_id_follows_from_label",
    ),
    Damage(
        "a label in capitals",
        row("affiliations", ~col("resolved"), label=col("label").str.to_uppercase()),
        "affiliation_id_follows_from_label",
    ),
    Damage(
        "a label of another affiliation",
        row("paper_affiliations", True, label_as_listed="other labs"),
        "label_is_its_affiliations",
    ),
    Damage(
        "another affiliation's id",
        everywhere("affiliation_id", "affiliations", col("resolved"), "f" * 20),
        "affiliation_id_follows_from_label",
    ),
]
RECORDS = [
    Damage("a form that is none", row("records", col("form") == "card", form="postcard"), "form_is_known"),
    Damage("a reason that is none", row("quarantine", True, reason="bad_mood"), "reason_is_known"),
    Damage(
        "another file's digest", row("records", True, source_sha256="c" * 64), "source_sha256_is_the_inputs"
    ),
    Damage(
        "a record of a file that is no input",
        row("records", True, source_file="nowhere.txt"),
        "source_is_an_input",
    ),
    Damage("a blank reason", row("quarantine", True, detail=" "), "model:text_is_nfc_and_not_blank"),
    Damage(
        "a quarantined record that is published",
        row("records", col("status") == "quarantined", status="published"),
        "model:paper_is_null_when_quarantined",
    ),
]
KINDS = [*TEXTS, *ORGANISATIONS, *RECORDS]
