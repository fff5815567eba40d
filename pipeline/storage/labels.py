"""Labels: one number for each exact value that articles are chosen by, such as a tag or an author.

They stand in a table of their own, where an index finds the articles of a label in the order of listings, and among the
words of the search index. A change here needs a migration that makes both anew.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache


@lru_cache(10_000)  # most articles have labels of those before them
def label(field: str, value: object) -> int:
    """The number that stands for a value of a field; 64 bits with a sign."""
    digest = hashlib.blake2b(f"{field} {value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


SINGLE = ("source", "kind", "section", "language")
"""Fields that have one value, or none."""


def labels_of(values: Mapping[str, str | None], tags: Iterable[str], authors: Iterable[str]) -> set[int]:
    """Those of an article; ``values``: of the fields of ``SINGLE``.

    A language has one for each of its beginnings: ``pt-BR`` is found by ``pt`` as well.
    """
    subtags = (values["language"] or "").lower().split("-")
    return {
        *(label(name, value) for name, value in values.items() if value and name != "language"),
        *(label("language", "-".join(subtags[:count])) for count in range(1, len(subtags) + 1) if subtags[0]),
        *(label("author", name) for name in authors),
        *(label("tag", tag) for tag in tags),
    }
