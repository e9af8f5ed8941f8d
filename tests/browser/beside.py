"""A process beside a product, in its settings: runs one function after another, so that Django starts once.

A request is a line of JSON: a function's dotted name, and its words. The answer is a line of JSON on what was standard
output: what the function returned, or the traceback of what it raised. What functions print goes to standard error.
"""

import json
import os
import sys
import traceback
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import override

import edu.celery  # noqa: F401  (what functions hint at goes to the product's broker)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Run what is asked for as a fresh process would: nothing is remembered, no connection is kept afterwards."""
    cache.clear()
    try:
        with override(settings.LANGUAGE_CODE):
            return {"value": import_string(asked["function"])(*asked["words"])}
    except Exception:
        return {"fault": traceback.format_exc()}
    finally:
        connections.close_all()


def main() -> None:
    """Answer until nobody asks any more."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        django.setup()
        for line in sys.stdin:
            out.write(json.dumps(answer(json.loads(line))) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
