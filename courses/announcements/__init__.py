"""What teachers tell all learners of a run."""
