"""Gathers the applets' admin pages, since Django looks here. One import a line; every one is read-only."""

from credits.certificates import admin as certificates

__all__ = ["certificates"]
