"""Every fault newsloom raises, and nothing else.

::

    PipelineError
    ├── ConfigError      a setting has a value that cannot be used
    ├── QueryError       what a person asks for cannot be looked for
    ├── SourceError      an input file or source definition cannot be used
    ├── ExtractionError  the extractor itself failed on a page (a bug, a crash, a limit of the worker)
    ├── ArchiveError     a file of the archive cannot be opened, read or written, or does not hold what it should
    ├── OutputError      a file that was asked for cannot be written
    └── StorageError     the database cannot be opened, read or written
        └── LostTransactionError   the connection broke: the same once more may work

"This page is not an article" is no fault: it is a :class:`pipeline.items.Rejection`.
"""


class PipelineError(Exception):
    """Base of all faults; its text is one line fit for a person."""


class ConfigError(PipelineError):
    """A setting has a value that cannot be used; the text names it, and its value unless that may hold a password."""


class QueryError(PipelineError):
    """What a person asks for cannot be looked for; the text says what would do."""


class SourceError(PipelineError):
    """An input cannot be used.

    path: the file or address at fault. field: the field inside it, or None when the whole is at fault.
    """

    def __init__(self, message: str, *, path: str, field: str | None = None) -> None:
        where = f"{path}: {field}" if field else path
        super().__init__(f"{where}: {message}")
        self.path = path
        self.field = field


class ExtractionError(PipelineError):
    """The extractor failed on a page; the text names the page's address and the cause."""


class ArchiveError(PipelineError):
    """A file of the archive is at fault; the text names it, and the offset where the fault has one."""


class OutputError(PipelineError):
    """A file that was asked for cannot be written; the text names it and the cause."""


class StorageError(PipelineError):
    """The database cannot be opened, read or written; the text never holds a password."""


class LostTransactionError(StorageError):
    """A database server went away in the middle of a transaction, or gave it up in favour of another one.

    patience: seconds for which it is worth while to try again, see :func:`pipeline.storage.retrying.retried`.
    """

    def __init__(self, message: str, patience: float = 0.0) -> None:
        super().__init__(message)
        self.patience = patience
