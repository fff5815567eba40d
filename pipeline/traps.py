"""Addresses shaped like those of a crawler trap: a site that makes up pages without end."""

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

LONGEST = 2_000  # characters; browsers and servers stop not far above
DEEPEST = 12  # parts of a path
MOST_REPEATS = 3  # times that one part may stand in a path
MOST_PARAMETERS = 12


def trap(url: str) -> str:
    """Why an address looks like a trap's, in words; empty for an ordinary one."""
    if len(url) > LONGEST:
        return f"{len(url):,} characters"
    parts = urlsplit(url)
    path = [part for part in parts.path.split("/") if part]
    if len(path) > DEEPEST:
        return f"a path of {len(path)} parts"
    part, times = Counter(path).most_common(1)[0] if path else ("", 0)
    if times > MOST_REPEATS:
        return f"{part[:60]!r} {times} times in the path"
    parameters = len(parse_qsl(parts.query, keep_blank_values=True))
    return f"{parameters} parameters" if parameters > MOST_PARAMETERS else ""
