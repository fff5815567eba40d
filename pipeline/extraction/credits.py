"""Rules for who wrote it and when: bylines, dates, contributor lines, author notes."""

import re

from pipeline.extraction.rules import Fate, Rule, View

_MONTHS = (
    r"jan\w*|feb\w*|mar\w*|apr\w*|ma[iyj]\w*|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*|märz|févr?\w*|août|avr\w*|juin|juil\w*|ene\w*|abr\w*|ago\w*|dic\w*|gen\w*|mag\w*|giu\w*|lug\w*|set\w*|ott\w*|fev\w*|out\w*|mrt|mei|"
    r"stycz\w*|lut\w*|kwi\w*|maj\w*|czerw\w*|lip\w*|sier\w*|wrze\w*|paźdz\w*|list\w*|grud\w*|янв\w*|фев\w*|мар\w*|апр\w*|ма[йя]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*|يناير|فبراير|مارس|[اأ]بريل|مايو|يونيو|يوليو|[اأ]غسطس|سبتمبر|[اأ]كتوبر|نوفمبر|ديسمبر"
)
_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+)?(?:{_MONTHS})\.?,?\s*(?:de\s+)?\d{{4}}|(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?\d{{2,4}}|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{4}}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日)"
_HAS_DATE = re.compile(_DATE)
_CLOCK_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_AGO = re.compile(
    r"^(?:(?:updated|published|posted|modified|last updated|aktualisiert|publié|mis à jour|vor|il y a|hace|há|fa)\s*:?\s*)?\d+\s*(?:min(?:ute)?s?|hours?|hrs?|h|days?|d|weeks?|months?|years?|minuten?|stunden?|tagen?|heures?|jours?|horas?|d[ií]as?|minutos?|ore|giorni|uur|dagen|godzin\w*|час\w*|минут\w*|дн\w*|小时|小時|分钟|分鐘|天|時間|分|日)\s*(?:ago|geleden|fa|temu|назад|atrás|前)?\s*(?:read|lesezeit|de lecture|de lectura|di lettura|de leitura|leestijd)?$"
)
_READING_TIME = re.compile(
    r"^(?:(?:estimated )?(?:reading|read) time|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|leestijd|czas czytania|время чтения|وقت القراءة|阅读时间)\b.{0,40}$|^\d+[\s-]*min(?:ute|\.)?s?[\s-]*(?:read|lesezeit|de lecture|lectura|lettura|de leitura|leestijd|czytania|чтения)\b.{0,20}$"
)
_STAMP_WORD = re.compile(
    r"^(?:(?:first |last |originally )?(?:published|updated|posted|modified|edited|created|revised|printed|aired)(?: (?:on|at|:))?|date|time|veröffentlicht|aktualisiert|stand|erstellt|publié|mis à jour|modifié|créé|publicado|actualizado|pubblicato|aggiornato|"
    r"atualizado|gepubliceerd|bijgewerkt|laatste update|opublikowano|aktualizacja|data publikacji|опубликовано|обновлено|дата публикации|نشر(?: في)?|تاريخ النشر|آخر تحديث|发布时间|更新时间|發布|更新|公開|配信|投稿|publicerad|uppdaterad|publisert|oppdatert|julkaistu|päivitetty|yayınlanma|güncelleme)\b"
)
_BY = re.compile(
    r"^(?:by|written by|story by|words by|reported by|posted by|author|authors|von|autor(?:en|in)?|par|por|de la redacción|redacción|di|a cura di|door|auteur|autore|autora?|autor|tekst|text|opracowa[łl]|oprac|автор|текст|من|كتب|كتبت|بقلم|记者|記者|作者|文|文章|撰文|編譯|编译|av|af|yazan|haber|od|napisał)(?:\s*[:：/|]\s*|\s+|(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff]))(?=\S)",
)
_PERSON = r"[A-Z\u00c0-\u00de\u0410-\u042f][\w.'’-]+"
_BY_NAME = re.compile(
    rf"^(?:By|BY|Von|Par|Por|Di|Door|Autore?|Auteur|Text|Tekst|Автор)\s?:?\s+{_PERSON}(?: (?:(?:de|van|von|der|den|da|di|del|la|le|al|bin|el|und|and|y|et|e|&),? )*{_PERSON},?){{1,7}}$"
)
_STAFF = re.compile(
    r"(?:^|[,|/\s-])(?:staff(?: (?:writer|reporter|correspondent))?|(?:senior |chief |special |news |sports |political |business |contributing |associate |executive |managing |deputy |foreign |diplomatic )*(?:correspondent|reporter|editor|columnist|contributor|writer|bureau chief|journalist|producer)|redaktion|redakteur(?:in)?|rédaction|redacción|redazione|redação|redactie|redakcja|редакция|newsroom|news desk|news service|bureau)\b"
)
_ATTRIBUTION = re.compile(
    r"(?:contributed|contributing) (?:to )?(?:this |the )?(?:report|story|article|reporting|writing)|^(?:(?:additional |with )?(?:reporting|writing|editing)|(?:additional |with )(?:research|material|contributions?|files)) (?:by|from)\b|^(?:reported|edited|written|compiled|translated|produced|photographed|filmed) (?:by|from)\b.{0,160}$|^with (?:files|reporting|additional|contributions|material|information|inputs?|agenc|wire|reports)\b.{0,120}$|"
    r"^(?:with )?(?:inputs?|reports?|information) from\b.{0,80}$|^(?:reporting|writing|editing) by\b|^[-(\[]{0,2}\s?(?:with )?(?:ap|afp|reuters|pti|ani|ians|dpa|ansa|efe|lusa|anp|belga|tass|xinhua|bernama|yonhap|kyodo|cnn|cp|the canadian press|associated press|agencies|agencias|agenturen|agences|wire services|tt|ntb|apa|sda|sid)(?:\s?[/,&]\s?\w+)*\s?[)\]]?\.?$|"
    r"^(?:mit (?:material|informationen|agentur\w*)|avec (?:afp|agence\w*|reuters)|con (?:informaci[oó]n|agencias|información) de|com (?:informações|agência\w*)|met (?:informatie|medewerking) van)\b.{0,80}$|"
    r"^this (?:report|story|article) (?:was|is|includes|has) (?:produced|compiled|written|based|made|prepared|contributed|from)\b.{0,140}$",
    re.IGNORECASE,
)
_ABOUT_AUTHOR = re.compile(
    r"(?:^|\. )(?:follow (?:him|her|them|me|[\w.'-]+(?: [\w.'-]+){0,3}) (?:on|at|via)\b|(?:you can )?(?:reach|contact|e-?mail|write to|message) (?:him|her|them|me|the (?:author|writer|reporter)|[\w.'-]+(?: [\w.'-]+){0,3}) (?:on|at|via|by)\b|(?:he|she|they) (?:can be (?:reached|contacted|followed)|tweets?)\b)|"
    r"^[\w.'’-]+(?: [\w.'’-]+){0,4},? (?:is|was|covers|writes|reports|works|has been|joined|serves) (?:an? |the |on |about |for |as |at |with |based |covering |\w+ )(?:.{0,80})(?:reporter|correspondent|editor|columnist|journalist|writer|author of|professor|contributor|producer|fellow|covering|covers|newsroom|freelance|news desk|photographer|analyst|expert in)\b|"
    r"^(?:the (?:author|writer) is|about the (?:author|writer)|über den autor|über die autorin|zur person|à propos de l'auteur|sobre (?:el|la|o|a) autora?|l'autore|over de auteur|об авторе|عن الكاتب|作者(?:简介|簡介))\b"
)
_CONTACT = re.compile(
    r"^(?:contact|e-?mail|tel|phone|fax|twitter|x|facebook|instagram|linkedin|telegram|whatsapp)\s*[:：@]|^\S+@\S+\.\w{2,}$|^@\w{2,30}$|^(?:[\w.'-]+ ){1,4}[-|•,·/]?\s?(?:@\w{2,30}|\S+@\S+\.\w{2,})$"
)
_PLACE_AGENCY = re.compile(
    r"^[\s*•]*[^.!?]{0,60}(?:afp|reuters|ap|bloomberg|cna|xinhua|dpa|ansa|efe|tass|pti|ani|staff (?:reporter|writer))(?:\s*[,/]\s*[^.!?]{1,60})?$"
)


def is_date(view: View, index: int) -> bool:
    """A line that is a date: when it was published or updated, how long ago, how long it takes to read."""
    line = view.lines[index]
    if line.text.startswith(("—", "–")) or "@" in line.text:  # the signature under a quoted post
        return False
    if line.words > 22 or line.closed and line.words > 14:  # a sentence with a date in it is text
        return False
    if _AGO.match(line.lowered) or _READING_TIME.match(line.lowered):
        return True
    date = _HAS_DATE.search(line.lowered)
    if _STAMP_WORD.match(line.lowered) and (date or any(map(str.isdigit, line.text))):
        return True
    if date and line.words <= 20 and not line.closed and _CLOCK_TIME.search(line.lowered):  # a stamp
        return True
    return (
        date is not None and line.words <= 9 and (view.before_text(index) or view.after_text(index) or line.words <= 7)
    )


def is_byline(view: View, index: int) -> bool:
    """Who wrote it: "By …" lines, name and role lines near the headline."""
    line = view.lines[index]
    if line.words > 18 or (line.closed and line.words > 8) or not view.prose:
        return False
    if _BY_NAME.match(line.text) and not line.closed:
        return True
    near = view.before_text(index) or view.after_text(index)
    if near and _BY.match(line.lowered) and not line.upper | line.prose:
        return True
    if near and line.upper and _BY.match(line.lowered) and line.words <= 10:
        return True
    return near and line.words <= 12 and bool(_STAFF.search(line.lowered) or _PLACE_AGENCY.match(line.lowered))


def is_attribution(view: View, index: int) -> bool:
    """Who else worked on it: "… contributed to this report", "Reporting by …", "(AFP)"."""
    line = view.lines[index]
    return line.words <= 60 and _ATTRIBUTION.search(line.text) is not None


def is_author_note(view: View, index: int) -> bool:
    """About the author, below the text: what they cover, how to reach them."""
    line = view.lines[index]
    if index < view.last_prose - 3 and not view.before_text(index) or line.words > 80:
        return False
    return bool(_ABOUT_AUTHOR.search(line.lowered) or _CONTACT.match(line.lowered))


RULES = (
    Rule("date", is_date),
    Rule("attribution", is_attribution, Fate.ATTRIBUTION),
    Rule("byline", is_byline, Fate.BYLINE),
    Rule("author-note", is_author_note),
)
