"""Boxes apart from the running text: fact boxes beside it, the posts of a live blog below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml.html import HtmlElement

from pipeline.extraction.evidence import Block, leaf_blocks, line_key, own_roles, visible_text
from pipeline.extraction.lines import SOURCE_PRUNE
from pipeline.extraction.markup import text_of
from pipeline.items import Factbox
from pipeline.text import collapse, ends_sentence, word_count

_BOXES = ("p", "div", "section", "aside", "details", "table", "figure", "blockquote", "article", "li")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
_FACTS = re.compile(
    r"(?:(?:the |key |fast |quick )?fact(?:s|file|box| box| file| sheet)?|(?:zahlen und |daten und )?fakten(?:box)?|"
    r"hintergrund|fakta(?:boks|ruta|boksi|rute)?|tietolaatikko|infobox|infokasten|background|encadré|repères|recuadro|"
    r"datos clave|la scheda|kader|feiten(?: en cijfers)?|факты|справка|досье)\W*$",
    re.IGNORECASE,
)
_FITTINGS = frozenset({"share", "advert", "prompt", "comments", "button", "form", "related"})
_LONG_PARAGRAPH = 80
_SMALLEST = 40
_LARGEST = 0.5
"""Share of the page's paragraph text above which a box is believed to be the article, whatever its name."""
_LONGEST_TITLE = 10
_FEWEST_POSTS = 3


@dataclass(frozen=True)
class Boxes:
    """What was cut out. ``facts``: fact boxes with their element. ``posts``: the elements of a live blog's posts.

    ``pruned``: what the source's entry says is no article text.
    """

    facts: dict[HtmlElement, Factbox] = field(default_factory=dict)
    posts: Sequence[HtmlElement] = ()
    pruned: Sequence[HtmlElement] = ()

    @cached_property
    def roles(self) -> dict[HtmlElement, str]:
        """Every element that was cut out, with its role."""
        cut = {"fact": self.facts, "post": self.posts, SOURCE_PRUNE: self.pruned}
        return {element: role for role, elements in cut.items() for element in elements}

    def role_of(self, element: HtmlElement) -> str:
        """Role of the box that an element stands in, or empty."""
        if not self.roles:
            return ""
        return next((role for box in (element, *element.iterancestors()) if (role := self.roles.get(box))), "")


def cut_boxes(tree: HtmlElement, *, live: bool) -> Boxes:
    """Cut such boxes out of a pruned tree. ``live``: whether the page declares itself a live blog.

    Of a page that does not, three posts with a time are needed. What stands above the text is its summary, no fact box.
    """
    facts: list[HtmlElement] = []
    posts: list[HtmlElement] = []
    begun = False
    for element in tree.iter(*_BOXES):
        begun = begun or (element.tag == "p" and len(line_key("".join(element.itertext()))) > _LONG_PARAGRAPH)
        roles = own_roles(element)
        if "post" in roles or element.get("itemprop") == "liveBlogUpdate":
            posts.append(element)
        elif begun and ("fact" in roles or (element.tag == "aside" and _FACTS.match(_heading(element)))):
            facts.append(element)
    posts = _siblings(posts, 1 if live else _FEWEST_POSTS)
    if not live and any(next(post.iter("time"), None) is None for post in posts):
        posts = []
    if live and not posts:
        posts = _timed(tree)
    told = _told(facts, _paragraph_size(tree)) if facts else {}
    for element in (*told, *posts):
        if element.getparent() is not None:
            element.drop_tree()
    return Boxes(told, posts)


def texts_of(element: HtmlElement) -> list[str]:
    """The lines of text in a box, in page order; controls and adverts left out."""
    blocks = ((block, collapse(visible_text(block))) for block in leaf_blocks(element))
    return [text for block, text in blocks if text and not Block(block, text, text).roles & _FITTINGS]


def _siblings(posts: Sequence[HtmlElement], fewest: int) -> list[HtmlElement]:
    """The posts among elements named so: parts of posts and the list around them are named alike.

    Posts are the first ones that share a parent, or where each is wrapped by itself, a class.
    """
    for shared in (HtmlElement.getparent, _class):
        groups: dict[object, list[HtmlElement]] = {}
        for post in posts:
            groups.setdefault((shared(post), post.tag), []).append(post)
        if found := next((group for group in groups.values() if len(group) >= max(2, fewest)), None):
            return found
    return list(posts[:1]) if fewest == 1 else []


def _timed(tree: HtmlElement) -> list[HtmlElement]:
    """The largest group of siblings of one tag that each hold a time and text: a live blog's posts under any name."""
    groups: dict[object, dict[HtmlElement, None]] = {}
    for clock in tree.iter("time"):
        for element in clock.iterancestors(*_BOXES):
            groups.setdefault((element.getparent(), element.tag), {})[element] = None
    told = ([box for box in group if len(line_key("".join(box.itertext()))) > _SMALLEST] for group in groups.values())
    largest = max(told, key=len, default=[])
    return largest if len(largest) >= _FEWEST_POSTS else []


def _class(element: HtmlElement) -> str:
    return element.get("class") or ""


def _told(elements: Sequence[HtmlElement], page: int) -> dict[HtmlElement, Factbox]:
    """The fact boxes in such elements. ``page``: characters in the page's paragraphs."""
    boxes: dict[HtmlElement, Factbox] = {}
    for element in elements:
        if any(above in boxes for above in element.iterancestors()) or next(element.iter("h1"), None) is not None:
            continue
        box = _factbox(element)
        size = sum(map(len, map(line_key, box.lines)))
        if size >= _SMALLEST and _paragraph_size(element) <= page * _LARGEST and not _is_linked(element, size):
            boxes[element] = box
    return boxes


def _factbox(element: HtmlElement) -> Factbox:
    lines = texts_of(element)
    title = collapse(_heading(element))
    if not title and len(lines) > 1 and word_count(lines[0]) <= _LONGEST_TITLE and not ends_sentence(lines[0]):
        title = lines[0]
    return Factbox(title, tuple(line for line in lines if line != title))


def _heading(element: HtmlElement) -> str:
    return next((text for heading in element.iter(*_HEADINGS) if (text := text_of(heading))), "")


def _is_linked(element: HtmlElement, size: int) -> bool:
    return sum(len(line_key(text)) for text in _links(element)) > size / 2


def _links(element: HtmlElement) -> Iterator[str]:
    return ("".join(link.itertext()) for link in element.iter("a"))


def _paragraph_size(element: HtmlElement) -> int:
    return sum(len(line_key("".join(p.itertext()))) for p in element.iter("p"))
