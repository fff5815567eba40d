"""Writing a WARC file for a command."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from pipeline.export import Record, printable

if TYPE_CHECKING:
    from pipeline.storage.archived import ArchivedPages
    from pipeline.storage.warc_export import Choose

WARCS = (".warc.gz", ".warc.zst")
"""How the name of such a file ends."""


def write_warc(
    archive: "ArchivedPages", choose: "Choose", out: Path, total: int | None = None, *, overwrite: bool = False
) -> tuple[int, list[Record]]:
    """Write the pages that ``choose`` gives; how many, and those that cannot be read, which are told on stderr too.

    Without any page there is no file.
    """
    from pipeline.storage.warc_export import export  # noqa: PLC0415 - loads SQLAlchemy

    pages, faults = 0, []
    found = export(archive, choose, out, datetime.now(UTC), overwrite=overwrite)
    for capture, error in tqdm(found, total=total, unit=" pages", unit_scale=True, leave=False, disable=None):
        if error is None:
            pages += 1
        else:
            faults.append({"url": capture.url, "fault": str(error)})
            tqdm.write(f"newsloom: {printable(str(error))}: {printable(capture.url)}", file=sys.stderr)
    return pages, faults
