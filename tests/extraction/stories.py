"""Small news stories in our own words, and the way to put a line into one and to see what becomes of it."""

from collections.abc import Sequence

from pipeline.extraction.plaintext import read_plaintext
from pipeline.extraction.residue import Cleaned, clean

STORIES: dict[str, tuple[str, ...]] = {
    "en": (
        "Orchard town votes to keep its night train",
        "The last train to Quillmere will keep running after midnight, the county council decided on Thursday evening.",
        "Eleven members voted for the subsidy and nine against it, after a debate that lasted almost five hours.",
        "Shift workers from the cannery had filled the public benches, some of them still in their rubber boots.",
        "“Without that train I would have to sleep in the changing room,” said Odile Marrow, who packs pears.",
        "The railway company carries forty passengers on an average night, fewer than half of what it had promised.",
        "A first review is due next spring, when the county will compare the figures with those of the bus line.",
    ),
    "de": (
        "Obststadt behält ihren Nachtzug",
        "Der letzte Zug nach Quellmoor fährt auch künftig nach Mitternacht, entschied der Kreistag am Donnerstagabend.",
        "Elf Abgeordnete stimmten für den Zuschuss und neun dagegen, die Debatte hatte fast fünf Stunden gedauert.",
        "Auf den Besucherbänken saßen Arbeiterinnen der Konservenfabrik, einige noch in ihren Gummistiefeln.",
        "Im kommenden Frühjahr will der Kreis die Zahlen mit denen der Buslinie vergleichen und neu entscheiden.",
    ),
    "fr": (
        "La ville des vergers garde son train de nuit",
        "Le dernier train pour Quillemare continuera de rouler après minuit, a décidé jeudi soir le conseil.",
        "Onze élus ont voté pour la subvention et neuf contre, au terme de cinq heures de débat.",
        "Les ouvrières de la conserverie avaient rempli les bancs du public, certaines encore en bottes de caoutchouc.",
        "Un premier bilan est attendu au printemps, quand le comté comparera les chiffres avec ceux du car.",
    ),
    "es": (
        "La ciudad de los huertos conserva su tren nocturno",
        "El último tren a Quilmar seguirá circulando después de medianoche, decidió el jueves el consejo comarcal.",
        "Once consejeros votaron a favor de la subvención y nueve en contra, tras casi cinco horas de debate.",
        "Las obreras de la conservera habían llenado los bancos del público, algunas todavía con botas de goma.",
        "El primer balance llegará en primavera, cuando la comarca compare las cifras con las del autobús.",
    ),
    "it": (
        "La città dei frutteti tiene il suo treno notturno",
        "L'ultimo treno per Quillamare continuerà a viaggiare dopo mezzanotte, ha deciso giovedì sera il consiglio.",
        "Undici consiglieri hanno votato per il contributo e nove contro, dopo quasi cinque ore di dibattito.",
        "Le operaie del conservificio avevano riempito i banchi del pubblico, alcune ancora con gli stivali di gomma.",
        "Un primo bilancio è atteso in primavera, quando la contea confronterà i dati con quelli dell'autobus.",
    ),
    "pt": (
        "Cidade dos pomares mantém o seu comboio nocturno",
        "O último comboio para Quilmar vai continuar a circular depois da meia-noite, decidiu o conselho na quinta.",
        "Onze membros votaram a favor do subsídio e nove contra, depois de quase cinco horas de debate.",
        "As operárias da fábrica de conservas encheram os bancos do público, algumas ainda com botas de borracha.",
        "O primeiro balanço chega na primavera, quando o distrito comparar os números com os do autocarro.",
    ),
    "nl": (
        "Fruitstad houdt zijn nachttrein",
        "De laatste trein naar Kwilmeer blijft ook na middernacht rijden, besloot de raad donderdagavond.",
        "Elf leden stemden voor de subsidie en negen tegen, na een debat van bijna vijf uur.",
        "Op de publieke tribune zaten arbeidsters van de conservenfabriek, sommigen nog in hun rubberlaarzen.",
        "In het voorjaar volgt een eerste evaluatie, waarbij de cijfers naast die van de bus worden gelegd.",
    ),
    "pl": (
        "Miasto sadów zatrzymuje nocny pociąg",
        "Ostatni pociąg do Kwilmierza nadal będzie jeździł po północy, zdecydowała w czwartek wieczorem rada powiatu.",
        "Jedenastu radnych głosowało za dopłatą, a dziewięciu przeciw, po debacie trwającej prawie pięć godzin.",
        "Ławki dla publiczności zajęły pracownice przetwórni, niektóre jeszcze w gumowych butach.",
        "Pierwsze podsumowanie nastąpi wiosną, kiedy powiat porówna liczby z wynikami linii autobusowej.",
    ),
    "ru": (
        "Город садов сохранит ночной поезд",
        "Последний поезд до Квилмора и дальше будет ходить после полуночи, решил в четверг вечером районный совет.",
        "Одиннадцать депутатов проголосовали за субсидию и девять против, обсуждение длилось почти пять часов.",
        "Скамьи для публики заполнили работницы консервного завода, некоторые ещё в резиновых сапогах.",
        "Первые итоги подведут весной, когда район сравнит эти цифры с показателями автобусной линии.",
    ),
    "ar": (
        "مدينة البساتين تحتفظ بقطارها الليلي",
        "قرر مجلس المقاطعة مساء الخميس أن يواصل القطار الأخير رحلاته بعد منتصف الليل إلى بلدة كويلمار.",
        "صوت أحد عشر عضوا لصالح الدعم المالي وتسعة ضده بعد نقاش استمر قرابة خمس ساعات كاملة.",
        "وامتلأت مقاعد الجمهور بعاملات مصنع التعليب وكان بعضهن لا يزال يرتدي الأحذية المطاطية في القاعة.",
        "ومن المنتظر أن تقارن المقاطعة في الربيع المقبل هذه الأرقام بأرقام خط الحافلات قبل أن تقرر من جديد.",
    ),
    "zh": (
        "果园小镇保留夜间列车",
        "县议会星期四晚间决定，开往奎尔米尔的末班列车在午夜之后将继续运行，补贴不会取消。",
        "经过将近五个小时的辩论，十一名议员投票支持这笔补贴，九名议员表示反对。",
        "罐头厂的女工坐满了旁听席，其中一些人还穿着上班时的橡胶靴子，等到深夜才离开。",
        "明年春天县政府将把这些数字与公共汽车线路的数字进行比较，然后再作出新的决定。",
    ),
    "ja": (
        "果樹園の町、夜行列車を存続へ",
        "郡議会は木曜日の夜、クイルミア行きの最終列車を真夜中以降も走らせ続けることを決めた。",
        "五時間近くに及ぶ議論の末、補助金には十一人の議員が賛成し、九人が反対した。",
        "傍聴席は缶詰工場で働く女性たちで埋まり、ゴム長靴を履いたままの人の姿も見られた。",
        "来年の春には最初の検証が行われ、郡は利用者数を路線バスの数字と比べることになっている。",
    ),
}
"""Language → headline and paragraphs, each of them running text."""


def story(lines: str | Sequence[str], place: str = "middle", language: str = "en") -> str:
    """A story as plain text with lines put at its ``top``, in its ``middle`` or at its ``end``."""
    headline, *paragraphs = STORIES[language]
    added = [lines] if isinstance(lines, str) else list(lines)
    at = {"top": 0, "middle": len(paragraphs) // 2, "end": len(paragraphs)}[place]
    return "\n\n".join([headline, *paragraphs[:at], *added, *paragraphs[at:]])


def cleaned(text: str, authors: Sequence[str] = ()) -> Cleaned:
    """What the cleaner makes of a plain text."""
    plain = read_plaintext(text)
    return clean(plain.lines, [plain.headline] if plain.headline else [], authors)


def fates(text: str, authors: Sequence[str] = ()) -> dict[str, str]:
    """Each line of a plain text → name of the rule that took it out, or "" where it stayed."""
    done = cleaned(text, authors)
    return {line.text: "" for line in done.kept} | {line.text: line.rule for line in done.removed}
