"""Does the database agree with the archive? Nothing of the archive is read but the sizes of its files."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, true

from pipeline.storage.captures import UNREADABLE, ArchiveFile, read_files
from pipeline.storage.connection import reading
from pipeline.storage.frontier import CAPTURED
from pipeline.storage.openfiles import locked
from pipeline.storage.pruning import pruned_before
from pipeline.storage.schema import addresses, captures, frontier, rejections, runs, versions

FINDINGS_SHOWN = 100
"""Findings of one kind that are told at most: a damaged file has thousands."""

CRAWL = "news"
"""What a crawl calls its runs."""


def contradictions(engine: Engine, folder: Path) -> Iterator[str]:
    """What is wrong, one line a finding."""
    files = read_files(engine)
    with reading(engine) as connection:
        yield from islice(chain.from_iterable(_of_file(connection, folder, file) for file in files), FINDINGS_SHOWN)
        questions = {
            "capture {}, {}: there is neither an article nor a rejection of it": _unexplained(),
            "{}: waits to be refined, but is not in the archive": _unarchived(),
        }
        if files:
            questions["article {}, version {}: its page is not in the archive"] = _lost(pruned_before(engine))
        for finding, question in questions.items():
            for row in connection.execute(question.limit(FINDINGS_SHOWN)):
                yield finding.format(*row)


def _of_file(connection: Connection, folder: Path, file: ArchiveFile) -> Iterator[str]:
    path = folder / file.name
    try:
        size = path.stat().st_size
    except OSError as error:
        size = 0
        problem = f"cannot be read: {error.strerror}"
    else:
        problem = f"{file.size - size:,} bytes are missing at its end"
    if size < file.size:
        ends = captures.c.offset + captures.c.length
        lost = connection.scalar(select(func.count()).where(captures.c.file_id == file.id, ends > size))
        if lost:
            yield f"{path}: {problem}, {lost:,} page{'' if lost == 1 else 's'} lost"
    elif size > file.size and not file.closed and _is_left(path):
        yield f"{path}: {size - file.size:,} bytes are not in the index yet, the next crawl reads them"


def _is_left(path: Path) -> bool:
    """Whether nobody writes to a file."""
    try:
        locked(path).close()
    except OSError:
        return False
    return True


def _unexplained() -> Select[*tuple[Any, ...]]:
    """Pages that were refined, and left no trace."""
    page = captures.c
    return (
        select(page.id, page.url)
        .where(
            page.outcome.not_in(("", UNREADABLE)),
            page.digest.not_in(select(versions.c.digest)),
            page.digest.not_in(select(rejections.c.digest)),
            page.address.not_in(select(addresses.c.address)),
            page.url.not_in(select(rejections.c.url)),
        )
        .order_by(page.id)
    )


def _unarchived() -> Select[*tuple[Any, ...]]:
    """Pages that nobody will fetch, since they are said to be archived, and nobody can refine."""
    waiting = select(captures.c.id).where(captures.c.address == frontier.c.address, captures.c.outcome == "")
    return select(frontier.c.url).where(frontier.c.state == CAPTURED, ~waiting.exists()).order_by(frontier.c.address)


def _lost(pruned: datetime | None) -> Select[*tuple[Any, ...]]:
    """Versions whose pages are nowhere, of crawls that archived others, and younger than what was pruned."""
    archived = versions.c.digest.in_(select(captures.c.digest))
    crawls = select(versions.c.run_id).join(runs).where(runs.c.command == CRAWL, archived)
    return (
        select(versions.c.article_id, versions.c.number)
        .where(
            versions.c.run_id.in_(crawls),
            ~archived,
            versions.c.fetched_at >= pruned if pruned else true(),
        )
        .order_by(versions.c.article_id, versions.c.number)
    )
