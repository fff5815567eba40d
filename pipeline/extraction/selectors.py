"""What a source's entry says of its pages by CSS selectors: what alone is article text, and what is none."""

from collections.abc import Sequence
from functools import cache

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, document_fromstring

from pipeline.extraction.markup import select

_OUTERMOST = frozenset({"html", "head", "body"})
_TEXTS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "table", "pre", "figure"})


def matching(tree: HtmlElement, selectors: Sequence[str]) -> list[HtmlElement]:
    """The elements that a selector names, in page order; not those inside of another, nor the page itself."""
    if not selectors:
        return []
    found = {element for selector in selectors for element in select(_compiled(selector), tree)}
    named = {element: None for element in tree.iter("*") if element in found and element.tag not in _OUTERMOST}
    return [element for element in named if not any(above in named for above in element.iterancestors())]


def page_of(elements: Sequence[HtmlElement]) -> HtmlElement:
    """A page with nothing but these elements, which leave their own.

    Their names go: the source's entry has said what they are, whatever the mark-up calls them.
    """
    page = document_fromstring("<html><body><article></article></body></html>")
    (article,) = page.iter("article")
    for element in elements:
        element.tail = None
        element.attrib.clear()
        element.tag = element.tag if element.tag in _TEXTS else "div"
        article.append(element)
    return page


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector)
