"""Rules for what asks the reader to do something: subscribe, sign in, accept, comment; and the small print."""

from pipeline.extraction import phrases
from pipeline.extraction.rules import Rule, View


def is_prompt(view: View, index: int) -> bool:
    """An invitation to sign up, sign in, subscribe, pay, install, follow or accept."""
    line = view.lines[index]
    found = phrases.matches("prompt", line) or phrases.matches("prompt-open", line)
    if not found and line.words <= 45:
        found = phrases.matches("prompt-anywhere", line)
    return found and not phrases.reports_speech(line)


def is_form(view: View, index: int) -> bool:
    """Comment forms and their surroundings: field labels, counts, rules, log-in notes."""
    line = view.lines[index]
    return phrases.matches("comment-form", line) and not phrases.reports_speech(line)


def is_legal(view: View, index: int) -> bool:
    """Copyright, reprint, disclosure and print strings."""
    return phrases.matches("legal", view.lines[index])


RULES = (
    Rule("prompt", is_prompt, longest=70),
    Rule("comment-form", is_form, longest=40),
    Rule("legal", is_legal, longest=70),
)
