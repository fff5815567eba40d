"""Rules for pictures: captions, their credits, and the label lines that stand above them."""
# ruff: noqa: E501 - one alternative list a line is what makes the patterns readable

import re
from statistics import median

from pipeline.extraction import phrases
from pipeline.extraction.rules import Fate, Rule, View
from pipeline.items import BlockKind
from pipeline.text import has_letters

_AGENCIES = (
    r"(?i:getty(?: images)?|reuters|associated press|keystone|belga|scanpix|ritzau|lusa|tass|тасс|риа новости|sputnik|xinhua|新华社|kyodo|共同|jiji|yonhap|bloomberg|shutterstock|alamy|istock(?:photo)?|"
    r"adobe ?stock|imago(?:\s?images)?|picture[ -]?alliance|zuma(?: press| wire)?|wire ?image|unsplash|pexels|pixabay|flickr|wikimedia(?: commons)?|nasa|handout|screenshot|file (?:photo|image|picture)|pool photo|courtesy(?: of)?|"
    r"creative commons|archivbild|symbolbild|photo|foto|fotos|image|photograph|instagram|facebook|twitter|youtube)|"
    r"A\.?P\.?(?: Photo| Images)?|AFP|EPA(?:-EFE)?|EFE|dpa|DPA|ANSA|APA|ANP|TT|NTB|PAP|PA(?: Wire| Images| Media)?|UPI|SDA|ANI|PTI|IANS|CNA|CBC|BBC|NPR|File|FILE|Archiv|Pool|Getty|REX|VIA|MAGO"
)
_CREDIT_TAIL = re.compile(r"[(\[（][^()\[\]（）]{2,110}[)\]）][\s.]*$")
_NAMED = re.compile(rf"(?<!\w)(?:{_AGENCIES})(?!\w)")
_CREDIT_WORD = (
    r"photo(?:graph|s|grapher)?(?: (?:credit|courtesy|by|illustration))?|ljósmynd|foto/video|(?:image|picture|video|file|photo|illustration)s?(?: (?:credit|source|courtesy|by|via))?|credits?|courtesy(?: of)?|illustration(?: by)?|"
    r"foto(?:s|graf)?(?: (?:oben|unten|di|de|van))?|bild(?:er|quelle|rechte)?|grafik|crédits?(?: photo)?|photographie|légende|imagen|fotograf[íi]a|cr[ée]dito|divulgação|reprodução|zdj[ęe]cie|fot\.?|"
    r"фото(?:графия)?|источник фото|صورة|تصوير|الصورة|图片?(?:来源|说明)?|圖(?:片|說)?(?:來源)?|資料照片?|写真|撮影|提供|사진|kuva|photographer"
)
_CREDIT_LINE = re.compile(
    rf"^[(\[]?(?:{_CREDIT_WORD})\s*[:：/|=©]\s*\S.{{0,110}}$|^[(\[]?(?:©|\(c\))\s?\S.{{0,90}}$"
    r"|^[(\[]?(?:photo(?:graph)?s?|images?|pictures?|illustrations?|video) (?:by|courtesy(?: of)?)\s[^.]{2,80}$"
    r"|^photo illustration by\s.{2,80}$|^cartoon by\s[^.,]{2,60}$|^courtesy of (?:\S+ ?){1,6}$",
    re.IGNORECASE,
)
_NAME = r"[A-Z\u00c0-\u00de][\w.'’-]*"
_AGENCY_LINE = re.compile(
    rf"^[(\[]?(?:{_NAME}(?: {_NAME}){{0,4}}\s?(?:/|,|\bvia\b|\|| - )\s?){{0,3}}(?:{_AGENCIES})(?:\s?(?:/|,|\bvia\b|-|\|)\s?{_NAME}(?: {_NAME}){{0,4}}){{0,3}}[)\]]?\.?$"
)
_IN_CREDIT = r"(?:[^.!?]|\.(?=\w)|(?<=\b\w)\.)"  # initials and addresses hold full stops
_CREDIT_INSIDE = re.compile(
    rf"(?:[.!?\"”'’)…]\s?(?i:{_CREDIT_WORD})|[\s\w](?:(?:Photo|Image|Picture|Video|Foto)s? (?:credit|by|courtesy|di|de|via)\w*|(?:Photo|Foto|Bild|Fot\.|Cr[eé]dit|Zdjęcie|Фото)s?))\s?[:：©]\s?{_IN_CREDIT}{{2,90}}$"
    rf"|(?<=\s)(?:©|\(c\))\s?{_IN_CREDIT}{{2,90}}$"
    rf"|\s(?:{_AGENCIES})\s?/\s?{_NAME}(?: {_NAME}){{0,3}}$|/Copyright (?:19|20)\d\d\b.{{0,60}}rights reserved\.?$"
    rf"|(?:[.!?\"”]\s|\s[|–—-]\s)(?:{_NAME}\s?(?:/|,|\bvia\b)?\s?){{1,5}}(?:/|\bvia\b|,)\s?(?:{_AGENCIES})(?:\s?(?:/|\bvia\b|,)\s?{_NAME}(?: {_NAME})*)*$"
)
_COMMANDS = (
    r"(?:Click|Read|Learn|Find|Sign|See|Watch|Listen|Back|Continue|Subscribe|Follow|Get|Share|View|Show|Full|More|"
    r"They|We|He|She|It|You|This|That|There|What|Why|How|Here|Now|But|And|Not|No|Nobody|"
    r"Viele|Alle|Keine?|Mehr|Neue|Wenig|Der|Die|Das|Ein|Eine|Jetzt|Und|Aber)\b"
)
"""What opens a sentence rather than a name."""
_SIGNED = re.compile(
    rf"^(?=.* [a-zß-ÿ]{{5,}})(?:\S+ ){{4,}}\S*[^\W\d_]{{2}}[\"”’»)]?\.[\"”»]?\s(?:(?!{_COMMANDS}){_NAME}(?: (?:(?:for|of|de|van|von)(?: the)? )?{_NAME}){{1,5}}|{_AGENCIES}|Supplied|Submitted photo)$"
    r"|다\.\s[\w=·]{2,12}(?: (?:기자|제공))?$"
)
"""A sentence and behind it the name of who took the picture: "The mill at dusk. Jane Doe"."""
_SAID_CREDIT = re.compile(
    rf"^(?i:(?:file |handout |archiv)?(?:photo|foto|image|bild|picture|archivbild|symbolbild|courtesy|credit)s?)\b|[:：©]"
    rf"|(?:/|\bvia\b|,)\s?(?:{_AGENCIES})$|(?i:getty|picture alliance|shutterstock|archivbild|symbolbild)"
)
"""What tells a credit in a bracket that ends a sentence."""
_LABELLED = re.compile(rf"(?:{_CREDIT_WORD})\s*[:：]|.*(?:撮影|提供)$", re.IGNORECASE)
_CREDIT_MARKS = ("/", ":", "：", "©", "(c)", " via ", ", ")
_COPYRIGHT = re.compile(r"(?:©|\(c\)).{0,30}(?:19|20)\d\d|(?:19|20)\d\d.{0,4}©|rights reserved", re.IGNORECASE)
_ALSO_TOPICS = frozenset({
    "ap", "nasa", "bbc", "cbc", "npr", "cna", "facebook", "instagram", "twitter", "youtube", "photo", "foto", "fotos",
    "image", "file", "archiv", "pool", "via",
})  # fmt: skip
"""What is as often a subheading as an agency where it stands alone."""
_AGENCY_ALONE = re.compile(r"^\([\w. ,/-]{2,20}\)\.?$")
_QUOTES = ('"', "“", "„", "«", "‘", "'")
_CREDIT_SPAN = 140  # characters at a line's end that a credit may take


def is_caption(view: View, index: int) -> bool:
    """A picture's caption: it ends in a credit in brackets, or the mark-up says so."""
    line = view.lines[index]
    if "caption" in line.roles:
        return True
    if line.words <= view.longest_title and line.folded in view.titles_folded:
        return False
    if line.words <= 45 and phrases.matches("caption-cue", line) and not line.text.startswith(_QUOTES):
        return True
    tail = _CREDIT_TAIL.search(line.text) if line.text.rstrip(" .")[-1:] in {")", "]", "）"} else None
    if tail is not None and tail.start() > 0 and _is_credit(tail[0]):
        return True
    if line.closed:
        return False
    signed = not line.text.startswith(_QUOTES) and _SIGNED.search(line.text) is not None
    return signed or _ends_in_credit(line.text[-_CREDIT_SPAN:])


def _ends_in_credit(text: str) -> bool:
    """Whether a caption runs into its credit: "… on Sunday. Photo: Jane Doe"."""
    return any(mark in text for mark in _CREDIT_MARKS) and _CREDIT_INSIDE.search(text) is not None


def _is_credit(tail: str) -> bool:
    """Whether a bracket at a line's end names who took a picture, rather than adding to the sentence."""
    inside = tail.strip(" .()[]（）")
    if _LABELLED.match(inside):
        return True
    if tail.rstrip().endswith("."):  # within a sentence: "… space agency (NASA).", "… of the union (CDU/CSU)."
        return _SAID_CREDIT.search(inside) is not None
    if _NAMED.search(inside):
        return True
    return re.match(rf"^{_NAME}(?: {_NAME}){{0,3}}\s?[/|]\s?{_NAME}.{{0,50}}$", inside) is not None


def split_credit(text: str) -> tuple[str, str]:
    """A caption and the credit that closes it, empty without one: "A boat. (Jane Doe/AP)" → "A boat.", "Jane Doe/AP"."""
    tail = _CREDIT_TAIL.search(text)
    if tail and _is_credit(tail[0]):
        return text[: tail.start()].strip(), _without_label(tail[0].strip(" .()[]"))
    inside = _CREDIT_INSIDE.search(text)
    if inside:
        start = inside.start() + (inside[0][0] in ".!?\"”'’)")
        return text[:start].strip(" |–—-"), _without_label(text[start:].strip(" |–—-"))
    return text, ""


def _without_label(credit: str) -> str:
    return re.sub(rf"^(?:(?i:{_CREDIT_WORD})\s?[:：©]|©|\(c\))\s*", "", credit)


def is_credit(view: View, index: int) -> bool:
    """A credit on a line of its own that says it is one: "Photo: …", "© …", "(Name/Agency)"."""
    line = view.lines[index]
    if _COPYRIGHT.search(line.text):
        return False
    if view.after_text(index) and _AGENCY_ALONE.match(line.text):  # signs the story, no picture
        return False
    bracketed = line.text.startswith("(") and _CREDIT_TAIL.fullmatch(line.text) and _is_credit(line.text)
    return bool(bracketed or _CREDIT_LINE.match(line.text))


def is_agency(view: View, index: int) -> bool:
    """A picture's agency alone on a line: "Getty Images", "Jane Doe/AFP via Getty Images"."""
    line = view.lines[index]
    if view.after_text(index) and _AGENCY_ALONE.match(line.text):  # as above
        return False
    return line.lowered not in _ALSO_TOPICS and _AGENCY_LINE.match(line.text) is not None


def is_caption_head(view: View, index: int) -> bool:
    """The words "Image caption" or "Image source, …" alone on a line."""
    return phrases.matches("caption-head", view.lines[index])


def is_caption_below(view: View, index: int) -> bool:
    """An unclosed line directly below an agency's name or "Image caption": the caption it announces."""
    line = view.lines[index]
    least = {"agency": 6, "caption-head": 3}.get(view.gone_before(index))
    return least is not None and least <= line.words and not line.closed and not line.text.startswith(_QUOTES)


def is_caption_label(view: View, index: int) -> bool:
    """A short unclosed line directly above a caption: the picture's label."""
    line = view.lines[index]
    return (
        view.gone_after(index) == "caption"
        and "caption" not in line.roles
        and not (line.marked and line.kind is BlockKind.HEADING)  # of the section that a picture opens
        and not line.closed
        and has_letters(line.text)
    )


def _usual_words(view: View) -> float:
    """Words of the page's middling paragraph."""
    return median([view.lines[index].words for index in view.prose] or [0])


def is_credited_caption(view: View, index: int) -> bool:
    """The line directly above a credit that stands alone and says that it is one: the caption it closes."""
    line = view.lines[index]
    if view.gone_after(index) == "agency":  # which may as well stand above its picture
        return line.dated and line.words >= 6 and not line.text.startswith(_QUOTES)
    if view.gone_after(index) != "credit" or not has_letters(line.text) or line.kind is not BlockKind.PARAGRAPH:
        return False
    if line.closed and line.words * 3 > _usual_words(view) * 2:  # as likely a paragraph that a picture follows
        return False
    return line.words >= 3 and not line.text.startswith(_QUOTES)  # shorter: a section's name


RULES = (
    Rule("credit", is_credit, longest=18),
    Rule("agency", is_agency, longest=18),
    Rule("caption-head", is_caption_head, longest=12),
    Rule("caption", is_caption, Fate.CAPTION, longest=90),
    Rule("caption-below", is_caption_below, Fate.CAPTION, longest=45),
    Rule("caption-label", is_caption_label, longest=12),
    Rule("credited-caption", is_credited_caption, Fate.CAPTION, longest=45),
)
