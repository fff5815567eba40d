"""What a page says about itself in a word or two: language, site, section, tags, kind, paywall."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.extraction.jsonld import Graph, Node, string, strings, types
from pipeline.extraction.markup import Claim, Markup
from pipeline.items import Kind
from pipeline.text import collapse, fold, has_letters
from pipeline.urls import is_web_address

_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?$", re.IGNORECASE)
_NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis", "xx"})
_TAG_METAS = (
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "cxenseparse:taglist",
    "dc.subject",
    "keywords",
)
_SECTION_METAS = (
    "article:section",
    "og:article:section",
    "og:section",
    "parsely-section",
    "cxenseparse:recs:section",
    "dc.type.section",
    "section",
    "category",
)
_MOST_TAGS = 30
_LONGEST_TAG = 60
_LONGEST_SECTION = 60
_NO_SECTIONS = frozenset({
    "article", "articles", "home", "homepage", "news_article", "none", "null", "uncategorised", "uncategorized",
    "undefined", "unkategorisiert",
})  # fmt: skip
_MACHINE_TAG = re.compile(r"[0-9a-f-]{24,}$|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}$")
_TAG_SPLIT = re.compile(r"\s*[,;|،、，]\s*")
_LOCKED = ("locked", "metered", "paid", "premium", "subscriber", "subscribers", "plus", "paywall")

_LIVE = ("liveblogposting",)
_ARTICLES = ("article", "posting")

# Names of sections, folded → kind.
_RUBRICS: Mapping[Kind, frozenset[str]] = {
    Kind.LIVE_BLOG: frozenset({
        "as it happened", "en direct", "en directo", "in diretta", "live blog", "live updates", "liveblog",
        "liveticker", "minuto a minuto", "na żywo",
    }),
    Kind.OPINION: frozenset({
        "cartas al director", "column", "columnistas", "columnists",
        "columns", "comment", "commentary", "commentisfree", "commenti", "debat", "debatt", "editorial", "editoriale",
        "editoriales", "editorials", "editoriali", "kolumne", "kolumnen", "komentarze", "komentář",
        "komentáře", "kommentar", "kommentare", "ledare", "leder", "leitartikel", "letters", "meinung", "meinungen",
        "mening", "meninger", "mielipide", "názory", "op ed", "opinia", "opinie", "opinies", "opinii", "opinion",
        "opinione", "opinioni", "opinions", "opinión", "opiniones", "opinião", "publicystyka", "pääkirjoitus",
        "tribune", "tribunes", "vélemény", "viewpoint", "views", "yazarlar", "γνώμες", "απόψεις", "мнение", "мнения",
        "думки", "погляди", "דעות", "رأي", "آراء", "مقالات الرأي", "评论", "評論", "社論", "社説", "オピニオン",
        "오피니언", "사설", "칼럼",
    }),
    Kind.GALLERY: frozenset({
        "bildergalerie", "bildergalerien", "diaporama", "diaporamas", "fotogalerie", "fotogalleria", "fotogalería",
        "fotogalerías", "fotostrecke", "fotostrecken", "galeria", "galerie", "galería", "galerías", "galleries",
        "gallery", "in pictures", "photo gallery", "photos gallery", "slideshow", "slideshows", "фотогалерея",
        "фоторепортаж",
    }),
    Kind.VIDEO: frozenset({"video", "videos", "vidéo", "vidéos", "vídeo", "vídeos", "видео", "відео", "فيديو", "视频"}),
    Kind.PODCAST: frozenset({"podcast", "podcasts", "подкаст", "подкасты", "بودكاست", "팟캐스트"}),
}  # fmt: skip

# schema.org types and og:type values → kind; the more telling first.
_KINDS: Sequence[tuple[Kind, tuple[str, ...]]] = (
    (Kind.LIVE_BLOG, _LIVE),
    (Kind.OPINION, ("opinionnewsarticle",)),
    (Kind.GALLERY, ("imagegallery", "mediagallery", "gallery", "photo_gallery", "article.gallery")),
    (Kind.PODCAST, ("podcastepisode", "audioobject", "radioepisode", "music.radio_station", "podcast")),
    (Kind.VIDEO, ("videoobject", "tvepisode", "video.other", "video.episode", "video", "video.movie")),
)


def languages(markup: Markup, nodes: Sequence[Node], headers: Mapping[str, str]) -> Iterator[Claim]:
    """The languages the page claims to be in, as BCP 47 ("en", "pt-BR"), the most trustworthy claim first."""
    root = markup.tree.getroottree().getroot()
    claims = [
        Claim(
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or "",
            "html[lang]",
        ),
        *(Claim(text, "json-ld") for node in nodes for text in strings(node.get("inLanguage"))),
        *markup.meta("og:locale", "content-language", "language", "dc.language", "dcterms.language"),
        *(
            Claim(value, "header:content-language")
            for name, value in headers.items()
            if name.lower() == "content-language"
        ),
    ]
    for claim in claims:
        if tag := language_tag(claim.value):
            yield Claim(tag, claim.signal)


def language_tag(text: str) -> str | None:
    """The tag in its usual spelling: language, and region where stated; None for what is no language tag."""
    found = _LANGUAGE_TAG.match(text.strip().partition(",")[0].strip())
    if not found or found[1].lower() in _NO_LANGUAGES:
        return None
    return f"{found[1].lower()}-{found[2].upper()}" if found[2] else found[1].lower()


def site_claims(markup: Markup, graph: Graph, nodes: Sequence[Node]) -> Iterator[Claim]:
    """What the page calls its site."""
    yield from (claim for claim in markup.meta("og:site_name") if not claim.value.startswith("@"))
    for node in nodes:
        for publisher in graph.resolve(node.get("publisher")):
            for name in _names(publisher):
                yield Claim(name, "json-ld")
    for node in graph.nodes:
        if "website" in types(node) or "newsmediaorganization" in types(node):
            yield Claim(string(node, "name"), "json-ld")
    yield from markup.meta("application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher")


def _names(value: object) -> list[str]:
    texts = strings({"name": value.get("name")} if isinstance(value, dict) else value)
    return [text for text in texts if not is_web_address(text)]


def sections(markup: Markup, nodes: Sequence[Node]) -> Iterator[Claim]:
    """The rubrics the page says it belongs to."""
    claims = [
        *(Claim(text, "json-ld") for node in nodes for text in strings(node.get("articleSection"))),
        *markup.meta(*_SECTION_METAS),
        *markup.properties("articleSection"),
    ]
    for claim in claims:
        if name := section_name(claim.value):
            yield Claim(name, claim.signal)


def section_name(written: str) -> str:
    """The first of the sections that a declaration names, or "" for none."""
    name = "" if is_web_address(written.strip()) else collapse(re.split(r"\s*[>|/;]\s*|,(?=\S)", written)[0])
    return name if has_letters(name) and len(name) <= _LONGEST_SECTION and fold(name) not in _NO_SECTIONS else ""


def tags(markup: Markup, nodes: Sequence[Node], site_names: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """The keywords of the first place that gives any, each once, and that place.

    The site's own name and machine tags ("type:story", host names, hexadecimal keys) are left out.
    """
    claimed = [
        *(Claim(text, "json-ld") for node in nodes[:1] for text in strings(node.get("keywords"))),
        *markup.meta(*_TAG_METAS),
    ]
    unwanted = {fold(name) for name in site_names}
    for signal in dict.fromkeys(claim.signal for claim in claimed):
        found: dict[str, str] = {}
        for claim in claimed:
            for tag in _TAG_SPLIT.split(claim.value) if claim.signal == signal else ():
                tag = tag.strip("#\"' ")  # noqa: PLW2901 - the same tag, trimmed
                if _is_tag(tag) and fold(tag) not in unwanted:
                    found.setdefault(fold(tag), tag)
        if found:
            return tuple(found.values())[:_MOST_TAGS], signal
    return (), ""


def _is_tag(text: str) -> bool:
    return (
        has_letters(text)
        and not text.startswith("@")
        and len(text) <= _LONGEST_TAG
        and ":" not in text.partition(" ")[0]
        and not _MACHINE_TAG.match(text)
        and not is_web_address(text)
    )


def kind_of(markup: Markup, nodes: Sequence[Node], rubrics: Iterable[Claim]) -> Claim | None:
    """The kind of page where it says something more than "article"; None otherwise.

    The article's JSON-LD types come first; og:type is asked only where they name no article. ``rubrics``: the
    sections it stands in and the words of its address, which tell what its text is and what the media beside it.
    """
    top = types(nodes[0]) if nodes else []
    stated = [Claim(claim.value.lower(), claim.signal) for claim in markup.meta("og:type")]
    claims = [Claim(name, "json-ld") for node in nodes for name in types(node) if name in _LIVE]
    is_article = any(name.endswith(_ARTICLES) for name in top)
    if is_article or "article" not in [claim.value for claim in stated]:
        claims += [*(Claim(name, "json-ld") for name in top), *(() if is_article else stated)]
    found = next((Claim(kind, c.signal) for kind, names in _KINDS for c in claims if c.value in names), None)
    return found or _rubric_kind(rubrics)


def _rubric_kind(rubrics: Iterable[Claim]) -> Claim | None:
    """The kind that the name of a section says, given in any of the languages of the press."""
    for claim in rubrics:
        name = fold(claim.value)
        for kind, names in _RUBRICS.items():
            if name in names:
                return Claim(kind, claim.signal)
    return None


def paywall(markup: Markup, graph: Graph, nodes: Sequence[Node]) -> Claim | None:
    """The page's own word that its text is not free; None when it says nothing or says that it is."""
    for node in nodes:
        if _is_false(node.get("isAccessibleForFree")):
            return Claim("isAccessibleForFree=false", "json-ld")
        for part in graph.resolve(node.get("hasPart")):
            if isinstance(part, dict) and _is_false(part.get("isAccessibleForFree")):
                return Claim(
                    f"hasPart {string(part, 'cssSelector')} isAccessibleForFree=false".replace("  ", " "), "json-ld"
                )
    for claim in (
        *markup.meta(
            "article:content_tier",
            "og:article:content_tier",
            "article:opinion_tier",
            "paywall",
            "premium",
            "access",
            "content-tier",
        ),
        *markup.properties("isAccessibleForFree"),
    ):
        if claim.value.lower() in _LOCKED or (
            claim.signal == "[itemprop=isAccessibleForFree]" and _is_false(claim.value)
        ):
            return Claim(f"{claim.signal}={claim.value}", claim.signal)
    return None


def _is_false(value: object) -> bool:
    return value is False or (
        isinstance(value, str) and value.rpartition("/")[2].strip().lower() in ("false", "no", "0")
    )
