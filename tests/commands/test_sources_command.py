"""``newsloom sources``: the file and the state beside it."""

import json
from pathlib import Path

import pytest

from tests.commands.running import CommandLine

TWO = '[[source]]\nurl = "https://one.example/"\n\n[[source]]\nurl = "https://two.example/news"\nenabled = false\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "sources.toml"


def test_check_says_that_all_is_well(file: Path, cli: CommandLine) -> None:
    file.write_text(TWO)
    done = cli("sources", "check")
    assert (done.status, done.out) == (0, "sources.toml: 2 sources, no problem\n")


def test_check_tells_everything_that_is_wrong_at_once(file: Path, cli: CommandLine) -> None:
    file.write_text(
        '[[source]]\nurl = "ftp://one.example/"\nfeed = []\n\n[[source]]\nurl = "https://a.example"\ndelay = -1\n'
    )
    done = cli("sources", "check")
    assert done.status == 1
    assert [line.split(": ")[1:3] for line in done.lines] == [
        ["entry 1 (ftp://one.example/)", "url"],
        ["entry 1 (ftp://one.example/)", "feed"],
        ["entry 2 (https://a.example)", "delay"],
    ]
    assert "did you mean 'feeds'?" in done.out


@pytest.mark.parametrize("use", ["check", "list", "export"])
def test_a_file_that_is_not_there_is_said_in_one_line(file: Path, cli: CommandLine, use: str) -> None:
    done = cli("sources", use)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"newsloom: {file.name}: there is no such file; newsloom sources add URL makes one\n"


def test_add_makes_the_file_and_knows_what_is_in_it(file: Path, cli: CommandLine) -> None:
    assert cli("sources", "add", "https://one.example/").out == "one.example: https://one.example/\n"
    assert cli("sources", "add", "https://ONE.example").out == "https://one.example/ is a source already\n"
    cli("sources", "add", "https://one.example/sport", "--name", "one.example")
    assert [json.loads(line)["name"] for line in cli("sources", "list", "--json").lines] == [
        "one.example",
        "one.example-2",
    ]
    assert file.read_text() == (
        '[[source]]\nurl = "https://one.example/"\nname = "one.example"\n\n'
        '[[source]]\nurl = "https://one.example/sport"\nname = "one.example-2"\n'
    )


@pytest.mark.usefixtures("file")
def test_add_takes_an_address_without_its_beginning_and_makes_a_name_fit(cli: CommandLine) -> None:
    assert cli("sources", "add", "two.example").out == "two.example: https://two.example/\n"
    assert cli("sources", "add", "three.example", "--name", "The “Big” One!").out.startswith("The-Big-One: ")
    assert cli("sources", "add", "four.example", "--name", "!!").out.startswith("four.example: ")


def test_a_list_without_an_address_makes_no_file(file: Path, cli: CommandLine) -> None:
    Path("list.txt").write_text("no address\n")
    assert cli("sources", "import", "list.txt").status == 1
    assert not file.exists()


def test_add_leaves_a_broken_file_alone(file: Path, cli: CommandLine) -> None:
    file.write_text("[[source]]\nurl = 3\n")
    done = cli("sources", "add", "https://one.example/")
    assert done.status == 1
    assert "mend it first" in done.err
    assert file.read_text() == "[[source]]\nurl = 3\n"


def test_add_refuses_what_is_no_web_address(file: Path, cli: CommandLine) -> None:
    done = cli("sources", "add", "nowhere")
    assert done.status == 2
    assert "nowhere is no web address such as https://" in done.err
    assert not file.exists()


@pytest.mark.usefixtures("file")
def test_import_takes_lists_csv_and_opml(cli: CommandLine) -> None:
    inputs = {
        "list.txt": "# sites\nhttps://one.example/\ntwo.example\nno address\n",
        "sheet.csv": "name,url\nThree,https://three.example/\n",
        "reader.opml": '<opml version="2.0"><body><outline xmlUrl="https://four.example/feed" htmlUrl="https://four.example/"/></body></opml>',
    }
    statuses = []
    for name, text in inputs.items():
        Path(name).write_text(text)
        statuses.append(cli("sources", "import", name).status)
    assert statuses == [1, 0, 0]
    rows = [json.loads(line) for line in cli("sources", "list", "--json").lines]
    assert [row["address"] for row in rows] == [f"https://{n}.example/" for n in ("one", "two", "three", "four")]


def test_what_is_exported_can_be_imported(file: Path, cli: CommandLine) -> None:
    file.write_text(TWO)
    exported = cli("sources", "export", "--opml").out
    file.unlink()
    Path("all.opml").write_text(exported)
    assert cli("sources", "import", "all.opml").status == 0
    assert len(cli("sources", "list", "--json").lines) == 2


def test_a_source_is_paused_and_resumed(file: Path, cli: CommandLine) -> None:
    file.write_text(TWO)

    def states() -> list[str]:
        return [json.loads(line)["state"] for line in cli("sources", "list", "--json").lines]

    assert cli("sources", "pause", "one.example").out == "one.example: paused\n"
    assert states() == ["paused", "disabled"]
    cli("sources", "resume", "one.example")
    assert states() == ["active", "disabled"]


def test_a_name_that_is_none_is_told_with_those_there_are(file: Path, cli: CommandLine) -> None:
    file.write_text(TWO)
    done = cli("sources", "pause", "three")
    assert done.status == 2
    assert "there are: one.example, two.example-news" in done.err


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add",), "add takes one URL"),
        (("list", "x"), "list takes no argument"),
        (("pause",), "pause takes one NAME"),
        (("nothing",), "invalid choice"),
    ],
)
def test_wrong_usage_is_status_2(cli: CommandLine, arguments: tuple[str, ...], told: str) -> None:
    done = cli("sources", *arguments)
    assert done.status == 2
    assert told in done.err
