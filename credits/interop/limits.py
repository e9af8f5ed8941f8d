"""How large and how odd an exchange file may be. Each number stands with its motive."""

from decimal import Decimal

FILE_BYTES_MAX = 12 * 1024 * 1024  # 40 pages of scanned transcript as a PDF inside; text alone is under 0.2 MB
DEPTH_MAX = 40  # four levels of courses are 16 elements deep, an address inside them 20
ELEMENTS_MAX = 50_000  # a degree of 60 courses has about 1,500
TEXT_CHARACTERS_MAX = 4_000  # a description; longer ones are cut in what we keep, the file itself stays whole
LINES_MAX = 500  # achievements in one file; a degree with every class of every course has under 300
CREDIT_COURSE_MAX = Decimal(40)  # one course, one line; a thesis has 30 ECTS
CREDIT_LINE_MAX = Decimal(400)  # a whole degree with its doctorate

TERM_PEOPLE_MAX = 60_000  # the largest university of the region has under 50,000 students
TERM_ROWS_MAX = 100_000  # an xlsx sheet holds 1,048,576; this is five results for each of 20,000 students
CELL_CHARACTERS_MAX = 32_767  # of an xlsx cell
COLUMNS_MAX = 40  # as many as our own reader of lists takes
HEAD_CHARACTERS_MAX = 60  # a heading of a column
