"""How much we take: every limit of an upload in one place, with its reason."""

MAX_BYTES = 20 * 1024 * 1024
"""A phone's photograph is 3 to 12 MB; a bank statement of 20 pages seldom over 5."""

MAX_PIXELS = 50_000_000
"""Checked in the header, before a pixel is decoded: 50 million take 150 MB of memory."""

MIN_EDGE = 200
"""The longest edge below which no document is legible."""

MAX_PAGES = 20

PAGE_EDGE = 3000
"""The longest edge that is kept: the smallest print of a vehicle licence is still 20 pixels high."""

PDF_DPI = 200

JPEG_QUALITY = 90

THUMBNAIL_EDGE = 320

MAX_PDF_OBJECTS = 50_000
"""A PDF with more objects than this is not looked through, and so not accepted."""
