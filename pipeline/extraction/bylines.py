"""The visible byline: names near the headline, found by mark-up (author links, class names) or by a word like "By"."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from pipeline.dates import find_stamp
from pipeline.extraction.markup import Markup, text_of
from pipeline.extraction.people import begins_as_byline, is_organisation, is_person, split_names
from pipeline.extraction.surroundings import Spot, outermost, separated
from pipeline.text import ends_sentence, is_upper

_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autore?n?|autor(?:es|a|i)|auteurs?|by|contributors?|columnists?|journalistes?|journalists?|"
    r"reporters?|writers?|redakteure?|redacteurs?|firmas?|verfasser|skribent|forfatter|av)/[^/]",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"^(?:.*by-?lines?|.*authors?|autor(?:en|a|as|es|i|in)?|auteurs?|writers?|reporters?|journalists?|verfasser|"
    r"redacteurs?|firma|signature|creator|skribent|forfatter|kirjoittaja|szerzo|attribution)$"
)
_NOT_AUTHOR = frozenset({
    "desc", "avatar", "bio", "caption", "comment", "comments", "credit", "credits", "date", "description",
    "follow", "icon", "image", "images", "img", "job", "location", "photo", "photos", "picture", "place", "position",
    "related", "role", "share", "social", "time", "title", "twitter",
})  # fmt: skip
_CLOCK_END = re.compile(r"\d\s?[ap]\.m\.$", re.IGNORECASE)
_LONGEST_NAME = 60
_LONGEST_BYLINE = 160
_CLUSTER = 30
_NEAR = 100
_MOST_NAMES = 8
_LABEL_TAGS = frozenset({"a", "h1", "h2", "h3", "h4", "li", "time"})
_JOINTS = 8
_SHORTEST_PROSE = 80

Found = tuple[list[str], str]
"""Names, and the signal that led to them."""


def labelled_byline(markup: Markup) -> Found:
    """The names that a page labels as its authors' for previews; ([], "") for none."""
    for number in "12":
        labels, values = (markup.metas.get(f"twitter:{part}{number}", ()) for part in ("label", "data"))
        byline = " ".join((*labels[:1], *values[:1]))
        if labels and begins_as_byline(byline):
            return [byline], f"twitter:data{number}"
    return [], ""


def visible_byline(spots: Sequence[Spot]) -> Found:
    """The names in the byline near the headline; ([], "") without one.

    Author links first, then what class names call an author, then lines that begin as a byline does. Only names that
    have the shape of a person's count; organisations only where no person is found.
    """
    near = [spot for spot in spots if spot.distance <= _NEAR]
    finds = (
        ("a[href*=author]", list(_cluster(_links(near)))),
        ("byline", list(_cluster(_hinted(spots)))),
        ("byline", list(_cluster(_worded(near)))),
    )
    for signal, found in finds:
        if names := _people(found):
            return names, signal
    for signal, found in finds:
        names = [name for name in _names(spot.text for spot in found) if is_organisation(name)]
        if names:
            return names, signal
    return [], ""


def bare_byline(spots: Sequence[Spot], headline: str) -> Found:
    """The names in the line near the headline that is nothing else, beside the date or above the text."""
    names = _people(list(_bare([spot for spot in spots if spot.distance <= _NEAR])))
    return (names, "line") if names and names[0] not in headline else ([], "")


def _people(spots: Sequence[Spot]) -> list[str]:
    for texts in (map(separated, spots), (spot.text for spot in spots)):
        if names := [name for name in _names(texts) if is_person(name)]:
            return names
    return []


def microdata_byline(markup: Markup) -> Found:
    """The names of elements that microdata call the article's author."""
    names = _names(text for element in markup.itemprops.get("author", ()) for text in _microdata_names(element))
    return (names, "[itemprop=author]") if names else ([], "")


def linked_byline(markup: Markup) -> Found:
    """The name in the page's first link that calls itself the author's, wherever it stands."""
    for link in markup.tree.iterfind(".//a[@rel='author']"):
        if names := _names([text_of(link)]):
            return names, "a[rel=author]"
    return [], ""


def _names(texts: Iterable[str]) -> list[str]:
    names = (name for text in texts if 1 < len(text) <= _LONGEST_BYLINE for name in split_names(text))
    return list(dict.fromkeys(names))[:_MOST_NAMES]


def _microdata_names(element: HtmlElement) -> list[str]:
    """What microdata names as one author: its "name" properties, else its content or text."""
    named = [
        text for part in element.iterfind(".//*[@itemprop='name']") if (text := part.get("content") or text_of(part))
    ]
    return named or [element.get("content") or text_of(element)]


def _links(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Links to the page of an author."""
    for spot in spots:
        if spot.element.tag != "a" or len(spot.text) > _LONGEST_NAME:
            continue
        if "author" in (spot.element.get("rel") or "").split() or _AUTHOR_PATH.search(spot.element.get("href") or ""):
            yield spot


def _hinted(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Elements whose mark-up calls them a byline or author, the inner ones where a name has an element of its own."""
    hinted = [spot for spot in spots if len(spot.text) <= _LONGEST_BYLINE and _calls_author(spot.hints)]
    named = [spot for spot in hinted if "name" in spot.hints]
    yield from outermost(named or hinted)


def _calls_author(hints: frozenset[str]) -> bool:
    return not hints & _NOT_AUTHOR and any(map(_AUTHOR.match, hints))


def _worded(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Lines that begin with a word such as "By" and are no sentence."""
    short = (spot for spot in spots if len(spot.text) <= _LONGEST_BYLINE and begins_as_byline(spot.text))
    return outermost(spot for spot in short if not ends_sentence(spot.text) or _CLOCK_END.search(spot.text))


def _bare(spots: Sequence[Spot]) -> Iterator[Spot]:
    """The line that is nothing but names and stands beside a date, or right above the first paragraph of the text."""
    after = [spot for spot in spots if spot.after]
    begun = False
    for position, spot in enumerate(after):
        begun = begun or _is_prose(spot)
        if not _is_name_line(spot):
            continue
        below = next((other for other in after[position + 1 :] if other.text != spot.text), None)
        neighbours = (*after[max(0, position - 2) : position], *([below] if below else ()))
        if any(map(_is_date, neighbours)) or (not begun and below and _is_prose(below)):
            yield spot
            return


def _is_prose(spot: Spot) -> bool:
    return len(spot.text) > _SHORTEST_PROSE


def _is_name_line(spot: Spot) -> bool:
    if spot.element.tag in _LABEL_TAGS or spot.hints & _NOT_AUTHOR or is_upper(spot.text):
        return False
    if spot.element.find(".//a") is not None:
        return False
    names = split_names(separated(spot))
    whole = len(" ".join(names)) > len(spot.text) - _JOINTS
    return whole and bool(names) and all(is_person(name) and " " in name for name in names)


def _is_date(spot: Spot) -> bool:
    return len(spot.text) <= _LONGEST_NAME and find_stamp(spot.text) is not None


def _cluster(spots: Iterable[Spot]) -> Iterator[Spot]:
    """The first spot and those close behind it; what comes later belongs to something else."""
    last: Spot | None = None
    for spot in spots:
        if last is not None and (spot.after != last.after or spot.distance - last.distance > _CLUSTER):
            return
        last = spot
        yield spot
