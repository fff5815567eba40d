"""An extractor that does to its worker what the page says."""

import ctypes
import os
import signal
import time

from pipeline.items import Article, RawPage, Reason, Rejection


def refine(page: RawPage) -> Article | Rejection:
    word = page.body.decode()
    if word == "hang":
        time.sleep(60)
    elif word == "slow":
        time.sleep(0.9)
    elif word == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "segfault":
        ctypes.string_at(0)
    elif word == "exit":
        os._exit(3)
    elif word == "memory":
        len(bytearray(8 * 2**30))
    elif word == "bug":
        raise KeyError("a bug\nover two lines")
    return Rejection(page.url, Reason.EMPTY, str(os.getpid()), page.fetched_at)
