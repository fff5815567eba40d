"""Front pages of made-up sites in the shapes of many publishing systems, with the links that are articles."""
# ruff: noqa: E501 - one page to a few lines
# fmt: off

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tests.benchmarks.templates import TEASERS, slug

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Front:
    """A page, and the addresses, as it spells them, that are articles'."""

    name: str
    url: str
    body: bytes
    articles: frozenset[str]


def _nav(items: Pairs) -> str:
    return "<nav><ul>" + "".join(f'<li><a href="{h}">{x}</a></li>' for h, x in items) + "</ul></nav>"


def _links(items: Pairs, cls: str = "mm") -> str:
    return f'<div class="{cls}">' + "".join(f'<a href="{h}">{x}</a>' for h, x in items) + "</div>"


def _headline(i: int) -> str:
    return TEASERS["en"][i % 6] + ("", " again", " says council", " in pictures")[i // 6 % 4]


def _front(  # noqa: PLR0913, PLR0917 - what makes up a page
    name: str, url: str, arts: Pairs, laid_out: Callable[[Pairs, Pairs], str], menu: Pairs, lang: str = "en", query: str = ""
) -> Front:
    html = f'<!doctype html><html lang="{lang}"><head><title>{name}</title></head><body>{laid_out(arts, menu)}</body></html>'
    return Front(name, url, html.encode(), frozenset(href + query for href, _ in arts))


def fronts() -> list[Front]:
    found: list[Front] = []
    arts = [(f"/2025/04/{10 + i}/{slug(_headline(i))}/", _headline(i)) for i in range(18)]
    found.append(_front("wp-dated", "https://a.example/", arts, lambda a, r: _nav(r) + "<main>" + "".join((f'<article><a href="{h}"><img src=x></a><h2><a href="{h}">{x}</a></h2><span><a href="/author/ada-marsh/">Ada Marsh</a></span> <a href="/category/local-news/">Local news</a><a href="{h}#comments">3 comments</a></article>' for h, x in a)) + '<a href="/page/2/">Older posts</a></main><footer><a href="/about-us/">About us</a><a href="/privacy-policy/">Privacy policy</a><a href="/2025/03/">March 2025</a><a href="/2025/02/">February 2025</a></footer>', [("/category/news/", "News"), ("/category/sport/", "Sport"), ("/tag/floods-in-the-county/", "Floods"), ("/category/arts-and-culture-in-marlow/", "Arts")]))
    arts = [(f"/{slug(_headline(i))}/", _headline(i)) for i in range(14)]
    found.append(_front("wp-slug", "https://b.example/", arts, lambda a, r: _links(r) + "".join((f'<div class="post"><h3 class="entry-title"><a href="{h}">{x}</a></h3><a href="{h}">Read more</a></div>' for h, x in a)) + "<footer>" + _links([("/terms-and-conditions-of-use/", "Terms and conditions"), ("/how-to-advertise-with-us/", "Advertise with us"), ("/contact/", "Contact"), ("/code-of-ethics-and-complaints/", "Ethics and complaints")]) + "</footer>", [("/news/", "News"), ("/sport/", "Sport"), ("/opinion/", "Opinion"), ("/whats-on/", "What’s on")]))
    arts = [(f"/panorama/artikel-{880000 + i}.html" if i % 2 else f"/sport/{slug(TEASERS['de'][i % 6])}-a-{44120 + i}.html", TEASERS["de"][i % 6]) for i in range(12)]
    found.append(_front("de-ids", "https://c.example/", arts, lambda a, r: f"<header>{_nav(r)}</header><main>" + "".join((f'<article><a href="{h}"><span>Panorama</span><h3>{x}</h3><p>Der Text dazu, der auch im Link steht.</p></a></article>' for h, x in a)) + '</main><aside><h2>Anzeige</h2><a href="/advertorial/so-sparen-sie-strom-im-winter-mit-unserem-partner">So sparen Sie Strom im Winter</a></aside><footer>' + _links([("/impressum", "Impressum"), ("/datenschutz", "Datenschutz"), ("/agb", "AGB"), ("/abo/digital-abo-vier-wochen-testen", "Digital-Abo vier Wochen testen")]) + "</footer>", [("/politik/", "Politik"), ("/sport/", "Sport"), ("/thema/hochwasser-an-der-fenne/", "Hochwasser")], "de"))
    arts = [(f"/view.php?id={10230 + i}", TEASERS["es"][i % 6] + f" {i}") for i in range(12)]
    found.append(_front("query-es", "https://d.example/", arts, lambda a, r: _links(r) + "<table>" + "".join((f'<tr><td><a href="{h}">{x}</a></td></tr>' for h, x in a)) + "</table>" + _links([("/contacto.php", "Contacto"), ("/rss.php", "RSS"), ("/login.php?return=/", "Acceder")]), [("/seccion.php?id=3", "Deportes"), ("/seccion.php?id=4", "Cultura"), ("/seccion.php?id=5", "Economía"), ("/index.php?page=2", "Siguiente")], "es"))
    arts = [("/" + quote(x.replace(" ", "-")) + f"-{i}", x) for i, x in enumerate(TEASERS["ar"] * 2)]
    found.append(_front("ar-slug", "https://e.example/", arts, lambda a, r: _nav(r) + "<main>" + "".join((f'<div class="card"><h3><a href="{h}">{x}</a></h3></div>' for h, x in a)) + "</main>", [("/سياسة", "سياسة"), ("/رياضة", "رياضة"), ("/وسم/الفيضانات", "الفيضانات"), ("/اتصل-بنا", "اتصل بنا")], "ar"))
    arts = [(f"/articles/ASS{i}4Q{i}2SSUHBI{i:03}M.html", x) for i, x in enumerate(TEASERS["ja"] * 2)]
    found.append(_front("ja-keys", "https://f.example/", arts, lambda a, r: f'<div id="gnav">{_links(r)}</div><div class="list">' + "".join((f'<li><a href="{h}"><em>{x}</em><span class="time">8:0{i % 10}</span></a></li>' for i, (h, x) in enumerate(a))) + "</div>" + _links([("/corporate/guide/privacy/index.html", "個人情報"), ("/info/copyright.html", "著作権"), ("/rensai/list/rensai_10.html", "連載：川の記憶")]), [("/national/", "社会"), ("/politics/", "政治"), ("/sports/baseball/", "野球")], "ja"))
    arts = [(f"/article/view.html?aid=2025041{i}00012", x) for i, x in enumerate(TEASERS["ko"] * 2)]
    found.append(_front("ko-view", "https://g.example/", arts, lambda a, r: _links(r, "gnb") + "<ul>" + "".join((f'<li><a href="{h}"><strong>{x}</strong></a></li>' for h, x in a)) + "</ul>" + _links([("/member/login.html?ret=1", "로그인"), ("/company/intro.html", "회사소개")]), [("/list.html?cate=100", "정치"), ("/list.html?cate=200", "경제"), ("/list.html?cate=300", "사회")], "ko"))
    arts = [(f"/n1/2025/0411/c10{i}-3021{i}455.html", x) for i, x in enumerate(TEASERS["zh"] * 3)]
    found.append(_front("zh-c", "https://h.example/", arts, lambda a, r: _links(r) + "".join((f'<li><a href="{h}">{x}</a></li>' for h, x in a)) + _links([("/GB/index.html", "首页"), ("/about/contact.html", "联系我们")]), [("/politics/", "时政"), ("/world/", "国际"), ("/GB/123/", "地方")], "zh"))
    arts = [(f"/news/local/2025/04/1{i % 9}/{slug(_headline(i))}/" if i % 3 else f"/sports/{slug(_headline(i))}/ABCDEF{i}GHIJKLMN{i}OPQRSTUVW/", _headline(i)) for i in range(16)]
    found.append(_front("arc", "https://i.example/", arts, lambda a, r: f"<header>{_nav(r)}</header><section>" + "".join((f'<div><div class="head"><h2><a href="{h}">{x}</a></h2></div><p><a href="/staff/ada-marsh/">Ada Marsh</a></p></div>' for h, x in a)) + '</section><aside class="most-read">' + "".join((f'<li><a href="{h}">{x}</a></li>' for h, x in a[:5])) + "</aside><footer>" + _links([("/about/", "About"), ("/jobs/", "Jobs"), ("/puzzles/daily-crossword-number-one/", "Crossword"), ("/deals/best-kettles-for-a-small-kitchen/", "Best kettles")]) + "</footer>", [("/news/", "News"), ("/news/local/", "Local"), ("/sports/football/", "Football"), ("/weather/", "Weather")]))
    arts = [(f"/story/{slug(_headline(i))}-{'abcdef0123'[i % 10]}{i}9f3c2e{i}", _headline(i)) for i in range(12)]
    found.append(_front("next-cards", "https://j.example/", arts, lambda a, r: f'<div id="__next"><div class="TopBar_x">{_links(r)}</div>' + "".join((f'<a class="Card_y" href="{h}"><img alt=""><span>Town</span><div>{x}</div><div>4 min read</div></a>' for h, x in a)) + "</div>", [("/topics/river", "River"), ("/topics/council", "Council"), ("/newsletters", "Newsletters"), ("/subscribe/choose-your-plan-today", "Choose your plan today"), ("/podcasts/the-dyke", "The Dyke")]))
    arts = [(f"/society/{13000 + i * 7}/" if i % 2 else f"/news/2025/04/11/{130000 + i}-kran", TEASERS["ru"][i % 6]) for i in range(12)]
    found.append(_front("ru-ids", "https://k.example/", arts, lambda a, r: _nav(r) + '<div class="content">' + "".join((f'<div class="item"><a class="title" href="{h}">{x}</a><span>10:2{i % 10}</span></div>' for i, (h, x) in enumerate(a))) + "</div>" + _links([("/about/", "О редакции"), ("/reklama/", "Реклама"), ("/authors/petrov/", "Пётр Петров"), ("/tags/kran/", "кран")]), [("/society/", "Общество"), ("/politics/", "Политика"), ("/sport/", "Спорт")], "ru"))
    arts = [(f"/ellada/56{i}1234/geranos-epese-sto-limani-{i}/", x) for i, x in enumerate(TEASERS["el"] * 2)]
    found.append(_front("el", "https://l.example/", arts, lambda a, r: _nav(r) + "".join((f'<article><h3><a href="{h}">{x}</a></h3></article>' for h, x in a)) + "<footer>" + _links([("/oroi-xrisis/", "Όροι χρήσης"), ("/epikoinonia/", "Επικοινωνία")]) + "</footer>", [("/ellada/", "Ελλάδα"), ("/oikonomia/", "Οικονομία")], "el"))
    arts = [(f"/societe/article/2025/04/1{i % 9}/{slug(x)}_66{i}0_3224.html", x) for i, x in enumerate(TEASERS["fr"] * 3)]
    found.append(_front("fr", "https://m.example/", arts, lambda a, r: f"<header>{_links(r)}</header><main>" + "".join((f'<div class="article"><a href="{h}"><p class="article__title">{x}</p></a></div>' for h, x in a)) + "</main><footer>" + _links([("/faq/", "FAQ"), ("/confidentialite/", "Confidentialité"), ("/services-guide-d-achat/comparatif-des-meilleures-bouilloires/", "Comparatif des meilleures bouilloires"), ("/mots-croises/grille-du-jour-facile/", "Mots croisés")]) + "</footer>", [("/societe/", "Société"), ("/economie/", "Économie"), ("/signataires/ada-marsh/", "Ada Marsh"), ("/archives-du-monde/11-04-2025/", "Archives")], "fr"))
    arts = [(f"/notizie/cronaca/{slug(x)}-kgr{i}7x2ab", x) for i, x in enumerate(TEASERS["it"] * 2)]
    found.append(_front("it", "https://n.example/", arts, lambda a, r: f'<div class="menu-top">{_links(r)}</div><div id="main">' + "".join((f'<h2 class="title"><a href="{h}">{x}</a></h2><p>testo</p>' for h, x in a)) + '</div><div id="footer">' + _links([("/chi-siamo", "Chi siamo"), ("/privacy-policy", "Privacy"), ("/redazione/la-nostra-redazione-di-marlow", "La redazione")]) + "</div>", [("/notizie/cronaca", "Cronaca"), ("/sport", "Sport"), ("/meteo/marlow-previsioni-oggi", "Meteo Marlow")], "it"))
    arts = [(f"/state/kran-giri-bandargah-{i}-news-13{i}5521", x) for i, x in enumerate(TEASERS["hi"] * 2)]
    found.append(_front("hi", "https://o.example/", arts, lambda a, r: _links(r) + "".join((f'<div><figure><a href="{h}"><img alt="{x}"></a></figure><a href="{h}">{x}</a></div>' for h, x in a)) + _links([("/web-stories/sabse-sundar-nadi-ke-kinare", "वेब स्टोरीज"), ("/live-tv", "लाइव टीवी")]), [("/state", "राज्य"), ("/cricket", "क्रिकेट"), ("/photos/gallery", "फोटो")], "hi"))
    arts = [(f"/berita/d-75{i}3321/{slug(x)}", x) for i, x in enumerate(TEASERS["id"] * 2)]
    found.append(_front("id", "https://p.example/", arts, lambda a, r: _nav(r) + "".join((f'<article><div><h3><a href="{h}?single=1">{x}</a></h3></div></article>' for h, x in a)) + '<nav class="pagination"><a href="/berita?page=2">2</a><a href="/berita?page=3">3</a></nav>', [("/berita", "Berita"), ("/indeks", "Indeks"), ("/tag/banjir-bandang-di-marlow", "Banjir")], "id", "?single=1"))
    arts = [(f"/sp/noticia/2025/04/11/{slug(x)}.ghtml", x) for i, x in enumerate(TEASERS["pt"])]
    found.append(_front("pt", "https://q.example/", arts, lambda a, r: f"<header>{_nav(r)}</header>" + "".join((f'<div class="feed-post"><a class="feed-post-link" href="{h}">{x}</a><ul><li><a href="/sp/vila-marlow/">Vila Marlow</a></li></ul></div>' for h, x in a)) + _links([("/sp/noticia/tudo-sobre/enchentes-em-marlow-e-regiao/", "Tudo sobre enchentes"), ("/expediente/", "Expediente"), ("/princípios-editoriais/", "Princípios editoriais")]), [("/economia/", "Economia"), ("/mundo/", "Mundo")], "pt"))
    arts = [(f"/nyheter/lokalt/a/{k}{i}Qz/{slug(x)}", x) for i, (k, x) in enumerate(zip("abcdefghijkl", TEASERS["sv"] * 2, strict=True))]
    found.append(_front("sv", "https://r.example/", arts, lambda a, r: f'<div class="header">{_links(r)}</div>' + "".join((f'<a href="{h}"><h2>{x}</h2></a>' for h, x in a)) + "<footer>" + _links([("/om-oss", "Om oss"), ("/kundservice/vanliga-fragor-och-svar", "Vanliga frågor"), ("/kop/prenumerera-pa-tidningen-idag", "Prenumerera")]) + "</footer>", [("/nyheter", "Nyheter"), ("/sport/fotboll", "Fotboll"), ("/av/ada.marsh", "Ada Marsh")], "sv"))
    arts = [(f"/gundem/{slug(x)}-haberi-4{i}21{i}9", x) for i, x in enumerate(TEASERS["tr"] * 2)]
    found.append(_front("tr", "https://s.example/", arts, lambda a, r: _nav(r) + '<div class="swiper">' + "".join((f'<a href="{h}" title="{x}"><img alt="{x}"></a>' for h, x in a[:6])) + "</div>" + "".join((f'<div><a href="{h}">{x}</a></div>' for h, x in a[6:])) + "<footer>" + _links([("/kunye", "Künye"), ("/gizlilik-politikasi", "Gizlilik"), ("/yazarlar/ada-marsh", "Ada Marsh")]) + "</footer>", [("/gundem", "Gündem"), ("/spor/puan-durumu", "Puan Durumu"), ("/namaz-vakitleri/marlow-namaz-vakitleri", "Namaz Vakitleri"), ("/hava-durumu/marlow-15-gunluk-hava-durumu", "Hava Durumu")], "tr"))
    arts = [(f"/p/{slug(_headline(i))}", _headline(i)) for i in range(8)]
    found.append(_front("letters", "https://t.example/", arts, lambda a, r: _links(r) + "".join((f'<div><a href="{h}"><img></a><a data-testid="post-preview-title" href="{h}">{x}</a><div><a href="https://t.example/@ada">Ada</a></div><a href="{h}/comments">3</a></div>' for h, x in a)), [("/archive", "Archive"), ("/about", "About"), ("/leaderboard", "Leaderboard"), ("/account/settings", "Settings")]))
    arts = [(f"/wiadomosci/kraj/{slug(x)},{78000 + i}", x) for i, x in enumerate(TEASERS["pl"] * 2)]
    found.append(_front("pl", "https://u.example/", arts, lambda a, r: f'<nav>{_links(r)}</nav><section class="main">' + "".join((f'<div class="box"><a href="{h}"><span class="title">{x}</span></a></div>' for h, x in a)) + "</section><footer>" + _links([("/regulamin-serwisu-i-polityka-prywatnosci", "Regulamin"), ("/kontakt", "Kontakt"), ("/praca/oferty-pracy-w-marlow", "Oferty pracy w Marlow")]) + "</footer>", [("/wiadomosci/", "Wiadomości"), ("/wiadomosci/kraj/", "Kraj"), ("/program-tv/co-dzis-w-telewizji", "Program TV")], "pl"))
    arts = [(f"/artikel/25{i}8841-{slug(x)}" if i % 2 else f"/nieuws/~b{i}c2d9f1/", x) for i, x in enumerate(TEASERS["nl"] * 2)]
    found.append(_front("nl", "https://v.example/", arts, lambda a, r: _nav(r) + "<main>" + "".join((f'<li><a href="{h}"><time>08:0{i % 9}</time><h3>{x}</h3></a></li>' for i, (h, x) in enumerate(a))) + "</main><footer>" + _links([("/over-ons/", "Over ons"), ("/klantenservice/abonnement-opzeggen-of-wijzigen", "Klantenservice")]) + "</footer>", [("/binnenland", "Binnenland"), ("/sport/voetbal", "Voetbal"), ("/dossier/hoog-water-in-de-fenne", "Dossier hoog water")], "nl"))
    return found
