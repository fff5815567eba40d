"""Which language a text is written in: what the page declares, weighed against its words."""

from collections.abc import Sequence
from functools import cache

_SHORTEST, _SAMPLE = 40, 300
_TELLING = 100
"""Characters of text that outweigh a declaration."""
_RELATIVES: Sequence[frozenset[str]] = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"id", "ms"}),
    frozenset({"hr", "bs", "sr", "sh"}),
    frozenset({"zh", "yue", "wuu"}),
    frozenset({"ar", "arz", "ary"}),
    frozenset({"es", "gl", "pt", "an", "ext"}),
    frozenset({"it", "vec", "lij"}),
    frozenset({"en", "pcm"}),
    frozenset({"cs", "sk"}),
    frozenset({"bg", "mk"}),
    frozenset({"hi", "mr", "ne"}),
    frozenset({"zu", "xh"}),
)
"""Languages that a detector may take for one another."""


def detect_language(text: str) -> str | None:
    """ISO 639 code of the language of a text's beginning, two letters where it has them; None for too short a text.

    None too where the model cannot be unpacked, because the temporary folder is full: a page is worth more than that.
    """
    import py3langid  # noqa: PLC0415 - loads a model of 5 MB

    if len(text) < _SHORTEST:
        return None
    try:
        code, _ = py3langid.classify(text[:_SAMPLE])
    except OSError:
        return None
    return None if code == "zxx" else str(code)


def outweighs(detected: str, declared: str, text: str) -> bool:
    """Whether the words of a text refute the language that its page declares, a BCP 47 tag."""
    base = declared.partition("-")[0]
    if detected == base or len(text) < _TELLING or base not in _known():
        return False
    return not any({detected, base} <= relatives for relatives in _RELATIVES)


@cache
def _known() -> frozenset[str]:
    """The languages that the detector tells apart."""
    import py3langid  # noqa: PLC0415 - as above

    return frozenset(code for code, _ in py3langid.rank("text")) | {"nb"}
