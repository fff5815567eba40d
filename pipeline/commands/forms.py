"""An article as lines for a terminal, in each form that a command shows. No command itself."""

from collections.abc import Iterator
from dataclasses import fields

from pipeline.commands.listing import Column, table
from pipeline.differences import Piece, diff, lines_of
from pipeline.explain import bylines, field_rows, moment, page_lines, summary
from pipeline.export import printable
from pipeline.items import Article

NOTHING = "-"
SIGNS = {"": ("", ""), "-": ("[-", "-]"), "+": ("{+", "+}")}
COLOURS = {"": ("", ""), "-": ("\x1b[9;31m", "\x1b[0m"), "+": ("\x1b[32m", "\x1b[0m")}
"""What stands before and behind words of the old state, struck through in red, and of the new one, in green."""
EXPORTED = {f.name: f.metadata["name"] for f in fields(Article)}


def plain(article: Article) -> Iterator[str]:
    """The article to read: its head, then each block of the body, live update and fact box after an empty line."""
    yield from _head(article)
    for block in article.body:
        yield ""
        yield printable(block.text)
    for update in article.updates:
        yield ""
        yield from filter(None, (moment(update.published), printable(update.headline), printable(update.text)))
    for box in article.factboxes:
        yield ""
        yield from map(printable, filter(None, (box.title, *box.lines)))


def why(article: Article) -> Iterator[str]:
    """What is known of the article and from where, then every removed line with its place and its rule."""
    yield from _explained_head(article)
    rows = [[str(line.position + 1), printable(line.rule), printable(line.text)] for line in article.removed]
    yield from table([Column("line", right=True), Column("rule"), Column("removed")], rows, None)


def every_line(article: Article) -> Iterator[str]:
    """The same with the lines that were kept between the removed ones, and how much was removed."""
    yield from _explained_head(article)
    lines = page_lines(article)
    rows = [
        [str(number), printable(line.rule) or NOTHING, printable(line.text)]
        for number, line in enumerate(lines, start=1)
    ]
    yield from table([Column("line", right=True), Column("removed by"), Column("text")], rows, None)
    yield ""
    yield summary(lines)


def raw(article: Article) -> Iterator[str]:
    """The text blocks as stored, each with its kind."""
    rows = [("headline", article.headline), ("standfirst", article.standfirst)]
    rows += [(f"{b.kind} {b.level}" if b.level else b.kind, b.text) for b in article.body]
    for update in article.updates:
        rows += [("update", moment(update.published)), ("update", update.headline), ("update", update.text)]
    rows += [("factbox", text) for box in article.factboxes for text in (box.title, *box.lines)]
    rows += [("attribution", line) for line in article.attribution]
    for image in article.images:
        rows += [("image", image.url), ("caption", image.caption), ("credit", image.credit)]
    for kind, text in rows:
        if text:
            yield f"{kind:<12} {printable(text)}"


def differences(old: Article, new: Article, *, colour: bool = False) -> Iterator[str]:
    """The words that differ, in their paragraphs; how many paragraphs are the same between them."""
    same = 0
    for paragraph in diff(lines_of(old), lines_of(new)):
        if not any(piece.mark for piece in paragraph):
            same += 1
            continue
        yield from _same(same)
        same = 0
        yield " ".join(_marked(piece, colour=colour) for piece in paragraph)
    yield from _same(same)


def _same(paragraphs: int) -> Iterator[str]:
    if paragraphs:
        yield f"({paragraphs:,} {'paragraph' if paragraphs == 1 else 'paragraphs'} the same)"


def _marked(piece: Piece, *, colour: bool) -> str:
    before, after = (COLOURS if colour else SIGNS)[piece.mark]
    return f"{before}{printable(piece.text)}{after}"


def _head(article: Article) -> Iterator[str]:
    """Headline, authors, dates, address: each where there is one."""
    yield printable(article.headline)
    if article.authors:
        yield f"By {printable(bylines(article.authors))}"
    published = moment(article.published, article.published_precision)
    modified = moment(article.modified, article.modified_precision)
    dates = [f"{label} {time}" for label, time in (("Published", published), ("Modified", modified)) if time]
    if dates:
        yield ", ".join(dates)
    yield printable(article.canonical_url or article.url)


def _explained_head(article: Article) -> Iterator[str]:
    yield from _head(article)
    yield ""
    known = []
    for row in field_rows(article):
        if row.value:
            known.append([EXPORTED[row.name], printable(row.signal) or NOTHING, printable(row.value)])
        if row.conflict:
            known.append(["  but", row.conflict[0], printable(row.conflict[1])])
    yield from table([Column("field"), Column("signal"), Column("value")], known, None)
    yield ""
