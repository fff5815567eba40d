"""The article's text as a feed carries it: whether it is all of it, and whether the page tells the same."""

from collections.abc import Iterable

from lxml.html import HtmlElement

from pipeline.extraction.content import read_content
from pipeline.extraction.evidence import PageEvidence
from pipeline.extraction.limits import parse_within
from pipeline.extraction.metadata import Metadata
from pipeline.extraction.paywalls import breaks_off
from pipeline.extraction.quality import Verdict
from pipeline.extraction.residue import Cleaned, clean
from pipeline.extraction.seen import Seen, is_prose
from pipeline.extraction.standins import judge_page
from pipeline.items import Link
from pipeline.text import collapse, fold, word_count
from pipeline.urls import canonical_url

WHOLE = 150
"""Words under which a text may be a summary."""
_SAME = 0.5  # share of one text that stands in the other where both are of one article
_SIGN_OFF = 12  # words around the title in "The post … appeared first on …"


def whole_text(link: Link) -> Cleaned | None:
    """The article's text as its feed carries it, cleaned and judged as a page's is; None where it is not all of it.

    It is not where it is short, breaks off, or leads on to the article ("Read more").
    """
    tree = _tree(link)
    if tree is None or _leads_on(tree, link):
        return None
    content = read_content(tree)
    cleaned = clean(content.lines, [link.title], link.authors)
    if cleaned.words < WHOLE or breaks_off(cleaned.kept[-1].text):
        return None
    seen = Seen(
        evidence=content.evidence,
        tree=tree,
        metadata=Metadata(),
        source=link.content,
        title=link.title,
        headings=[],
        asked=link.url,
        address=link.url,
        words=cleaned.words,
        told=0,
        claims_article=True,
    )
    return None if judge_page(seen) else cleaned


def is_longer(feed: Cleaned, page: Cleaned) -> bool:
    """Whether the feed's text is the page's and goes on where that ends."""
    text = " ".join(line.text for line in feed.kept)
    return feed.words > page.words and _share([line.text for line in page.kept], text) >= _SAME


def text_conflict(link: Link, text: str) -> str:
    """What a feed's text holds that the page's does not, where that is most of it and no mere summary; else ""."""
    tree = _tree(link)
    if tree is None:
        return ""
    told = [block.text for block in PageEvidence(tree).blocks if is_prose(block)]
    count, share = sum(map(word_count, told)), _share(told, text)
    return "" if count < WHOLE or share >= _SAME else f"{count} words, {share:.0%} of them on the page"


def _tree(link: Link) -> HtmlElement | None:
    markup = link.content if "<" in link.content else link.content.replace("\n", "<br>")
    tree = parse_within(f"<html><body><article><div>{markup}</div></article></body></html>") if markup else None
    return None if isinstance(tree, Verdict) else tree


def _leads_on(tree: HtmlElement, link: Link) -> bool:
    """Whether the text leads to the article itself; a line that only names it by its title is taken out."""
    own, title = canonical_url(link.url), fold(link.title)
    for anchor in list(tree.iter("a")):
        href, text = anchor.get("href") or "", fold(anchor.text_content())
        if not text or "#" in href or canonical_url(href, link.url) != own:
            continue
        if text != title:
            return True
        line = anchor.getparent()
        if line.getparent() is not None and word_count(line.text_content()) <= word_count(link.title) + _SIGN_OFF:
            line.drop_tree()
    return False


def _share(lines: Iterable[str], text: str) -> float:
    """Share of the lines' words that stand in a text."""
    counts = [(fold(line), word_count(line)) for line in map(collapse, lines)]
    whole = fold(text)
    return sum(count for line, count in counts if line in whole) / (sum(count for _, count in counts) or 1)
