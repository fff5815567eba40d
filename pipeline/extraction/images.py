"""Pictures of an article: declared ones first, then the figures in its text, each with caption and credit."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipeline.extraction.captions import split_credit
from pipeline.extraction.jsonld import Graph, Node, string
from pipeline.extraction.markup import Markup, text_of
from pipeline.items import Image
from pipeline.text import fold
from pipeline.urls import absolute_url

_MOST_IMAGES = 30
_MOST_FIGURES = 60
_LONGEST_CAPTION = 1_000
_LONGEST_CREDIT = 150
# Lazy loaders put a placeholder where the address belongs, the same for all pictures.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src", "data-srcset", "srcset")
_CREDIT_WORDS = frozenset({
    "author", "autor", "copyright", "credit", "credits", "crédit", "fotograf", "photographer", "quelle", "rights",
    "source",
})  # fmt: skip
_CREDIT = re.compile(
    r"(?:^|(?<=[\s.(|–-]))(?:(?:photo(?:graph)?|image|picture|foto|bild|fotografie)?\s*(?:credit|crédit|courtesy|by)?\s*[:©]|©|\(c\)|"
    r"(?:photo|image|picture)\s+by|foto von)\s*(?P<credit>[^|]{2,120})$",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|scaled)(?=\.\w+$)")
_LONG_NAME = 16


def read_images(markup: Markup, graph: Graph, nodes: Sequence[Node]) -> tuple[tuple[Image, ...], str]:
    """The pictures, the main one first, each once; and the signal that led to the first."""
    images: dict[str, Image] = {}
    first = ""
    for image, signal in (*_from_json(markup, graph, nodes), *_from_meta(markup), *_from_figures(markup)):
        key = _key(image.url)
        known = images.get(key)
        if known is None and len(images) < _MOST_IMAGES:
            images[key] = image
            first = first or signal
        elif known is not None:
            images[key] = Image(known.url, known.caption or image.caption, known.credit or image.credit)
    return tuple(map(_credited, images.values())), first


def _credited(image: Image) -> Image:
    """The image with the credit that closes its caption taken out of it."""
    caption, credit = split_credit(image.caption)
    return Image(image.url, caption, image.credit or credit)


def _key(url: str) -> str:
    """What two sizes of one picture share: a long file name without the size in it, else the path, else all."""
    path = _SIZE_IN_NAME.sub("", url.partition("?")[0])
    name = path.rpartition("/")[2]
    if "." not in name:
        return url
    return name if len(name) >= _LONG_NAME else path


def _from_json(markup: Markup, graph: Graph, nodes: Sequence[Node]) -> Iterator[tuple[Image, str]]:
    for node in nodes[:2]:
        for key in ("image", "primaryImageOfPage"):
            for item in graph.resolve(node.get(key)):
                image = _json_image(markup, item)
                if image:
                    yield image, "json-ld"


def _json_image(markup: Markup, item: object) -> Image | None:
    if isinstance(item, str):
        url = absolute_url(item, markup.base)
        return Image(url) if url else None
    if not isinstance(item, dict):
        return None
    url = absolute_url(string(item, "contentUrl", "url", "@id"), markup.base)
    caption = string(item, "caption", "description")[:_LONGEST_CAPTION]
    credit = string(item, "creditText", "copyrightNotice", "creator", "author", "copyrightHolder")[:_LONGEST_CREDIT]
    return Image(url, caption, credit) if url else None


def _from_meta(markup: Markup) -> Iterator[tuple[Image, str]]:
    alts = [claim.value for claim in markup.meta("og:image:alt", "twitter:image:alt")]
    names = (
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "parsely-image-url",
    )
    for claim in markup.meta(*names):
        url = absolute_url(claim.value, markup.base)
        if url:
            yield Image(url, alts[0] if len(alts) == 1 else ""), claim.signal


def _from_figures(markup: Markup) -> Iterator[tuple[Image, str]]:
    boxes = (box for box in markup.tree.iter("figcaption", "p") if _is_caption(box))
    for box in islice(boxes, _MOST_FIGURES):
        figure = next(box.iterancestors("figure"), box.getparent())
        sources = (_source(picture, markup.base) for picture in figure.iter("img", "source"))
        url = next(filter(None, sources), None)
        caption, credit = caption_and_credit(box)
        if url and (caption or credit):
            yield Image(url, caption, credit), "figure"


def _is_caption(element: HtmlElement) -> bool:
    return element.tag == "figcaption" or "caption-text" in (element.get("class") or "")


def caption_and_credit(box: HtmlElement) -> tuple[str, str]:
    """The caption in a figcaption and the credit in it, either may be ""; the credit is taken out of the caption."""
    caption = text_of(box)
    credit = next((text for part in box.iter() if _names_credit(part) and (text := text_of(part))), "")
    if credit and credit != caption:
        caption = caption.replace(credit, "", 1)
    elif found := _CREDIT.search(caption):
        caption, credit = caption[: found.start()], found["credit"]
    clean = credit.strip(" ()|:©–-")
    return caption.strip(" |–-(")[:_LONGEST_CAPTION] if fold(caption) != fold(credit) else "", clean[:_LONGEST_CREDIT]


def _names_credit(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return any(word in names for word in ("credit", "copyright", "photographer")) or bool(
        _CREDIT_WORDS.intersection(re.split(r"[^a-zé]+", names))
    )


def _source(picture: HtmlElement, base: str) -> str | None:
    """The address of an img; lazy loaders' attributes count where the plain one holds no picture."""
    for name in _SOURCES:
        value = (picture.get(name) or "").strip().partition(",")[0].partition(" ")[0]
        if value and not value.startswith("data:"):
            return absolute_url(value, base)
    return None
