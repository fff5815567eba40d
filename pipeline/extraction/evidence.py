"""What the page's mark-up says about each of its lines: is it a link, and what is the box it stands in for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset("script style noscript template svg iframe head select option textarea object embed".split())
_ANCESTORS = 5

ROLE_TAGS = {
    "figcaption": "caption",
    "nav": "navigation",
    "footer": "footer",
    "aside": "aside",
    "form": "form",
    "button": "button",
}
"""Tags that say by themselves what they hold."""

ROLE_NAMES = {
    "caption": r"caption|captions|figcaption|bildunterschrift|legende|pie-?foto|didascalia|photo-?credits?|image-?credits?|img-?credits?|media-?credits?|picture-?credits?|copyright-?info|bildnachweis",
    "related": r"related|relateds?|recommend(?:ed|ations?)?|read-?more|readmore|see-?also|also-?read|more-?(?:on|from|stories|news|articles)|most-?(?:read|popular|viewed)|trending|outbrain|taboola|teasers?|promos?|linklist|link-?box|further-?reading|up-?next|next-?article|you-?may|lesen-?sie|mehr-?zum|correlati|relacionad[oa]s|similaires|inline-?links?",
    "prompt": r"newsletters?|sign-?up|signup|subscri\w+|paywall|regwall|piano|premium-?(?:box|teaser|prompt)|app-?promo|app-?download|donat\w+|membership|registration|login|cta|call-?to-?action|follow-?us",
    "share": r"share|sharing|shares|social|socials|social-?(?:media|links|icons|share|bar)|sharedaddy|addtoany|addthis",
    "tags": r"tags?|tag-?list|topics?|keywords?|breadcrumbs?|article-?tags|taglist",
    "bio": r"author-?(?:bio|box|info|card|about|description|profile|details?)|about-?(?:the-?)?author|bio|contributor-?bio|writer-?bio",
    "byline": r"bylines?|authors?|author-?name|autor(?:es)?|auteurs?|article-?meta|meta-?info|post-?meta|entry-?meta|dateline|timestamp|publish(?:ed)?-?date|article-?date|post-?date|datum",
    "comments": r"comments?|comment-?(?:form|list|section|area)|disqus|respond|kommentare?|commentaires?",
    "advert": r"ad|ads|advert|adverts|advertisement|adslot|ad-?(?:slot|unit|container|wrapper|box|placeholder)|sponsor(?:ed)?|dfp|anzeige|publicidad|pubblicita|werbung",
    "embed": r"embed|embeds|twitter-?tweet|instagram-?media|tweet|video-?(?:player|js|caption|title|description)|jwplayer|brightcove|opta|infogram|datawrapper",
    "standfirst": r"standfirst|stand-?first|dek|deck|sub-?(?:title|head|heading|headline)|article-?(?:lead|dek|subtitle|summary)|chapo|sapo|vorspann|entradilla|bajada|sommario|unterzeile",
}
"""Names in class and id that say what a box holds: role → whole names, hyphens and underscores alike."""

_TOKEN = re.compile(r"[A-Za-z]+(?:[-_]+[A-Za-z]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMED = re.compile("|".join(rf"(?P<{role}>(?<![a-z])(?:{names})(?![a-z]))" for role, names in ROLE_NAMES.items()))


@dataclass(frozen=True, slots=True)
class Block:
    """One leaf block of the page. ``key``: what it is found by. ``link``: share of its characters inside links, 0–1.

    ``roles``: what it and the boxes around it are named for.
    """

    element: HtmlElement
    text: str
    key: str
    link: float
    roles: frozenset[str]


def line_key(text: str) -> str:
    """What a line is found by: its characters, white space gone."""
    return "".join(text.split())


def own_roles(element: HtmlElement) -> frozenset[str]:
    """Roles that an element's own tag, class and id name."""
    roles = {ROLE_TAGS[element.tag]} if element.tag in ROLE_TAGS else set()
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) > 1:
        spelled = _CAMEL.sub("-", names[:400]).lower().replace("_", "-")
        roles.update(found.lastgroup for found in _NAMED.finditer(spelled) if found.lastgroup)
    return frozenset(roles)


class PageEvidence:
    """The leaf blocks of one parsed page, in page order. Reads the tree once."""

    def __init__(self, tree: HtmlElement) -> None:
        self._roles: dict[HtmlElement, frozenset[str]] = {}
        self.blocks: list[Block] = []
        self._by_key: dict[str, Block] = {}
        for element in leaf_blocks(tree):
            text = "".join(visible_text(element))
            key = line_key(text)
            if key:
                block = Block(element, text, key, _link_share(element, len(key)), self._roles_above(element))
                self.blocks.append(block)
                self._by_key.setdefault(key, block)

    def of(self, text: str) -> Block | None:
        """The block that a line is; None for a line that the page does not hold in one piece."""
        return self._by_key.get(line_key(text))

    def _roles_above(self, element: HtmlElement) -> frozenset[str]:
        roles: frozenset[str] = frozenset()
        for _ in range(_ANCESTORS):
            if element is None or element.tag in {"body", "html", "main", "article"}:
                break
            if element not in self._roles:
                self._roles[element] = own_roles(element)
            roles |= self._roles[element]
            element = element.getparent()  # type: ignore[assignment]
        return roles


def leaf_blocks(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Block elements that hold text and no further block, in page order."""
    for element in tree.iter(*BLOCK_TAGS):
        if not any(child.tag in BLOCK_TAGS for child in element.iter() if child is not element):
            yield element


def visible_text(element: HtmlElement) -> Iterator[str]:
    """Pieces of text of an element, scripts and the like left out."""
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return
    if element.text:
        yield element.text
    for child in element:
        if child.tag == "br":
            yield "\n"
        else:
            yield from visible_text(child)
        if child.tail:
            yield child.tail


def _link_share(element: HtmlElement, size: int) -> float:
    linked = sum(len(line_key("".join(visible_text(link)))) for link in element.iter("a"))
    if element.getparent() is not None and not linked and any(parent.tag == "a" for parent in element.iterancestors()):
        return 1.0
    return min(1.0, linked / size)
