"""A server that goes away in the middle of a run: what was lost with it is done again, once."""

import logging

import pytest
from sqlalchemy import Engine, event, make_url, select, text

from pipeline.errors import LostTransactionError, StorageError
from pipeline.storage.archive import Archive
from pipeline.storage.articles import save
from pipeline.storage.captures import CaptureFilter, read_captures
from pipeline.storage.claims import Claims
from pipeline.storage.connection import reading, writing
from pipeline.storage.database import open_database
from pipeline.storage.identity import Outcome
from pipeline.storage.maintenance import check
from pipeline.storage.retrying import retried
from tests.postgres import restart
from tests.storage.archiving import NOON, fetched
from tests.storage.samples import counts, plain

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def engine(database_url):
    """A database on a server, opened as a run does."""
    engine = open_database(database_url, patience=60)
    yield engine
    engine.dispose()


def restart_before(engine: Engine, words: str, mode: str) -> None:
    """Restart the server before the first statement with these words."""
    modes = [mode]

    @event.listens_for(engine, "before_cursor_execute")
    def watch(_connection, _cursor, statement, *_):
        if words in statement and modes:
            restart(engine.url, modes.pop())


def lose_the_next_answer(engine: Engine) -> None:
    """The next transaction is committed, and its connection breaks before anybody is told."""

    @event.listens_for(engine, "commit", once=True)
    def commit_and_break(connection):
        connection.connection.dbapi_connection.commit()
        connection.connection.dbapi_connection.close()


def end_others(engine: Engine) -> None:
    """Break every connection but the one that asks for it, as an administrator does."""
    question = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with engine.connect() as connection:
        connection.execute(text(f"{question} AND datname = current_database()"))


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_in_the_middle_of_a_batch_loses_nothing(engine, mode, caplog):
    restart_before(engine, "article_versions (", mode)
    assert retried(save)(engine, [plain(number) for number in range(20)]) == [Outcome.NEW] * 20
    assert counts(engine)["articles"] == counts(engine)["article_versions"] == 20
    assert check(engine) == []
    lost, back = (record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING)
    assert lost.endswith("; tried again for 60 s")
    assert back.startswith("the database is back after ")


def test_a_batch_that_was_committed_unheard_is_saved_once(engine):
    lose_the_next_answer(engine)
    assert retried(save)(engine, [plain(1), plain(2)]) == [Outcome.UNCHANGED] * 2
    assert counts(engine)["articles"] == counts(engine)["article_versions"] == 2


@pytest.mark.parametrize("transaction", ["begin", "index"])
def test_the_archive_indexes_a_page_once(engine, tmp_path, transaction):
    archive = Archive(tmp_path / "archive", engine)
    if transaction == "index":
        archive.store([fetched(1)], NOON)
    lose_the_next_answer(engine)
    archive.store([fetched(2)], NOON)
    end_others(engine)
    archive.store([fetched(3)], NOON)
    archive.close()
    captured = list(read_captures(engine, CaptureFilter()))
    assert [archive.page(capture).url[-1] for capture in captured] == ["1", "2", "3"][transaction == "begin" :]
    assert counts(engine)["archive_files"] == 1


def test_patience_ends(engine, caplog):
    engine = engine.execution_options(newsloom_patience=0.3)

    @retried
    def lose() -> None:
        with writing(engine) as connection:
            connection.connection.dbapi_connection.close()
            connection.execute(select(1))

    with pytest.raises(StorageError, match=r"^PostgreSQL database .* on .*: the connection is closed$") as caught:
        lose()
    assert not isinstance(caught.value, LostTransactionError), "nobody is to take it up again"
    assert len(caplog.records) == 1


def test_a_server_that_was_never_there_is_not_waited_for(database_url, tmp_path):
    url = make_url(database_url).set(host=str(tmp_path), query={}).render_as_string(hide_password=False)
    with pytest.raises(StorageError) as caught:
        open_database(url, patience=60)
    assert not isinstance(caught.value, LostTransactionError)


def test_other_faults_are_not_tried_again(engine):
    tries = []

    @retried
    def ask() -> None:
        tries.append(1)
        with reading(engine) as connection:
            connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(StorageError, match="division by zero"):
        ask()
    assert len(tries) == 1


def test_claims_are_taken_again(engine, database_url):
    mine, other = Claims(), Claims()
    theirs = open_database(database_url)
    assert mine.take(engine, "harbour")
    assert mine.take(engine, "upland")
    end_others(theirs)
    retried(mine.keep)(engine)
    assert not other.take(theirs, "harbour")
    assert not other.take(theirs, "upland")
    mine.close()
    assert other.take(theirs, "harbour")
    other.close()
    theirs.dispose()


def test_a_claim_that_another_run_has_taken_meanwhile_is_told(engine, database_url, caplog):
    mine, other = Claims(), Claims()
    theirs = open_database(database_url)
    assert mine.take(engine, "harbour")
    end_others(theirs)
    assert other.take(theirs, "harbour")
    retried(mine.keep)(engine)
    assert "harbour: another run took it up while the database was away" in caplog.text
    mine.close()
    other.close()
    theirs.dispose()
