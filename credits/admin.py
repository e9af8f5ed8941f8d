"""Gathers the applets' admin pages, since Django looks here. One import a line; every one is read-only."""

from credits.agreements import admin as agreements
from credits.certificates import admin as certificates
from credits.exchange import admin as exchange
from credits.recognition import admin as recognition

__all__ = ["agreements", "certificates", "exchange", "recognition"]
