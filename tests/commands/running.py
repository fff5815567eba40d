"""Running a command as a person does, in this process."""

import sys
from dataclasses import dataclass

import pytest

from pipeline.__main__ import main


@dataclass(frozen=True, slots=True)
class Done:
    """Exit status and what was printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class CommandLine:
    """``newsloom`` on one database."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self._monkeypatch, self._capsys = url, monkeypatch, capsys

    def __call__(self, *arguments: str) -> Done:
        self._monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "pipeline.settings")
        self._monkeypatch.setattr(sys, "argv", ["newsloom", *arguments, "-s", f"DATABASE_URL={self.url}"])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)
