"""The headline among the names a page gives itself: JSON-LD, OpenGraph, the visible heading, the title element."""

import re
from collections.abc import Iterable, Sequence

from pipeline.extraction.markup import Claim
from pipeline.text import fold

_SEPARATOR = re.compile(r"\s+[|｜ㅣ│‖·•»›–—*:-]+\s+|\s*[|｜ㅣ│]\s*|(?<=\S)[：-](?=[^\s：-]+$)|\s+(?=[|｜])")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$", re.IGNORECASE)
_MOST_WORDS_OF_A_SITE = 6
_MOST_ENDINGS = 4


def clean_title(title: str, site_names: Iterable[str], others: Sequence[str] = ()) -> str:
    """The title less what the page calls its site or section after it (or before it), set off by a separator.

    ``site_names``: names of site and sections, known or likely. ``others``: the page's other titles; what one of them
    says without the ending needs no further proof that the ending is not part of the headline.
    """
    names = {fold(name) for name in site_names} - {""}
    known = {fold(other) for other in others} - {""}
    title = title.strip()
    for _ in range(_MOST_ENDINGS):
        shorter = "" if fold(title) in names else _shortened(title, names, known)
        if not shorter:
            break
        title = shorter
    return title


def _shortened(title: str, names: set[str], known: set[str]) -> str:
    """The title less one part that names the site or section; "" when there is none."""
    for found in reversed(list(_SEPARATOR.finditer(title))[-_MOST_ENDINGS:]):
        head, tail = title[: found.start()].strip(), title[found.end() :].strip()
        if head and tail and (fold(head) in known or _is_site(tail, names)):
            return head
        if head and fold(tail) in known and _is_site(head, names):
            return tail
    return ""


def _is_site(text: str, names: set[str]) -> bool:
    """Whether a part of a title names the site: a known name, such a name with few words more, or a host."""
    part = fold(text)
    if part in names or part.replace(" ", "") in {name.replace(" ", "") for name in names} or _HOST.match(text):
        return True
    return len(part.split()) <= _MOST_WORDS_OF_A_SITE and any(
        part.startswith(f"{name} ") or part.endswith(f" {name}") for name in names
    )


def site_names(url_site: str, declared: Iterable[str]) -> list[str]:
    """Names that stand for the site in titles and bylines: the declared ones, its host and the host's first label."""
    host_names = [url_site, url_site.partition(".")[0]] if url_site else []
    return [name for name in (*declared, *host_names) if name]


def choose_headline(claims: Sequence[Claim]) -> Claim | None:
    """The claim to believe among cleaned ones, given in order of trust; None without any.

    The first stands, with two exceptions. A JSON-LD headline that only repeats the title element is the one made for
    search engines where OpenGraph and a visible heading agree on another. And "kicker: headline" gives way to the
    headline without the kicker, where OpenGraph has it so, or for a visible heading the title element.
    """
    claims = [claim for claim in claims if claim.value]
    if not claims:
        return None
    first = claims[0]
    other = next(
        (claim for claim in claims if claim.signal == ("title" if first.signal == "h1" else "og:title")), first
    )
    if fold(other.value) == fold(first.value):
        return first
    for_search = _says(claims, "title", first.value) and _says(claims, "h1", other.value)
    return other if for_search or fold(first.value).endswith(f" {fold(other.value)}") else first


def _says(claims: Sequence[Claim], signal: str, title: str) -> bool:
    wanted = fold(title)
    return any(claim.signal == signal and fold(claim.value) == wanted for claim in claims)
