"""How much an import may weigh. Each number stands with its motive; all are far above the largest course seen."""

ARCHIVE_BYTES_MAX = 512 * 1024 * 1024  # what a person can upload over a school's line in an hour (1.2 Mbit/s)
UNPACKED_BYTES_MAX = 2 * 1024 * 1024 * 1024  # a course with its own videos; longer films belong on the media server
FILE_BYTES_MAX = 1024 * 1024 * 1024  # one lecture of two hours at 1 Mbit/s
FILES_MAX = 20_000  # the Open edX demo course has 800
RATIO_MAX = 100  # OLX text packs at most about 20:1; a bomb packs 1,000:1
RATIO_FREE_BYTES = 8 * 1024 * 1024  # below this a high ratio harms nobody
NAME_BYTES_MAX = 255  # what Linux file systems take for one name
PATH_CHARACTERS_MAX = 500  # the column of ContentAsset.path

XML_BYTES_MAX = 4 * 1024 * 1024  # one definition file; the largest problem seen has 60 KB
HTML_BYTES_MAX = 1024 * 1024  # a page of text over 1 MB does not load on a village school's line
JSON_BYTES_MAX = 8 * 1024 * 1024  # policies/assets.json lists every file
XML_DEPTH_MAX = 200  # libxml2 itself stops at 256
TREE_DEPTH_MAX = 20  # course, chapter, sequential, vertical and what may be nested in them
BLOCKS_MAX = 10_000  # thirty times the demo course
TAG_CHARACTERS_MAX = 90  # the column of ContentBlock.usage_id holds tag, "@" and url_name
URL_NAME_CHARACTERS_MAX = 200  # the column of ContentBlock.url_name

# A comparison of two versions: what one page of an author may cost.
CHANGES_A_PAGE = 40  # changes of blocks on one page; a phone scrolls through them in a minute
FILES_LISTED_MAX = 200  # changed files named; the rest is counted
BODIES_CHARACTERS_MAX = 20_000_000  # text read to tell which fields changed; twenty times the demo course
DIFF_LINES_LISTED = 14  # lines of one field in the list; the rest stands on the block's own page
DIFF_LINES_MAX = 600  # lines of one field on the block's own page
DIFF_VALUE_CHARACTERS = 200  # of a setting's value
DIFF_FIELDS_LISTED = 30  # fields of one block

# What a check calls heavy. A village school's line gives a class of forty about 4 Mbit/s together.
PAGE_BYTES_HEAVY = 1024 * 1024  # text and pictures of a unit: two seconds for one learner, eighty for a class
FILM_BYTES_HEAVY = 100 * 1024 * 1024  # the lightest file of a film: three minutes for one learner
NAMES_IN_A_FINDING = 10  # files or addresses named; the rest is counted
NAME_CHARACTERS = 120  # of each
FINDINGS_A_PAGE = 50
UNITS_A_PAGE = 50
