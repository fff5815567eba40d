"""Made-up pages that are no articles: what sites show in an article's place, in many languages and layouts."""
# ruff: noqa: E501 - one page's words to a line, in every script
# fmt: off

from collections.abc import Iterator

from pipeline.items import Reason
from tests.benchmarks.layouts import Case, cards, chrome, document, stories

GONE = {
    "en": ("Page not found", "Sorry, we can't find the page you are looking for. It may have moved, or the link is old."),
    "de": ("Seite nicht gefunden", "Leider konnten wir die gewünschte Seite nicht finden. Bitte prüfen Sie die Adresse oder nutzen Sie die Suche."),
    "fr": ("Page introuvable", "La page que vous cherchez n'existe pas ou n'existe plus. Revenez à l'accueil ou lancez une recherche."),
    "es": ("Página no encontrada", "Lo sentimos, la página que busca no existe o ha cambiado de dirección. Vuelva a la portada."),
    "it": ("Pagina non trovata", "Ci dispiace, la pagina che cerchi non esiste più oppure è stata spostata. Torna alla prima pagina."),
    "pt": ("Página não encontrada", "Desculpe, a página que procura não existe ou foi movida. Volte à página inicial."),
    "nl": ("Pagina niet gevonden", "De pagina die u zoekt bestaat niet of is verplaatst. Ga terug naar de voorpagina."),
    "pl": ("Nie znaleziono strony", "Strona, której szukasz, nie istnieje albo została przeniesiona. Wróć na stronę główną."),
    "ru": ("Страница не найдена", "Возможно, она была удалена или перемещена. Проверьте адрес или вернитесь на главную."),
    "uk": ("Сторінку не знайдено", "Можливо, її було видалено або переміщено. Перевірте адресу або поверніться на головну."),
    "cs": ("Stránka nenalezena", "Stránka, kterou hledáte, neexistuje nebo byla přesunuta. Vraťte se na úvodní stranu."),
    "sv": ("Sidan kunde inte hittas", "Sidan du letar efter finns inte längre eller har flyttats. Gå till startsidan."),
    "da": ("Siden blev ikke fundet", "Siden, du leder efter, findes ikke længere eller er flyttet. Gå til forsiden."),
    "no": ("Fant ikke siden", "Siden du leter etter finnes ikke eller er flyttet. Gå til forsiden."),
    "fi": ("Sivua ei löytynyt", "Etsimääsi sivua ei ole olemassa tai se on siirretty. Palaa etusivulle."),
    "hu": ("Az oldal nem található", "A keresett oldal nem létezik, vagy áthelyezték. Térjen vissza a címlapra."),
    "ro": ("Pagina nu a fost găsită", "Pagina căutată nu există sau a fost mutată. Reveniți la prima pagină."),
    "el": ("Η σελίδα δεν βρέθηκε", "Η σελίδα που ζητήσατε δεν υπάρχει ή έχει μετακινηθεί. Επιστρέψτε στην αρχική σελίδα."),
    "tr": ("Sayfa bulunamadı", "Aradığınız sayfa mevcut değil ya da taşınmış olabilir. Ana sayfaya dönün."),
    "ar": ("الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم نقلها. يمكنك العودة إلى الصفحة الرئيسية."),
    "he": ("הדף לא נמצא", "מצטערים, הדף שחיפשתם אינו קיים או הועבר למקום אחר. חזרו לדף הבית."),
    "hi": ("पेज नहीं मिला", "क्षमा करें, आप जो पेज खोज रहे हैं वह मौजूद नहीं है। होम पेज पर लौटें।"),
    "zh": ("页面不存在", "抱歉，您访问的页面不存在或已被删除，请检查网址或返回首页。"),
    "ja": ("ページが見つかりません", "お探しのページは移動または削除された可能性があります。トップページへお戻りください。"),
    "ko": ("페이지를 찾을 수 없습니다", "요청하신 페이지가 존재하지 않거나 이동되었습니다. 홈으로 돌아가 주세요."),
    "id": ("Halaman tidak ditemukan", "Maaf, halaman yang Anda cari tidak ada atau sudah dipindahkan. Kembali ke beranda."),
    "vi": ("Không tìm thấy trang", "Trang bạn tìm không tồn tại hoặc đã bị di chuyển. Vui lòng quay lại trang chủ."),
}
REMOVED = {
    "en": ("This article is no longer available", "The story you asked for has been removed from our site. Please try another one."),
    "de": ("Artikel nicht mehr verfügbar", "Dieser Artikel wurde gelöscht und steht nicht mehr zur Verfügung."),
    "fr": ("Cet article n'est plus disponible", "L'article demandé a été supprimé ou dépublié par la rédaction."),
    "es": ("Este artículo ya no está disponible", "La noticia que busca ha sido eliminada de nuestra web."),
    "it": ("L'articolo non è più disponibile", "L'articolo richiesto è stato rimosso dal nostro sito."),
    "pt": ("Esta notícia já não está disponível", "O artigo que procura foi removido do nosso site."),
    "nl": ("Dit artikel is niet meer beschikbaar", "Het gevraagde artikel is verwijderd van onze site."),
    "pl": ("Artykuł został usunięty", "Tekst, którego szukasz, nie jest już dostępny w naszym serwisie."),
    "ru": ("Материал удалён", "Запрошенная статья больше не доступна на нашем сайте."),
    "sv": ("Artikeln har tagits bort", "Artikeln du söker är inte längre tillgänglig."),
    "tr": ("Bu haber yayından kaldırılmıştır", "Aradığınız içerik artık mevcut değil."),
    "zh": ("该文章已被删除", "您要查看的内容已被删除或暂时无法访问。"),
    "ja": ("この記事は削除されました", "お探しの記事は掲載期間が終了したため、ご覧いただけません。"),
}
CONSENT = {
    "en": ("We value your privacy", "We and our 214 partners store and access information on a device, such as cookies, and process personal data to show personalised ads and to measure audiences.", ("Accept all", "Reject all", "Manage options")),
    "de": ("Weiter mit Werbung", "Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Wir und unsere Partner verarbeiten personenbezogene Daten und speichern Cookies auf Ihrem Gerät.", ("Einwilligen und weiter", "Jetzt Pur-Abo abschließen")),
    "fr": ("Nous respectons votre vie privée", "Avec nos partenaires, nous utilisons des cookies pour stocker et consulter des données personnelles comme votre visite sur ce site. Vous pouvez retirer votre consentement.", ("Tout accepter", "Tout refuser", "Paramétrer les cookies")),
    "es": ("Tu privacidad es importante", "Nosotros y nuestros socios almacenamos cookies y tratamos datos personales para mostrarte anuncios personalizados y medir la audiencia.", ("Aceptar y continuar", "Rechazar y suscribirse")),
    "it": ("La tua privacy ci sta a cuore", "Noi e i nostri partner archiviamo cookie sul tuo dispositivo e trattiamo dati personali per annunci personalizzati.", ("Accetta e continua", "Rifiuta e abbonati")),
    "pt": ("A sua privacidade é importante para nós", "Nós e os nossos parceiros armazenamos cookies e tratamos dados pessoais para publicidade personalizada.", ("Aceitar todos", "Mais opções")),
    "nl": ("Wij geven om uw privacy", "Wij en onze partners plaatsen cookies en verwerken persoonsgegevens voor gepersonaliseerde advertenties en metingen.", ("Alles accepteren", "Instellingen aanpassen")),
    "pl": ("Cenimy Twoją prywatność", "My i nasi partnerzy przechowujemy pliki cookie na urządzeniu i przetwarzamy dane osobowe, aby wyświetlać spersonalizowane reklamy.", ("Akceptuję i przechodzę do serwisu", "Ustawienia zaawansowane")),
    "sv": ("Vi värnar om din integritet", "Vi och våra partner lagrar cookies på din enhet och behandlar personuppgifter för anpassade annonser.", ("Godkänn alla", "Hantera inställningar")),
    "da": ("Vi passer på dit privatliv", "Vi og vores partnere gemmer cookies på din enhed og behandler personoplysninger for at vise målrettede annoncer.", ("Accepter alle", "Afvis alle")),
    "no": ("Vi bryr oss om ditt personvern", "Vi og våre partnere lagrer informasjonskapsler på enheten din og behandler personopplysninger.", ("Godta alle", "Administrer valg")),
    "fi": ("Arvostamme yksityisyyttäsi", "Me ja kumppanimme tallennamme evästeitä laitteellesi ja käsittelemme henkilötietoja mainonnan kohdentamiseksi.", ("Hyväksy kaikki", "Muokkaa asetuksia")),
    "cs": ("Vážíme si vašeho soukromí", "My a naši partneři ukládáme soubory cookie do vašeho zařízení a zpracováváme osobní údaje pro cílenou reklamu.", ("Souhlasím", "Podrobné nastavení")),
    "hu": ("Fontos számunkra az Ön adatainak védelme", "Mi és partnereink sütiket tárolunk az Ön eszközén, és személyes adatokat kezelünk hirdetési célból.", ("Elfogadom", "További beállítások")),
    "ro": ("Respectăm confidențialitatea datelor dvs.", "Noi și partenerii noștri stocăm module cookie pe dispozitiv și prelucrăm date cu caracter personal.", ("Accept toate", "Mai multe opțiuni")),
    "el": ("Σεβόμαστε την ιδιωτικότητά σας", "Εμείς και οι συνεργάτες μας αποθηκεύουμε cookies στη συσκευή σας και επεξεργαζόμαστε προσωπικά δεδομένα.", ("Αποδοχή όλων", "Περισσότερες επιλογές")),
    "tr": ("Gizliliğinize önem veriyoruz", "Biz ve iş ortaklarımız cihazınızda çerez saklar ve kişisel verileri reklam amacıyla işleriz.", ("Tümünü kabul et", "Çerez ayarları")),
    "ja": ("プライバシーに関する設定", "当社とパートナーは、お客様の端末にCookieを保存し、広告の表示のために個人データを処理します。", ("すべて同意する", "設定を管理する")),
}
SHELL = {
    "en": "JavaScript is disabled in your browser. Please turn it on to read this site.", "de": "Bitte aktivieren Sie JavaScript in Ihrem Browser, um diese Seite anzuzeigen.",
    "fr": "Veuillez activer JavaScript dans votre navigateur pour afficher ce contenu.", "es": "Para ver esta página es necesario tener JavaScript activado en el navegador.",
    "pt": "É necessário ativar o JavaScript para utilizar este site.", "pl": "Aby korzystać z serwisu, włącz obsługę JavaScript w przeglądarce.",
    "ru": "Для работы сайта необходимо включить JavaScript в настройках браузера.", "tr": "Bu uygulamayı çalıştırmak için JavaScript'i etkinleştirmeniz gerekiyor.",
    "ja": "このサイトを利用するにはJavaScriptを有効にしてください。", "sv": "Du måste aktivera JavaScript för att kunna använda sidan.",
}
LOGIN = {
    "en": ("Sign in to your account", "Email address", "Password", "Forgot your password? New here? Create an account."), "de": ("Anmelden", "E-Mail-Adresse", "Passwort", "Passwort vergessen? Noch kein Konto? Jetzt registrieren."),
    "fr": ("Connexion", "Adresse e-mail", "Mot de passe", "Mot de passe oublié ? Pas encore de compte ? Inscrivez-vous."), "es": ("Iniciar sesión", "Correo electrónico", "Contraseña", "¿Ha olvidado su contraseña? Regístrese gratis."),
    "it": ("Accedi", "Indirizzo email", "Password", "Hai dimenticato la password? Non hai un account? Registrati."), "pt": ("Iniciar sessão", "E-mail", "Palavra-passe", "Esqueceu-se da palavra-passe? Registe-se aqui."),
    "nl": ("Inloggen", "E-mailadres", "Wachtwoord", "Wachtwoord vergeten? Nog geen account? Maak er een aan."), "pl": ("Zaloguj się", "Adres e-mail", "Hasło", "Nie pamiętasz hasła? Nie masz konta? Zarejestruj się."),
    "ru": ("Вход на сайт", "Электронная почта", "Пароль", "Забыли пароль? Ещё нет аккаунта? Зарегистрируйтесь."), "sv": ("Logga in", "E-postadress", "Lösenord", "Glömt lösenordet? Inget konto? Skapa ett här."),
    "tr": ("Giriş yap", "E-posta adresi", "Şifre", "Şifrenizi mi unuttunuz? Hesabınız yok mu? Kaydolun."), "ja": ("ログイン", "メールアドレス", "パスワード", "パスワードをお忘れの方はこちら。会員登録はこちら。"),
}
SEARCH = {
    "en": "Search results for “night train”", "de": "Suchergebnisse für „Nachtzug“", "fr": "Résultats de recherche pour « train de nuit »", "es": "Resultados de la búsqueda: tren nocturno",
    "it": "Risultati della ricerca per “treno notturno”", "pt": "Resultados da pesquisa por “comboio”", "nl": "Zoekresultaten voor ‘nachttrein’", "pl": "Wyniki wyszukiwania: nocny pociąg",
    "ru": "Результаты поиска: ночной поезд", "ar": "نتائج البحث عن: القطار الليلي", "zh": "搜索结果：夜间列车", "ja": "「夜行列車」の検索結果",
}
REGION = {
    "en": ("Not available in your region", "This content is not available in your country. We are sorry that we cannot show it to visitors from where you are."), "de": ("Nicht verfügbar", "Dieser Inhalt ist in Ihrem Land leider nicht verfügbar."),
    "fr": ("Contenu indisponible", "Ce contenu n'est pas disponible dans votre pays."), "es": ("Contenido no disponible", "Este contenido no está disponible en su país o región."), "it": ("Spiacenti", "Questo contenuto non è disponibile nel tuo Paese."),
    "pt": ("Aviso", "Este conteúdo não está disponível na sua região."), "nl": ("Helaas", "Deze inhoud is niet beschikbaar in uw land."), "pl": ("Przepraszamy", "Ta treść nie jest dostępna w Twoim kraju."),
    "ru": ("Доступ ограничен", "Этот материал недоступен в вашем регионе."), "ja": ("お知らせ", "このコンテンツはお住まいの地域ではご利用いただけません。"),
}
SHOP = {
    "en": ("Enamel coffee pot, blue", "A pot for six cups from the works at Brack, fit for gas and open fire. The handle stays cool, the lid has a knob of beech.", "Add to basket", "£34.50"), "de": ("Kaffeekanne, emailliert", "Kanne für sechs Tassen aus dem Werk in Brack, für Gas und offenes Feuer. Der Griff bleibt kühl.", "In den Warenkorb", "39,90 €"),
    "fr": ("Cafetière émaillée bleue", "Une cafetière de six tasses, pour le gaz et le feu de bois. L'anse reste froide.", "Ajouter au panier", "38,00 €"), "es": ("Cafetera esmaltada azul", "Cafetera de seis tazas, apta para gas y leña. El asa se mantiene fría.", "Añadir al carrito", "36,90 €"),
    "it": ("Caffettiera smaltata blu", "Caffettiera da sei tazze, adatta al gas e al fuoco. Il manico resta freddo.", "Aggiungi al carrello", "35,00 €"), "nl": ("Emaillen koffiepot", "Koffiepot voor zes koppen, geschikt voor gas en open vuur.", "In winkelwagen", "€ 37,50"),
    "pl": ("Dzbanek emaliowany", "Dzbanek na sześć filiżanek, na gaz i otwarty ogień.", "Dodaj do koszyka", "149,00 zł"), "ru": ("Кофейник эмалированный", "Кофейник на шесть чашек, для газа и открытого огня.", "Добавить в корзину", "2 490 ₽"),
}
CHALLENGES = (
    ("Just a moment...", "<h1>echo.example</h1><h2>Checking if the site connection is secure</h2><p>echo.example needs to review the security of your connection before proceeding.</p><form id='challenge-form'></form><script>window._cf_chl_opt={}</script>"),
    ("Attention Required!", "<h1>Sorry, you have been blocked</h1><p>You are unable to access echo.example. This site is using a security service to protect itself from online attacks. Several actions could trigger this block.</p><p>Ray ID: 8f21</p>"),
    ("Access to this page has been denied", "<h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1><div id='px-captcha'></div><p>Reference ID 77-aa.</p>"),
    ("echo.example", "<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.example/c.js'></script>"),
    ("Pardon Our Interruption", "<h1>Pardon Our Interruption</h1><p>As you were browsing something about your browser made us think you were a bot. You're a power user moving through this website with super-human speed.</p>"),
    ("Robot check", "<p>Enter the characters you see below</p><p>Sorry, we just need to make sure you're not a robot. For best results, please make sure your browser is accepting cookies.</p><form><img src='/captcha.jpg'><input name='captcha'></form>"),
    ("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access \"http://echo.example/county\" on this server.</p><p>Reference #18.2d3e</p>"),
    ("Request Rejected", "<p>The requested URL was rejected. Please consult with your administrator. Your support ID is: 4521</p>"),
    ("Human Verification", "<div class='g-recaptcha' data-sitekey='x'></div><script src='/challenge.js'></script>"),
    ("", "<script>var x='token';document.cookie='__test='+x;location.reload()</script><noscript>This site requires Javascript to work, please enable Javascript in your browser</noscript>"),
    ("DDoS protection", "<h1>Checking your browser before accessing echo.example</h1><p>This process is automatic. Your browser will redirect shortly.</p><p>Please allow up to 5 seconds.</p>"),
    ("Sicherheitsüberprüfung", "<h1>Sicherheitsüberprüfung</h1><p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
    ("Vérification", "<p>Veuillez confirmer que vous n'êtes pas un robot pour accéder au site.</p><div class='h-captcha'></div>"),
    ("Un momento", "<p>Verifique que usted es humano. Esto puede tardar unos segundos.</p><script src='/cdn-cgi/challenge-platform/h/b/x.js'></script>"),
    ("Проверка браузера", "<p>Подтвердите, что вы не робот. Проверяем ваш браузер перед входом на сайт.</p>"),
    ("安全验证", "<p>请完成安全验证后继续访问。</p><div id='captcha'></div>"),
    ("Security check", "<iframe src='/_Incapsula_Resource?CWUDNSAI=9' width='100%'>Request unsuccessful. Incident ID: 99</iframe>"),
)

CARD_TOPICS = ("County", "Kultur", "Économie", "Deportes", "Cronaca", "Opinião", "Sport", "Kraj", "Наука", "ثقافة", "文化", "地域")


def refused() -> Iterator[Case]:
    """All cases; the layout changes from one to the next."""
    for table, name in ((GONE, "gone"), (REMOVED, "removed")):
        for n, (lang, (title, text)) in enumerate(table.items()):
            yield Case(f"{name}-{lang}", {Reason.ERROR_PAGE}, chrome(n, lang, f"<h1>{title}</h1><p>{text}</p>", title))
    yield from _odd_errors()
    for n, (lang, (title, text, buttons)) in enumerate(CONSENT.items()):
        box = f"<div class='message'><h2>{title}</h2><p>{text}</p>{''.join(f'<button>{b}</button>' for b in buttons)}</div>"
        yield Case(f"consent-{lang}", {Reason.CONSENT_WALL}, document(lang, box, title if n % 2 else "The Echo"))
    for n, (title, body) in enumerate(CHALLENGES):
        yield Case(f"challenge-{n}", {Reason.BOT_CHALLENGE, Reason.SCRIPT_SHELL} if not title else {Reason.BOT_CHALLENGE, Reason.ERROR_PAGE} if "Denied" in title else {Reason.BOT_CHALLENGE}, document("en", body, title))
    for lang, text in SHELL.items():
        yield Case(f"shell-{lang}", {Reason.SCRIPT_SHELL}, document(lang, f"<noscript>{text}</noscript><div id='root'></div><script src='/app.js'></script>", "The Echo"))
    yield Case("shell-silent", {Reason.SCRIPT_SHELL}, document("en", "<div id='app'></div><script src='/a.js'></script>", "The Echo"))
    for n, (lang, (title, mail, password, hint)) in enumerate(LOGIN.items()):
        form = f"<h1>{title}</h1><form><label>{mail}</label><input type='email'><label>{password}</label><input type='password'><button>{title}</button></form><p>{hint}</p>"
        yield Case(f"login-{lang}", {Reason.LOGIN_PAGE}, chrome(n, lang, form, f"{title} | Echo"))
    for n, (lang, title) in enumerate(SEARCH.items()):
        found = f"<h1>{title}</h1><p>{n + 7} / 1</p><form><input type='search'></form>{cards(lang, 8, long=n % 2 == 0)}"
        yield Case(f"search-{lang}", {Reason.SEARCH_PAGE, Reason.INDEX_PAGE}, chrome(1, lang, found, f"{title} - Echo", url="https://echo.example/search?q=train" if n % 3 else "https://echo.example/?s=train"))
    for n, (lang, (title, text)) in enumerate(REGION.items()):
        yield Case(f"region-{lang}", {Reason.REGION_BLOCK}, chrome(n % 2, lang, f"<h1>{title}</h1><p>{text}</p>", title))
    yield from _indexes()
    yield from _shops()
    yield from _media()


def _odd_errors() -> Iterator[Case]:
    gone = {Reason.ERROR_PAGE}
    words = "<h1>Oops!</h1><p>That one got away. Our otter ate it, or it never swam here in the first place. Try the menu above.</p>"
    yield Case("gone-by-class", gone, chrome(1, "en", words, "Echo", body="class='error404 wp-site'"))
    yield Case("gone-in-heading", gone, chrome(2, "en", "<h1>404</h1><p>This is not the page you are looking for. Here is what others read today.</p>", "The Echo"))
    yield Case("gone-as-article", gone, chrome(1, "en", words, "404 Not Found - Echo", head="<meta property='og:type' content='article'>"))
    yield Case("gone-with-teasers", gone, chrome(1, "en", f"<h1>Page not found</h1><p>We could not find it. These were the most read stories of the day.</p>{cards('en', 8, long=True)}", "Page not found - Echo"))
    yield Case("server-error", gone, document("en", "<h1>503 Service Unavailable</h1><p>No server is available to handle this request.</p>", "503"))
    yield Case("maintenance", gone, document("en", "<h1>We'll be back soon</h1><p>The site is down for maintenance. Please try again in a few minutes, we are working hard to return.</p>", "Site maintenance"))
    yield Case("database", gone, document("en", "<h1>Error establishing a database connection</h1>", "Database Error"))
    yield Case("sent-home", {Reason.ERROR_PAGE, Reason.INDEX_PAGE}, chrome(1, "en", cards("en", 9, long=True), "The Echo", url="https://echo.example/county/gone", final="https://echo.example/"))


def _indexes() -> Iterator[Case]:
    index = {Reason.INDEX_PAGE}
    for n, lang in enumerate(("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ar", "zh", "ja")):
        topic = CARD_TOPICS[n]
        listed = f"<h1>{topic}</h1>{cards(lang, 9 + n, long=n % 2 == 0)}"
        yield Case(f"section-{lang}", index, chrome(1 + n % 2, lang, listed, f"{topic} | Echo", url=f"https://echo.example/topic/{n}"))
    head = "<meta property='og:type' content='article'><script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"CollectionPage\",\"name\":\"Ferries\",\"url\":\"https://echo.example/tag/ferries\"},{\"@type\":\"WebSite\",\"name\":\"Echo\"}]}</script>"
    yield Case("tag-collection", index, chrome(1, "en", f"<h1>Tag: Ferries</h1>{cards('en', 8, long=True)}", "Ferries Archives - Echo", head=head, url="https://echo.example/tag/ferries"))
    yield Case("tag-dated", index, chrome(1, "en", f"<h1>Ferries</h1><p>All that we have written about the boats between the islands, and about those who run them.</p>{cards('en', 10, long=True, dated=True)}", "Ferries", url="https://echo.example/topics/ferries"))
    person = "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":\"ProfilePage\",\"mainEntity\":{\"@type\":\"Person\",\"name\":\"Robin Vale\"}}</script><meta property='og:type' content='profile'>"
    yield Case("author", index, chrome(1, "en", f"<h1>Robin Vale</h1><p>Robin Vale writes about rivers, rents and railways. She joined the Echo in 2011 and lives above a bakery.</p>{cards('en', 9, long=True, dated=True)}", "Robin Vale | Echo", head=person, url="https://echo.example/author/robin-vale"))
    yield Case("home", index, chrome(0, "en", cards("en", 14, long=True), "The Echo", url="https://echo.example/"))
    yield Case("home-es", index, chrome(0, "es", cards("es", 12, long=True, dated=True), "El Eco", url="https://eco.example/"))
    yield Case("archive-month", index, chrome(1, "de", f"<h1>Archiv: Mai 2025</h1>{cards('de', 16, long=False, dated=True)}", "Archiv Mai 2025 - Echo", url="https://echo.example/2025/05/"))
    yield Case("second-page", index, chrome(2, "en", f"<h1>Sport</h1>{cards('en', 10, long=True)}<a href='?page=1'>Previous</a><a href='?page=3'>Next</a>", "Sport - Page 2", url="https://echo.example/sport/page/2"))


def _shops() -> Iterator[Case]:
    shop = {Reason.PRODUCT_PAGE}
    for n, (lang, (name, text, button, price)) in enumerate(SHOP.items()):
        data = f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Product","name":"{name}","offers":{{"@type":"Offer","price":"34"}}}}</script>'
        others = "".join(f"<li><a href='/shop/{k}'>{name} {k}</a> <span>{price}</span></li>" for k in range(6))
        body = f"<h1>{name}</h1><div class='price'>{price}</div><p>{text}</p><button>{button}</button><ul>{others}</ul>"
        yield Case(f"product-{lang}", shop, chrome(0, lang, body, name, head=(data, "", "<meta property='og:type' content='product'>")[n % 3]))
    text = " ".join(stories("en")[1:5])
    micro = f"<div itemscope itemtype='https://schema.org/Product'><h1 itemprop='name'>Oak bench</h1><p itemprop='description'>{text}</p><span itemprop='price'>£240</span><button>Add to cart</button></div>"
    yield Case("product-microdata", shop, document("en", micro, "Oak bench - Echo shop"))
    grid = "".join(f"<div class='card'><a href='/shop/{k}'>Blue pot number {k}</a><p>£{k + 9}.50</p><button>Add to cart</button></div>" for k in range(20))
    yield Case("product-list", {Reason.PRODUCT_PAGE, Reason.INDEX_PAGE}, chrome(0, "en", f"<h1>Pots</h1>{grid}", "Pots - Echo shop"))


def _media() -> Iterator[Case]:
    media = {Reason.MEDIA_PAGE}
    pictures = "".join(f"<figure><img src='/p{k}.jpg'></figure>" for k in range(9))
    yield Case("gallery-silent", media, chrome(0, "en", f"<h1>The storm in pictures</h1>{pictures}", "The storm in pictures - Echo", head="<meta property='og:type' content='gallery'>"))
    yield Case("gallery-de", media, chrome(0, "de", f"<h1>Der Sturm in Bildern</h1><p>1 / 9</p>{pictures}", "Der Sturm in Bildern", url="https://echo.example/bildergalerie/sturm"))
    data = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject","name":"Crane lifts the bell","uploadDate":"2025-04-02T08:00:00Z"}</script>'
    yield Case("video-silent", media, chrome(0, "en", "<h1>Crane lifts the bell</h1><video src='/v.mp4'></video><p>Watch the crane at work.</p>", "Crane lifts the bell", head=data))
    yield Case("video-fr", media, chrome(2, "fr", "<h1>La grue au travail</h1><iframe src='/player'></iframe>", "La grue au travail - Vidéo", head="<meta property='og:type' content='video.other'>"))
    yield Case("podcast-silent", media, chrome(0, "en", "<h1>Episode 12: The ferry</h1><audio src='/e.mp3'></audio>", "Episode 12", url="https://echo.example/podcast/12"))
    yield Case("gallery-undeclared", media, document("en", f"<h1>Night market</h1>{pictures}", "Night market"))
