"""What became of a page as one self-contained HTML page, for a person to judge at a glance.

Whatever an item holds may be hostile: every text is escaped where it enters the page (``_tag``), what could hide or
reorder text is shown as its code point, and the page's own policy lets a browser load and run nothing.
"""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template

from pipeline.explain import (
    KINDS,
    MOVED,
    FieldRow,
    PageLine,
    RuleKind,
    field_rows,
    kind_of,
    moment,
    page_lines,
    summary,
)
from pipeline.export import printable
from pipeline.items import Article, Reason, Rejection
from pipeline.urls import is_web_address

# What could hide or reorder text or break the page, but not the marks that right-to-left scripts need.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

REASONS = {
    Reason.UNREADABLE: "The file could not be read.",
    Reason.CORRUPT: "The compressed data is damaged or cut short.",
    Reason.MALFORMED: "A row or side-car does not parse, or lacks what it must hold.",
    Reason.TOO_LARGE: "The page is over the size limit.",
    Reason.TOO_COMPLEX: "The page has more tags, attributes or nesting than a page can honestly have.",
    Reason.TIMEOUT: "The page was not done within its deadline.",
    Reason.CRASHED: "The page ended the process that worked on it.",
    Reason.EMPTY: "The page has no bytes, or nothing but white space.",
    Reason.NOT_TEXT: "The page is binary data, or text with too little language in it.",
    Reason.TOO_SHORT: "The page has too little text to be an article.",
    Reason.ERROR_PAGE: "The page tells of an error.",
    Reason.CONSENT_WALL: "A cookie or privacy prompt stands in the article’s place.",
    Reason.BOT_CHALLENGE: "A captcha or browser check stands in the article’s place.",
    Reason.SCRIPT_SHELL: "The page shows nothing without JavaScript.",
    Reason.INDEX_PAGE: "The page is a home, section, tag or author page: links, no article.",
    Reason.LOGIN_PAGE: "A form to sign in or register stands in the article’s place.",
    Reason.SEARCH_PAGE: "The page lists what a search found.",
    Reason.PRODUCT_PAGE: "The page sells something.",
    Reason.MEDIA_PAGE: "The page shows pictures, a video or a recording with hardly a word.",
    Reason.REGION_BLOCK: "The page is not shown in the country it was asked from.",
    Reason.OPTED_OUT: "The page asks not to be kept or mined, and HONOUR_PAGE_ROBOTS heeds it.",
}


def html_report(item: Article | Rejection) -> str:
    """The whole HTML page; it can be encoded as UTF-8 whatever the item holds."""
    is_article = isinstance(item, Article)
    style = _resource("report.css")
    title = item.headline or ("Untitled" if is_article else "Refused page")
    return Template(_resource("report.html")).substitute(
        title=_tag("title", f"{title} · newsloom"),
        style=style,
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        head=_head(item, title),
        main=_article(item) if isinstance(item, Article) else _rejection(item),
        aside=_aside(item),
    )


class _Html(str):
    """Text that is mark-up already."""

    __slots__ = ()


def _tag(name: str, *content: str, **attributes: str | None) -> _Html:
    """An element; text in it is escaped unless it is mark-up already. An attribute of None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(printable(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(part if isinstance(part, _Html) else _shown(part, plain=name == "title") for part in content)
    return _Html(f"<{name}{written}>{inner}</{name}>")


def _shown(text: str, *, plain: bool) -> str:
    """Text escaped; what nobody could see as its code point, set apart where mark-up may stand (``plain``: not)."""
    if plain:
        return escape(printable(text))
    return _UNSEEN.sub(lambda found: f'<span class="cp">U+{ord(found[0]):04X}</span>', escape(text))


def _join(parts: Iterable[str], separator: str = "") -> _Html:
    return _Html(separator.join(parts))


@cache
def _resource(name: str) -> str:
    return files("pipeline").joinpath(name).read_text(encoding="utf-8")


def _address(url: str) -> _Html:
    """A link where the address is one of the web, else its text."""
    if not is_web_address(url):
        return _tag("span", url)
    return _tag("a", re.sub(r"^https?://", "", url), href=url, rel="noopener noreferrer nofollow")


def _head(item: Article | Rejection, title: str) -> _Html:
    parts: list[str] = [_tag("b", item.source)] if item.source else []
    if isinstance(item, Article):
        rows = {row.name: row.value for row in field_rows(item)}
        parts += [_tag("span", f"by {rows['authors']}", dir="auto")] if rows["authors"] else []
        parts += [_tag("span", f"published {rows['published']}")] if rows["published"] else []
    parts.append(_address((item.canonical_url if isinstance(item, Article) else None) or item.url))
    return _tag(
        "header",
        _tag("h1", title, dir="auto", lang=item.language if isinstance(item, Article) else None),
        _tag("p", _join(parts, " · "), class_="by"),
        class_="ahead",
    )


def _rejection(item: Rejection) -> _Html:
    return _tag(
        "section",
        _tag("p", _tag("span", item.reason, class_="tag bad"), " Refused: this page is no article", class_="big"),
        _tag("p", REASONS[item.reason]),
        _tag("p", item.detail, class_="detail", dir="auto"),
        class_="card sumbar refused",
    )


def _article(article: Article) -> _Html:
    lines = page_lines(article)
    numbered = list(enumerate(lines, start=1))
    runs = [(kind, list(run)) for kind, run in groupby(numbered, key=lambda pair: kind_of(pair[1]))]
    shown = _join(_cut(kind, run) if kind else _join(_keep(*pair) for pair in run) for kind, run in runs)
    return _join(
        [
            _tag(
                "section",
                _tag("p", summary(lines), class_="big"),
                _thread(lines),
                _tag("a", "Where each field came from", href="#fields", class_="jump"),
                _legend(lines),
                class_="card sumbar",
                aria_label="What was removed",
            ),
            _tag("h2", "Text of the page, line by line", class_="vh"),
            _tag("div", shown, class_="lines", lang=article.language),
        ]
    )


def _thread(lines: Sequence[PageLine]) -> _Html:
    """One bar a line: tall ones were kept, coloured ones removed."""
    step = max(1.0, min(7.0, 280 / max(len(lines), 1)))
    bars = []
    for index, line in enumerate(lines):
        kind = kind_of(line)
        top, css = ("10", kind.letter.lower()) if kind else ("0", None)
        place = {"x": f"{index * step:g}", "y": top, "width": f"{step * 0.6:.3g}", "height": f"{26 - int(top)}"}
        bars.append(_tag("rect", **place, class_=css))
    width = f"{max(len(lines), 1) * step:g}"
    return _tag(
        "svg", *bars, class_="thread", viewBox=f"0 0 {width} 26", width=width, height="26", role="img",
        aria_label=summary(lines), preserveAspectRatio="none",
    )  # fmt: skip


def _legend(lines: Sequence[PageLine]) -> _Html:
    """The kinds of rules met; switching one off hides its lines, without script."""
    met = Counter(kind for line in lines if (kind := kind_of(line)))
    labels = [
        _tag(
            "label",
            _Html(f'<input class="vh" type="checkbox" id="show-{kind.letter.lower()}" checked>'),
            _tag("span", kind.letter, class_="rk", aria_hidden="true"),
            kind.name.capitalize(),
            _tag("span", f"{met[kind]:,}", class_="num"),
            class_=kind.letter.lower(),
        )
        for kind in KINDS
        if met[kind]
    ]
    if not labels:
        return _Html("")
    return _tag("div", *labels, class_="legend", role="group", aria_label="Show removed lines by kind of rule")


def _keep(number: int, line: PageLine) -> _Html:
    return _tag("div", _number(number), _tag("p", line.text, dir="auto"), class_=f"ln {line.shape}")


def _cut(kind: RuleKind, run: Sequence[tuple[int, PageLine]]) -> _Html:
    """Neighbouring lines that one kind of rule removed, each rule named above its lines."""
    groups = [(rule, list(same)) for rule, same in groupby(run, key=lambda pair: pair[1].rule)]
    count = "1 line" if len(run) == 1 else f"{len(run):,} lines"
    name = f"Removed: {kind.name}"
    heading = [_tag("span", kind.letter, class_="rk", aria_hidden="true"), _tag("b", name)]
    if len(groups) == 1:  # the usual case takes one row less
        heading.append(_rule(groups[0][0]))
    rows = []
    for rule, lines in groups:
        rows += [_tag("p", _rule(rule), class_="rule")] if len(groups) > 1 else []
        rows += [_tag("div", _number(n), _tag("del", line.text, dir="auto"), class_="ln") for n, line in lines]
    css = f"cut {kind.letter.lower()}"
    return _tag("section", _tag("header", *heading), *rows, class_=css, aria_label=f"{name}, {count}")


def _rule(rule: str) -> _Html:
    return _join([_tag("code", rule), _tag("span", MOVED[rule], class_="moved") if rule in MOVED else ""])


def _number(number: int) -> _Html:
    return _tag("span", str(number), class_="no")


def _aside(item: Article | Rejection) -> _Html:
    facts = [("Address", item.url), ("Fetched", moment(item.fetched_at)), ("SHA-256", item.digest)]
    cards = []
    if isinstance(item, Article):
        cards.append(_card("Where each field came from", _provenance(field_rows(item)), id="fields"))
        images = [" — ".join(filter(None, (i.caption, i.credit, i.url))) for i in item.images]
        if images:
            cards.append(_card("Images", _tag("ul", *(_tag("li", image, dir="auto") for image in images))))
        facts.append(("Extractor", item.extractor))
    pairs = [_join([_tag("dt", name), _tag("dd", _tag("code", value))]) for name, value in facts if value]
    return _join([*cards, _card("Page", _tag("dl", *pairs, class_="kv"))])


def _card(title: str, content: _Html, **attributes: str) -> _Html:
    return _tag("section", _tag("h2", title), content, class_="card in", **attributes)


def _provenance(rows: Sequence[FieldRow]) -> _Html:
    parts = [_join([_tag("dt", row.label), _tag("dd", *_origin(row))]) for row in rows if row.value]
    missing = [_tag("span", row.label, class_="tag") for row in rows if not row.value]
    if missing:
        parts.append(_join([_tag("dt", "Not found"), _tag("dd", *missing, class_="tags")]))
    return _tag("dl", *parts, class_="prov")


def _origin(row: FieldRow) -> list[_Html]:
    parts = [_tag("span", row.value, dir="auto", class_="value")]
    if row.signal:
        place = "from the listing, a " if row.is_listed else "from "
        parts.append(_tag("span", place, _tag("code", row.signal), class_="from"))
    if row.conflict:
        listing, said = row.conflict
        parts.append(_tag("span", "but the ", _tag("code", listing), " says: ", _tag("bdi", said), class_="but"))
    return parts
