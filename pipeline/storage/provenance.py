"""What is known of an archived page beyond what went over the wire, as a line of a WARC ``metadata`` record."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.items import Link, OptOuts, RawPage, SiteRules

FIELD = b"newsloom: "


@dataclass(frozen=True, slots=True)
class _Provenance:
    """Fields of a ``RawPage``."""

    url: str
    source: str = ""
    link: Link | None = None
    rules: SiteRules = field(default_factory=SiteRules)
    opt_outs: OptOuts = field(default_factory=OptOuts)


_FORM = TypeAdapter(_Provenance)


def provenance_block(page: RawPage) -> bytes:
    """The block of the record: one field of ``application/warc-fields``, its value JSON on one line."""
    said = _Provenance(page.url, page.source, page.link, page.rules, page.opt_outs)
    return FIELD + _FORM.dump_json(said, exclude_defaults=True) + b"\r\n"


def provenance_of(block: bytes) -> dict[str, Any]:
    """The fields of the ``RawPage`` that a block tells; none when it is not one of ours."""
    line = next((line for line in block.splitlines() if line.startswith(FIELD)), b"")
    try:
        said = _FORM.validate_json(line[len(FIELD) :])
    except ValidationError:
        return {}
    return {name: getattr(said, name) for name in _Provenance.__slots__}
