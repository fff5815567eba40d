"""HTTP answers as archives hold them."""

import pytest

from pipeline.answers import read_answer


def test_status_headers_and_body():
    answer = read_answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nVia: a\r\nvia: b\r\n\r\n<p>\r\n\r\n")
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"<p>\r\n\r\n")
    assert answer.headers == {"content-type": "text/html", "via": "a, b"}


@pytest.mark.parametrize(
    ("block", "status", "headers", "body"),
    [
        (b"HTTP/1.0 404 Not Found\nA: b\n\nx", 404, {"a": "b"}, b"x"),
        (b"HTTP/2 200\r\n\r\nx", 200, {}, b"x"),
        (b"HTTP/2 200\r\nContent-Type: a\r\ncontent-type: b;c\r\n\r\nx", 200, {"content-type": "b;c"}, b"x"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000 + b"HTTP/1.1 200 OK\r\n\r\nx", 200, {}, b"x"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nnonsense\r\n\r\n", 200, {"a": "b c"}, b""),
        (b"HTTP/1.1 200 OK\r\nA: \xff\r\n\r\nx", 200, {"a": "ÿ"}, b"x"),
        (b"HTTP/1.1 200 OK\r\nA: b", 200, {"a": "b"}, b""),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx",
            200,
            {},
            b"x",
        ),
    ],
)
def test_answers_that_servers_send(block, status, headers, body):
    answer = read_answer(block)
    assert answer is not None
    assert (answer.status, answer.headers, answer.body) == (status, headers, body)


@pytest.mark.parametrize("block", [b"", b"<html>", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_what_is_no_answer(block):
    assert read_answer(block) is None
