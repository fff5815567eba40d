"""The sources file, read from disk and checked before a crawl begins."""

import re
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from pipeline.addresses import is_public
from pipeline.errors import ConfigError, SourceError
from pipeline.sources import Problem, Source, parse_sources

NO_BROWSER = "\"browser\" needs the extra: pip install 'newsloom[browser]' && playwright install chromium"

_CONTACT = re.compile(r"https?://|\S@\S")
_LITERAL = re.compile(r"[\d.]+|[0-9a-f:.]*:[0-9a-f:.]*|localhost")


def read_file(path: str) -> tuple[list[Source], list[Problem]]:
    """The sources that a file defines and all that is wrong with it. ``SourceError``: it cannot be read at all."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceError("there is no such file; newsloom sources add URL makes one", path=path) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"is no UTF-8 text: byte {error.start}", path=path) from error
    sources, problems = parse_sources(text)
    if find_spec("scrapy_playwright") is None:
        rendered = (source for source in sources if source.render == "browser")
        problems += [Problem(NO_BROWSER, source.name, "render") for source in rendered]
    return sources, problems


def read_sources(path: str) -> list[Source]:
    """The sources that a file defines. ``SourceError``: it cannot be used as it is."""
    sources, problems = read_file(path)
    if problems:
        more = f" (and {len(problems) - 1} more, see: newsloom sources check)" if len(problems) > 1 else ""
        raise SourceError(f"{problems[0]}{more}", path=path)
    if not sources:
        raise SourceError("defines no source", path=path)
    return sources


def chosen(sources: Sequence[Source], names: Iterable[str]) -> list[Source]:
    """The sources of these names, all that are enabled without names. ``ConfigError``: a name that is none."""
    named = {source.name: source for source in sources}
    names = list(names)
    unknown = [name for name in names if name not in named]
    if unknown:
        raise ConfigError(f"there is no source {unknown[0]!r}; there are: {', '.join(sorted(named))}")
    return [named[name] for name in names] if names else [source for source in sources if source.enabled]


def require_contact(settings: BaseSettings, sources: Iterable[Source]) -> None:
    """See that who crawls says so. ``ConfigError``: the user agent names no contact, and a public site is crawled."""
    if _CONTACT.search(settings["USER_AGENT"] or ""):
        return
    hosts = [urlsplit(source.url).hostname or "" for source in sources]
    public = next((host for host in hosts if not _LITERAL.fullmatch(host) or is_public(host)), None)
    if public:
        raise ConfigError(
            f"{public} shall know who crawls it: set USER_AGENT to a name and a contact, such as "
            "'examplebot/1.0 (+https://example.org/bot; bot@example.org)'"
        )
