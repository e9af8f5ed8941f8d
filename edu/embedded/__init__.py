"""Embedded parts for one machine: a real PostgreSQL and a real Redis from PyPI, and the command that runs all."""
