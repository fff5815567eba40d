"""Transactions that were lost with their connection are done again: a server's restart costs a run some seconds."""

import logging
from collections.abc import Callable
from functools import wraps
from time import monotonic, sleep
from typing import ParamSpec, TypeVar

from pipeline.errors import LostTransactionError, StorageError

logger = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two tries: the first time, then twice as many each time, at most."""


def retried(work: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """``work`` that is begun anew as long as the database is not to be had, up to the patience of its engine.

    It may have been committed when the connection was lost, so doing it twice must do no more than doing it once.
    What is beyond patience leaves as a plain ``StorageError``, which nobody further out takes up again.
    """

    @wraps(work)
    def persist(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        pause, lost_at = PAUSE, 0.0
        while True:
            try:
                result = work(*args, **kwargs)
            except LostTransactionError as lost:
                if not lost_at:
                    lost_at = monotonic()
                    logger.warning("%s; tried again for %g s", lost, lost.patience)
                left = lost_at + lost.patience - monotonic()
                if left <= 0:
                    raise StorageError(str(lost)) from lost
                sleep(min(pause, left))
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                if lost_at:
                    logger.warning("the database is back after %.1f s", monotonic() - lost_at)
                return result

    return persist
