"""Words of addresses and links that tell articles from what else a site has, in the languages of the press.

They are clues of ``sections`` and ``paging``, never the only reason for a verdict.
"""

import re

ARTICLE_PARTS = frozenset({
    "a", "actu", "actualite", "article", "articles", "articolo", "articulo", "artigo", "artikel", "artikkel",
    "artykul", "berita", "content", "haber", "nachricht", "nachrichten", "news", "noticia", "noticias", "nyhet",
    "nyheter", "p", "post", "posts", "read", "s", "stories", "story", "view",
})  # fmt: skip
"""Parts of a path above an article's own."""

GROUP_PARTS = frozenset({
    "archive", "archives", "categories", "category", "channel", "collection", "collections", "dossier", "etiqueta",
    "etiquetas", "kategorie", "keyword", "label", "rubrik", "rubrique", "schlagwort", "seccion", "section",
    "sections", "series", "sezione", "subject", "tag", "tagg", "tags", "tema", "temas", "thema", "theme", "themen",
    "themes", "topic", "topics",
})  # fmt: skip
"""Parts of a path below which pages of links stand."""

SERVICE_PARTS = frozenset({
    "about", "about-us", "account", "ads", "advertise", "advertising", "advertorial", "advertorials", "agb", "amp",
    "anzeige", "anzeigen", "api", "app", "apps", "auteur", "author", "authors", "autor", "autoren", "av",
    "aviso-legal", "by", "careers", "cart", "cdn-cgi", "checkout", "chi-siamo", "confidentialite", "contact",
    "contact-us", "contacto", "contacts", "contato", "contatti", "cookie", "cookie-policy", "cookies", "coupon",
    "coupons", "datenschutz", "deals", "donate", "events", "expediente", "faq", "feed", "feeds", "games",
    "gizlilik-politikasi", "help", "horoscope", "iletisim", "impressum", "imprint", "job", "jobs", "klantenservice",
    "kontakt", "kontakte", "kundservice", "kunye", "live-tv", "login", "logout", "member", "members",
    "membership", "mentions-legales", "my", "newsletter", "newsletters", "o-nas", "obituaries", "om-oss",
    "over-ons", "page", "paid-content", "paidpost", "partner-content", "people", "person", "persons", "plus",
    "policies", "policy", "polityka-prywatnosci", "preferences", "press", "privacidad", "privacidade", "privacy",
    "privacy-policy", "profile", "profiles", "publicidad", "publicidade", "puzzles", "quem-somos",
    "qui-sommes-nous", "quienes-somos", "quiz", "redakcja", "redaktion", "redazione", "register", "registration",
    "regulamin", "reklam", "reklama", "rss", "search", "seite", "settings", "share", "shop", "sign-in", "sign-up",
    "signin", "signup", "sitemap", "sobre", "sponsored", "staff", "static", "store", "subscribe", "subscription",
    "subscriptions", "suche", "support", "team", "terms", "terms-of-use", "tools", "ueber-uns", "user", "users",
    "voorwaarden", "weather", "web-stories", "webstories", "werben", "wp-admin", "wp-content", "wp-json",
    "wp-login.php",
})  # fmt: skip
"""Parts of a path below which no article stands."""

FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|avif|pdf|docx?|xlsx?|pptx?|zip|gz|rar|mp[34]|m4[av]|mov|avi|webm|ogg|wav|css|js|"
    r"json|xml|rss|atom|ics|apk|exe|dmg|epub|txt|woff2?)$"
)
"""How the path of a file ends that is no page."""

ID_NAMES = frozenset({"id", "p", "aid", "nid", "articleid", "article_id", "storyid", "newsid", "news_id", "art", "idx"})
"""Names of query parameters that tell one article from another by number."""

PAGE_NAMES = frozenset({"page", "p", "paged", "pg", "pagina", "seite", "pageno", "pagenum", "page_num", "start_page"})
"""Names of query parameters that number the pages of a list."""

MORE = re.compile(
    r"(?:(?:read|see|show|load|view|learn)\s+)?(?:the\s+)?(?:full\s+)?(?:more|story|article|all)\W*"
    r"|continue reading\W*|weiterlesen\W*|mehr\W*|lire (?:la suite|plus)\W*|(?:leer|ver) más\W*|leia mais\W*|leggi\W*"
    r"|lees (?:meer|verder)\W*|l[äe]s mer\W*|czytaj (?:dalej|więcej)\W*|читать далее\W*|подробнее\W*|devamı\W*"
    r"|selengkapnya\W*|続きを読む|더보기|更多|阅读全文|اقرأ المزيد",
    re.IGNORECASE,
)
"""The whole text of a link that leads to an article without naming it."""

NEXT = re.compile(
    r"\W*(?:next(?: page)?|older(?: posts| entries| stories)?|weiter|nächste(?: seite)?|(?:page )?suivante?|siguiente"
    r"|próxim[ao]|seguinte|successiv[ao]|volgende|nästa|neste|næste|następna|dalej|další|следующая|далее|наступна"
    r"|sonraki|berikutnya|次へ|次のページ|다음|下一页|下一頁|下页|التالي|הבא)\W*|[›»→>]{1,2}",
    re.IGNORECASE,
)
"""The whole text of a link to the next page of a list."""
