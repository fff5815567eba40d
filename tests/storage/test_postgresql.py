"""Wrong addresses, passwords, TLS modes and rights: one clear line each, without a word of a password."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, inspect, make_url, text

from pipeline.errors import ConfigError, PipelineError
from pipeline.storage.articles import save
from pipeline.storage.connection import connect, reading
from pipeline.storage.database import open_database, upgrade_database
from pipeline.storage.identity import Outcome
from pipeline.storage.queries import ArticleFilter, list_articles
from tests import processes
from tests.commands.running import CommandLine
from tests.postgres import database_on, folder_of
from tests.storage.samples import plain

SECRET = "s3cret@/:?#%"
SECRETS = ("s3cret", "%40%2F")


def address(url: URL, **query: str) -> str:
    return url.update_query_dict(query).render_as_string(hide_password=False)


def fault(url: str) -> str:
    """The one line that opening it ends with."""
    with pytest.raises(PipelineError) as caught:
        open_database(url)
    line = str(caught.value)
    assert "\n" not in line
    assert not any(secret in line for secret in SECRETS)
    return line


def run_statement(url: URL, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def shown(url: str, setting: str) -> str:
    engine = connect(url)
    with reading(engine) as connection:
        value = connection.scalar(text(f"SHOW {setting}"))
    engine.dispose()
    return str(value)


@contextmanager
def role(server: URL, name: str, rest: str = "") -> Iterator[URL]:
    """Address of a role that may do nothing yet."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN {rest}"))
    try:
        yield server.set(username=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))
        admin.dispose()


@contextmanager
def answering(answer: bytes, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Port of a server that gives one answer to a client, whatever it says, and goes on in TLS given a context."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.recv(100)
                    client.sendall(answer)
                    if context:
                        with suppress(OSError):  # the client does not believe it
                            context.wrap_socket(client, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture(scope="module")
def forged(tmp_path_factory) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate that nobody vouches for; another one, to be believed instead."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    for name in ("mine", "other"):
        files = ["-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"]
        subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mine.pem", folder / "mine.key")
    return context, folder / "other.pem"


def test_a_server_without_tls_is_not_talked_to_where_tls_is_required():
    with answering(b"N") as port:
        line = fault(f"postgresql://user:s3cret@127.0.0.1:{port}/news?sslmode=require")
    assert line.endswith("server does not support SSL, but SSL was required")


def test_a_server_that_is_another_is_not_talked_to(forged):
    context, authority = forged
    with answering(b"S", context) as port:
        line = fault(f"postgresql://user:s3cret@localhost:{port}/news?sslmode=verify-full&sslrootcert={authority}")
    assert "certificate verify failed" in line


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sslmode=perhaps", 'invalid sslmode value: "perhaps"'),
        ("sslmode=verify-full&sslrootcert=/nowhere.pem", 'root certificate file "/nowhere.pem" does not exist'),
        ("colour=red", 'invalid connection option "colour"'),
        ("connect_timeout=soon", "bad value for connect_timeout"),
    ],
)
def test_parameters_that_libpq_refuses(query, told):
    with answering(b"S") as port:
        assert told in fault(f"postgresql://user:s3cret@127.0.0.1:{port}/news?{query}")


def test_a_server_that_does_not_answer_is_not_waited_for_long():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert "timeout" in fault(f"postgresql://user:s3cret@127.0.0.1:{port}/news?connect_timeout=2")


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    line = fault(f"postgresql://user:s3cret@127.0.0.1:{port}/news")
    assert line.startswith("PostgreSQL database news on 127.0.0.1: ")
    assert "Connection refused" in line


def test_a_host_that_has_no_address():
    assert "resolve host 'db.invalid'" in fault("postgresql://user:s3cret@db.invalid/news")


@pytest.mark.parametrize("url", ["postgresql://user:x@s3cret@host/name", "postgresql+nosuch://user:s3cret@host:x/name"])
def test_a_password_that_is_written_wrong_is_not_taken_for_a_host(url):
    with pytest.raises(ConfigError, match=r"^DATABASE_URL .* is no address of a database") as caught:
        open_database(url)
    assert "s3cret" not in str(caught.value)


def test_any_driver_is_ours(postgres_database):
    open_database(postgres_database.replace("+psycopg", "+asyncpg")).dispose()


@pytest.fixture(scope="module")
def locked(postgres) -> Iterator[URL]:
    """A role whose password the server asks for."""
    rules = folder_of(postgres) / "pg_hba.conf"
    before = rules.read_text()
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with role(postgres, "newsloom_locked", f"PASSWORD '{SECRET}'") as url, admin.connect() as connection:
        for text_ in (f"local all newsloom_locked scram-sha-256\n{before}", before):
            rules.write_text(text_)
            connection.execute(text("SELECT pg_reload_conf(), pg_sleep(0.1)"))
            if text_ != before:
                yield url
    admin.dispose()


def spellings(url: URL, password: str) -> list[str]:
    return [address(url.set(password=password)), address(url, password=password)]


def test_passwords(locked):
    for right in spellings(locked, SECRET):
        assert fault(right).endswith("run: newsloom db upgrade")
    for wrong in spellings(locked, f"{SECRET}!"):
        assert 'password authentication failed for user "newsloom_locked"' in fault(wrong)
    assert "no password supplied" in fault(address(locked))


def test_no_message_of_a_command_shows_a_password(locked, monkeypatch, capsys, tmp_path):
    for url in spellings(locked, f"{SECRET}!"):
        cli = CommandLine(url, monkeypatch, capsys)
        for command in (["articles"], ["db", "upgrade"], ["db", "copy", url, f"sqlite:///{tmp_path}/copy.db"]):
            done = cli(*command, "-s", "LOG_LEVEL=DEBUG")
            assert done.status == 1
            assert "password authentication failed" in done.err
            assert not any(secret in done.out + done.err for secret in SECRETS)


def test_no_log_of_a_run_shows_a_password(locked, postgres_database, tmp_path):
    for things in ("TABLES", "SEQUENCES"):
        run_statement(make_url(postgres_database), f"GRANT ALL ON ALL {things} IN SCHEMA public TO newsloom_locked")
    url = address(locked.set(database=make_url(postgres_database).database), password=SECRET)
    arguments = ["crawl", "files", "-a", "paths=.", "-s", f"DATABASE_URL={url}", "-s", "LOG_LEVEL=DEBUG"]
    done = processes.run(arguments, tmp_path, processes.clean_environment())
    run_statement(make_url(postgres_database), "DROP OWNED BY newsloom_locked")
    assert done.returncode == 0
    assert "Overridden settings" in done.stderr
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)


def test_a_role_that_may_make_no_tables(postgres):
    with (
        database_on(postgres) as url,
        role(postgres, "newsloom_guest"),
        pytest.raises(PipelineError, match=r": permission denied for schema public$"),
    ):
        upgrade_database(address(url.set(username="newsloom_guest")))


def test_a_role_that_may_only_read(postgres, postgres_database):
    with role(postgres, "newsloom_reader"):
        reader = address(make_url(postgres_database).set(username="newsloom_reader"))
        assert fault(reader).endswith(": permission denied for table newsloom_schema")
        run_statement(make_url(postgres_database), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO newsloom_reader")
        theirs = open_database(reader)
        assert list(list_articles(theirs, ArticleFilter())) == []
        with pytest.raises(PipelineError, match=r": permission denied for table \w+$"):
            save(theirs, [plain(1)])
        theirs.dispose()
        run_statement(make_url(postgres_database), "DROP OWNED BY newsloom_reader")


def test_a_server_that_only_reads(postgres_database):
    url = address(make_url(postgres_database), options="-c default_transaction_read_only=on")
    standby = open_database(url)
    assert list(list_articles(standby, ArticleFilter())) == []
    with pytest.raises(PipelineError, match=r": read-only: a standby, or a role or server that may only read$"):
        save(standby, [plain(1)])
    standby.dispose()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_does_not_know_every_letter(postgres, encoding):
    form = f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    with database_on(postgres, form) as url, pytest.raises(PipelineError, match="not in UTF-8, in which newsloom"):
        upgrade_database(address(url))


def test_tables_beside_those_of_another_program(postgres):
    with database_on(postgres) as url:
        run_statement(url, "CREATE TABLE invoices (id INTEGER)")
        upgrade_database(address(url))
        ours = open_database(address(url))
        assert save(ours, [plain(1)]) == [Outcome.NEW]
        assert "invoices" in inspect(ours).get_table_names()
        ours.dispose()


def test_tables_in_a_schema_of_their_own(postgres):
    with database_on(postgres) as url:
        run_statement(url, "CREATE TABLE articles (id INTEGER)")
        run_statement(url, "CREATE SCHEMA news")
        own = address(url, options="-c search_path=news")
        upgrade_database(own)
        ours = open_database(own)
        assert save(ours, [plain(1)]) == [Outcome.NEW]
        assert "newsloom_schema" in inspect(ours).get_table_names("news")
        ours.dispose()


def test_timeouts_are_set_where_nobody_has_set_them(postgres, postgres_database):
    url = make_url(postgres_database)
    assert shown(postgres_database, "lock_timeout") == "30s"
    assert shown(postgres_database, "statement_timeout") == "10min"
    assert shown(postgres_database, "idle_in_transaction_session_timeout") == "20s"
    assert shown(postgres_database, "application_name") == "newsloom"
    asked = address(url, options="-c statement_timeout=7s", application_name="desk", prepare_threshold="0")
    assert (shown(asked, "statement_timeout"), shown(asked, "lock_timeout")) == ("7s", "30s")
    assert shown(asked, "application_name") == "desk"
    with role(postgres, "newsloom_slow"):
        run_statement(url, "ALTER ROLE newsloom_slow SET statement_timeout = '2h'")
        assert shown(address(url.set(username="newsloom_slow")), "statement_timeout") == "2h"
