"""Made-up pages that are articles, though something about each looks as if it were none."""
# ruff: noqa: E501 - one page's words to a line, in every script
# fmt: off

from collections.abc import Iterator

from pipeline.items import RawPage
from tests.benchmarks.layouts import Case, cards, chrome, document, stories
from tests.benchmarks.refused_pages import CONSENT
from tests.extraction.stories import STORIES

PLUS = {
    "en": ("Subscribe to continue reading", "This article is for subscribers only. Already a subscriber? Log in."),
    "de": ("Weiterlesen mit Echo Plus", "Dieser Artikel ist nur für Abonnenten. Jetzt Abo abschließen und weiterlesen."),
    "fr": ("La suite est réservée aux abonnés", "Il vous reste 80 % de cet article à lire. Abonnez-vous pour lire la suite."),
    "es": ("Contenido exclusivo para suscriptores", "Suscríbete para seguir leyendo. ¿Ya eres suscriptor? Inicia sesión."),
    "it": ("Contenuto riservato agli abbonati", "Abbonati per continuare a leggere. Sei già abbonato? Accedi."),
    "pt": ("Conteúdo exclusivo para assinantes", "Assine para continuar a ler. Já é assinante? Entre."),
    "nl": ("Verder lezen?", "Dit artikel is alleen voor abonnees. Neem een abonnement om verder te lezen."),
    "pl": ("Dalsza część dostępna dla subskrybentów", "Wykup dostęp, aby czytać dalej. Masz już konto? Zaloguj się."),
    "ru": ("Доступно только подписчикам", "Оформите подписку, чтобы читать дальше."),
    "sv": ("Läs vidare med Echo Plus", "Artikeln är endast för prenumeranter. Bli prenumerant för att läsa hela artikeln."),
    "ja": ("この記事は有料会員限定です", "残り 820文字。続きを読むには会員登録が必要です。"),
}
BRIEFS = {
    "en": ("The bell is back", "The bell of the ferry house will ring again on Sunday. A crane lifted it back into its tower on Wednesday, eleven years after a storm had brought it down, the mayor said, and a foundry on the coast gave the clapper."),
    "de": ("Die Glocke hängt wieder", "Die Glocke am Fährhaus läutet am Sonntag wieder. Ein Kran hob sie am Mittwoch zurück in den Turm, elf Jahre nachdem ein Sturm sie heruntergerissen hatte. Das Geld kam aus zwei Flohmärkten, sagte die Bürgermeisterin, den Klöppel stiftete eine Gießerei."),
    "fr": ("La cloche est de retour", "La cloche de la maison du passeur sonnera de nouveau dimanche. Une grue l'a remise mercredi dans sa tour, onze ans après la tempête qui l'avait fait tomber. L'argent vient de deux brocantes, a dit le maire, et le battant d'une fonderie de la côte."),
    "es": ("Vuelve la campana", "La campana de la casa del barquero sonará de nuevo el domingo. Una grúa la devolvió el miércoles a su torre, once años después de que un temporal la derribara. El dinero salió de dos rastrillos, dijo la alcaldesa, y el badajo lo donó una fundición."),
    "it": ("Torna la campana", "La campana della casa del traghetto suonerà di nuovo domenica. Una gru l'ha riportata mercoledì nella torre, undici anni dopo la tempesta che l'aveva fatta cadere. I soldi vengono da due mercatini, ha detto il sindaco, il batacchio da una fonderia."),
    "pl": ("Dzwon wrócił na wieżę", "Dzwon przy domu przewoźnika znów zabrzmi w niedzielę. Dźwig podniósł go w środę na wieżę, jedenaście lat po burzy, która go strąciła. Pieniądze zebrano na dwóch kiermaszach, powiedziała burmistrzyni, a serce dzwonu podarowała odlewnia z wybrzeża."),
    "ru": ("Колокол вернулся", "Колокол у дома паромщика снова зазвонит в воскресенье. В среду кран поднял его на башню, через одиннадцать лет после бури, которая его сбросила. Деньги собрали на двух ярмарках, сказала глава посёлка, а язык отлил завод на побережье, тоже бесплатно."),
    "ja": ("鐘楼に鐘が戻る", "渡し場の家の鐘が日曜日に再び鳴る。嵐で落ちてから十一年、水曜日にクレーンが鐘を塔に戻した。費用は二回のバザーで村が集めたもので、舌は海岸の鋳物工場が寄付したと村長は話した。"),
}
ABOUT = (
    ("en", "Page not found: how a library lost its rarest leaf"), ("en", "Access denied: the beach that nobody may enter"), ("en", "Sign in the window starts a quarrel in Brack"),
    ("en", "404 days without rain"), ("en", "Search results show old maps first, council finds"), ("en", "Just a moment: why the town clock runs slow"), ("en", "Something went wrong with the new bridge"),
    ("en", "Under maintenance: the canal closes for a year"), ("en", "Security check at the ferry takes longer"), ("en", "This product has been recalled"), ("en", "Not available in your country: films that stay at home"),
    ("en", "Cookies: bakers and lawyers at one table"), ("en", "Log in or walk away: what websites ask of us"), ("de", "Seite nicht gefunden: Wenn Archive verschwinden"), ("de", "Anmelden zum Impfen wird einfacher"),
    ("fr", "Page introuvable : le manuscrit perdu de Brack"), ("fr", "Connexion rapide pour les villages"), ("es", "Página no encontrada, el disco que nadie esperaba"), ("it", "Accedi al fiume: il nuovo pontile"), ("ru", "Страница не найдена: что исчезает из сети"),
)
POEM = "The river took the lower road<br>and left the upper road to us,<br>we walked it with a basket each,<br>the bread in mine, the wine in yours,<br>and no one asked us where we went<br>until the evening shut the doors."


def kept() -> Iterator[Case]:
    """All cases; the layout changes from one to the next."""
    for n, lang in enumerate(STORIES):
        headline, *told = stories(lang)
        story = f"<h1>{headline}</h1>{_paragraphs(told)}"
        title = f"{headline} - Echo"
        yield _case(f"story-{lang}", chrome(n, lang, story, title))
        yield _case(f"story-below-teasers-{lang}", chrome(2, lang, f"{cards(lang, 4, long=n % 2 == 0)}{story}", title))
        yield _case(f"story-with-consent-{lang}", chrome(n, lang, story + _consent(lang), title))
        login = "<div class='account'><h2>Log in</h2><form><input type='email'><input type='password'><button>Log in</button></form></div>"
        yield _case(f"story-with-login-{lang}", chrome(n + 1, lang, story + login, title))
        yield _case(f"story-in-search-path-{lang}", chrome(n, lang, story, title, url=f"https://echo.example/article?id={n}&q=train"))
        first = f"<h1>{headline}</h1>{_paragraphs(told[:2])}"
        yield _case(f"two-paragraphs-{lang}", chrome(n, lang, first, title, head="<meta property='og:type' content='article'>"))
    for n, (lang, (headline, text)) in enumerate(BRIEFS.items()):
        for layout in range(3):
            yield _case(f"brief-{lang}-{layout}", chrome(layout, lang, f"<article><h1>{headline}</h1><p>{text}</p></article>", f"{headline} | Echo"))
        yield _case(f"brief-with-teasers-{lang}", chrome(n, lang, f"<article><h1>{headline}</h1><p>{text}</p></article>{cards('en', 8, long=True)}", headline))
    for n, (lang, headline) in enumerate(ABOUT):
        yield _case(f"about-{n}", chrome(n, lang, f"<h1>{headline}</h1>{_paragraphs(stories(lang)[1:])}", f"{headline} - Echo"))
    for name, body, head in _shapes():
        yield _case(name, chrome(1, "en", body, "The ferry house - Echo", head=head))
    yield from _paid()


def _case(name: str, page: RawPage) -> Case:
    return Case(name, frozenset(), page)


def _paragraphs(texts: list[str] | tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _consent(lang: str) -> str:
    title, text, buttons = CONSENT.get(lang, CONSENT["en"])
    return f"<div class='cookie-banner'><h2>{title}</h2><p>{text}</p>{''.join(f'<button>{b}</button>' for b in buttons)}</div>"


def _shapes() -> Iterator[tuple[str, str, str]]:
    """(name, body, head) of texts that are no plain news story."""
    story = _paragraphs(stories("en")[1:])
    brief = BRIEFS["en"][1]
    product = '<script type="application/ld+json">[{"@type":"Product","name":"Enamel pot","review":{"@type":"Review"}},{"@context":"https://schema.org","@type":"NewsArticle","headline":"The ferry house","datePublished":"2025-05-01"}]</script>'
    yield "poem", f"<h1>The upper road</h1><p>{POEM}</p><p>Odile Marrow</p>", ""
    yield "obituary", "<h1>Enno Harms, 1931–2025</h1><p>Enno Harms died at home on Friday. He had run the ferry for forty years and never learned to swim. He leaves two sons, a dog and a boat. The funeral is on Tuesday at ten, and no flowers are asked for.</p>", ""
    yield "recipe", "<h1>Pear bread</h1><p>My aunt baked it for the pickers, and it keeps for a week in a tin. Soak the pears overnight, then knead them into the dough with rye and a spoon of honey.</p><ul><li>500 g rye flour</li><li>300 g dried pears</li><li>20 g yeast</li></ul><ol><li>Soak the pears.</li><li>Knead for ten minutes.</li><li>Bake for an hour.</li></ol>", '<script type="application/ld+json">{"@type":"Recipe","name":"Pear bread","datePublished":"2025-05-01","offers":{"price":"3"}}</script>'
    yield "photo-story", "<h1>A night on the ferry</h1>" + "".join(f"<figure><img src='/{n}.jpg'><figcaption>{text}</figcaption></figure>" for n, text in enumerate(stories("en")[1:])), ""
    yield "gallery-with-captions", "<h1>A night on the ferry</h1>" + "".join(f"<figure><img src='/{n}.jpg'><figcaption>{text}</figcaption></figure>" for n, text in enumerate(stories("en")[1:])), "<meta property='og:type' content='gallery'>"
    yield "ticker", "<h1>Flood at the lower road: live</h1>" + "".join(f"<div class='entry'><h3>{n + 9}:{n}5</h3><p>{text}</p></div>" for n, text in enumerate(stories("en")[1:])), ""
    yield "interview", "<h1>“I sleep in the changing room”</h1>" + "".join(f"<p><b>And then, Ms Marrow?</b></p><p>{text}</p>" for text in stories("en")[1:]), ""
    yield "product-review", f"<h1>Pots on the fire</h1>{story}<p>Enamel pot, £34.50. <a href='/shop'>Buy now</a></p>", product
    yield "prices", "<h1>What a week on the island costs</h1>" + "".join(f"<p>{text} That is £{n}4.50 a day.</p>" for n, text in enumerate(stories("en")[1:])), ""
    yield "list", "<h1>Six quiet walks</h1>" + "".join(f"<h2>{n}. Walk {n}</h2><p>{text}</p>" for n, text in enumerate(stories("en")[1:])), ""
    yield "linked-list", "<h1>Six quiet walks</h1><p>We walked for a month and brought home six favourites.</p>" + "".join(f"<h2><a href='/walk/{n}'>Walk number {n} along the old line</a></h2><p>{text}</p><p>{other}</p>" for n, (text, other) in enumerate(zip(stories("en")[1:], stories("en")[:0:-1], strict=True))), ""
    yield "letter", f"<h1>Letters: keep the train</h1><p>Sir, {brief}</p><p>Odile Marrow, Quillmere</p>", ""
    yield "correction", "<h1>Correction</h1><p>An earlier version of our report on the ferry house gave a wrong year for the storm. It was 2014. The bell weighs two hundred kilos, not two tonnes, as we wrote. We are sorry for both.</p>", ""
    yield "lottery", "<h1>Lottery numbers of Wednesday</h1><p>These numbers were drawn on Wednesday evening in the county lottery: 4, 8, 15, 16, 23 and 42, bonus 7. The jackpot of two million stays and grows to three, said the company. The next draw is on Saturday.</p>", ""
    yield "table", "<h1>Who won at the pear fair</h1><p>The juries tasted for two days. These are the winners in all classes, as announced on Sunday evening.</p><table>" + "".join(f"<tr><td>Class {n}</td><td>Orchard of number {n}</td><td>{n * 3} points</td></tr>" for n in range(12)) + "</table>", ""
    yield "video-with-text", f"<h1>Crane lifts the bell</h1><video src='/v.mp4'></video><p>{brief}</p>", "<meta property='og:type' content='video.other'>"
    yield "podcast-with-text", f"<h1>Episode 12: the ferry</h1><audio src='/e.mp3'></audio><p>{brief}</p>", ""
    yield "captcha-below", f"<h1>The bell is back</h1><p>{brief}</p><form><textarea></textarea><div class='g-recaptcha'></div><button>Send comment</button></form>", ""
    yield "no-title", f"<p>{brief}</p>", ""
    yield "nested-links", "<h1>What the papers say</h1>" + "".join(f"<p><a href='/{n}'>The paper number {n}</a> writes: {text}</p>" for n, text in enumerate(stories("en")[1:])), ""
    yield "noscript-ads", f"<noscript>Please enable JavaScript to see all of our pictures.</noscript><h1>The bell is back</h1><p>{brief}</p>", ""
    yield "robots-noindex", f"<h1>The bell is back</h1><p>{brief}</p>", "<meta name='robots' content='noindex'>"
    yield "canonical-home", f"<h1>{stories('en')[0]}</h1>{story}", "<link rel='canonical' href='https://echo.example/'>"
    yield "collection-type", f"<h1>{stories('en')[0]}</h1>{story}", '<script type="application/ld+json">{"@type":"CollectionPage","name":"Trains"}</script>'
    yield "product-type-without-shop", f"<h1>{stories('en')[0]}</h1>{story}", '<script type="application/ld+json">{"@type":"Product","name":"Echo Plus subscription","offers":{"price":"9"}}</script>'
    yield "error-class-elsewhere", f"<h1>The bell is back</h1><p>{brief}</p><div class='error404'></div>", ""


def _paid() -> Iterator[Case]:
    """Stubs of paid articles and paid ones that are whole."""
    flag = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"HEADLINE","datePublished":"2025-05-01","isAccessibleForFree":FREE}</script>'
    for n, (lang, (title, text)) in enumerate(PLUS.items()):
        headline, *told = stories(lang)
        box = f"<div class='offer'><h3>{title}</h3><p>{text}</p></div>"
        for name, teaser in (("stub", told[:2]), ("short-stub", [told[0].rstrip(".。") + "…"])):
            told_free = flag.replace("HEADLINE", headline).replace("FREE", "false")
            page = chrome(n, lang, f"<h1>{headline}</h1>{_paragraphs(teaser)}{box}", headline, head=told_free)
            yield Case(f"paid-{name}-{lang}", frozenset(), page, partial=True)
        unsaid = chrome(n, lang, f"<h1>{headline}</h1>{_paragraphs([told[0], told[1][: len(told[1]) // 2] + '…'])}{box}", headline, head=flag.replace("HEADLINE", headline).replace("FREE", "true"))
        yield Case(f"paid-unsaid-{lang}", frozenset(), unsaid, partial=True)
    headline, *told = stories("en")
    whole = document("en", f"<h1>{headline}</h1>{_paragraphs(told)}", headline, head=flag.replace("HEADLINE", headline).replace("FREE", "false"))
    yield _case("paid-but-whole", whole)
    footer = f"<h1>{headline}</h1>{_paragraphs(told)}<footer><p>Subscribe to the Echo for less than a coffee a week.</p></footer>"
    yield _case("free-with-offer", document("en", footer, headline))
