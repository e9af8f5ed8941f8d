"""Words follow the reader's language: nothing is translated once, when a module is imported."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import files, name

TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy", "pgettext_lazy"}
LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
JOINING = (ast.BinOp, ast.FormattedValue, ast.Attribute)  # "%", "+", f"…" and .format() cast a lazy text at once


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, LATER):
            yield child
            yield from _at_import(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATING


def _frozen(tree: ast.Module) -> Iterator[ast.AST]:
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in TRANSLATING and not alias.name.endswith("lazy")
    }
    for node in _at_import(tree):
        joined = isinstance(node, JOINING) and any(_is_text(child) for child in ast.iter_child_nodes(node))
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in eager
        if joined or called:
            yield node


def test_no_text_is_fixed_in_the_language_of_the_first_reader() -> None:
    found = [
        f"{name(path)}:{getattr(node, 'lineno', 0)}"
        for path in files(".py")
        for node in _frozen(ast.parse(path.read_text("utf-8")))
    ]
    assert found == [], "Translate in a function, or fill in the figures there: here the text keeps one language."


def test_the_ways_to_fix_a_text_are_seen() -> None:
    head = "from django.utils.translation import gettext, gettext_lazy as _\n"
    for line in (
        'A = _("%d") % 1',
        "A = f\"{_('x')}\"",
        'A = _("{n}").format(n=1)',
        'A = gettext("x")',
        'A = _("x") + "y"',
    ):
        assert list(_frozen(ast.parse(head + line))), line
    for line in ('A = _("x")', 'def f(): return _("%d") % 1', "A = lambda: gettext('x')"):
        assert not list(_frozen(ast.parse(head + line))), line
