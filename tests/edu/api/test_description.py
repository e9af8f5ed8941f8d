"""The API describes itself: every operation and parameter, and its examples are of the kind they illustrate."""

import json
from typing import Any

import pytest
from django.test import Client
from pydantic import TypeAdapter

from courses.catalogue import endpoints as catalogue
from courses.enrolment import endpoints as enrolment
from courses.grading import endpoints as grading
from edu.api.problems import ProblemOut

pytestmark = pytest.mark.django_db
OUT = [
    catalogue.InstitutionOut,
    catalogue.CoursePageOut,
    catalogue.CourseOut,
    enrolment.RunOut,
    enrolment.EnrolmentOut,
    grading.GradeOut,
    ProblemOut,
]


@pytest.fixture
def description(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/api/v1/openapi.json").content)
    return found


def _operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
    ]


def test_every_operation_says_what_it_does_and_answers(description: dict[str, Any]) -> None:
    operations = _operations(description)
    assert {"get /api/v1/courses", "get /api/v1/runs", "get /api/v1/enrolments", "get /api/v1/grades"} <= {
        name for name, _operation in operations
    }
    for name, operation in operations:
        assert operation["summary"].strip(), name
        assert operation["description"].strip(), name
        assert "200" in operation["responses"], name
        assert operation["tags"], name


def test_what_needs_a_key_says_so(description: dict[str, Any]) -> None:
    for name, operation in _operations(description):
        guarded = name.startswith(("get /api/v1/enrolments", "get /api/v1/grades"))
        assert bool(operation.get("security")) == guarded, name
        assert ({"401", "403"} <= set(operation["responses"])) == guarded, name


def test_every_filter_is_described(description: dict[str, Any]) -> None:
    for name, operation in _operations(description):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query" and parameter["name"] not in {"page", "status"}:
                assert parameter.get("description") or parameter["schema"].get("description"), (name, parameter)


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    text = json.dumps(description)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}:
        assert reference in description["components"]["schemas"]


@pytest.mark.parametrize("schema", OUT, ids=lambda schema: schema.__name__)
def test_examples_are_what_they_illustrate(schema: Any) -> None:
    given = [(name, field) for name, field in schema.model_fields.items() if field.examples]
    assert given
    for name, field in given:
        for example in field.examples:
            TypeAdapter(field.annotation).validate_python(example), name
