"""Whether the text of a paid article is cut: what the page declares, how its text ends, what stands below it."""

from collections.abc import Sequence

from pipeline.extraction import phrases
from pipeline.extraction.evidence import Block, PageEvidence, line_key
from pipeline.extraction.lines import Line
from pipeline.extraction.seen import spoken
from pipeline.items import PARTIAL
from pipeline.text import ends_sentence, word_count

_STUB = 150  # words of the longest teaser that ends in a whole sentence
_REST = 60  # words of text below a prompt that show that it cuts nothing
_LONGEST = 400  # characters of a box that asks to subscribe
_ELLIPSES = ("…", "...", "[…]", "[...]", "(…)", "(...)")


def paywall_evidence(declared: str, evidence: PageEvidence, body: Sequence[Line], words: int) -> str:
    """All that speaks for a paywall, "; " between; opened by PARTIAL where the text is cut, empty without any.

    ``declared``: the page's own word. ``words``: of the body. No phrase is believed alone: a page that asks to
    subscribe is cut where its text breaks off, or is short and declared to be paid; a declared one where it breaks off.
    """
    if words >= (_STUB * 2 if declared else _STUB) and not breaks_off(body[-1].text if body else ""):
        return declared
    found, above = _prompt(evidence.blocks, {line_key(line.text) for line in body})
    told = [line for line in body if line_key(line.text) in above] if found else body
    last = told[-1].text if told else ""
    broken = breaks_off(last) or bool(found and last and not ends_sentence(last))
    short = sum(line.words for line in told) < _STUB
    if not (declared and broken) and not (found and (broken or (declared and short))):
        return declared
    ending = f"ends in {last[-12:]!r}" if broken else ""
    return PARTIAL + "; ".join(filter(None, (declared, ending, f"says {found!r}" if found else "", f"{words} words")))


def breaks_off(text: str) -> bool:
    """Whether a text ends in dots that stand for the rest of it."""
    return text.rstrip("”\"'» ").endswith(_ELLIPSES)


def _prompt(blocks: Sequence[Block], body: set[str]) -> tuple[str, set[str]]:
    """What a box below the text says of the rest, in as many words, and the keys above it; "" where there is none.

    ``body``: keys of the text's lines. A box in the midst of the text cuts nothing.
    """
    first = next((place for place, block in enumerate(blocks) if block.key in body), len(blocks))
    for place, block in enumerate(blocks[first:], first):
        if len(block.key) > _LONGEST:
            continue
        found = phrases.find_all("paywall", spoken(block.text))
        if found and not _runs_on(blocks[place + 1 :], body):
            return found[0], {block.key for block in blocks[:place]}
    return "", set()


def _runs_on(blocks: Sequence[Block], body: set[str]) -> bool:
    """Whether text goes on below, rather than headlines of other stories with their summaries."""
    words = 0
    for block in blocks:
        words = 0 if block.link > 0.9 else words + (word_count(block.text) if block.key in body else 0)
        if words >= _REST:
            return True
    return False
