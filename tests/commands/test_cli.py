import re
import subprocess
import sys
from importlib.metadata import version

import pytest


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_help_lists_our_commands_before_those_of_scrapy(newsloom, arguments):
    result = newsloom(*arguments)
    ours, theirs = result.stdout.split("Scrapy's own")
    assert result.returncode == 0
    assert re.search(r"^  replay +Make articles of local files", ours, re.MULTILINE)
    assert re.search(r"^  shell +\w", theirs, re.MULTILINE)
    assert not re.search(r"^  replay ", theirs, re.MULTILINE)


def test_version(newsloom):
    assert newsloom("--version").stdout.startswith(f"newsloom {version('newsloom')} (Scrapy ")


@pytest.mark.parametrize("command", ["replya", "base", "listing"])
def test_an_unknown_command_is_a_usage_error(newsloom, command):
    """Modules that the commands share are no commands."""
    result = newsloom(command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"newsloom: there is no command {command}, see: newsloom --help\n"


@pytest.mark.parametrize("command", ["replay", "crawl"])
def test_usage_names_newsloom(newsloom, command):
    assert f"  newsloom {command} [options]" in newsloom(command, "-h").stdout


@pytest.mark.parametrize("width", [72, 80, 100])
def test_help_is_no_heading_where_a_line_breaks_behind_a_colon(newsloom, width):
    shown = newsloom("archive", "-h", COLUMNS=str(width)).stdout
    assert "at most N pages, the first fetched first (default:" in " ".join(shown.split())
    assert "Export\n======\n  --warc OUT" in shown


def test_an_unusable_variable_is_one_line(newsloom):
    result = newsloom("replay", NEWSLOOM_PAGE_DEADLINE="soon")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "newsloom: NEWSLOOM_PAGE_DEADLINE='soon' is not a number\n"


def test_a_misspelled_variable_is_one_line(newsloom):
    result = newsloom("replay", NEWSLOOM_KEEP_RUN_DAYS="7", NEWSLOOM_DATABASE_PASSWORD="for a script of one's own")
    assert (result.returncode, result.stdout) == (2, "")
    meant = "there is no such setting, did you mean NEWSLOOM_KEEP_RUNS_DAYS?"
    assert result.stderr == f"newsloom: NEWSLOOM_KEEP_RUN_DAYS: {meant}\n"


@pytest.mark.parametrize("variable", ["NEWSLOOM_SOURCES", "NEWSLOOM_SOURCES_FILE"])
def test_a_variable_names_the_sources_file(newsloom, variable):
    result = newsloom("sources", "check", **{variable: "mine.toml"})
    assert result.stderr == "newsloom: mine.toml: there is no such file; newsloom sources add URL makes one\n"


@pytest.mark.parametrize("command", [("replay", "."), ("crawl", "files", "-a", "paths=.")])
@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("STORE_BATCH_SIZE=x", "STORE_BATCH_SIZE='x' is not a whole number"),
        ("DATABASE_URL=mysql://u:s3cret@host/x", "DATABASE_URL (or the address given) is no address of a database"),
        ("PAGE_DEADLINE=nan", "PAGE_DEADLINE='nan' is not a number"),
        ("PAGE_DEADLINE=0", "PAGE_DEADLINE='0' is not above 0"),
        ("PAGE_MEMORY=-1", "PAGE_MEMORY='-1' is negative"),
        ("HONOUR_PAGE_ROBOTS=noarchive, NoIA", "HONOUR_PAGE_ROBOTS: no page asks for 'noia', did you mean 'noai'?"),
        ("LOG_LEVEL=LOUD", "LOG_LEVEL='LOUD' is no log level"),
        ("CONCURRENT_REQUESTS=x", "CONCURRENT_REQUESTS='x' cannot be used: ValueError: invalid literal"),
        ('ITEM_PIPELINES={"nowhere.X": 1}', "ITEM_PIPELINES cannot be used: ModuleNotFoundError: No module"),
    ],
)
def test_an_unusable_setting_is_one_line(newsloom, command, setting, says):
    result = newsloom(*command, "-s", setting)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"newsloom: {says}")
    assert result.stderr.count("\n") == 1


BROKEN = """
class Broken:
    def __init__(self):
        raise OSError("no such luck")
"""


@pytest.mark.parametrize("command", [("replay", "."), ("crawl", "files", "-a", "paths=.")])
def test_what_keeps_a_crawl_from_starting_is_one_line(newsloom, environment, tmp_path, command):
    (tmp_path / "broken.py").write_text(BROKEN)
    path = f"{environment['PYTHONPATH']}:{tmp_path}"
    result = newsloom(*command, "-s", 'ITEM_PIPELINES={"broken.Broken": 1}', PYTHONPATH=path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "newsloom: the crawl cannot be started: OSError: no such luck\n"


def test_the_settings_are_preset_in_any_folder(newsloom):
    assert newsloom("settings", "--get", "BOT_NAME").stdout == "newsloom\n"
    assert newsloom("list").stdout.split() == ["files", "news", "reextract"]


def test_an_unknown_spider_is_a_usage_error(newsloom):
    result = newsloom("crawl", "fils")
    assert result.returncode == 2
    assert result.stderr.endswith("there is no spider fils, see: newsloom list\n")


def test_the_entry_point_loads_neither_scrapy_nor_the_extractor():
    code = "import pipeline.__main__, sys; print({'scrapy', 'trafilatura', 'sqlalchemy'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n", "each worker imports it"


ONE_COMMAND = """
import sys
from pipeline.__main__ import main

sys.argv = ["newsloom", "replay", "-h"]
try:
    main()
finally:
    print({"pipeline.commands.replay", "pipeline.commands.probe", "pipeline.report"} & set(sys.modules))
"""


def test_a_command_loads_no_other(environment):
    ran = subprocess.run(
        [sys.executable, "-c", ONE_COMMAND], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "{'pipeline.commands.replay'}"


def shell(environment, line):
    """What a shell says to a line with ``newsloom`` in it."""
    line = line.replace("newsloom", f"{sys.executable} -m pipeline", 1)
    return subprocess.run(["bash", "-o", "pipefail", "-c", line], env=environment, capture_output=True, check=False)


@pytest.mark.parametrize(("command", "unbuffered"), [("--help", ""), ("articles -h", "1"), ("db stats", "")])
def test_a_reader_that_goes_away_is_no_fault(environment, sqlite_url, command, unbuffered):
    variables = environment | {"PYTHONUNBUFFERED": unbuffered, "NEWSLOOM_DATABASE_URL": sqlite_url}
    result = shell(variables, f"newsloom {command} | exec sleep 0")
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_to_a_full_disk_is_a_fault_in_one_line(environment, unbuffered):
    result = shell(environment | {"PYTHONUNBUFFERED": unbuffered}, "newsloom --help > /dev/full")
    assert (result.returncode, result.stderr) == (1, b"newsloom: the output cannot be written: the disk is full\n")


def test_closed_streams_change_nothing(environment, sqlite_url):
    result = shell(environment | {"NEWSLOOM_DATABASE_URL": sqlite_url}, "newsloom db stats <&- >&- 2>&-")
    assert (result.returncode, result.stderr) == (0, b"")


def test_what_the_terminal_cannot_encode_is_escaped(environment):
    plain = environment | {"PYTHONIOENCODING": "ascii"}
    assert b"[PATH \\u2026]" in shell(plain, "newsloom replay -h").stdout
