"""How much may be written on screen. Each number stands with its motive."""

from courses.content import limits

TEXT_BYTES_MAX = limits.HTML_BYTES_MAX  # what an import takes, too
OLX_BYTES_MAX = 2 * 1024 * 1024  # a problem with a table of data in it; a form of 5 MB is not read at all
NAME_CHARACTERS_MAX = 200  # a line of an outline; longer ones are no names
CHOICES_MAX = 20  # more do not fit on a phone
PICTURE_BYTES_MAX = 10 * 1024 * 1024  # a photograph as a phone takes it
VIDEO_BYTES_MAX = 512 * 1024 * 1024  # an hour of upload over a school's line (1.2 Mbit/s), as for an archive
CAPTIONS_BYTES_MAX = 2 * 1024 * 1024  # captions of a whole day: what a frame shows (courses/runtime/views.py)
DOCUMENT_BYTES_MAX = 50 * 1024 * 1024  # a scanned book
DEEDS_SHOWN = 10  # the last things done, on the outline
OPEN_NODES_MAX = 60  # an outline up to here stands open, a longer one opens one section at a time
CHOICES_SHOWN = 20  # pictures, units and places offered at once: more are found by a word of their name
FILES_A_PAGE = 100  # the lines of a list that one still scrolls through
