"""Learners evaluate a run at its end; nobody can tell who answered what."""
