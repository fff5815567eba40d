import os

import pytest

from pipeline.items import Media
from pipeline.spiders.walk import FileForm, Shape, Tally, any_form_of, form_of, walk


def names(*roots, tally=None):
    found = walk([str(root) for root in roots], tally or Tally())
    return [os.path.relpath(f.path, roots[0]) for f in found]


def touch(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", FileForm(Media.TEXT, "")),
        ("a.HTML", FileForm(Media.HTML, "")),
        ("a.xhtml.br", FileForm(Media.HTML, ".br")),
        ("a.b.htm.gz", FileForm(Media.HTML, ".gz")),
        ("a.jsonl.zst", FileForm(Media.UNKNOWN, ".zst", Shape.ROWS)),
        ("a.warc", FileForm(Media.UNKNOWN, "", Shape.WARC)),
        ("a.warc.gz", FileForm(Media.UNKNOWN, ".gz", Shape.WARC)),
    ],
)
def test_the_name_says_what_is_in_a_file(name, form):
    assert form_of(f"some/{name}") == form


@pytest.mark.parametrize("name", ["a", "a.pdf", "a.gz", "html", ".html", "a.html.zip"])
def test_a_folder_is_not_searched_for_other_names(name):
    assert form_of(f"some/{name}") is None


def test_a_named_file_is_unpacked_by_its_last_extension():
    assert any_form_of("dump.gz") == FileForm(Media.UNKNOWN, ".gz")


def test_order_is_that_of_the_bytes_whatever_the_disk_says(tmp_path):
    touch(tmp_path, "b.txt", "a/z.txt", "a.txt", "B.txt", "é.txt", "a/a.txt", "z.txt")
    assert names(tmp_path) == ["B.txt", "a/a.txt", "a/z.txt", "a.txt", "b.txt", "z.txt", "é.txt"]


def test_hidden_files_side_cars_and_readmes_are_passed_over_others_are_counted(tmp_path):
    touch(tmp_path, "a.html", "a.html.meta.json", ".b.html", "README", "README.txt", ".git/c.html", "d.pdf", "e")
    tally = Tally()
    assert names(tmp_path, tally=tally) == ["a.html"]
    assert (tally.found, tally.skipped, tally.folders_left) == (1, 2, 0)


def test_a_named_file_is_read_whatever_its_name_and_only_once(tmp_path):
    touch(tmp_path, "a.html", "b.pdf", "README.txt", "sub/c.html")
    roots = [tmp_path, tmp_path / "b.pdf", tmp_path / "a.html", tmp_path / "sub" / ".." / "a.html", tmp_path / "sub"]
    assert sorted(names(*roots)) == ["a.html", "b.pdf", "sub/c.html"]


def test_loops_through_links_end(tmp_path):
    touch(tmp_path, "a/b/page.html")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "a/self").symlink_to("self")
    (tmp_path / "again").symlink_to("a")
    assert names(tmp_path) == ["a/b/page.html"]


def test_a_link_to_a_file_is_read_and_a_broken_one_is_found(tmp_path):
    touch(tmp_path, "a.html")
    (tmp_path / "b.html").symlink_to("a.html")
    (tmp_path / "c.html").symlink_to("nowhere")
    assert names(tmp_path) == ["a.html", "b.html", "c.html"]


def test_folders_far_down_are_reached(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("page.html", os.O_CREAT, dir_fd=here))
    os.close(here)
    assert names(tmp_path) == ["d/" * 400 + "page.html"]


def test_a_folder_that_vanishes_is_named(tmp_path):
    touch(tmp_path, "a/a.html", "b/b.html")
    tally = Tally()
    found = walk([str(tmp_path)], tally)
    assert next(found).path.endswith("a/a.html")
    (tmp_path / "b/b.html").unlink()
    (tmp_path / "b").rmdir()
    (gone,) = found
    assert isinstance(gone.fault, FileNotFoundError)
    assert gone.path == str(tmp_path / "b")
    assert tally.folders_left == 0
