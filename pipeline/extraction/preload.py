"""Loads now what extraction would load at its first page.

Imported by nobody but the process that workers are forked from (see ``pipeline.workers``): importing it is its work.
"""

from pipeline.extraction.language import detect_language

detect_language("The model takes a second to unpack, and forked workers share its memory.")
