"""Rules for what leads elsewhere: related stories, read-more lines, promoted headlines, topic lists."""

from pipeline.extraction import phrases
from pipeline.extraction.lines import Line
from pipeline.extraction.rules import Rule, View
from pipeline.items import BlockKind

_CUE_RULES = frozenset({"related", "related-list"})


def is_related(view: View, index: int) -> bool:
    """A pointer to another story: "Read more: …", "Related", "Lesen Sie auch"."""
    line = view.lines[index]
    if _is_quoted(line):
        return False
    found = phrases.matches("related", line) or phrases.matches("related-open", line)
    return found and not phrases.reports_speech(line)


def _is_quoted(line: Line) -> bool:
    return line.text.startswith(('"', "“", "„", "«"))


def is_related_list(view: View, index: int) -> bool:
    """Headlines listed under such a pointer: short unclosed lines directly below it."""
    line = view.lines[index]
    if view.gone_before(index) not in _CUE_RULES or line.closed:
        return False
    if line.kind is BlockKind.HEADING and line.marked:
        return False
    return line.link > 0.5 or not line.marked


def is_linked_line(view: View, index: int) -> bool:
    """A paragraph that is one link and no sentence: a promoted headline. List items only in a list of links."""
    line = view.lines[index]
    if not line.marked or line.closed or "://" in line.text or line.words <= 3:
        return False
    below = view.neighbour(index, 1)
    if line.kind is BlockKind.HEADING and below is not None and below.prose:  # of a product, of a live report's entry
        return False
    if line.kind is BlockKind.LIST_ITEM:
        return index in view.linked_lists or (line.link > 0.9 and _ends_in_links(view, index))
    return line.link > 0.9


def _ends_in_links(view: View, index: int) -> bool:
    beside = [view.neighbour(index, -1), view.neighbour(index, 1)]
    listed = any(line is not None and line.kind is BlockKind.LIST_ITEM and line.link > 0.9 for line in beside)
    return view.after_text(index) and listed


def is_shouted_promo(view: View, index: int) -> bool:
    """A headline in capitals between paragraphs: a promoted story. With mark-up only where it is a link."""
    line = view.lines[index]
    if not line.upper or line.closed or _is_quoted(line):
        return False
    if line.marked:
        return line.link > 0.8  # all but the quotes
    return line.words >= 8 and not view.shouts  # shorter ones are subheadings


def is_topic(view: View, index: int) -> bool:
    """A list of topics below the text: at least two short unclosed lines in a row at the page's end."""
    return view.after_text(index) and bool(view.prose) and view.ends_in_labels


def is_orphan_heading(view: View, index: int) -> bool:
    """A heading with nothing below it: what it announced is gone."""
    return index > view.last_no_heading and view.prose != ()


RULES = (
    Rule("related", is_related, longest=40),
    Rule("related-list", is_related_list, longest=25),
    Rule("linked-line", is_linked_line, longest=40),
    Rule("shouted-promo", is_shouted_promo),
    Rule("topics", is_topic, longest=4),
    Rule("orphan-heading", is_orphan_heading),
)
