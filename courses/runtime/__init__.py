"""Runs XBlocks for a learner: fields, services, handlers, the frame on the course's own origin."""
