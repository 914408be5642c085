"""One-line faults that a person could make, planted in the syntax tree of a module.

For `if rows > limit: fs.unlink(path)` these are `rows >= limit`, `rows <= limit`, `not (rows > limit)`, and the call
left out. Texts that only people read (docstrings, messages of errors, formatted texts) stay as they are.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
WORDS = {
    "first": "last", "last": "first", "left": "inner", "any": "first", "anti": "semi", "semi": "anti",
    "min": "max", "max": "min", "all": "any", "is_null": "is_not_null", "is_not_null": "is_null",
}  # fmt: skip
"""Names and settings that stand for their opposite."""
SETTINGS = {"first", "last", "left", "anti", "semi"}
"""Those that occur as texts: `keep="last"`, `how="anti"`."""


@dataclass(frozen=True)
class Place:
    """Where a fault is and what it is, in words that stay the same when lines above it move."""

    function: str
    """Name of the function or class around it, as Python qualifies it; empty for the module itself."""
    text: str
    """The line on which the changed part begins, without the spaces around it."""
    change: str
    nth: int = 1
    """Which one, where a function has the same change on equal lines more than once."""


@dataclass(frozen=True)
class Fault:
    """A fault: its place, its line now, what stands there in the module's syntax tree, and what it would be."""

    place: Place
    line: int
    whole: ast.Module
    node: ast.AST
    new: ast.AST
    at_import: bool
    """Whether the line runs when the module is imported, and not when one of its functions is called."""
    related: frozenset[int]
    """Where no test runs the line itself: the lines of its expression (a constant has none of its own); where it has
    `names`, the lines that use one of them."""
    names: frozenset[str]
    """What the statement at import gives a value: other modules, and tests, may use it by name. Of a function that
    keeps what it returned: its own name, since only the first who asked for it ran its lines."""

    @property
    def tree(self) -> ast.Module:
        """The module's syntax tree with the fault, made when it is asked for: few of all faults are tried."""
        return _with(self.whole, self.node, self.new)


def faults(source: str) -> Iterator[Fault]:
    """Yield every fault of a module, in the order of its lines."""
    for tree, parents, node, new, place in _changes(source):
        at_import = _at_import(node, parents)
        statement = _statement(node, parents)
        by_name = at_import or _keeps(statement)
        related = _uses(tree, statement) if by_name else _expression(node, parents)
        names = _given(statement) if by_name else frozenset()
        yield Fault(place, _place(node)[0], tree, node, new, at_import, related, names)


def places(source: str) -> Iterator[Place]:
    """Yield the place of every fault of a module; no tree is made, which is what takes the time."""
    yield from (place for *_, place in _changes(source))


_Change = tuple[ast.Module, dict[ast.AST, ast.AST], ast.AST, ast.AST, Place]


def _changes(source: str) -> Iterator[_Change]:
    """Yield what is changed: the tree, the parent of each node, the node and what stands for it, and the place."""
    tree = ast.parse(source)
    lines = source.splitlines()
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    seen: Counter[tuple[str, str, str]] = Counter()
    for node in sorted(filter(lambda node: _is_code(node, parents), ast.walk(tree)), key=_place):
        line = _place(node)[0]
        for change, new in _replacements(node, parents):
            names = (_function(node, parents), lines[line - 1].strip(), change)
            seen[names] += 1
            yield tree, parents, node, new, Place(*names, seen[names])


def _function(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """Return the qualified name of the function or class that a node stands in."""
    names: list[str] = []
    child: ast.AST = node
    while (parent := parents.get(child)) is not None:
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(parent.name)
        child = parent
    return ".".join(reversed(names))


def _place(node: ast.AST) -> tuple[int, int]:
    """Return line and column of a node that is code."""
    assert isinstance(node, ast.expr | ast.stmt)
    return node.lineno, node.col_offset


def _is_code(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Tell code from annotations, docstrings, messages, and what guards against code that isn't there.

    (`dataclass(frozen=True)`, `zip(strict=True)`, `if TYPE_CHECKING`: nothing that runs sees whether they hold.)
    """
    if not isinstance(node, ast.expr | ast.stmt):
        return False
    child: ast.AST = node
    while (parent := parents.get(child)) is not None:
        if isinstance(parent, ast.Raise | ast.JoinedStr | ast.Assert):
            return False
        if isinstance(parent, ast.AnnAssign | ast.arg) and child is parent.annotation:
            return False
        if isinstance(parent, ast.FunctionDef) and child is parent.returns:
            return False
        checked = isinstance(parent, ast.If) and ast.unparse(parent.test) == "TYPE_CHECKING"
        guard = isinstance(parent, ast.keyword) and parent.arg == "strict"
        if checked or guard or (isinstance(parent, ast.Call) and ast.unparse(parent.func) == "dataclass"):
            return False
        child = parent
    return True


def _replacements(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield what may stand in place of a node, each with its name."""
    if isinstance(node, ast.Compare):
        yield from _compared(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _named(node, ast.BoolOp(other, node.values))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        yield _named(node, node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield _named(node, ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield from _conditions(node)
    elif isinstance(node, ast.Expr | ast.Raise):
        yield from _left_out(node, parents)
    elif isinstance(node, ast.Constant):
        yield from _constants(node, parents)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _opposites(node, parents)
    elif isinstance(node, ast.Continue | ast.Break):
        yield _named(node, ast.Break() if isinstance(node, ast.Continue) else ast.Continue())


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for place, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield _named(node, ast.Compare(node.left, ops, node.comparators))


def _conditions(node: ast.If | ast.While | ast.IfExp) -> Iterator[tuple[str, ast.AST]]:
    """Turn a condition that is no comparison (these are changed by themselves) into its opposite."""
    for_types_alone = ast.unparse(node.test) == "TYPE_CHECKING"
    if not for_types_alone and not isinstance(
        node.test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.NamedExpr
    ):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield f"{ast.unparse(node.test)} -> {ast.unparse(changed.test)}", changed


def _left_out(node: ast.Expr | ast.Raise, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Leave out a call whose result nobody takes, or an error."""
    if isinstance(node, ast.Raise) or isinstance(node.value, ast.Call):
        yield f"left out: {ast.unparse(node):.70}", ast.Pass()


def _constants(node: ast.Constant, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield _named(node, ast.Constant(not node.value))
    elif isinstance(node.value, int):
        yield _named(node, ast.Constant(node.value + 1))
    elif isinstance(node.value, float):
        yield _named(node, ast.Constant(node.value + 0.5))
    elif node.value in SETTINGS and isinstance(parents[node], ast.keyword):
        yield _named(node, ast.Constant(WORDS[str(node.value)]))


def _opposites(
    node: ast.Name | ast.Attribute, parents: dict[ast.AST, ast.AST]
) -> Iterator[tuple[str, ast.AST]]:
    """Turn a function or method into its opposite, where it is called."""
    parent = parents[node]
    if not (isinstance(parent, ast.Call) and parent.func is node):
        return
    name = node.id if isinstance(node, ast.Name) else node.attr
    if name in WORDS:
        other = WORDS[name]
        yield _named(
            node,
            ast.Name(other, ast.Load())
            if isinstance(node, ast.Name)
            else ast.Attribute(node.value, other, ast.Load()),
        )


def _named(old: ast.AST, new: ast.AST) -> tuple[str, ast.AST]:
    return f"{ast.unparse(old):.70} -> {ast.unparse(new):.70}", new


def _with(tree: ast.Module, node: ast.AST, new: ast.AST) -> ast.Module:
    """Return the tree with `new` in place of `node`; all else keeps its line."""

    class Replace(ast.NodeTransformer):
        def visit(self, one: ast.AST) -> ast.AST:
            return ast.copy_location(new, one) if one is node else super().visit(one)

        def generic_visit(self, one: ast.AST) -> ast.AST:
            changed = copy.copy(one)  # the tree itself stays as it is
            for name, value in ast.iter_fields(one):
                if isinstance(value, list):
                    setattr(changed, name, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
                elif isinstance(value, ast.AST):
                    setattr(changed, name, self.visit(value))
            return changed

    changed = ast.fix_missing_locations(Replace().visit(tree))
    assert isinstance(changed, ast.Module)
    return changed


def _expression(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> frozenset[int]:
    """Return the lines of the largest expression around a node, or of its statement where that holds no others."""
    child = node
    while isinstance(parents.get(child), ast.expr | ast.keyword):
        child = parents[child]
    around = parents.get(child, child)
    whole = around if isinstance(around, ast.stmt) and not hasattr(around, "body") else child
    assert isinstance(whole, ast.expr | ast.stmt)
    return frozenset(range(whole.lineno, (whole.end_lineno or whole.lineno) + 1))


def _statement(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.stmt:
    """Return the statement of the module that a node stands in."""
    child = node
    while not isinstance(parents[child], ast.Module):
        child = parents[child]
    assert isinstance(child, ast.stmt)
    return child


def _keeps(statement: ast.stmt) -> bool:
    """Tell whether a statement is a function that keeps what it returned (`functools.cache`)."""
    return isinstance(statement, ast.FunctionDef) and any(
        "cache" in ast.unparse(one) for one in statement.decorator_list
    )


def _given(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement of a module gives a value."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return frozenset([statement.name])
    stored = (one for one in ast.walk(statement) if isinstance(one, ast.Name))
    return frozenset(one.id for one in stored if isinstance(one.ctx, ast.Store))


def _uses(tree: ast.Module, statement: ast.stmt) -> frozenset[int]:
    """Return the lines that use the names which a statement of the module gives a value.

    Of a function and a class, whose defaults run at import, these are its own lines, too.
    """
    given, own = _given(statement), range(0)
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        own = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    used = (one for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    return frozenset([*own, *(one.lineno for one in used if one.id in given)])


def _at_import(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    child: ast.AST = node
    while (parent := parents.get(child)) is not None:
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and (
            isinstance(parent, ast.Lambda) or child in parent.body
        ):
            return False
        child = parent
    return True
