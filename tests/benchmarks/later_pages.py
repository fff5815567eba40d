"""More made-up pages of both sorts, written after the rules of the gate: how far these carry beyond their examples."""
# ruff: noqa: E501 - one page's words to a line, in every script
# fmt: off

from collections.abc import Iterator

from pipeline.items import Reason
from tests.benchmarks.layouts import Case, cards, chrome, document, stories

_R = Reason
_NONE: tuple[tuple[str, Reason, str, str, str], ...] = (
    # name, reason, language, title, body
    ("lost-en", _R.ERROR_PAGE, "en", "Oh no! | Brack Weekly", "<h2>Whoops, that page is gone.</h2><p>It seems the link you followed is broken, or the page may have been removed.</p><a href='/'>Take me home</a>"),
    ("lost-en-2", _R.ERROR_PAGE, "en", "Brack Weekly", "<h1>We can’t find that page</h1><p>You may have mistyped the address, or the page may have moved.</p>"),
    ("lost-de", _R.ERROR_PAGE, "de", "Fehler 404", "<h1>Hoppla!</h1><p>Unter dieser Adresse gibt es leider nichts zu lesen. Vielleicht hilft Ihnen die Suche weiter.</p>"),
    ("lost-fr", _R.ERROR_PAGE, "fr", "Oups", "<h1>Oups ! Cette page est introuvable.</h1><p>Elle a peut-être été déplacée ou supprimée.</p>"),
    ("lost-es", _R.ERROR_PAGE, "es", "Error 404 - El Eco", "<h1>¡Vaya!</h1><p>La página que estás buscando no existe.</p>"),
    ("lost-it", _R.ERROR_PAGE, "it", "Errore", "<h1>Ops, qualcosa è andato storto</h1><p>La pagina che hai richiesto non è disponibile.</p>"),
    ("lost-pl", _R.ERROR_PAGE, "pl", "Ups!", "<h1>404</h1><p>Przykro nam, ale strona o podanym adresie nie istnieje.</p>"),
    ("lost-sk", _R.ERROR_PAGE, "sk", "Stránka sa nenašla", "<h1>Stránka sa nenašla</h1><p>Skúste sa vrátiť na úvod.</p>"),
    ("lost-bg", _R.ERROR_PAGE, "bg", "Страницата не е намерена", "<h1>404</h1><p>Търсената от вас страница не съществува.</p>"),
    ("lost-hr", _R.ERROR_PAGE, "hr", "Stranica nije pronađena", "<h1>Stranica nije pronađena</h1><p>Pokušajte s pretraživanjem.</p>"),
    ("lost-fa", _R.ERROR_PAGE, "fa", "صفحه مورد نظر یافت نشد", "<h1>صفحه مورد نظر یافت نشد</h1><p>ممکن است این صفحه حذف شده باشد.</p>"),
    ("lost-et", _R.ERROR_PAGE, "et", "Lehte ei leitud", "<h1>Lehte ei leitud</h1><p>Otsitud lehte ei ole olemas.</p>"),
    ("lost-th", _R.ERROR_PAGE, "th", "ไม่พบหน้าที่คุณต้องการ", "<h1>ไม่พบหน้าที่คุณต้องการ</h1><p>กรุณากลับไปที่หน้าแรก</p>"),
    ("expired-en", _R.ERROR_PAGE, "en", "Echo", "<h1>This story has expired</h1><p>Agency reports are kept for thirty days.</p>"),
    ("withdrawn-en", _R.ERROR_PAGE, "en", "Echo", "<h1>Article unavailable</h1><p>The article you requested has been taken down for legal reasons.</p>"),
    ("too-many", _R.ERROR_PAGE, "en", "429 Too Many Requests", "<h1>429 Too Many Requests</h1><p>nginx</p>"),
    ("offline", _R.ERROR_PAGE, "en", "502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
    ("wall-en", _R.CONSENT_WALL, "en", "Echo", "<div><h1>Your choices about privacy</h1><p>With your consent, we and 600 vendors may use cookies and similar technologies to read information on your device.</p><p>You can withdraw at any time under privacy settings in the footer. Some vendors rely on legitimate interest.</p><button>Agree and close</button><button>Manage preferences</button></div>"),
    ("wall-de", _R.CONSENT_WALL, "de", "Zustimmung", "<div><h2>Lesen Sie das Echo mit Werbung</h2><p>Für die Nutzung mit Werbung benötigen wir Ihre Einwilligung in das Setzen von Cookies. Ihre Zustimmung können Sie jederzeit widerrufen.</p><button>Akzeptieren und weiter</button><p>oder werbefrei lesen mit dem Pur-Abo für 2,99 Euro</p></div>"),
    ("wall-fr", _R.CONSENT_WALL, "fr", "Votre choix", "<div><h2>Vos données, votre expérience</h2><p>En cliquant sur accepter, vous consentez à l'utilisation de cookies par nos partenaires.</p><button>Accepter et continuer</button><button>S'abonner</button></div>"),
    ("wall-nl", _R.CONSENT_WALL, "nl", "Privacy", "<div><h2>De Echo vraagt om je toestemming</h2><p>Wij en derden plaatsen cookies om je gepersonaliseerde advertenties te tonen.</p><button>Akkoord</button><button>Instellingen</button></div>"),
    ("wall-ko", _R.CONSENT_WALL, "ko", "개인정보", "<div><h2>쿠키 설정</h2><p>당사와 파트너는 기기에 쿠키를 저장하고 개인정보를 처리합니다.</p><button>모두 동의</button></div>"),
    ("check-en", _R.BOT_CHALLENGE, "en", "One more step", "<h1>One more step</h1><p>Please complete the security check to access echo.example</p>"),
    ("check-en-2", _R.BOT_CHALLENGE, "en", "Verifying", "<p>We need to make sure you are human. Slide to complete the puzzle.</p><div id='captcha-box'></div>"),
    ("check-it", _R.BOT_CHALLENGE, "it", "Verifica", "<p>Conferma di non essere un robot per continuare.</p>"),
    ("check-nordic", _R.BOT_CHALLENGE, "sv", "Kontroll", "<p>Bekräfta att du inte är en robot för att fortsätta.</p>"),
    ("empty-app", _R.SCRIPT_SHELL, "en", "Echo", "<div id='__app'></div><noscript>Your browser does not support JavaScript!</noscript><script src='/m.js'></script>"),
    ("empty-app-it", _R.SCRIPT_SHELL, "it", "Eco", "<p>Per visualizzare questa pagina devi abilitare JavaScript.</p><script src='/m.js'></script>"),
    ("entry-en", _R.LOGIN_PAGE, "en", "Log in - Brack Weekly", "<h1>Welcome back</h1><form><input type='email' placeholder='Email'><input type='password'><button>Continue</button></form><p>No account yet? Join us.</p>"),
    ("entry-cs", _R.LOGIN_PAGE, "cs", "Přihlášení", "<h1>Přihlášení</h1><form><input name='login'><input type='password'><button>Přihlásit se</button></form>"),
    ("entry-en-steps", _R.LOGIN_PAGE, "en", "Sign in or register", "<h1>Sign in or register</h1><form><input type='email'><button>Next</button></form><p>By going on you accept our terms of use.</p>"),
    ("shop-sv", _R.PRODUCT_PAGE, "sv", "Kaffekanna", "<h1>Kaffekanna i emalj</h1><p>399 kr</p><p>En kanna för sex koppar.</p><button>Lägg i varukorgen</button>"),
    ("shop-tr", _R.PRODUCT_PAGE, "tr", "Emaye demlik", "<h1>Emaye demlik</h1><span>₺899</span><p>Altı bardaklık demlik, gaz ve açık ateş için uygundur.</p><button>Sepete ekle</button>"),
    ("region-en", _R.REGION_BLOCK, "en", "Echo", "<h1>Unavailable</h1><p>We recognise you are attempting to access this website from a country belonging to the European Economic Area, and therefore cannot grant you access at this time.</p>"),
    ("region-sv", _R.REGION_BLOCK, "sv", "Echo", "<p>Innehållet är inte tillgängligt i ditt land.</p>"),
    ("pictures-it", _R.MEDIA_PAGE, "it", "La notte - Foto", "<h1>La notte sul traghetto</h1>" + "<figure><img src='/1.jpg'></figure>" * 12),
)


def later() -> Iterator[Case]:
    """Pages that are none, then articles."""
    for name, reason, lang, title, body in _NONE:
        bare = reason in (_R.CONSENT_WALL, _R.BOT_CHALLENGE, _R.SCRIPT_SHELL)
        yield Case(f"later-{name}", {reason}, document(lang, body, title) if bare else chrome(len(name), lang, body, title))
    listed = "".join(f"<article><a href='/s/{n}'><h2>{text[:50]}</h2></a><p>{text}</p><span>Robin Vale</span></article>" for n, text in enumerate(stories("de")[1:] * 3))
    yield Case("later-blog-index", {_R.INDEX_PAGE}, chrome(0, "de", listed, "Blog", url="https://echo.example/blog/"))
    linked = "".join(f"<li><a href='/s/{n}'><h3>{text[:50]}</h3><p>{text}</p></a></li>" for n, text in enumerate(stories("en")[1:] * 3))
    yield Case("later-linked-cards", {_R.INDEX_PAGE}, chrome(0, "en", f"<h1>World</h1><ul>{linked}</ul>", "World news"))
    big = f"<div><h2><a href='/lead'>{stories('en')[0]}</a></h2><p>{' '.join(stories('en')[1:4])}</p></div>{cards('en', 12, long=True)}"
    yield Case("later-front-with-lead", {_R.INDEX_PAGE}, chrome(1, "en", big, "Brack Weekly | News from the county", url="https://weekly.example/"))
    yield Case("later-search-cs", {_R.SEARCH_PAGE, _R.INDEX_PAGE}, chrome(0, "cs", f"<h1>Výsledky hledání</h1>{cards('en', 6, long=True)}", "Vyhledávání", url="https://echo.example/hledani?q=vlak"))
    yield Case("later-search-none", {_R.SEARCH_PAGE, _R.INDEX_PAGE, _R.ERROR_PAGE, _R.TOO_SHORT}, chrome(0, "en", "<h1>Search</h1><p>Nothing was found for “zeppelin”. Try another word.</p>", "Search - Echo", url="https://echo.example/?s=zeppelin"))
    yield from _articles()


def _articles() -> Iterator[Case]:
    """Articles, some of them short."""
    texts = (
        ("en", "Login for all: county offices go online", "From Monday residents can sign in to the county’s new desk with one password. Eleven services are open at first, among them parking permits and library cards, the clerk said."),
        ("en", "Error 404 wins the pub quiz", "The team that calls itself Error 404 has won the winter quiz at the Anchor with 61 points. Page Not Found came second. The prize, a ham, was shared."),
        ("en", "Shop sells out of blue pots", "The enamel works sold its last blue pot on Friday for £34.50, a day after the queen of a neighbouring country was pictured with one. New ones come in June, the works said."),
        ("en", "Cookie law: what changes in May", "Websites must offer a button to reject all cookies from May on. Personal data may be kept for six months, not twelve. The rule was passed on Thursday with a large majority."),
        ("en", "Road closed", "The lower road is closed from Monday to Friday between the mill and the bridge while a new pipe is laid. Buses go by the upper road and call at the school instead, the county says."),
        ("de", "Kurz notiert: Fähre fällt aus", "Die Fähre nach Quellmoor fällt am Dienstag wegen einer Prüfung des Motors aus. Wer übersetzen will, nimmt die Brücke bei Brack, teilte die Reederei mit. Ab Mittwoch gilt wieder der übliche Fahrplan für alle Linien."),
        ("fr", "En bref : le bac à quai", "Le bac de Quillemare restera à quai mardi pour une révision du moteur. Les passagers sont invités à passer par le pont de Brack, indique la compagnie. Le service reprendra mercredi aux heures habituelles."),
        ("es", "Breves: el transbordador no sale", "El transbordador de Quilmar no saldrá el martes por una revisión del motor. Los viajeros podrán cruzar por el puente de Brack, informó la compañía. El servicio volverá el miércoles con el horario de siempre."),
        ("tr", "Vapur salı günü kalkmıyor", "Kvilmar vapuru motor bakımı nedeniyle salı günü sefere çıkmayacak. Yolcuların Brack köprüsünü kullanması istendi. Seferler çarşamba sabahı yeniden başlayacak, bilet ücretleri değişmeyecek, dedi şirketin sözcüsü. Köy halkı kararı sakin karşıladı."),
        ("sv", "Färjan ställs in på tisdag", "Färjan till Kvillmar går inte på tisdag eftersom motorn ska ses över. Resenärer får ta bron vid Brack i stället, meddelar rederiet. Från onsdag gäller den vanliga tidtabellen igen för alla linjer."),
        ("ko", "화요일 나룻배 운항 중단", "퀼마르행 나룻배가 엔진 점검 때문에 화요일 하루 동안 운항하지 않는다. 승객들은 브라크 다리를 이용해 달라고 선사가 밝혔다. 수요일부터는 평소 시간표대로 다시 운항하며 요금은 그대로다."),
        ("zh", "周二渡轮停航", "由于发动机检修，开往奎尔米尔的渡轮星期二停航一天，船运公司建议乘客改走布拉克大桥。星期三起渡轮将恢复正常时刻，票价保持不变，已经购票的乘客可以全额退款。"),
    )
    for n, (lang, headline, text) in enumerate(texts):
        for layout in range(3):
            yield Case(f"later-brief-{n}-{layout}", frozenset(), chrome(layout, lang, f"<h1>{headline}</h1><p>{text}</p>", f"{headline} - Echo"))
        wall = "<div id='cookie'><p>We use cookies.</p><button>Accept all cookies</button><button>Cookie settings</button></div>"
        yield Case(f"later-brief-{n}-banner", frozenset(), chrome(1, lang, f"{wall}<h1>{headline}</h1><p>{text}</p>", headline))
    quoted = "".join(f"<li><p>{text}</p></li>" for text in stories("en")[1:])
    yield Case("later-bullets", frozenset(), chrome(1, "en", f"<h1>The night train in five points</h1><ul>{quoted}</ul>", "The night train in five points"))
    verse = "Ice on the lock<br>and a heron on one leg<br>the miller counts to nine<br>then counts again<br>the wheel is still<br>the year is still<br>we bring him bread and rye"
    yield Case("later-verse", frozenset(), chrome(1, "en", f"<h1>January</h1><p>{verse}</p>", "January - a poem"))
    goals = "".join(f"<p><b>{minute}'</b> {text}</p>" for minute, text in enumerate(stories("en")[1:], 31))
    yield Case("later-match-ticker", frozenset(), chrome(2, "en", f"<h1>Brack 2 Quillmere 1</h1>{goals}", "Brack 2 Quillmere 1 as it happened"))
    digest = "".join(f"<h2><a href='/s/{n}'>{text[:45]}</a></h2><p>{text} {other}</p><p>{other}</p>" for n, (text, other) in enumerate(zip(stories("en")[1:], stories("en")[:0:-1], strict=True)))
    yield Case("later-morning-digest", frozenset(), chrome(0, "en", f"<h1>Your morning in Brack</h1><p>Good morning. Here is what happened while you slept, and what the day will bring.</p>{digest}", "Your morning in Brack"))
