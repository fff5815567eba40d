"""What of an article counts as a change to a reader: two states with the same essence are one state.

White space, the shapes of quotes and dashes, relative times ("3 hours ago") and counters ("12 comments") do not
count. The tables here are not those of the residue rules, on purpose: the essence is stored as a hash, and a phrase
added to a rule must not make stored articles look edited. A change in here needs a migration that hashes anew.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from re import Pattern
from string import digits

from pipeline.items import Article
from pipeline.text import ends_sentence, word_count

SHORT = 60
"""Characters of a line that may be nothing but a counter or a time."""

AGO = (
    ("", r"s|secs?|seconds?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|wks?|weeks?|months?|y|yrs?|years?", "ago"),
    ("vor", r"sek\w*|min\w*|std|stunden?|tag(?:en?)?|wochen?|monat(?:en?)?|jahr(?:en?)?", ""),
    ("il y a", r"s|secondes?|min(?:utes?)?|h|heures?|j|jours?|semaines?|mois|ans?", ""),
    ("hace", r"s|segundos?|min(?:utos?)?|h|horas?|d[ií]as?|semanas?|mes(?:es)?|años?", ""),
    ("há", r"s|segundos?|min(?:utos?)?|h|horas?|dias?|semanas?|m[eê]s(?:es)?|anos?", ""),
    ("", r"second[oi]|min(?:ut[oi])?|h|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]", "fa"),
    ("", r"seconden?|min(?:uut|uten)?|uur|dag(?:en)?|week|weken|maand(?:en)?|jaar", "geleden"),
    ("", r"sek\w*|min\w*|godz\w*|h|dni|dzień|tyg\w*|miesi\w*|lata?", "temu"),
    ("", r"сек\w*|мин\w*|ч|час\w*|дн\w*|день|недел\w*|мес\w*|год\w*|лет", "назад"),
    ("", r"сек\w*|хв\w*|год\w*|дн\w*|день|тиж\w*|міс\w*|рок\w*", "тому"),
    ("منذ", r"ثاني\w*|ثوان\w*|دقيق\w*|دقائق|ساع\w*|يوم\w*|أيام|أسبوع\w*|أسابيع|شهر\w*|أشهر", ""),
    ("قبل", r"ثاني\w*|ثوان\w*|دقيق\w*|دقائق|ساع\w*|يوم\w*|أيام|أسبوع\w*|أسابيع|شهر\w*|أشهر", ""),
    ("", r"秒钟?|秒鐘|分钟?|分鐘|小时|小時|時間|[天日]|周|週間?|[个個]月|[かヶカ]月|年", "前"),
    ("", r"초|분|시간|일|주일?|개월|달|년", "전"),
    ("för", r"sek\w*|min\w*|h|tim\w*|dag(?:ar)?|veck\w+|månad\w*|år", "sedan"),
    ("for", r"sek\w*|min\w*|t|time[rn]?|dag(?:e|er)?|uker?|uger?|måned\w*|år", "siden"),
    ("", r"s|sekun\w*|min\w*|t|tun\w*|päiv\w*|viik\w*|kuukau\w*|vuo\w*", "sitten"),
    ("", r"sn|saniye|dk|dakika|sa|saat|gün|hafta|ay|yıl", "önce"),
    ("", r"(?:detik|menit|jam|hari|minggu|bulan|tahun)(?: yang)?", "lalu"),
    ("", r"giây|phút|giờ|ngày|tuần|tháng|năm", "trước"),
    ("", r"सेकंड|मिनट|घंटे|घंटा|दिन|हफ्ते|सप्ताह|महीने|साल", "पहले"),
    ("", r"सेकंड|मिनट|घंटे|घंटा|दिन|हफ्ते|सप्ताह|महीने|साल", "पूर्व"),
    ("לפני", r"שני\w*|דק\w*|שעות|שעה|ימים|יום|שבוע\w*|חודש\w*|שנ\w*", ""),
    ("před", r"sek\w*|min\w*|h|hod\w*|dn\w*|týdn\w*|měsíc\w*|rok\w*|lety?", ""),
    ("πριν", r"δευτ\w*|λεπτ\w*|ώρ\w*|ημέρ\w*|μέρ\w*|εβδομάδ\w*|μήν\w*|χρόνι\w*", ""),
    ("πριν από", r"δευτ\w*|λεπτ\w*|ώρ\w*|ημέρ\w*|μέρ\w*|εβδομάδ\w*|μήν\w*|χρόνι\w*", ""),
    ("acum", r"sec\w*|min\w*|ore|or[ăa]|zile?|săptămân\w*|lun[ăi]|ani?", ""),
    ("", r"másodper\w*|perc\w*|ór\w*|nap\w*|hét\w*|hónap\w*|év\w*", "ezelőtt"),
)
"""What stands before the amount of a relative time, its units, and what follows them; the one or the other is empty."""

COUNTED = (
    r"comments?|replies|reply|responses?|reactions?|shares?|views?|likes?|retweets?|reads?",
    r"kommentare?|leserkommentare?|reaktionen|aufrufe|teilungen",
    r"commentaires?|réactions?|partages?|vues",
    r"comentarios?|reacciones|compartidos|vistas|visitas",
    r"coment[aá]rios?|reações|compartilhamentos|partilhas|visualizações",
    r"comment[oi]|reazioni|condivisioni|visualizzazioni",
    r"reacties?|keer gedeeld|weergaven",
    r"komentarz[ey]?|udostępni\w+|wyświetle\w+|odsłon\w*",
    r"комментари\w*|просмотр\w*|репост\w*|прочтени\w*",
    r"коментар\w*|перегляд\w*|поширен\w*",
    r"تعليق\w*|مشاهد\w*|مشارك\w*|قراء\w*",
    r"[条條则則个個]?\s?(?:评论|評論|留言|回复|回覆|跟帖)|次?\s?(?:阅读|閱讀|浏览|瀏覽|点赞|轉發|转发)",
    r"件(?:のコメント)?|コメント|シェア|いいね|回表示",
    r"개(?:의 댓글)?|댓글|조회수?|공감|공유",
    r"kommentar(?:er)?|delningar|visningar|reaktioner",
    r"delinger|visninger|reaksjoner",
    r"kommentti\w*|jakoa|katselu\w*",
    r"yorum|paylaşım|görüntülenme|okunma|beğeni",
    r"komentar|tanggapan|kali dibaca|dibagikan",
    r"bình luận|ý kiến|lượt xem|lượt thích|chia sẻ",
    r"टिप्पणियां|टिप्पणियाँ|टिप्पणी|शेयर|व्यूज",
    r"תגובות|תגובה|צפיות|שיתופים",
    r"komentář\w*|sdílení|zobrazení",
    r"σχόλι\w*|κοινοποιήσεις|προβολές",
    r"comentariu|comentarii|distribuiri|vizualizări",
    r"hozzászólás\w*|megosztás\w*|megtekintés\w*",
)
"""What the counters above and below an article count, a line for each language."""

_ONE = r"an?|one|eine[mnr]?|une?|una?|uma?|een|ett?|én|bir|μία|μια"
_FIGURE = r"\d[\d.,]*\s?(?:k|m|mil|тыс|万|萬|천|만)?\.?"
_THINGS = "|".join(COUNTED)
_COUNTER = re.compile(
    rf"(?<!\w){_FIGURE}\s?(?:{_THINGS})(?!\w)|(?<!\w)(?:{_THINGS})\s?[:：]?\s?[(\[]?{_FIGURE}[)\]]?(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"[+(\[]?{_FIGURE}[)\]+]?", re.IGNORECASE)


def _ago(before: str, units: str, after: str, amount: str) -> Pattern[str]:
    begins = rf"(?<!\w){before}\s*" if before else ""
    ends = rf"\s*{after}" if after else ""
    return re.compile(rf"{begins}{amount}\s?(?:{units})\.?{ends}(?!\w)", re.IGNORECASE)


_AGO = {before or after: _ago(before, units, after, r"\d+") for before, units, after in AGO}
_AGO_IN_WORDS = {before or after: _ago(before, units, after, rf"\b(?:\d+|{_ONE})") for before, units, after in AGO}
_MARKERS = re.compile("|".join(sorted(_AGO, key=len, reverse=True)))
_NUMBERS = re.compile(r"\d\d*")  # two thirds of the time of \d+, for its start is looked for as one character
_BEFORE = tuple(before for before, _, _ in AGO if before)
_AFTER = tuple(after for _, _, after in AGO if after)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")
_QUOTES = "\"'‘’‚‛“”„‟«»‹›`´′″「」『』〝〞"
_DASHES = "-‐‑‒–—―−"


def essence(article: Article) -> str:
    """All of an article whose change makes a new state of it: kind, whether its text is cut, headline, texts."""
    texts = [block.text for block in article.body]
    for update in article.updates:
        texts += (update.headline, *update.text.split("\n\n"))
    for box in article.factboxes:
        texts += (box.title, *box.lines)
    return essence_of(article.kind, article.headline, texts, is_partial=article.is_partial)


def essence_of(kind: str, headline: str, texts: Iterable[str], *, is_partial: bool) -> str:
    """The same of an article taken apart; ``texts``: one for each paragraph."""
    return f"{kind}\n{is_partial}\n{plain(headline)}\n{plain(' '.join(map(without_noise, texts)))}"


def plain(text: str) -> str:
    """The text less white space and invisible characters, its quotes and dashes all of one shape."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = "".join(text.replace(" ", "").split())  # nearly all of it is spaces, which go quicker so
    return _of_one_shape(_of_one_shape(text, _QUOTES, "'"), _DASHES, "-")


def without_noise(text: str) -> str:
    """A paragraph less its relative times; nothing of one that is only such a time or a counter."""
    if len(text) > SHORT:
        return _timeless(text, _AGO) if _may_tell_ago(text) else text
    timeless = _timeless(text, _AGO_IN_WORDS)
    rest = _COUNTER.sub(" ", timeless) if any(map(str.isdigit, timeless)) else timeless
    most = 1 if ends_sentence(text) else 3  # "Updated", "View all"; but "He left" is told
    is_noise = (rest != text and word_count(rest) <= most) or _NUMBER.fullmatch(text)
    return "" if is_noise else timeless


def _may_tell_ago(text: str) -> bool:
    """Whether a relative time may be in a text: it is quicker to look around its numbers than for each shape."""
    if text.isascii() and not any(map(text.__contains__, digits)):
        return False
    for number in _NUMBERS.finditer(text):
        start, end = number.span()
        if text[max(0, start - 10) : start].rstrip().lower().endswith(_BEFORE):
            return True
        if any(map(text[end : end + 25].lower().__contains__, _AFTER)):
            return True
    return False


def _timeless(text: str, ago: Mapping[str, Pattern[str]]) -> str:
    lowered = text.lower()
    for marker in sorted({found[0] for found in _MARKERS.finditer(lowered)}):
        text = ago[marker].sub(" ", text)
    return text


def _of_one_shape(text: str, characters: str, shape: str) -> str:
    """Each run of some characters replaced by one of a shape; for so few characters quicker than a pattern."""
    for character in characters:
        text = text.replace(character, shape)
    while 2 * shape in text:
        text = text.replace(2 * shape, shape)
    return text
