"""Authors make courses on screen: a working copy, saved and published as immutable versions of content."""
