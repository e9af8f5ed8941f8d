"""What import contracts cannot see: foreign keys written as text, templates, addresses, settings read too early."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.architecture.sources import ROOT, files, name

HEIGHT = {"events": 0, "institutions": 1, "people": 2, "notices": 3, "api": 4, "courses": 5, "credits": 6, "portal": 7}
TEMPLATE_HOME = {
    "events": 0,
    "institutions": 1,
    "people": 2,
    "notices": 3,
    "api": 4,
    "courses": 5,
    "credits": 6,
    "portal": 7,
}


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in HEIGHT:
            continue
        for field in model._meta.get_fields(include_parents=False):
            if not field.concrete or field.related_model is None or isinstance(field.related_model, str):
                continue
            there = field.related_model._meta.app_label
            if field.related_model._meta.label == settings.AUTH_USER_MODEL:
                continue
            if HEIGHT.get(there, -1) > HEIGHT[here] or (here == "credits" and there == "courses"):
                upward.append(f"{model.__name__}.{field.name} → {there}")
    assert upward == [], "Store the uuid instead: only AUTH_USER_MODEL may be pointed at from anywhere."


def test_only_people_and_above_point_at_people() -> None:
    below = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if HEIGHT.get(model._meta.app_label, 9) < HEIGHT["people"]
        for field in model._meta.get_fields()
        if field.concrete and isinstance(field.related_model, type) and field.related_model._meta.app_label == "people"
    ]
    assert below == []


def _home(template: Path) -> str | None:
    parts = template.relative_to(ROOT).parts
    label = parts[1] if parts[0] == "edu" else parts[0]
    return label if label in TEMPLATE_HOME else None


def test_templates_include_only_from_their_own_floor_or_below() -> None:
    crossing = []
    for path in files(".html"):
        home = _home(path)
        if home is None:
            continue
        for target in re.findall(r'{%\s*(?:include|extends)\s+"([a-z_]+)/', path.read_text("utf-8")):
            if TEMPLATE_HOME.get(target, -1) > TEMPLATE_HOME[home]:
                crossing.append(f"{name(path)} → {target}/")
    assert crossing == []


def test_templates_address_only_their_own_floor_or_below() -> None:
    """A lower app that links to a higher one knows it; let the higher one register a panel or menu item."""
    crossing = []
    for path in files(".html"):
        home = _home(path)
        if home is None:
            continue
        for target in re.findall(r"{%\s*url\s+[\"']([a-z_]+):", path.read_text("utf-8")):
            if TEMPLATE_HOME.get(target, -1) > TEMPLATE_HOME[home]:
                crossing.append(f"{name(path)} → {target}:")
    assert crossing == []


def test_views_reach_rows_only_through_access_functions() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in files(".py")
        if path.name == "views.py" or path.parent.name == "views"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\.objects\b", line)
    ]
    assert found == [], "Move the query to access.py or queries.py and call it."


def _reads_settings(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "settings"


def test_settings_are_read_inside_functions() -> None:
    """Reading a setting while a module is imported freezes it before a test can change it."""
    allowed = {"AUTH_USER_MODEL"}
    found = []
    for path in files(".py"):
        if path.is_relative_to(ROOT / "edu" / "settings") or path.name in {"urls.py", "frame_urls.py"}:
            continue
        for statement in ast.parse(path.read_text("utf-8")).body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(statement):
                if _reads_settings(node) and node.attr not in allowed:  # type: ignore[attr-defined]
                    found.append(f"{name(path)}: settings.{node.attr}")  # type: ignore[attr-defined]
    assert found == [], "Take it as an argument or read it inside the function."


def test_migrations_are_named_by_hand() -> None:
    automatic = [name(path) for path in ROOT.glob("*/migrations/*.py") if re.search(r"_auto_|_initial", path.name)]
    assert automatic == []


def test_no_folder_is_called_by_what_it_is_not() -> None:
    vague = {"core", "base", "utils", "helpers", "common", "misc"}
    assert [
        name(path) for path in files(".py") if vague & {path.parent.name, path.stem} and "settings" not in path.parts
    ] == []
