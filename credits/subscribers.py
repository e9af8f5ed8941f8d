"""Gathers what the applets listen to, since the outbox looks here. One import a line."""

from credits.certificates import subscribers as certificates
from credits.ledger import subscribers as ledger
from credits.recognition import subscribers as recognition

__all__ = ["certificates", "ledger", "recognition"]
