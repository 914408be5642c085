"""The mutation run itself: which faults it plants, where, and that it finds and leaves functions as they were."""

from __future__ import annotations

import ast
from types import FunctionType

import pytest

from benchmarks.mutation import inside, known
from benchmarks.mutation.anew import Faulty, module_name, nothing
from benchmarks.mutation.faults import Fault, Place, faults
from benchmarks.mutation.inside import Planted
from byline.core import display
from byline.papers import dates

SOURCE = '''
LIMIT = 10


def many(rows: int, seen: list[int]) -> bool:
    """Tell."""
    if rows > LIMIT and seen:
        seen.clear()
        raise ValueError(f"{rows + 1} rows")
    return rows + rows > 1
'''


def changes(source: str = SOURCE) -> dict[str, Fault]:
    return {fault.place.change: fault for fault in faults(source)}


def test_comparisons_calls_errors_and_numbers_are_changed_and_messages_are_not():
    assert changes().keys() == {
        "10 -> 11",
        "rows > LIMIT -> rows >= LIMIT",
        "rows > LIMIT -> rows <= LIMIT",
        "rows > LIMIT and seen -> rows > LIMIT or seen",
        "left out: seen.clear()",
        "left out: raise ValueError(f'{rows + 1} rows')",
        "rows + rows -> rows - rows",
        "rows + rows > 1 -> rows + rows >= 1",
        "rows + rows > 1 -> rows + rows <= 1",
        "1 -> 2",
    }


def test_what_is_imported_for_types_alone_is_no_code():
    assert changes("if TYPE_CHECKING:\n    limit = 1\n") == {}


def test_what_a_function_keeps_has_to_do_with_all_who_ask_for_it():
    """Its own lines run once, for the first of them."""
    source = "@cache\ndef limit():\n    return 3\n\n\ndef many(rows):\n    return rows > limit()\n"
    found = changes(source)["3 -> 4"]
    assert not found.at_import
    assert (found.names, found.related) == (frozenset({"limit"}), frozenset({2, 3, 7}))
    plain = changes(source.replace("@cache\n", ""))["3 -> 4"]
    assert plain.names == frozenset()


def test_a_fault_is_known_by_function_line_and_change_wherever_it_moves():
    fault = changes()["left out: seen.clear()"]
    assert fault.place == Place("many", "seen.clear()", "left out: seen.clear()")
    moved = changes("\n\n\n" + SOURCE)["left out: seen.clear()"]
    assert (moved.place, moved.line - fault.line) == (fault.place, 3)


def test_only_what_runs_at_import_is_tried_anew():
    assert [change for change, fault in changes().items() if fault.at_import] == ["10 -> 11"]


@pytest.mark.parametrize("path", ["papers/merging.py", "files/fs.py", "identity/constraints.py"])
def test_every_fault_is_code_that_runs(path):
    found = list(faults((known.ROOT / "src/byline" / path).read_text("utf-8")))
    assert len(found) > 20
    for fault in found:
        compile(fault.tree, path, "exec")


def test_equal_changes_on_equal_lines_are_told_by_their_number():
    source = "def f(a: int) -> int:\n    a += 1\n    a += 1\n    return a\n"
    assert [fault.place.nth for fault in faults(source) if fault.place.change == "1 -> 2"] == [1, 2]


@pytest.fixture(scope="module")
def loaded():
    return inside.functions()


def test_a_planted_fault_acts_and_is_gone_afterwards():
    path = known.ROOT / "src/byline/core/display.py"
    own = [one for one in vars(display).values() if isinstance(one, FunctionType)]
    loaded = {(str(path), one.__qualname__, one.__code__.co_firstlineno): [one] for one in own}
    before = display.clean("a\x1bb")
    found = []
    for fault in faults(path.read_text("utf-8")):
        planted = Planted(loaded, str(path), fault.tree)
        if planted.possible:
            with planted:
                found.append(display.clean("a\x1bb"))
    assert set(found) - {before}
    assert display.clean("a\x1bb") == before


def test_functions_are_found_where_they_are_loaded():
    def here() -> None:
        """Do nothing."""

    assert [here] in inside.functions().values()


def test_a_module_without_a_fault_plants_nothing(loaded):
    path = "src/byline/papers/dates.py"
    assert dates.__file__.endswith(path)
    assert not Planted(loaded, str(known.ROOT / path), nothing(path, str(known.ROOT))).changes


def test_a_module_is_found_with_other_code_than_its_file_has():
    assert module_name("src/byline/papers/__init__.py") == "byline.papers"
    name = module_name("src/byline/core/limits.py")
    spec = Faulty(name, compile(ast.parse("x = 5"), "limits.py", "exec")).find_spec(
        name, _path("byline.core")
    )
    assert spec is not None
    assert spec.loader is not None
    code = spec.loader.get_code(name)  # type: ignore[attr-defined]  # a loader of sources has it
    assert "x" in code.co_names


def _path(package: str) -> list[str]:
    return [str(known.ROOT / "src" / package.replace(".", "/"))]


def test_what_was_read_is_still_there():
    assert known.stale(known.known()) == []


def test_an_entry_whose_line_is_gone_is_told(tmp_path):
    entries = {("src/a.py", Place("f", "return 1", "1 -> 2")): "why"}
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("def f() -> int:\n    return 1\n")
    assert known.stale(entries, tmp_path) == []
    (tmp_path / "src/a.py").write_text("def f() -> int:\n    return 3\n")
    assert known.stale(entries, tmp_path) == list(entries)


def test_an_entry_without_a_reason_or_twice_is_refused(tmp_path):
    entry = '[[fault]]\npath = "a"\nfunction = "f"\nline = "x"\nchange = "y"\nreason = "{}"\n'
    for text in (entry.format(" "), entry.format("so") * 2):
        (tmp_path / "read.toml").write_text(text)
        with pytest.raises(ValueError, match=r"stands there twice|has no reason"):
            known.known(tmp_path / "read.toml")
