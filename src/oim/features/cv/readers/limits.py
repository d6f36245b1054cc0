"""All limits of CVs in one table: sizes, pages, seconds and characters of a file, and how many are read.

It imports nothing: the child process reads it too. What only tells one line of a CV from another, as the
longest heading, is a rule of reading and stands with it (`cv/extraction`). See decisions 13 and 32.
"""

from __future__ import annotations

# A file, whatever it is.
MAX_BYTES = 10 * 1024 * 1024  # bytes of a file
MAX_NAME_LENGTH = 120  # characters of a file's name

# What is read of it; the rest is left out.
MAX_LINES = 1_500  # lines
MAX_LINE_LENGTH = 600  # characters of a line
MAX_TEXT_LENGTH = 60_000  # characters
MAX_OCR_PAGES = 3  # pages of a PDF that are read by OCR
MAX_FRAMES = 3  # pages of a TIFF

# A PDF with more of it is refused.
MAX_PAGES = 30
MAX_OBJECTS = 20_000  # objects searched for programs
MAX_STREAM_BYTES = 16 * 1024 * 1024  # bytes that one stream of a page may unpack to
MAX_IMAGE_BYTES = 160 * 1024 * 1024  # bytes that a picture may unpack to
MAX_DRAW_STEPS = 300_000  # drawing operations of a page

# A DOCX with more of it is refused.
MAX_MEMBERS = 1_000  # files in the archive
MAX_UNPACKED_BYTES = 50 * 1024 * 1024  # bytes, of all members together
MAX_DOCUMENT_BYTES = 12 * 1024 * 1024  # bytes of the one part that holds the text
MAX_PART_BYTES = 2 * 1024 * 1024  # bytes of a part that lists other parts, or relations between them
MAX_COMPRESSION_RATIO = 150  # unpacked to packed size: the tables of a word processor reach 40
ALWAYS_ALLOWED_BYTES = 4 * 1024 * 1024  # unpacked bytes that are accepted whatever the ratio

# A picture.
MAX_PIXELS = 50_000_000  # pixels of a picture, unpacked
MIN_SIDE = 300  # pixels of a side: smaller pictures are portraits or logos
MAX_OCR_SIDE = 3_000  # pixels of the longer side, as Tesseract gets it: A4 at some 250 dots an inch

# The child process that reads it (`confinement`).
MEMORY = 512 * 1024 * 1024  # bytes of address space, for each process
DESCRIPTORS = 32  # open files
FILE_SIZE = 0  # bytes written to any file: text leaves the child only through its pipe
CPU_SECONDS = 4  # seconds of processor, for files with text
OCR_CPU_SECONDS = 20  # seconds of processor, for the child, and for each page that Tesseract reads
WALL_SECONDS = 4.3  # seconds by the clock, for files with text
OCR_WALL_SECONDS = 30.0  # seconds by the clock, for files with pictures

# Its parent (`cv.sandbox`).
# Bytes of an answer: 60,000 characters of text, up to 12 bytes each as escaped JSON (`\ud83d\ude00`).
MAX_OUTPUT_BYTES = 1024 * 1024
WALL_TIMEOUT = OCR_WALL_SECONDS + 5.0  # seconds; a child whose own limits work ends sooner
MAX_CHILDREN = 2  # children of one process at once
QUEUE_TIMEOUT = 3.0  # seconds that one more file waits for its turn

# How many files, and how long they are read for (`cv.upload`, `cv.shares`).
# Each file costs a child process of several seconds, so they are counted per person, refused ones too.
UPLOADS = "20 per hour"
# Seconds of reading: six scans that take the longest, or a hundred files with text.
SECONDS_OF_PERSON = "180 per hour"
# Many may share an address, such as that of a training centre. Two at a time can read for 7,200 s an hour.
SECONDS_OF_ADDRESS = "1800 per hour"
# What others at an address leave to each person: a scan that takes the longest, or some files with text.
SECONDS_LEFT = "30 per hour"
# Seconds after which a turn ends by itself, if its process died: more than the longest reading takes.
LONGEST_TURN = 60
