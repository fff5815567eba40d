"""Extraction: raw page → article or rejection. ``refine`` is its whole face."""

from pipeline.extraction.refine import refine

__all__ = ["refine"]
