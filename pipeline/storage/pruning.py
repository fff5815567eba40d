"""Deleting what the archive has had for long enough, file by file.

The index never names a file that is not there: the rows of a file's pages go in one transaction, which leaves the file
with a size of 0; then the file goes, then its row. What a kill leaves of that, the next pruning finishes.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from errno import EACCES
from pathlib import Path

from sqlalchemy import Engine, and_, delete, func, or_, select, update

from pipeline.errors import ArchiveError
from pipeline.storage.bookmarks import note_bookmarks, read_bookmarks
from pipeline.storage.connection import reading, writing
from pipeline.storage.openfiles import locked
from pipeline.storage.schema import archive_files, captures

PRUNED = "archive prune"
"""Bookmark: before which time pages may be missing from the archive."""


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file whose pages are all old enough. ``kept``: why it stays all the same, empty when it goes."""

    id: int
    name: str
    size: int
    pages: int
    closed: bool
    kept: str = ""


WAITING = "the next crawl has pages in it to refine"
NEEDED = "pages of files that stay repeat what stands in it"


def prune(
    engine: Engine, folder: Path, before: datetime, collection: str | None = None, *, dry_run: bool = False
) -> Iterator[OldFile]:
    """Delete the files all of whose pages were fetched before a time; each once it is gone, or with why it stays."""
    old = _old_files(engine, before, collection)
    if old and not folder.exists():
        raise ArchiveError(f"{folder}: there is no such folder, but the database knows files in it")
    with ExitStack() as locks:
        files = [_looked_at(file, folder, locks) for file in old]
        doomed = {file.id for file in files if not file.kept}
        doomed -= _needed(_repeats(engine), doomed)
        if doomed and not dry_run:
            _note(engine, before)
        for file in files:
            if file.id in doomed and not dry_run:
                _require_deletable(folder / file.name)
            if file.id in doomed and (dry_run or _unindexed(engine, file, doomed)):
                if not dry_run:
                    _delete(engine, folder, file)
                yield file
            else:
                doomed.discard(file.id)
                yield replace(file, kept=file.kept or NEEDED)


def pruned_before(engine: Engine) -> datetime | None:
    """The time before which pages may be missing from the archive, None where nothing was ever deleted."""
    noted = read_bookmarks(engine, PRUNED).get(PRUNED)
    return datetime.fromisoformat(noted["before"]) if noted else None


def _note(engine: Engine, before: datetime) -> None:
    last = max(filter(None, (before, pruned_before(engine)))).astimezone(UTC)
    note_bookmarks(engine, {PRUNED: {"before": last.isoformat()}}, datetime.now(UTC))


def _old_files(engine: Engine, before: datetime, collection: str | None) -> list[OldFile]:
    """The last first: their pages repeat those of earlier ones."""
    file, page = archive_files.c, captures.c
    unrefined = func.count(page.id).filter(page.outcome == "")
    query = (
        select(
            file.id, file.name, file.size, file.closed, func.count(page.id).label("pages"), unrefined.label("waiting")
        )
        .join_from(archive_files, captures, isouter=True)
        .group_by(file.id, file.name, file.size, file.closed, file.opened_at)
        .having(
            or_(func.coalesce(func.max(page.fetched_at), file.opened_at) < before, and_(file.size == 0, file.closed))
        )
        .order_by(file.id.desc())
    )
    if collection is not None:
        query = query.where(file.collection == collection)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return [OldFile(row.id, row.name, row.size, row.pages, row.closed, WAITING if row.waiting else "") for row in rows]


def _looked_at(file: OldFile, folder: Path, locks: ExitStack) -> OldFile:
    """Hold a file that is not closed, so that nobody begins to write to it."""
    if file.closed or file.kept:
        return file
    try:
        locks.enter_context(locked(folder / file.name))
    except FileNotFoundError:
        pass
    except BlockingIOError:
        return replace(file, kept="another process writes to it")
    except OSError as error:
        raise ArchiveError(f"{folder / file.name}: cannot be opened: {error.strerror}") from error
    return file


def _repeats(engine: Engine) -> set[tuple[int, int]]:
    """Files of which one holds what pages of the other repeat, as (holder, other)."""
    holder = captures.alias()
    query = (
        select(holder.c.file_id, captures.c.file_id)
        .join_from(captures, holder, captures.c.original_id == holder.c.id)
        .where(holder.c.file_id != captures.c.file_id)
        .distinct()
    )
    with reading(engine) as connection:
        return {(row[0], row[1]) for row in connection.execute(query)}


def _needed(repeats: Collection[tuple[int, int]], doomed: set[int]) -> set[int]:
    """Those of the files that have to stay because files do that are not doomed, or have to stay themselves."""
    needed: set[int] = set()
    while more := {holder for holder, other in repeats if holder in doomed - needed and other not in doomed - needed}:
        needed |= more
    return needed


def _require_deletable(path: Path) -> None:
    """Raise ``ArchiveError`` before the index forgets a file that cannot be deleted."""
    try:
        path.lstat()
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be deleted: {error.strerror}") from error


def _unindexed(engine: Engine, file: OldFile, doomed: set[int]) -> bool:
    """Take a file's pages out of the index; False where a page of another file repeats one of them meanwhile."""
    held = select(captures.c.id).where(captures.c.file_id == file.id)
    repeating = captures.c.original_id.in_(held)
    with writing(engine) as connection:
        others = set(connection.scalars(select(captures.c.file_id).where(repeating).distinct()))
        if not others <= doomed:
            return False
        connection.execute(delete(captures).where(repeating))
        connection.execute(delete(captures).where(captures.c.file_id == file.id))
        connection.execute(update(archive_files).where(archive_files.c.id == file.id).values(size=0, closed=True))
    return True


def _delete(engine: Engine, folder: Path, file: OldFile) -> None:
    path = folder / file.name
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be deleted: {error.strerror}") from error
    with suppress(OSError):  # until one is not empty
        for parent in path.parents[: len(Path(file.name).parents) - 1]:
            parent.rmdir()
    with writing(engine) as connection:
        connection.execute(delete(archive_files).where(archive_files.c.id == file.id))
