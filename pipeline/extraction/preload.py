"""Does once what extraction would otherwise do at the first page of every worker.

Imported by nobody but the process that workers are forked from (see ``pipeline.workers``): importing it is its work.
"""

import gc
from contextlib import suppress
from datetime import UTC, datetime

from pipeline.extraction import refine
from pipeline.extraction.language import detect_language
from pipeline.items import RawPage

_PAGE = "<html><title>A page</title><h1>A page</h1>" + "<p>Its patterns are compiled for all workers at once.</p>" * 4

with suppress(Exception):  # such as a full disk for temporary files: each page will tell its own, none of them here
    refine(RawPage("https://example.org/page", _PAGE.encode(), datetime(2000, 1, 1, tzinfo=UTC)))
    detect_language("The model takes a second to unpack, and forked workers share its memory.")
gc.collect()
gc.freeze()  # what is loaded stays: no collection looks at it again, no page of memory is copied for it
gc.set_threshold(50_000, 20, 20)  # a page makes many objects and next to no cycles
