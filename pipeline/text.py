"""Small facts about a string: its words, its case, how it ends. Pure functions over text of any script."""

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
# A joiner between two letters shapes a word in Persian and Indic scripts: it is text there, not dirt.
_JOINED = re.compile(r"(?<=[\u0600-\u06ff\u0900-\u0dff])[\u200c\u200d](?=[\u0600-\u06ff\u0900-\u0dff])")
_WORD = re.compile(r"\w+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TERMINAL = re.compile(r"[.!?…。！？؟۔।:;][\"'”’»«“‘)\]）」』\s]*$|[」』]$")
_DROP_CAP = re.compile(r"^([B-HJ-NP-Z]) (?=[a-z]{2,})")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0eff]")


def collapse(text: str) -> str:
    """One line: every run of white space a single space, invisible format characters gone, ends trimmed."""
    if text.isascii():
        return " ".join(text.split())
    marked = _JOINED.sub(lambda found: "\ue000" if found[0] == "\u200c" else "\ue001", text)
    plain = " ".join(_SPACES.sub(" ", marked.translate(_INVISIBLE)).split())
    return plain.replace("\ue000", "\u200c").replace("\ue001", "\u200d")


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
    cjk = len(_CJK.findall(text))
    return len(_WORD.findall(_CJK.sub(" ", text) if cjk else text)) + (cjk + 1) // 2


def fold(text: str) -> str:
    """Words joined by single spaces, case and punctuation gone: equal for two spellings of one line."""
    return " ".join(words(unicodedata.normalize("NFKC", text)))


def ends_sentence(text: str) -> bool:
    """Whether the line closes with sentence punctuation, quotes and brackets after it allowed."""
    return _TERMINAL.search(text) is not None


def is_upper(text: str) -> bool:
    """Whether the line is set in capitals: at least four letters, nine in ten of the cased ones upper case."""
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    return upper >= 4 and upper >= 9 * lower  # noqa: PLR2004 - the docstring names them


def has_letters(text: str) -> bool:
    """Whether any letter of any script is in it."""
    return any(map(str.isalpha, text))
