"""Making deeds wait for each other where there is no row yet to lock."""

from django.db import connection


def one_at_a_time(*parts: object) -> None:
    """Hold everybody else with the same parts until this transaction ends; released by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join(map(str, parts))])
