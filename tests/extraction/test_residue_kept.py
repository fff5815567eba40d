"""Text that looks like residue and is none: a false deletion is worse than a leftover.

``kept/LANGUAGE.txt`` holds one line of text a line; each must stay wherever it stands in a story.
"""

from pathlib import Path

import pytest

from tests.extraction.stories import STORIES, fates, story

CASES = [
    (file.stem, line)
    for file in sorted((Path(__file__).parent / "kept").glob("*.txt"))
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("language", "line"), CASES, ids=[f"{language}-{line[:40]}" for language, line in CASES])
def test_text_stays(language, line):
    for place in ("middle", "end"):
        found = fates(story(line, place, language if language in STORIES else "en"))
        assert {text: rule for text, rule in found.items() if rule} == {}, place
