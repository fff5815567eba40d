"""What a site's robots.txt allows, by RFC 9309. Protego reads the rules; what surrounds them is decided here."""

import re
from dataclasses import dataclass
from functools import cached_property

from protego import Protego

MOST_BYTES = 500 * 2**10
"""What is read of a robots.txt, as RFC 9309 asks for at least; the rest of a larger one does not count."""

_LONGEST_LINE = 16_664
_LINE_END = re.compile(r"\r\n|\r|\n")
_BREAKS = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # Protego takes them for line ends
_AGENT = re.compile(r"\s*user[\s-]?agent\s*(?::|\s)\s*(?P<name>[^#]*)", re.IGNORECASE)
_DELAY = re.compile(
    r"\s*crawl-?delay\s*:\s*(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:s|secs?|seconds?)?\s*(?:#.*)?", re.IGNORECASE
)
_KNOWN = re.compile(r"\s*(?:allow|di|crawl|request|visit|site|host)", re.IGNORECASE)
"""How the other lines begin that Protego knows, misspelled ones too."""
_TOKEN = re.compile(r"[A-Za-z_-]+")
_OTHERS = "another-agent"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Robots:
    """A site's rules for one crawler. ``text``: the file's lines; ``agent``: the crawler's product token.

    ``verdict``: of a site whose file could not be had, instead of rules: whether everything is allowed; else None.
    """

    text: str = ""
    agent: str = ""
    verdict: bool | None = None

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse(_addressed(self.text, self.agent))

    def allows(self, url: str) -> bool:
        """Whether the crawler may fetch an address of the site."""
        if self.verdict is not None:
            return self.verdict
        return self._rules.can_fetch(url, self.agent or _OTHERS)

    def forbidding(self, url: str) -> str:
        """The line that forbids an address, such as "Disallow: /private/", and whom it speaks to; empty for none."""
        if self.verdict is not None or self.allows(url):
            return ""
        groups = _groups(_addressed(self.text, self.agent))
        name = self.agent if self.agent in groups else "*"
        matching = (
            line for line in groups.get(name, ()) if not Protego.parse(f"User-agent: *\n{line}").can_fetch(url, "*")
        )
        return f"{max(matching, key=len, default='')} (User-agent: {name})"

    @property
    def delay(self) -> float | None:
        """Seconds that the site wants between two requests (Crawl-delay, Request-rate), or None."""
        if self.verdict is not None:
            return None
        rate = self._rules.request_rate(self.agent or _OTHERS)
        asked = (self._rules.crawl_delay(self.agent or _OTHERS), rate.seconds / rate.requests if rate else None)
        return max((delay for delay in asked if delay is not None), default=None)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps the file names, as written."""
        return [] if self.verdict is not None else list(self._rules.sitemaps)


def read_robots(status: int | None, body: bytes, agent: str) -> Robots:
    """The rules that an answer to a request for robots.txt means. ``status``: None where there was no answer.

    No file (4xx) allows everything; an answer that says nothing (5xx, 429, none) forbids everything for now.
    """
    if status is None or status >= 500 or status == 429:
        return Robots(verdict=False)
    if status >= 300:  # 4xx, and redirects that lead nowhere
        return Robots(verdict=True)
    return Robots(text_of_robots(body), product_token(agent))


def product_token(user_agent: str) -> str:
    """The name that robots.txt files call a crawler by: "newsloom" of "newsloom/1.0 (+https://example.org/bot)"."""
    match = _TOKEN.match(user_agent.strip())
    return match[0].lower() if match else ""


def text_of_robots(body: bytes) -> str:
    """The part of the file that counts, as text, whatever its bytes are."""
    body = body[:MOST_BYTES]
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    known = next((n for n in (3, 2, 1) if body.startswith(_BOM[:n])), 0)
    return body[known:].decode("utf-8", "replace")


def _addressed(text: str, agent: str) -> str:
    """The lines with each group spoken to by its exact product token.

    Protego would take the rules for "news" as meant for "newsloom" too, and those for "Foo Bar" for nobody.
    """
    return "\n".join(_line(_BREAKS.sub(" ", line[:_LONGEST_LINE]), agent) for line in _LINE_END.split(text))


def _groups(text: str) -> dict[str, list[str]]:
    """The Disallow lines by the name they speak to."""
    groups: dict[str, list[str]] = {}
    names: list[str] = []
    begun = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            names = [value] if begun else [*names, value]
            begun = False
            groups.setdefault(value, [])
        elif key in ("allow", "disallow"):
            begun = True
            for name in names if key == "disallow" else ():
                groups[name].append(f"Disallow: {value}")
    return groups


def _line(line: str, agent: str) -> str:
    if delay := _DELAY.fullmatch(line):
        return f"Crawl-delay: {delay['seconds'].replace(',', '.')}"
    match = _AGENT.match(line)
    if not match:
        return line if _KNOWN.match(line) else ""  # one that nobody knows would end the group
    name = match["name"].strip()
    if name.startswith("*") and not name[1:2].strip():
        return "User-agent: *"
    token = _TOKEN.match(name)
    meant = agent and token is not None and token[0].lower() == agent
    return f"User-agent: {agent if meant else _OTHERS}"
