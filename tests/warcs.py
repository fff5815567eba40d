"""WARC files for tests, record by record, so that each can be wrong in its own way."""

import gzip

PAGE = b"<html><body><p>Boats came in.</p></body></html>"
DATE = "2025-03-04T05:06:07Z"


def record(block: bytes, kind: str = "response", url: str = "https://boat.example/1", **fields: str | None) -> bytes:
    """A record; ``fields``: more of its headers, in place of those given here, None for none at all."""
    content_type = {"response": "application/http; msgtype=response"}.get(kind, "text/plain")
    headers: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": DATE,
        "WARC-Record-ID": f"<urn:test:{len(block)}>",
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value is not None]
    return b"WARC/1.1\r\n" + "".join(lines).encode() + b"\r\n" + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, *lines: str, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    """An HTTP answer; ``lines``: more of its headers."""
    head = [f"HTTP/1.1 {status}", *([f"Content-Type: {content_type}"] if content_type else []), *lines]
    return "".join(f"{line}\r\n" for line in head).encode() + b"\r\n" + body


def response(number: int, body: bytes = PAGE, **fields: str | None) -> bytes:
    """A record with a page of its own."""
    return record(answer(body + b"<!-- %d -->" % number), url=f"https://boat.example/{number}", **fields)


def zipped(*records: bytes) -> bytes:
    """Each record as a gzip member, the same bytes at any time."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
