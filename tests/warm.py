# ruff: noqa: F401 - to be loaded is all
"""What a process of ``newsloom`` loads, all at once, for the process that the tests' runs are forked from.

Nothing here may read the environment or install Twisted's reactor: each run does so for itself.
"""

import scrapy.cmdline
import scrapy.commands.crawl
import scrapy.core.downloader.handlers.http11
import scrapy.core.engine
import scrapy.extensions.feedexport
import scrapy.extensions.telnet

import pipeline.__main__
import pipeline.extraction.preload
import pipeline.pipelines
import pipeline.spiders.news
import pipeline.storage.database
