"""What a template may say: the statements, filters and tests that compile, and the count of what it does."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, cast

from jinja2 import (
    ChainableUndefined,
    Environment,
    filters,
    meta,
    nodes,
    pass_context,
    pass_environment,
    pass_eval_context,
)
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from workbench.plan.fields import FIELDS, OPEN_PREFIXES
from workbench.plan.merge import EXACT, Value, shown
from workbench.plan.words import tr

#: turns of all loops and items of all lists of one person's message, and characters that one list, text put together
#: or replacement may have
MAX_STEPS: Final = 50_000
MAX_TEXT: Final = 200_000
#: loops inside each other
MAX_LOOPS: Final = 3

FILTERS: Final = frozenset({
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "join", "last", "length",
    "lower", "replace", "reverse", "round", "sort", "striptags", "sum", "title", "trim", "truncate", "unique", "upper",
    "urlencode", "wordcount",
})  # fmt: skip
TESTS: Final = frozenset({
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "greaterthan", "gt", "in", "integer",
    "le", "lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd", "sequence", "string", "true",
    "undefined", "upper", "==", "!=", ">", ">=", "<", "<=",
})  # fmt: skip
#: everything else that Jinja2 can parse (macros, blocks, includes, calls, …) is refused
_NODES: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.Tuple, nodes.List, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Getattr, nodes.Getitem, nodes.Slice,
    nodes.Concat, nodes.Compare, nodes.Operand, nodes.Not, nodes.Neg, nodes.Pos, nodes.And, nodes.Or, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
)  # fmt: skip


_SPEND: Final = "__spend"
_CONCAT: Final = "__concat"
_HOLD: Final = "__hold"
_LOOP: Final = frozenset({"index", "index0", "first", "last", "revindex", "length", "previtem", "nextitem"})


class RenderError(Exception):
    """A template that cannot be filled; the text is for people."""


class Budget:
    """How much one rendering may still do."""

    NAME: Final = "__budget"
    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = MAX_STEPS

    def spend(self, items: Iterable[Value]) -> Iterator[Value]:
        """The items, each paid for; raises `RenderError` when nothing is left."""
        for item in items:
            self.steps -= 1
            if self.steps < 0:
                raise RenderError(
                    tr("The loops and lists of the message take more than {n} steps.").format(n=MAX_STEPS)
                )
            yield item

    def hold(self, value: Value) -> int:
        """Characters of the texts in a value, all that is in lists in it included and paid for."""
        if isinstance(value, str):
            return len(value)
        if isinstance(value, dict):
            value = value.values()
        elif not isinstance(value, list | tuple):
            return 0
        return sum(map(self.hold, self.spend(value)))


class Missing(ChainableUndefined):
    """A value that a person lacks: shown as nothing, compared as false; what is worked out from it is missing too."""

    def _missing(self, other: object = None) -> "Missing":
        del other
        return self

    def _never(self, other: object) -> bool:
        del other
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]  # the runtime's own raise instead
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _missing  # type: ignore[assignment]  # the same
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _missing  # type: ignore[assignment]  # the same
    __mod__ = __rmod__ = __neg__ = __pos__ = __abs__ = _missing  # type: ignore[assignment]  # the same


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox without calls, where a dot means an item and never a Python attribute."""

    intercepted_binops = frozenset({"*", "%", "+"})

    def getattr(self, obj: Value, attribute: str) -> Value:
        """A field of a person; nothing else has parts that a template may see."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Value, argument: Value) -> Value:
        """An item by name, number or slice; a missing one is empty."""
        if isinstance(obj, LoopContext):
            return getattr(obj, argument) if argument in _LOOP else self.undefined(obj=obj, name=str(argument))
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError, ValueError):
            return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: Context, operator: str, left: Value, right: Value) -> Value:
        """Arithmetic on numbers, and `+` on texts; a text cannot be multiplied or used as a pattern."""
        del context
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        text = isinstance(left, str | tuple) or isinstance(right, str | tuple)
        if operator == "+" and text:
            return _concat((left, right))
        for value in (left, right):
            if isinstance(value, Missing):
                return value
        if not numbers:
            raise RenderError(tr("“{operator}” needs two numbers.").format(operator=operator))
        # As floats, or repeated multiplication would make numbers with millions of digits.
        result = float(left) * right if operator == "*" else left % right if operator == "%" else left + right
        return int(result) if isinstance(left, int) and isinstance(right, int) and abs(result) < EXACT else result

    def is_safe_callable(self, obj: Value) -> bool:
        """Nothing is called."""
        del obj
        return False


class _Counting(NodeTransformer):
    """Sends the items of loops, lists, and texts put together with `~`, through filters that keep count."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja2's visitor names
        """Count the turns."""
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _SPEND)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - the same
        """Limit the length."""
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _CONCAT)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - the same
        """Count what is in it, or lists of lists would double with every line."""
        self.generic_visit(node)
        return node if all(isinstance(item, nodes.Const) for item in node.items) else _filtered(node, _HOLD)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 - the same
        """Count as in a list; what values are assigned to is a tuple, too."""
        self.generic_visit(node)
        constant = all(isinstance(item, nodes.Const) for item in node.items)
        return node if constant or node.ctx == "store" else _filtered(node, _HOLD)


def counted(tree: nodes.Template) -> nodes.Template:
    """The tree with everything that could grow passing its count; the tree is changed."""
    _Counting().visit(tree)
    return cast("nodes.Template", tree.set_environment(cast("Environment", tree.environment)))


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, [], [], None, None, lineno=node.lineno)


@cache
def environment(*, html: bool) -> Environment:
    """The environment of HTML parts (values escaped) or of text (as they are)."""
    env = _Environment(autoescape=html, undefined=Missing, finalize=shown, keep_trailing_newline=True)
    allowed = {name: env.filters[name] for name in FILTERS}
    own = {"replace": _replace, "join": _join, "round": _round, "sum": _sum}
    env.filters = allowed | own | {_SPEND: _spend, _CONCAT: _concat, _HOLD: _hold}
    env.tests = {name: test for name, test in env.tests.items() if name in TESTS}
    env.globals = {}
    return env


def forbidden(tree: nodes.Template) -> list[tuple[int, str]]:
    """What the template says that it may not: lines and words."""
    found = []
    for node in tree.find_all(nodes.Node):
        words = _refusal(node)
        if words:
            found.append((getattr(node, "lineno", 1) or 1, words))
    if _loops(tree) > MAX_LOOPS:
        found.append((1, tr("More than {n} loops inside each other.").format(n=MAX_LOOPS)))
    return sorted(set(found))


def _refusal(node: nodes.Node) -> str:
    match node:
        case nodes.Filter() if node.name not in FILTERS:
            return tr("There is no filter “{name}”.").format(name=node.name)
        case nodes.Test() if node.name not in TESTS:
            return tr("There is no test “{name}”.").format(name=node.name)
        case nodes.Call():
            return tr("Functions cannot be called in a message; use filters, for example {example}.").format(
                example="{{ Address | upper }}"
            )
        case nodes.Name() if node.name.startswith("_") or node.name == "self":
            return tr("There is no field “{name}”.").format(name=node.name)
        case nodes.Helper() | nodes.Keyword() | nodes.Stmt() | nodes.Expr() if not isinstance(node, _NODES):
            return tr("“{name}” is not possible in a message.").format(name=type(node).__name__.lower())
        case _:
            return ""


def _loops(node: nodes.Node) -> int:
    inner = max((_loops(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def uses(tree: nodes.Template) -> dict[str, int]:
    """The dotted names of the fields that a template uses, each with the line of its first use."""
    found: dict[str, int] = {}
    _look(tree, meta.find_undeclared_variables(tree), found)
    return found


def _look(node: nodes.Node, free: set[str], found: dict[str, int]) -> None:
    parts: list[str] = []
    inside: list[nodes.Node] = []
    base = node
    while isinstance(base, nodes.Getattr | nodes.Getitem):
        if isinstance(base, nodes.Getattr):
            parts.insert(0, base.attr)
        elif isinstance(base.arg, nodes.Const) and isinstance(base.arg.value, str):
            parts.insert(0, base.arg.value)
        else:
            # What a number or a variable picks is inside: whatever was collected so far is below it.
            parts.clear()
            inside.append(base.arg)
        base = base.node
    if isinstance(base, nodes.Name):
        if base.ctx == "load" and base.name in free:
            found.setdefault(_field([base.name, *parts]), base.lineno)
    else:
        inside += base.iter_child_nodes()
    for child in inside:
        _look(child, free, found)


def _field(parts: list[str]) -> str:
    """The field that a chain of names leads to: `User.UserAttributes.FirstName.x` is a use of the attribute."""
    whole = ".".join(parts)
    for prefix in OPEN_PREFIXES:
        depth = prefix.count(".")
        if whole.startswith(prefix):
            return prefix + parts[depth]
    return next((name for end in (1, 2) if (name := ".".join(parts[:end])) in FIELDS), whole)


@pass_context
def _spend(context: Context, items: Value) -> Iterator[Value]:
    budget = context.resolve(Budget.NAME)
    return iter(()) if items is None else cast("Budget", budget).spend(items)


@pass_context
def _hold(context: Context, items: Value) -> Value:
    if cast("Budget", context.resolve(Budget.NAME)).hold(items) > MAX_TEXT:
        raise RenderError(_too_long())
    return items


def _concat(items: Iterable[Value]) -> str:
    pieces = [piece if isinstance(piece, str) else str(piece) for piece in map(shown, items)]
    if sum(map(len, pieces)) > MAX_TEXT:
        raise RenderError(_too_long())
    text = markup_join(pieces) if any(hasattr(piece, "__html__") for piece in pieces) else "".join(pieces)
    if len(text) > MAX_TEXT:
        raise RenderError(_too_long())
    return text


def _too_long() -> str:
    return tr("A text of more than {n} characters would be put together.").format(n=MAX_TEXT)


@pass_eval_context
def _replace(context: EvalContext, text: Value, old: Value, new: Value, count: int | None = None) -> str:
    if str(text).count(str(old)) * len(str(new)) > MAX_TEXT:
        raise RenderError(_too_long())
    return filters.do_replace(context, text, old, new, count)


@pass_eval_context
def _join(context: EvalContext, items: Value, between: str = ", ") -> str:
    known = () if items is None else tuple(items)
    if len(known) * len(str(between)) + sum(len(str(item)) for item in known) > MAX_TEXT:
        raise RenderError(_too_long())
    return filters.sync_do_join(context, [shown(item) for item in known], between)


@pass_environment
def _sum(env: Environment, items: Value, attribute: str | int | None = None) -> Value:
    """Without a value to start with: from a list, lists would be put together."""
    return filters.sync_do_sum(env, items, attribute)


def _round(value: Value, precision: int = 0) -> Value:
    return value if isinstance(value, Missing) else round(float(value), max(-15, min(15, int(precision))))
