"""Threads of a run and of its units, teachers' answers, reports and moderation."""
