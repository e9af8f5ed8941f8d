"""How far learners have come: completion and scores, from rows that the runtime keeps."""
