"""What the page's mark-up says about each of its lines: is it a link, and what is the box it stands in for."""
# ruff: noqa: E501 - one line a role is what makes the table readable

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "head",
        "select",
        "option",
        "textarea",
        "object",
        "embed",
    ]
)
_CUTTING = _SKIPPED | {"br"}
_WHOLE_TEXT = etree.XPath("string()", smart_strings=False)
_ANCESTORS = 5
_WHOLE_PAGE = frozenset({"body", "html", "main", "article"})

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
    "related": r"related|relateds?|recommend(?:ed|ations?)?|read-?more|readmore|see-?also|also-?read|more-?(?:on|from|stories|news|articles)|most-?(?:read|popular|viewed)|trending|outbrain|taboola|teasers?(?!-text)|popular(?:-?(?:articles|posts|stories|news))?|latest-?(?:news|stories|articles|posts)|promos?|linklist|link-?box|further-?reading|up-?next|next-?article|you-?may|lesen-?sie|mehr-?zum|correlati|relacionad[oa]s|similaires|similars?|carousels?|swipers?|sliders?|recirc(?:ulation)?|collections|inline-?links?",
    "prompt": r"newsletters?|sign-?up|signup|subscri\w+|paywall-?(?:box|prompt|banner|message|overlay|teaser|notice|offer|cta)|regwall|premium-?(?:box|teaser|prompt)|app-?promo|app-?download|donat\w+|membership|registration|login|cta|call-?to-?action|follow-?us|polls?",
    "share": r"share|sharing|shares|social(?:s|-?(?:media|links|icons|share|bar))?(?!-(?:media-)?(?:embed|post))|sharedaddy|addtoany|addthis",
    "tags": r"tags?|tag-?list|topics?|keywords?|breadcrumbs?|article-?tags|taglist",
    "bio": r"author-?(?:bio|box|info|card|about|description|profile|details?)|about-?(?:the-?)?author|bio|contributor-?bio|writer-?bio",
    "byline": r"bylines?|authors?|author-?name|autor(?:es)?|auteurs?|article-?meta|meta-?info|post-?meta|entry-?meta|dateline|timestamp|publish(?:ed)?-?date|article-?date|post-?date|datum",
    "comments": r"comments?|comment-?(?:form|list|section|area)|disqus|respond|kommentare?|commentaires?",
    "advert": r"ad|ads|advert|adverts|advertisement|adslot|ad-?(?:slot|unit|container|wrapper|box|placeholder)|sponsor(?:ed)?|dfp|anzeige|publicidad|pubblicita|werbung",
    "embed": r"embed|embeds|twitter-?tweet|instagram-?media|tweet|video-?(?:player|js|caption|title|description)|jwplayer|brightcove|opta|infogram|datawrapper",
    "overlay": r"tooltips?|popovers?|toasts?|hover-?cards?",
    "standfirst": r"standfirst|stand-?first|dek|deck|sub-?(?:title|head|heading|headline)|article-?(?:lead|dek|subtitle|summary)|chapo|sapo|vorspann|entradilla|bajada|sommario|unterzeile",
    "fact": r"(?:fact|info)-?(?:box|boxes|file|files|sheet|kasten|boks|ruta)|(?:key|quick|fast)-?facts|fakta(?:-?(?:boks|boksi|box|ruta|rute|laatikko))?|fakten-?(?:box|kasten)|tieto-?(?:laatikko|boksi)|encadre|recuadro|despiece|datos-?clave|ficha-?tecnica",
    "post": r"live-?(?:blog-?)?(?:post|entry|update|event|item|card)|live-?ticker-?(?:post|entry|event|item|eintrag|beitrag)|ticker-?(?:post|entry|event|item|eintrag|beitrag)",
}
"""Names in class and id that say what a box holds: role → whole names, hyphens and underscores alike."""

_TOKEN = re.compile(r"[A-Za-z]+(?:[-_]+[A-Za-z]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMED = re.compile(f"(?<![a-z])(?:{'|'.join(f'(?P<{role}>{names})' for role, names in ROLE_NAMES.items())})(?![a-z])")


def line_key(text: str) -> str:
    """What a line is found by: its characters, white space gone."""
    return "".join(text.split())


def own_roles(element: HtmlElement) -> frozenset[str]:
    """Roles that an element's own tag, class and id name."""
    return _roles(str(element.tag), element.get("class") or "", element.get("id") or "")


@lru_cache(maxsize=4096)
def _roles(tag: str, classes: str, identity: str) -> frozenset[str]:
    roles = {ROLE_TAGS[tag]} if tag in ROLE_TAGS else set()
    spelled = _CAMEL.sub("-", f"{classes} {identity}"[:400]).lower().replace("_", "-")
    roles.update(found.lastgroup for found in _NAMED.finditer(spelled) if found.lastgroup)
    return frozenset(roles)


@dataclass(frozen=True)
class Block:
    """One leaf block of the page: its ``element``, its ``text``, and the ``key`` it is found by."""

    element: HtmlElement
    text: str
    key: str

    @cached_property
    def link(self) -> float:
        """Share of its characters inside links, 0–1."""
        linked = sum(len(line_key(visible_text(link))) for link in self.element.iter("a"))
        if not linked and next(self.element.iterancestors("a"), None) is not None:
            return 1.0
        return min(1.0, linked / len(self.key))

    @cached_property
    def roles(self) -> frozenset[str]:
        """What it and the boxes around it are named for."""
        roles = own_roles(self.element)
        for above in islice(self.element.iterancestors(), _ANCESTORS - 1):
            if above.tag in _WHOLE_PAGE:
                break
            roles |= own_roles(above)
        return roles


class PageEvidence:
    """The leaf blocks of one parsed page, in page order. Reads the tree once; it may be pruned afterwards.

    ``notes``: what the page says to browsers without scripts. ``scripts``, ``links``: how many of them it has.
    ``passwords``: how many fields for one; ``media``: how many figures, videos and recordings.
    ``below_pictures``: the elements that come directly after a picture.
    """

    def __init__(self, tree: HtmlElement) -> None:
        texts = ((element, visible_text(element)) for element in leaf_blocks(tree))
        self.blocks = [Block(element, text, key) for element, text in texts if (key := line_key(text))]
        self.notes = [str(note.text_content()) for note in tree.iter("noscript")]
        self.scripts = sum(1 for _ in tree.iter("script"))
        self.links = sum(1 for _ in tree.iter("a"))
        self.passwords = sum(field.get("type") == "password" for field in tree.iter("input"))
        self.media = sum(1 for _ in tree.iter("figure", "video", "audio"))
        self.below_pictures = {_next_to(picture) for picture in tree.iter("img")}
        self._by_key = {block.key: block for block in reversed(self.blocks)}

    def of(self, text: str) -> Block | None:
        """The first block that a line is; None for a line that the page does not hold in one piece."""
        return self._by_key.get(line_key(text))


def _next_to(element: HtmlElement) -> HtmlElement | None:
    """What comes after an element, or after the next boxes around that it is the last of."""
    around = (element, *islice(element.iterancestors(), _ANCESTORS))
    return next((below for box in around if (below := box.getnext()) is not None), None)


def leaf_blocks(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Block elements that hold text and no further block, in page order."""
    last: HtmlElement | None = None
    for element in tree.iter(*BLOCK_TAGS):
        if last is not None and _block_around(element) is not last:
            yield last
        last = element
    if last is not None:
        yield last


def _block_around(element: HtmlElement) -> HtmlElement | None:
    around = element.getparent()
    while around is not None and around.tag not in BLOCK_TAGS:
        around = around.getparent()
    return around


def visible_text(element: HtmlElement) -> str:
    """Text of an element, scripts and the like left out, line breaks kept."""
    if not len(element):
        return element.text or ""
    if any(part.tag in _CUTTING for part in element.iterdescendants()):
        return "".join(_pieces(element))
    return str(_WHOLE_TEXT(element))


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif child.tag not in _SKIPPED:
            yield from _pieces(child)
        yield child.tail or ""
