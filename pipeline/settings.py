"""Scrapy settings of the project, built from :mod:`pipeline.config`.

Every value here can be overridden with ``-s NAME=VALUE``; newsloom's own can also be set as ``NEWSLOOM_NAME`` in the
environment. docs/settings.md describes each.
"""

from dataclasses import fields

from scrapy.settings import default_settings

from pipeline.config import from_environment
from pipeline.items import Article

globals().update(from_environment().as_settings())

BOT_NAME = "newsloom"
SPIDER_MODULES = ["pipeline.spiders"]
NEWSPIDER_MODULE = "pipeline.spiders"
COMMANDS_MODULE = "pipeline.commands"

ITEM_PIPELINES = {
    "pipeline.pipelines.ArchivePipeline": 200,
    "pipeline.pipelines.RefinePipeline": 300,
    "pipeline.pipelines.StorePipeline": 800,
}
SPIDER_MIDDLEWARES = {"pipeline.middlewares.ItemsInFlightMiddleware": 900}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # ours reads RFC 9309 as it is written
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # ours reads as the archive does
    "pipeline.downloads.courtesy.CourtesyMiddleware": 560,
    "pipeline.downloads.soundness.DecodingMiddleware": 590,
    "pipeline.downloads.exchange.ExchangeMiddleware": 592,
    "pipeline.downloads.soundness.SoundnessMiddleware": 595,
    "pipeline.downloads.redirects.LocationMiddleware": 610,
}
DOWNLOAD_HANDLERS = {
    "http": "pipeline.downloads.guard.GuardedHandler",
    "https": "pipeline.downloads.guard.GuardedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "pipeline.downloads.guard.GuardedResolver"
SCHEDULER_PRIORITY_QUEUE = "pipeline.downloads.fairness.FairPriorityQueue"
EXTENSIONS = {
    "pipeline.extensions.RunRecord": 100,
    "pipeline.extensions.Progress": 200,
    "pipeline.metrics.Metrics": 300,
}
EXTENSIONS_BASE = default_settings.EXTENSIONS_BASE | {}
del EXTENSIONS_BASE["scrapy.extensions.remote_control.RemoteControl"]  # loaded, off or on, it costs a third of a second
LOG_FORMATTER = "pipeline.extensions.BriefLog"

FEED_EXPORT_FIELDS = {f.name: f.metadata["name"] for f in fields(Article)}
FEED_EXPORT_ENCODING = "utf-8"

ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
CONCURRENT_ITEMS = 4  # Scrapy starts that many tasks for each response; a page is one item
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
DOWNLOAD_DELAY_JITTER = 0
REDIRECT_MAX_TIMES = 10
METAREFRESH_MAXDELAY = 2  # seconds; slower ones are pages that reload themselves
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the funnel counts what was lost
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 2**20
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "WARNING"
