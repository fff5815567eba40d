"""Two runs at once into one database whose server is restarted, as :mod:`tests.benchmarks.teamwork` does at length."""

from dataclasses import replace

from tests.benchmarks.teamwork import Figures, work_together
from tests.postgres import database_on, folder_of


def test_nothing_is_lost_or_doubled(postgres, tmp_path):
    folder_of(postgres)  # skips where the server is not ours to restart
    with database_on(postgres) as url:
        figures = work_together(url, tmp_path, number=150, restarts=1)
    assert replace(figures, waited=0, seconds=0) == Figures(150, 0, 0, 1, 0, 0, [])
