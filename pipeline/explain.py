"""What became of a page, as lists for people: its lines in page order, its fields with their signals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.items import Article, Author, BlockKind, Origin, Precision

HEADLINE = "headline"
"""Shape of the line that became the headline."""


@dataclass(frozen=True, slots=True)
class RuleKind:
    """Rules that take out the same sort of thing. ``letter``: its sign beside the colour; unique."""

    letter: str
    name: str
    rules: tuple[str, ...]


KINDS = (
    RuleKind("P", "paywall or prompt", ("prompt", "prompt-box", "legal")),
    RuleKind("C", "comment form", ("comment-form", "comments-box")),
    RuleKind(
        "K",
        "caption or credit",
        ("credit", "agency", "caption-head", "caption", "caption-below", "caption-label", "credited-caption"),
    ),
    RuleKind(
        "L",
        "promo or related",
        ("advert", "advert-box", "related", "related-list", "related-box", "linked-line", "shouted-promo", "topics"),
    ),
    RuleKind(
        "S",
        "share or furniture",
        (
            "repeat",
            "symbols",
            "counter",
            "share",
            "share-box",
            "overlay-box",
            "control",
            "label",
            "orphan-heading",
        ),
    ),
    RuleKind("B", "byline or date", ("date", "attribution", "byline", "byline-head", "author-note", "bio-box")),
    RuleKind("T", "title or standfirst", ("title-echo", "standfirst")),
    RuleKind("F", "fact box or live update", ("fact-box", "post-box")),
    RuleKind("O", "other", ()),
)
"""In the order of the legend; the last takes what no other names."""

MOVED = {
    "standfirst": "kept as standfirst",
    "attribution": "kept as attribution",
    "caption": "kept as an image’s caption",
    "caption-below": "kept as an image’s caption",
    "credited-caption": "kept as an image’s caption",
    "byline": "names authors where nothing better does",
    "date": "dates the article where nothing better does",
    "fact-box": "kept as a fact box",
    "post-box": "kept as an update of the live blog",
}
"""Rule → what its lines are good for outside of the body."""

_FIELDS = {
    "headline": "Headline",
    "standfirst": "Standfirst",
    "authors": "Authors",
    "published": "Published",
    "modified": "Modified",
    "language": "Language",
    "language_declared": "Declared language",
    "language_detected": "Detected language",
    "canonical_url": "Address",
    "site_name": "Site",
    "section": "Section",
    "kind": "Kind",
    "tags": "Tags",
    "description": "Description",
    "images": "Images",
    "updates": "Live updates",
    "factboxes": "Fact boxes",
    "attribution": "Attribution",
    "paywall": "Paywall",
    "robots": "Robots directives",
    "body": "Text",
}


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of the page's main text. ``rule``: what removed it, empty when it was kept.

    ``shape``: the ``BlockKind`` of a kept line, or ``HEADLINE``.
    """

    text: str
    rule: str = ""
    shape: str = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field for people. ``value``: empty when the page does not say. ``signal``: where it came from, or empty.

    ``conflict``: (listing, what it said) where that is something else, or None.
    """

    name: str
    label: str
    value: str
    signal: str
    conflict: tuple[str, str] | None = None

    @property
    def is_listed(self) -> bool:
        """Whether the value is the word of the feed, sitemap or section page that led to the page."""
        return self.signal in set(Origin)


def page_lines(article: Article) -> list[PageLine]:
    """The page's lines in page order: each removed one at its position, the kept ones in the gaps."""
    lines: list[PageLine] = []
    kept = _kept(article)
    for removed in article.removed:
        while len(lines) < removed.position and (line := next(kept, None)):
            lines.append(line)
        lines.append(PageLine(removed.text, removed.rule))
    return [*lines, *kept]


def summary(lines: Sequence[PageLine]) -> str:
    """How much was kept: "20 lines on the page, 7 kept, 13 removed, 38 % of the characters"."""
    removed = [len(line.text) for line in lines if line.rule]
    share = sum(removed) / (sum(len(line.text) for line in lines) or 1)
    count = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    kept = f"{count} on the page, {len(lines) - len(removed):,} kept, {len(removed):,} removed"
    if not removed:
        return kept
    return f"{kept}, {'under 1' if 0 < share < 0.005 else f'{share * 100:.0f}'} % of the characters"


def field_rows(article: Article) -> list[FieldRow]:
    """Every field that tells something of the article, in the order of the report.

    The text is among them only where it comes from another place than usual, or a feed tells another.
    """
    return [
        FieldRow(name, label, _value(article, name), article.signals.get(name, ""), _conflict(article, name))
        for name, label in _FIELDS.items()
        if name != "body" or name in article.signals or name in article.conflicts
    ]


def _conflict(article: Article, name: str) -> tuple[str, str] | None:
    listing, _, said = article.conflicts.get(name, "").partition(": ")
    return (listing, said) if said else None


def moment(value: datetime | None, precision: str | None = None) -> str:
    """As much of the time as the page stated, in UTC; a day stays the page's own."""
    if value is None:
        return ""
    if precision == Precision.DAY:
        return f"{value:%Y-%m-%d}"
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def bylines(authors: Sequence[Author]) -> str:
    """The authors' names, each with its role where it is another than author."""
    return ", ".join(a.name if a.role == "author" else f"{a.name} ({a.role})" for a in authors)


def kind_of(line: PageLine) -> RuleKind | None:
    """The kind of the rule that removed the line, None for a kept one."""
    return next((kind for kind in KINDS if line.rule in kind.rules), KINDS[-1]) if line.rule else None


def _kept(article: Article) -> Iterator[PageLine]:
    """The kept lines in page order. Of a plain text the headline is one of them; nobody knows where, so it is first."""
    if article.signals.get("headline") == "line":
        yield PageLine(article.headline, shape=HEADLINE)
    for block in article.body:
        yield PageLine(block.text, shape=block.kind)


def _value(article: Article, name: str) -> str:
    value = getattr(article, name)
    match name:
        case "authors":
            return bylines(value)
        case "published":
            return moment(value, article.published_precision)
        case "modified":
            return moment(value, article.modified_precision)
        case "images":
            captions = sum(bool(image.caption) for image in value)
            return f"{len(value)}, {captions} with a caption" if captions else str(len(value) or "")
        case "updates" | "factboxes":
            return str(len(value) or "")
        case "tags" | "attribution" | "robots":
            return ", ".join(value)
        case "body":
            return f"{len(value)} blocks"
    return str(value or "")
