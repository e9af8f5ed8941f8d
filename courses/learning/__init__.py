"""The learner's screens: course home, unit player, progress."""
