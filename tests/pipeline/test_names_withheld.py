"""A former name that a person withholds stands nowhere in a snapshot, and still says who is who."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import byline
from byline.cli import run
from byline.core.errors import DataError, UsageError
from tests.conftest import for_comparison, table
from tests.pipeline.fabricated import listing

FORMER = "Adam Byronne"
RAW = {
    "a.txt": listing(1, 4),
    "b.txt": (
        f"LGMay 2, 2019\nSparse Gates for Robust Parsing{FORMER}, Grace Hoppers · adam byronne foundation\n"
        f"We follow {FORMER}. Code: https://example.org/adambyronne/code and https://example.org/other.\n"
        "LGMay 2, 2020\nRobust Trees for Sparse ParsingAdam G. Byronne, Grace Hoppers\nWe count leaves.\n"
        "LGMay 2, 2022\nCausal Kernels for Certified RoutingAda Lovelane, Grace Hoppers\nWe route.\n"
        "LGMay 2, 2023\nLatent Codes for Neural AlignmentA. Byronne, Niklaus Wirther\nWe align.\n"
    ),
    "c.txt": f"LGMay 42, 2023\nNo such dayBYRONNE, Adam\nNothing of {FORMER} can be read here.\n",
}
"""One record of the quarantine beside papers under the former and the present name."""


@pytest.fixture
def decide(built, build, tmp_path):
    """Return a function that builds with a line of names.jsonl about the mentions of titles, and gives the result."""

    def decided(*titles: str, **line: object):
        path = built(RAW).path
        ids = dict(table(path, "papers").select("title", "paper_id").iter_rows())
        mentions = [[next(i for title, i in ids.items() if title.startswith(one)), 1] for one in titles]
        (tmp_path / "curated").mkdir(exist_ok=True)
        said = {"mentions": mentions, "name": "Ada Lovelane", **line}
        (tmp_path / "curated" / "names.jsonl").write_text(json.dumps(said) + "\n")
        with for_comparison():  # the first test validates what comes of it
            return build(RAW)

    return decided


def everything(snapshot: Path) -> str:
    """Return all that a snapshot says, unpacked, with the names of its files and what their footers hold."""
    parts = []
    for path in sorted(snapshot.rglob("*")):
        parts.append(path.name)
        if path.is_file():
            parts.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path, hive_partitioning=False)
            parts += [frame.select(pl.col(name).cast(pl.String)).write_csv() for name in frame.columns
                      if not isinstance(frame.schema[name], pl.List)]  # fmt: skip
            parts += [json.dumps(frame[name].to_list(), ensure_ascii=False) for name in frame.columns
                      if isinstance(frame.schema[name], pl.List)]  # fmt: skip
    return "\n".join(parts)


def test_a_withheld_name_stands_nowhere_in_the_snapshot(decide):
    result = decide("Sparse Gates", "Causal Kernels", withheld=[FORMER])
    said = everything(result.path).casefold()
    for spelled in ("byronne", "adam ", " adam", "adam,"):
        assert spelled not in said
    assert "ada lovelane" in said
    assert "https://example.org/other" in said
    assert byline.validate(result.path).ok


def test_a_withheld_name_still_tells_who_is_who(decide):
    result = decide("Sparse Gates", "Causal Kernels", withheld=[FORMER])
    authors = table(result.path, "authors").filter(pl.col("name") == "Ada Lovelane")
    assert authors.height == 1
    assert authors["paper_count"].item() >= 3, "the form with a middle initial is told by the former name"
    assert authors["family"].item() == "Lovelane"
    assert authors["initial"].item() == "L"
    listed = table(result.path, "authorships").filter(pl.col("author_id") == authors["author_id"].item())
    assert set(listed["name_as_listed"]) == {"Ada Lovelane"}


def test_without_the_former_name_withheld_only_the_display_changes(decide):
    result = decide("Sparse Gates", name="Ada Byronne")
    authors = table(result.path, "authors").filter(pl.col("name") == "Ada Byronne")
    assert "Adam Byronne" in authors["aliases"].item().to_list()
    assert FORMER in "".join(table(result.path, "quarantine")["raw_text"].to_list())


def test_a_form_that_tells_nothing_of_the_former_name_stays(decide):
    result = decide("Sparse Gates", "Latent Codes", withheld=[FORMER], name="Ada Byronne")
    aliases = (
        table(result.path, "authors").filter(pl.col("name") == "Ada Byronne")["aliases"].item().to_list()
    )
    assert aliases == ["A. Byronne", "Ada Byronne"]


def test_the_parts_of_a_name_are_those_that_the_person_gives(decide):
    result = decide("Sparse Gates", name="Ada Maria Lovelane", given="Ada", family="Maria Lovelane")
    authors = table(result.path, "authors").filter(pl.col("family") == "Maria Lovelane")
    assert authors["given"].to_list() == ["Ada"]
    assert authors["name"].to_list() == ["Ada Maria Lovelane"]


def test_a_name_is_shown_as_the_person_writes_it(decide):
    result = decide("Sparse Gates", name="ada lovelane", withheld=[FORMER])
    assert "ada lovelane" in table(result.path, "authors")["name"].to_list()


def test_other_persons_of_the_name_keep_it_and_are_told_without_it(decide):
    result = decide("Causal Kernels", withheld=[FORMER])
    assert FORMER in table(result.path, "authorships")["name_as_listed"].to_list()
    (said,) = [one for one in result.warnings if "listed under a withheld name" in one]
    assert "Byronne" not in said


def test_explain_does_not_say_a_withheld_name(decide, tmp_path, capsys):
    decide("Sparse Gates", withheld=[FORMER])
    for place in ("b.txt:2", "c.txt:1"):
        capsys.readouterr()
        assert run(["explain", place, "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]) == 0
        said = capsys.readouterr().out
        assert "lines " in said
        assert "adam" not in said.casefold()


def test_what_compares_lists_and_exports_does_not_say_it(decide, tmp_path, capsys):
    decide("Sparse Gates", "Causal Kernels", withheld=[FORMER])
    old = min((tmp_path / "out" / "snapshots").iterdir(), key=lambda path: path.stat().st_mtime_ns).name
    commands = (
        ["diff", old, "--rows", "500"],
        ["diff", old, "--format", "json"],
        ["report", "--to", "-"],
        ["export", "bibtex", "--to", "-"],
        ["export", "jsonl", "--table", "quarantine", "--to", "-"],
        ["log"],
        ["review", "--authors", "--list", "--raw", str(tmp_path / "raw")],
    )
    for words in commands:
        capsys.readouterr()
        assert run([*words, "--out", str(tmp_path / "out")]) == 0
        said = capsys.readouterr().out
        assert said.strip()
        assert "byronne" not in said.casefold(), words


def test_a_decision_about_what_is_not_there_is_said_with_its_line(built, build, tmp_path):
    path = built(RAW).path
    paper = table(path, "papers")["paper_id"][0]
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "authors.csv").write_text(
        "verdict,paper_id_a,position_a,paper_id_b,position_b,note\n"
        f"same,{paper},1,00000000000000000000,1,\nsame,{paper},1,{paper},60000,\n"
    )
    (tmp_path / "curated" / "matches.jsonl").write_text(
        '{"paper_id": "11111111111111111111", "arxiv_id": null}\n'
    )
    gone, beyond = build(RAW).warnings[-2:]
    assert "authors.csv:2: 00000000000000000000" in gone
    assert "matches.jsonl:1: 11111111111111111111" in gone
    assert "byline resolve" in gone
    assert f"authors.csv:3: {paper} has no author 60000" in beyond


def test_identifiers_are_a_table_and_tie_their_mentions(built, build, tmp_path):
    path = built(RAW).path
    assert table(path, "author_identifiers").height == 0
    ids = dict(table(path, "papers").select("title", "paper_id").iter_rows())
    one, other = (next(i for t, i in ids.items() if t.startswith(s)) for s in ("Sparse Gates", "Causal"))
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "identifiers.csv").write_text(
        "scheme,value,paper_id,position,evidence\n"
        f"orcid,0000-0002-1825-0097,{one},1,her page\norcid,0000-0002-1825-0097,{other},1,an e-mail\n"
    )
    path = build(RAW).path
    (row,) = table(path, "author_identifiers").rows(named=True)
    assert row["evidence"] == "an e-mail; her page"
    listed = table(path, "authorships").filter(pl.col("author_id") == row["author_id"])
    assert {one, other} <= set(listed["paper_id"])
    assert run(["validate", str(tmp_path / "out")]) == 0


def test_an_identifier_of_two_persons_who_are_different_stops_the_build(built, build, tmp_path):
    path = built(RAW).path
    one, other = table(path, "papers")["paper_id"].head(2)
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "identifiers.csv").write_text(
        f"scheme,value,paper_id,position,evidence\ndblp,1/2,{one},1,x\ndblp,1/2,{other},1,x\n"
    )
    (tmp_path / "curated" / "authors.csv").write_text(
        f"verdict,paper_id_a,position_a,paper_id_b,position_b\ndifferent,{one},1,{other},1\n"
    )
    with pytest.raises(DataError, match="contradict"):
        build(RAW)


def test_labels_mean_what_a_person_says(build, tmp_path):
    raw = {"a.txt": "LGMay 2, 2019\nSparse GatesAda Lovelane · deepmind, example labs, Odd Place\nWe do.\n"}
    before = {row["label"]: row for row in table(build(raw).path, "affiliations").rows(named=True)}
    assert before["deepmind"]["resolved"]
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "affiliations.csv").write_text(
        "label,verdict,name,ror_id,country,kind\n"
        f"deepmind,not,{before['deepmind']['name']},,,\n"
        f"example labs,is,,{before['deepmind']['ror_id']},,\n"
        "odd place,is,Institute of Odd Places,,CH,facility\n"
    )
    after = {row["label"]: row for row in table(build(raw).path, "affiliations").rows(named=True)}
    assert not after["deepmind"]["resolved"]
    assert "reviewed" in after["deepmind"]["note"]
    facts = ("name", "ror_id", "country", "kind")
    assert [after["example labs"][name] for name in facts] == [before["deepmind"][name] for name in facts]
    assert after["odd place"]["name"] == "Institute of Odd Places"
    assert after["odd place"]["resolved"]
    assert after["deepmind"]["affiliation_id"] == before["deepmind"]["affiliation_id"]


def test_a_malformed_line_ends_with_two_and_its_place(built, build, tmp_path, capsys):
    built(RAW)
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "names.jsonl").write_text("{}\n")
    with pytest.raises(UsageError):
        build(RAW)
    assert run(["build", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]) == 2
    assert "names.jsonl:1" in capsys.readouterr().err
