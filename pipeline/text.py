"""Small facts about a string: its words, its case, how it ends. Pure functions over text of any script."""

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TRIMMED = " \u00ad\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_WORD = re.compile(r"\w+")
_FOREIGN_MARK = re.compile(r"[^\x00-\x7f\w]")
_MARKS_TO_SPACES = bytes(byte if byte > 127 or re.match(r"\w", chr(byte)) else 32 for byte in range(256))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_TERMINAL = re.compile(r"[.!?…。！？؟۔।:;][\"'”’»«“‘)\]）」』\s]*$|[」』]$")
_DROP_CAP = re.compile(
    r"^([B-HJ-NP-Z]) (?=[a-z]{2,})"
    r"(?!(?:cells?|class|coli|factor|flat|grade|league|level|major|minor|pop|rays?|sharp|street|turns?|und|and|is|or)\b)"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0eff]")


def collapse(text: str) -> str:
    """One line: every run of white space a single space, ends trimmed. Soft hyphens and joiners are text and stay."""
    if text.isascii():
        return " ".join(text.split())
    return _SPACES.sub(" ", text).strip(_TRIMMED)


def without_controls(text: str) -> str:
    """The text less C0 controls (but tab and line breaks), lone surrogates and non-characters."""
    return _CONTROLS.sub("", text)


def join_drop_cap(text: str) -> str:
    """The text with a set-apart first letter ("W hile") put back to its word. A, I and O are words themselves."""
    return _DROP_CAP.sub(r"\1", text)


def words(text: str) -> list[str]:
    """Words, case folded."""
    return _WORD.findall(text.casefold())


def word_count(text: str) -> int:
    """Number of words; in scripts without spaces two characters count as one word."""
    if text.isascii():
        return _spaced_words(text)
    if dense := len(_CJK.findall(text)):
        text = _CJK.sub(" ", text)
    for mark in set(_FOREIGN_MARK.findall(text)):
        text = text.replace(mark, " ")
    return _spaced_words(text) + (dense + 1) // 2


def _spaced_words(text: str) -> int:
    """Number of words, of a text in which only ASCII marks part them: a third of the time that matching each takes."""
    return len(text.encode(errors="surrogatepass").translate(_MARKS_TO_SPACES).split())


def fold(text: str) -> str:
    """Words joined by single spaces, case, punctuation and invisible characters gone: equal for two spellings."""
    return " ".join(words(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))))


def ends_sentence(text: str) -> bool:
    """Whether the line closes with sentence punctuation, quotes and brackets after it allowed."""
    return _TERMINAL.search(text) is not None


def is_upper(text: str) -> bool:
    """Whether the line is set in capitals: of its first letters at least four, and nine in ten."""
    start = text[:80]
    upper = sum(map(str.isupper, start))
    return upper >= 4 and upper >= 9 * sum(map(str.islower, start))


def has_letters(text: str) -> bool:
    """Whether any letter of any script is in it."""
    return any(map(str.isalpha, text))
