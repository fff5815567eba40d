"""Which language a text is written in, for pages that do not say."""

_MIN_CHARACTERS = 40


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the text's language, or None for a text too short to tell.

    None too where the model cannot be unpacked, because the temporary folder is full: a page is worth more than that.
    """
    import py3langid  # noqa: PLC0415 - loads a model of 5 MB; most pages declare their language

    if len(text) < _MIN_CHARACTERS:
        return None
    try:
        code, _ = py3langid.classify(text[:2000])
    except OSError:
        return None
    return str(code)
