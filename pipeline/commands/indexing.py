"""Bringing the search index up to date, for commands that ask it."""

import sys
from typing import TYPE_CHECKING

from pipeline.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def catch_up(engine: "Engine") -> int:
    """Index what is waiting; how many articles that were."""
    from tqdm import tqdm  # noqa: PLC0415 - most commands need neither

    from pipeline.storage.indexing import update_index, waiting  # noqa: PLC0415

    with tqdm(total=waiting(engine), unit=" articles", leave=False, disable=None) as bar:
        done = 0
        for count in update_index(engine):
            done += count
            bar.update(count)
    return done


def try_to_catch_up(engine: "Engine") -> None:
    """The same; where it cannot be done, such as in a database that may only be read, that is told."""
    try:
        catch_up(engine)
    except StorageError as error:
        sys.stderr.write(f"newsloom: the newest articles are not found: {error}\n")
