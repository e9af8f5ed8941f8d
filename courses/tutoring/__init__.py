"""Tutoring hours: teachers offer them, learners book a seat."""
