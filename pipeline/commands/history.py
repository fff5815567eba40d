"""The versions of articles as lines for ``newsloom articles``: listed, compared, edits. No command itself."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.commands.forms import differences
from pipeline.commands.listing import Column, table, terminal_width, when
from pipeline.differences import Edit, diff, edit, lines_of
from pipeline.export import Record, json_line, printable
from pipeline.items import isoformat
from pipeline.text import word_count

if TYPE_CHECKING:
    from pipeline.storage.states import StoredEdit, StoredVersion

VERSIONS = (
    Column("version", right=True),
    Column("fetched"),
    Column("words", right=True),
    Column("added", right=True),
    Column("removed", right=True),
    Column("changed"),
    Column("extractor"),
)
EDITS = (
    Column("id", right=True),
    Column("seen"),
    Column("source"),
    Column("headline", shrinks=True),
    Column("versions"),
    Column("added", right=True),
    Column("removed", right=True),
    Column("changed"),
    Column("told"),
)


def version_lines(known: Sequence["StoredVersion"], *, json: bool) -> Iterator[str]:
    """All versions of an article, each with what changed from the one that it follows or replaces."""
    from pipeline.storage.states import before  # noqa: PLC0415 - loads SQLAlchemy

    edits = {}
    for version in known:
        earlier = known[version.replaces - 1] if version.replaces else before(known, version)
        if earlier:
            edits[version.number] = edit(earlier.article, version.article)
    if json:
        yield from (json_line(_version_record(version, edits.get(version.number))) for version in known)
    else:
        yield from table(VERSIONS, [_version_row(version, edits.get(version.number)) for version in known], None)


def diff_lines(old: "StoredVersion", new: "StoredVersion", *, json: bool, colour: bool) -> Iterator[str]:
    """What differs between two versions."""
    change = edit(old.article, new.article)
    if json:
        paragraphs = [
            [{"text": piece.text, "mark": piece.mark} for piece in paragraph]
            for paragraph in diff(lines_of(old.article), lines_of(new.article))
        ]
        yield json_line({"from": old.number, "to": new.number, **_edit_record(change), "paragraphs": paragraphs})
        return
    yield ", ".join(f"version {version.number} of {when(version.article.fetched_at)}" for version in (old, new))
    yield f"{', '.join(change.fields) or 'nothing'} changed: {change.added:,} words added, {change.removed:,} removed"
    yield ""
    yield from differences(old.article, new.article, colour=colour)


def edit_lines(edits: Iterable["StoredEdit"], *, json: bool) -> Iterator[str]:
    """Edits as a listing."""
    if json:
        return (
            json_line(
                {
                    "id": found.id,
                    "source": found.source,
                    "url": found.new.article.url,
                    "headline": found.new.article.headline,
                    "dateSeen": isoformat(found.new.article.fetched_at),
                    "from": found.old.number,
                    "to": found.new.number,
                    **_edit_record(found.edit),
                }
            )
            for found in edits
        )
    return table(EDITS, [_edit_row(found) for found in edits], terminal_width())


def _edit_record(change: Edit) -> Record:
    return {
        "added": change.added,
        "removed": change.removed,
        "changed": list(change.fields),
        "silent": change.is_silent,
    }


def _version_record(version: "StoredVersion", change: Edit | None) -> Record:
    article = version.article
    return {
        "version": version.number,
        "replaces": version.replaces,
        "dateDownloaded": isoformat(article.fetched_at),
        "headline": article.headline,
        "words": word_count(article.text),
        "extractor": article.extractor,
        **(_edit_record(change) if change else {}),
    }


def _version_row(version: "StoredVersion", change: Edit | None) -> list[str]:
    article = version.article
    what = ", ".join(change.fields) or "fields" if change else "first"
    return [
        str(version.number),
        when(article.fetched_at),
        f"{word_count(article.text):,}",
        f"{change.added:,}" if change else "",
        f"{change.removed:,}" if change else "",
        f"{what} (replaces {version.replaces})" if version.replaces else what,
        printable(article.extractor),
    ]


def _edit_row(found: "StoredEdit") -> list[str]:
    return [
        str(found.id),
        when(found.new.article.fetched_at),
        printable(found.source),
        printable(found.new.article.headline),
        f"{found.old.number} > {found.new.number}",
        f"{found.edit.added:,}",
        f"{found.edit.removed:,}",
        ", ".join(found.edit.fields),
        "silent" if found.edit.is_silent else "modified",
    ]
