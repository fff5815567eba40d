"""Everything a page says about its article, each field with the signal it came from.

Per field the places are asked in order of trust: JSON-LD, OpenGraph and other meta elements, microdata, what readers
see around the headline, the address. The first that gives a usable answer is believed; where none does, the field
stays empty. Nothing is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from lxml.html import HtmlElement

from pipeline.extraction import labels
from pipeline.extraction.bylines import bare_byline, labelled_byline, linked_byline, microdata_byline, visible_byline
from pipeline.extraction.chronology import read_times
from pipeline.extraction.datelines import declared, listed
from pipeline.extraction.images import read_images
from pipeline.extraction.jsonld import ARTICLE_TYPES, Graph, Node, article_nodes, read_graph, string, strings, types
from pipeline.extraction.liveblog import declared_updates
from pipeline.extraction.markup import Claim, Markup, read_markup, text_of
from pipeline.extraction.people import fold_sites, is_site, read_authors
from pipeline.extraction.surroundings import Spot, headline_element, spots_around
from pipeline.extraction.titles import choose_headline, clean_title, site_names
from pipeline.items import Author, Image, Kind, Link, Precision, Update
from pipeline.text import fold
from pipeline.urls import canonical_url, path_words, plausible_canonical, site_of

_AUTHOR_METAS = (
    "article:author_name", "article:author", "og:article:author", "author", "authors", "parsely-author",
    "sailthru.author", "cxenseparse:author", "mrf:authors", "dc.creator", "dcterms.creator", "citation_author", "byl",
    "byline", "articleauthor",
)  # fmt: skip
_DESCRIPTION_METAS = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article; a field is None or empty where the page says nothing.

    ``published``/``modified``: aware, with the precision the page stated. ``canonical_url``: only a plausible one, in
    the spelling of :func:`pipeline.urls.canonical_url`; ``url``: the page's og:url, likewise. ``kind``: ARTICLE unless
    the page says more. ``types``: schema.org types and og:type in lower case; those of articles only where one is the
    page's own. ``signals``: field name → place the value came from.
    """

    headline: str | None = None
    description: str | None = None
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    modified_precision: Precision | None = None
    language: str | None = None
    canonical_url: str | None = None
    url: str | None = None
    site_name: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    paywall: str = ""
    kind: Kind = Kind.ARTICLE
    updates: tuple[Update, ...] = ()
    types: frozenset[str] = frozenset()
    signals: Mapping[str, str] = field(default_factory=dict)


def read_metadata(
    tree: HtmlElement, url: str, now: datetime, headers: Mapping[str, str], link: Link | None = None
) -> Metadata:
    """Read a parsed page; the tree stays as it is.

    ``url``: the page's address, a ``file:`` URI or "" where nobody knows. ``now``: aware; nothing is younger.
    ``headers``: of the response. ``link``: what the listing that led to the page said of it.
    """
    page = _Page(tree, url if canonical_url(url) else "", now, headers, link)
    fields: dict[str, object] = {}
    signals: dict[str, str] = {}
    for name, value, signal in page.fields():
        if value:
            fields[name] = value
            signals[name] = signal
    return Metadata(**fields, types=page.types(), signals=signals)  # type: ignore[arg-type]


def zone_of(metadata: Metadata) -> tzinfo:
    """The zone of the page's times that state none."""
    return (metadata.published.tzinfo if metadata.published else None) or UTC


class _Page:
    """One page while it is read: what several fields need, gathered once."""

    def __init__(
        self, tree: HtmlElement, url: str, now: datetime, headers: Mapping[str, str], link: Link | None = None
    ) -> None:
        self.markup = read_markup(tree, url)
        self.graph = read_graph(self.markup.scripts)
        self.now = now
        self.headers = headers
        self.link = link
        address = url or next((claim.value for claim in _addresses(self.markup)), "")
        self.headings = [text for heading in self.markup.headings if (text := text_of(heading))]
        self.nodes = article_nodes(self.graph, address, self._titles())
        self.sites = list(labels.site_claims(self.markup, self.graph, self.nodes))
        self.site_names = site_names(site_of(address), [claim.value for claim in self.sites])
        self.rubrics = path_words(address)
        self.headline = self._headline()
        self.language = next(labels.languages(self.markup, self.nodes, headers), None)

    @cached_property
    def spots(self) -> Sequence[Spot]:
        """The lines around the visible headline."""
        markup = self.markup
        heading = headline_element(markup.tree, markup.headings, self.headline.value if self.headline else "")
        return spots_around(heading) if heading is not None else []

    def fields(self) -> Iterator[tuple[str, object, str]]:
        """(field, value or nothing, signal) for all fields of Metadata."""
        markup, graph, nodes = self.markup, self.graph, self.nodes
        language = self.language.value if self.language else ""
        times = declared(markup, nodes, language) + listed(self.link)
        published, modified = read_times(markup, times, self.now, language, lambda: self.spots)
        for name, dated in (("published", published), ("modified", modified)):
            if dated:
                yield name, dated.moment, dated.signal
                yield f"{name}_precision", dated.precision, dated.signal
        for name, claim in (
            ("headline", self.headline),
            ("description", next(_descriptions(markup, nodes), None)),
            ("language", self.language),
            ("canonical_url", _plausible(_canonicals(markup), markup.url)),
            ("url", _plausible(markup.meta("og:url"), markup.url)),
            ("site_name", next(iter(self.sites), None)),
            ("section", next(labels.sections(markup, nodes), None)),
            ("paywall", labels.paywall(markup, graph, nodes)),
        ):
            if claim:
                yield name, claim.value, claim.signal
        zone = (published.moment.tzinfo if published else None) or UTC
        yield "updates", declared_updates(graph, nodes, zone), "json-ld"
        if kind := labels.kind_of(markup, nodes, self._rubrics()):
            yield "kind", Kind(kind.value), kind.signal
        yield "authors", *self._authors()
        yield "tags", *labels.tags(markup, nodes, self.site_names)
        yield "images", *read_images(markup, graph, nodes)

    def types(self) -> frozenset[str]:
        """What sort of page it says it is; the articles that a list of them describes are not it."""
        own = {name for node in self.nodes for name in types(node)}
        others = {name for node in self.graph.nodes for name in types(node) if not name.endswith(ARTICLE_TYPES)}
        return frozenset({*own, *others, *(claim.value.lower() for claim in self.markup.meta("og:type"))})

    def _rubrics(self) -> Iterator[Claim]:
        yield from labels.sections(self.markup, self.nodes)
        yield from (Claim(word, "url") for word in self.rubrics)

    def _titles(self) -> list[str]:
        claims = self.markup.meta("og:title", "twitter:title", "title")
        return [*self.headings, *(claim.value for claim in claims), self.markup.title]

    def _headline(self) -> Claim | None:
        claims = [
            *(Claim(text, "json-ld") for node in self.nodes for text in (string(node, "headline"),)),
            *self.markup.meta("og:title"),
            *(Claim(text, "h1") for text in sorted(self.headings, key=self._is_elsewhere)),
            *self.markup.meta("twitter:title", "headline", "title", "dc.title", "parsely-title", "sailthru.title"),
            Claim(self.markup.title, "title"),
        ]
        titles = {claim.value: "" for claim in claims}
        names = [*self.site_names, *self.rubrics]
        for title in titles:
            titles[title] = clean_title(title, names, list(titles))
        return choose_headline([Claim(titles[title], signal) for title, signal in claims])

    def _is_elsewhere(self, heading: str) -> bool:
        """Whether a heading is another than the page's: its words are not in the title element."""
        return fold(heading) not in fold(self.markup.title)

    def _authors(self) -> tuple[tuple[Author, ...], str]:
        """The authors: people before organisations, whichever place names them."""
        organisations: tuple[tuple[Author, ...], str] = ((), "")
        for names, signal in self._bylines():
            authors = read_authors(names, self.site_names)
            if any(author.role == "author" for author in authors) and not self._outweighed(signal, organisations[0]):
                return authors, signal
            if authors and not organisations[0]:
                organisations = authors, signal
        return organisations

    def _outweighed(self, signal: str, organisations: Sequence[Author]) -> bool:
        """Whether a mere line with a name stands against an agency that the page declares; the site itself is none."""
        sites = fold_sites(self.site_names)
        return signal == "line" and any(not is_site(fold(author.name), sites) for author in organisations)

    def _bylines(self) -> Iterator[tuple[Sequence[str], str]]:
        for node in self.nodes:
            yield list(_json_names(self.graph, node)), "json-ld"
        for name in _AUTHOR_METAS:
            claims = list(self.markup.meta(name))
            if claims:
                yield [claim.value for claim in claims], claims[0].signal
        yield microdata_byline(self.markup)
        yield labelled_byline(self.markup)
        yield visible_byline(self.spots)
        if self.link:
            yield self.link.authors, str(self.link.origin)
        yield bare_byline(self.spots, self.headline.value if self.headline else "")
        yield linked_byline(self.markup)


def _json_names(graph: Graph, node: Node) -> Iterator[str]:
    """The authors' names, put together from given and family name where no whole name stands."""
    for key in ("author", "creator"):
        for item in graph.resolve(node.get(key)):
            if isinstance(item, dict):
                yield from strings(item.get("name")) or [f"{string(item, 'givenName')} {string(item, 'familyName')}"]
            else:
                yield from strings(item)


def _descriptions(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    yield from (Claim(text, "json-ld") for node in nodes if (text := string(node, "description")))
    yield from markup.meta(*_DESCRIPTION_METAS)


def _canonicals(markup: Markup) -> Iterator[Claim]:
    yield from (Claim(href, "link[rel=canonical]") for href in markup.links.get("canonical", ()))
    yield from markup.meta("og:url")


def _addresses(markup: Markup) -> Iterator[Claim]:
    return (claim for claim in _canonicals(markup) if canonical_url(claim.value, markup.base))


def _plausible(claims: Iterator[Claim], page_url: str) -> Claim | None:
    """The first claimed address that can be this article's, in canonical spelling."""
    for claim in claims:
        address = canonical_url(claim.value, page_url or None)
        if address and plausible_canonical(address, page_url):
            return Claim(address, claim.signal)
    return None
