"""Addresses for load balancers: alive, and ready to work."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and is migrated, else 503 with what is missing."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:  # any failure of the database means: not ready
        return JsonResponse({"status": "database does not answer", "error": type(error).__name__}, status=503)
    if waiting:
        return JsonResponse({"status": "migrations are waiting", "count": len(waiting)}, status=503)
    return JsonResponse({"status": "ready"})
