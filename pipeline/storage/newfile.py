"""A file that appears under its name when it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OutputError


@contextmanager
def new_file(out: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """A file to be written, which is not there at all when anything goes wrong.

    ``OutputError``: it cannot be written, or is there already.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        _refuse_existing(out, overwrite=overwrite)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _refuse_existing(out, overwrite=overwrite)
        part.replace(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def _refuse_existing(out: Path, *, overwrite: bool) -> None:
    if os.path.lexists(out) and not (overwrite and out.is_file()):
        raise OutputError(f"{out}: is there already")
