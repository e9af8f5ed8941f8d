"""Gathers what the applets listen to, since the outbox looks here. One import a line."""
