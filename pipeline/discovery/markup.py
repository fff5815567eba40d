"""Bytes of a feed or sitemap → text → tree, however broken. Never raises, expands no entity, opens no address."""

import gzip
import html
import io
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.decode import decode
from pipeline.text import collapse

LARGEST = 20 * 2**20
"""Bytes after decompression; the rest of a larger file is not read. Text takes ten times as much memory at worst."""
MOST_LAYERS = 3
LONGEST_ENTITY = 16
"""Characters that an entity of the file's own may stand for: a sign or an abbreviation, too few for a bomb."""

_GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|rdf|feed|entry|channel|urlset|sitemapindex|opml)(?=[\s/>])", re.IGNORECASE)
_PREFIX = re.compile(r"<([\w.-]+):")
_PAGE = re.compile(r"<(?:html|head|body)(?=[\s>])", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.DOTALL)
_ENTITY = re.compile(rf"""<!ENTITY\s+([A-Za-z]\w*)\s+(["'])((?:[^"'<%&]|&#\w{{1,7}};){{0,{LONGEST_ENTITY}}})\2\s*>""")
_FOREIGN = re.compile(  # what XML does not allow, outside CDATA sections and comments, which pass whole
    r"<!\[CDATA\[.*?\]\]>|<!--(?:.*?-->|.*)"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:(?:#\w{1,8}|[A-Za-z]\w{0,31});)?"
    r"|<(?![^\W\d]|[/!?:])|\]\]>",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_MARKUP = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|blockquote|br|center|cite|code|del|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|"
    r"nobr|ol|p|pre|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|ul|var|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:br|p|div|li|h[1-6]|tr|blockquote)\b[^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b(?:(?!<\1\b).)*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TEXTS = re.compile(
    r"<(title|description|summary|content:encoded|subtitle|tagline|category|author|dc:creator|loc|news:title)\b(?![^<>]*/>)([^<>]*)>"
    r"((?:(?!</?(?:item|entry|\1)\b).)*)(?=</\1\s*>)",
    re.IGNORECASE | re.DOTALL,
)
_OPEN_LINK = re.compile(r"<((?:\w+:)?link\s[^<>]{0,2000}[^/<>])>(?!\s*</(?:\w+:)?link)", re.IGNORECASE)
_BARE_ATTRIBUTE = re.compile(r"""(\s[\w:.-]+)\s*=\s*([^\s"'<>]+)""")
_START_TAG = re.compile(r"<[\w:.-]+\s[^<>]*>")
_NUMERIC = (("&amp;", "&#38;"), ("&lt;", "&#60;"), ("&gt;", "&#62;"), ("&quot;", "&#34;"), ("&apos;", "&#39;"))


@dataclass(frozen=True, slots=True)
class Document:
    """A body as text. ``whole``: no compression ended early and nothing was left unread for its size."""

    text: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """The XML in a text, repaired so far as it must be to be parsed.

    ``root``: local name of the first element that a listing begins with, in lower case; "" for none, "html" where a
    page stands around it. ``whole``: its end tag was seen.
    """

    root: str
    xml: str = ""
    whole: bool = True


def read_document(body: bytes, content_type: str | None = None) -> Document:
    """The text of a body, out of up to three layers of gzip."""
    whole = True
    for _ in range(MOST_LAYERS):
        if not body.startswith(_GZIP):
            break
        body, complete = _unpacked(body)
        whole = whole and complete
    return Document(decode(body[:LARGEST], content_type).text.lstrip("\ufeff"), whole and len(body) <= LARGEST)


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """What can be unpacked, and whether that is all."""
    unpacked = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            while block := stream.read1(2**18):
                unpacked += block
                if len(unpacked) > LARGEST:
                    return bytes(unpacked), False
    except (OSError, EOFError, zlib.error):
        return bytes(unpacked), False
    return bytes(unpacked), True


def xml_source(text: str) -> Source:
    """The XML of a listing: what stands around it cut away, references and stray characters put right.

    A file that was cut off ends with its last end tag: what was inside an element then is half a value, and gone.
    """
    root = _ROOT.search(text)
    page = _PAGE.search(_COMMENT.sub("", text[: root.start()] if root else text))
    if page or root is None:
        return Source("html" if page else "")
    name = root[1].lower()
    closed = re.compile(rf"</(?:[\w.-]+:)?{name}\s*>", re.IGNORECASE)
    ends = [found.end() for found in closed.finditer(text, root.end())]
    end = ends[-1] if ends else _last_end(text, root.start())
    entities = {found[1]: html.unescape(found[3]) for found in _ENTITY.finditer(text, 0, root.start())}
    xml = _without_open_sections(text[root.start() : end])
    if (prefix := _PREFIX.match(xml)) and f"xmlns:{prefix[1]}" not in xml[: xml.find(">")]:
        xml = re.sub(rf"(</?){re.escape(prefix[1])}:", r"\1", xml)
    return Source(name, _allowed(xml, entities), bool(ends) or xml.find(">") == len(xml) - 1)


def _last_end(text: str, start: int) -> int:
    """Where the last end tag or empty element ends."""
    end = text.rfind("</", start)
    while end >= 0 and (close := text.find(">", end)) < 0:
        end = text.rfind("</", start, end)
    close = text.find(">", end) if end >= 0 else -1
    return max(close, text.rfind("/>", start) + 1) + 1


def _without_open_sections(xml: str) -> str:
    """The text with its last CDATA section and comment opened no more where nothing closes them."""
    for start, end in (("<![CDATA[", "]]>"), ("<!--", "-->")):
        last = xml.rfind(end) + 1
        xml = xml[:last] + xml[last:].replace(start, "")
    return xml


def _allowed(xml: str, entities: dict[str, str]) -> str:
    """The text as XML allows it: named and impossible references become characters, stray signs references."""

    @lru_cache(maxsize=1024)
    def spelled(found: str) -> str:
        return escape(entities.get(found[1:-1]) or html.unescape(found) if found.endswith(";") else found)

    return _FOREIGN.sub(lambda found: found[0] if found[0].startswith("<!") else spelled(found[0]), xml)


def parse_xml(xml: str) -> etree._Element | None:
    """The tree of repaired XML; of what is broken all the same, the tree of a second, rougher repair."""
    parser = _parser()
    tree = _tree(xml, parser)
    if all(error.domain_name == "NAMESPACE" for error in parser.error_log):
        return tree
    return _tree(_roughly_repaired(xml), _parser())


def _roughly_repaired(xml: str) -> str:
    """XML whose raw HTML, open links and bare attributes no longer break the elements around them.

    Of the references only numeric ones stay: the parser drops the others once it has met an error.
    """
    xml = _START_TAG.sub(_quoted, _TEXTS.sub(_escaped, xml))
    xml = _OPEN_LINK.sub(lambda found: f"<{found[1]}/>" if "href" in found[1].lower() else found[0], xml)
    for named, numeric in _NUMERIC:
        xml = xml.replace(named, numeric)
    return xml


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8",
        collect_ids=False,
    )  # fmt: skip


def _tree(xml: str, parser: etree.XMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _escaped(found: re.Match[str]) -> str:
    """A text element whose raw HTML can no longer be taken for elements of the feed."""
    inner = found[3]
    if "<![CDATA[" in inner or "<" not in inner:
        return found[0]
    return f"<{found[1]}{found[2]}>{escape(inner)}"


def _quoted(found: re.Match[str]) -> str:
    return _BARE_ATTRIBUTE.sub(r'\1="\2"', found[0]) if "=" in found[0] and '"' not in found[0] else found[0]


# Namespaces by what all spellings of their address share → the prefix they go by here; none for those of feeds.
_PREFIXES = (
    ("purl.org/dc", "dc"), ("modules/content", "content"), ("modules/syndication", "sy"), ("modules/slash", "slash"),
    ("modules/aggregation", "ag"), ("modules/event", "ev"),
    ("search.yahoo.com", "media"), ("itunes.com", "itunes"), ("feedburner", "feedburner"),
    ("google.com/schemas/sitemap-news", "news"), ("sitemap-image", "image"), ("sitemap-video", "video"),
    ("sitemap-mobile", "mobile"), ("1999/xhtml", "xhtml"), ("googleplay", "googleplay"), ("podcast", "podcast"),
    ("georss", "georss"), ("prismstandard", "prism"), ("purl.org/syndication/thread", "thr"), ("history/1.0", "fh"),
    ("w3.org/2005/atom", ""), ("purl.org/atom", ""), ("purl.org/rss", ""), ("netscape.com/rdf", ""),
    ("rss2", ""), ("sitemaps.org/schemas/sitemap", ""), ("google.com/schemas/sitemap", ""), ("rdf-syntax", ""),
)  # fmt: skip
_OWN_PREFIXES = frozenset({"atom", "atom10", "atom03", "rss", "rss10", "rdf", "a10"})


def name_of(element: etree._Element) -> str:
    """The element's name in lower case, with a prefix where it is not of the listing's own vocabulary."""
    tag = element.tag
    return _name(tag, element.prefix) if isinstance(tag, str) else ""


@lru_cache(maxsize=2048)
def _name(tag: str, prefix: str | None) -> str:
    namespace, _, local = tag.rpartition("}")
    written, _, local = local.lower().rpartition(":")
    known = next((short for part, short in _PREFIXES if part in namespace.lower()), None) if namespace else None
    short = (prefix or written).lower() if known is None else known
    return f"{short}:{local}" if short and short not in _OWN_PREFIXES else local


def text_of(element: etree._Element) -> str:
    """All text in an element, as it stands."""
    return element.text or "" if len(element) == 0 else "".join(map(str, element.itertext()))


def plain(written: str) -> str:
    """One line of plain text out of HTML or text: entities (doubly escaped ones too) and mark-up gone.

    A tag that HTML does not know stays: in a title "<vector>" is text.
    """
    text = html.unescape(written) if "&" in written else written
    if "<" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")  # wrapped twice
        text = _MARKUP.sub("", _BLOCK.sub(" ", _UNSEEN.sub(" ", text)))
    return collapse(html.unescape(text) if "&" in text else text)
