"""What publishing systems put around a page's text: menus, side columns, footers and their mark-up, in 18 languages."""
# ruff: noqa: E501 - one template to a line
# fmt: off

import re
from datetime import UTC, datetime

from pipeline.items import Media, RawPage

TOWN = "https://www.fenpost.example/news/town/harbour-crane-falls-1849201"

NAV = {
 "en": ["News","Politics","Business","Sport","Culture","Opinion","Lifestyle","Weather","Video","Jobs"],
 "de": ["Startseite","Politik","Wirtschaft","Panorama","Sport","Kultur","Wissen","Regional","Reise","Auto"],
 "fr": ["Accueil","Actualités","Politique","Économie","Sport","Culture","Région","Santé","Vidéos"],
 "es": ["Portada","Nacional","Internacional","Economía","Deportes","Cultura","Opinión","Sociedad"],
 "it": ["Home","Cronaca","Politica","Economia","Sport","Cultura","Esteri","Meteo","Salute"],
 "pt": ["Início","Política","Economia","Mundo","Esportes","Cultura","Saúde","Tecnologia"],
 "nl": ["Voorpagina","Binnenland","Buitenland","Sport","Economie","Cultuur","Opinie","Regio"],
 "pl": ["Strona główna","Kraj","Świat","Biznes","Sport","Kultura","Opinie","Pogoda"],
 "sv": ["Hem","Inrikes","Utrikes","Ekonomi","Sport","Kultur","Ledare","Väder"],
 "tr": ["Anasayfa","Gündem","Ekonomi","Dünya","Spor","Yaşam","Kültür","Yazarlar"],
 "ru": ["Главная","Политика","Общество","Экономика","Спорт","Культура","Наука","Происшествия"],
 "el": ["Αρχική","Πολιτική","Οικονομία","Κόσμος","Αθλητικά","Πολιτισμός","Υγεία"],
 "ar": ["الرئيسية","سياسة","اقتصاد","رياضة","ثقافة","منوعات","رأي"],
 "ja": ["ホーム","国内","国際","経済","スポーツ","エンタメ","地域","天気"],
 "zh": ["首页","国内","国际","财经","体育","娱乐","科技","视频"],
 "ko": ["홈","정치","경제","사회","국제","스포츠","연예","오피니언"],
 "hi": ["होम","देश","दुनिया","खेल","मनोरंजन","कारोबार","राज्य"],
 "id": ["Beranda","Nasional","Internasional","Ekonomi","Olahraga","Hiburan","Gaya Hidup"],
}
TEASERS = {
 "en": ["Harbour crane toppled in overnight gale","Council votes to keep the swimming pool open","Why the otters came back to the Fenny","Striker signs new three-year deal at Marlow","Bakery fire leaves street without power","How to prune a quince before the frost"],
 "de": ["Kran im Hafen bei Sturm umgestürzt","Stadtrat will das Freibad doch behalten","Warum die Otter an die Fenne zurückkehren","Stürmer verlängert in Marlow um drei Jahre","Brand in Bäckerei legt Straße lahm","So schneiden Sie die Quitte vor dem Frost"],
 "fr": ["Une grue du port renversée par la tempête","La mairie renonce à fermer la piscine","Pourquoi les loutres reviennent sur la Fenne","L’attaquant prolonge de trois ans à Marlow","Un incendie prive une rue d’électricité","Tailler le cognassier avant le gel"],
 "es": ["Una grúa del puerto cae por el temporal","El pleno mantiene abierta la piscina","Por qué vuelven las nutrias al río","El delantero renueva tres años","Un incendio deja sin luz una calle","Cómo podar el membrillo antes de la helada"],
 "it": ["Gru del porto rovesciata dalla bufera","Il consiglio salva la piscina comunale","Perché le lontre tornano sul fiume","L’attaccante rinnova per tre anni","Incendio al forno, via senza luce","Come potare il cotogno prima del gelo"],
 "pt": ["Guindaste do porto cai com o vendaval","Câmara decide manter a piscina aberta","Por que as lontras voltaram ao rio","Atacante renova por três anos com o clube","Incêndio em padaria deixa rua sem luz","Como podar o marmeleiro antes da geada"],
 "nl": ["Havenkraan omgewaaid tijdens storm","Gemeenteraad houdt zwembad toch open","Waarom de otters terug zijn in de Fenne","Spits tekent voor drie jaar bij","Brand in bakkerij zet straat zonder stroom","Zo snoeit u de kweepeer voor de vorst"],
 "pl": ["Dźwig w porcie przewrócił się podczas wichury","Rada miasta nie zamknie basenu","Dlaczego wydry wróciły nad rzekę","Napastnik przedłużył umowę o trzy lata","Pożar piekarni pozbawił ulicę prądu","Jak przycinać pigwę przed mrozem"],
 "sv": ["Hamnkran välte i nattens storm","Kommunen behåller badhuset trots allt","Därför är uttrarna tillbaka i ån","Anfallaren förlänger med tre år","Brand i bageri släckte gatan","Så beskär du kvitten före frosten"],
 "tr": ["Limandaki vinç fırtınada devrildi","Meclis yüzme havuzunu kapatmıyor","Su samurları dereye neden döndü","Golcü oyuncu üç yıllık imza attı","Fırındaki yangın sokağı karanlıkta bıraktı","Ayva ağacı dondan önce nasıl budanır"],
 "ru": ["Портовый кран упал во время ночной бури","Совет решил не закрывать бассейн","Почему выдры вернулись на реку","Нападающий продлил контракт на три года","Пожар в пекарне оставил улицу без света","Как обрезать айву до заморозков"],
 "el": ["Γερανός στο λιμάνι έπεσε από τους ανέμους","Ο δήμος κρατά ανοιχτό το κολυμβητήριο","Γιατί οι ενυδρίδες γύρισαν στο ποτάμι","Ο επιθετικός ανανέωσε για τρία χρόνια","Φωτιά σε φούρνο άφησε δρόμο χωρίς ρεύμα","Πώς κλαδεύουμε την κυδωνιά πριν τον παγετό"],
 "ar": ["سقوط رافعة في الميناء بسبب العاصفة الليلية","المجلس البلدي يبقي على المسبح مفتوحا","لماذا عادت ثعالب الماء إلى النهر","المهاجم يجدد عقده ثلاث سنوات","حريق في مخبز يقطع الكهرباء عن شارع","كيف تقلم شجرة السفرجل قبل الصقيع"],
 "ja": ["夜の強風で港のクレーンが倒れる","市議会、市民プールの存続を決定","川にカワウソが戻ってきた理由","エースが3年契約を更新","パン屋の火事で通りが停電","霜の前にマルメロを剪定する方法"],
 "zh": ["夜间大风致港口吊车倒塌","市议会决定保留游泳馆","水獭为何重返河流","前锋续约三年","面包房起火致整条街停电","霜冻前如何修剪榅桲"],
 "ko": ["밤사이 강풍에 항구 크레인 쓰러져","시의회, 수영장 존치 결정","수달이 강으로 돌아온 까닭","공격수, 3년 재계약","빵집 화재로 거리 정전","서리 전에 모과나무 가지치기"],
 "hi": ["रात की आंधी में बंदरगाह की क्रेन गिरी","नगर परिषद तरणताल बंद नहीं करेगी","ऊदबिलाव नदी में क्यों लौटे","फॉरवर्ड ने तीन साल का करार किया","बेकरी में आग से सड़क की बिजली गुल","पाले से पहले पेड़ की छंटाई कैसे करें"],
 "id": ["Derek pelabuhan roboh diterjang badai malam","Dewan kota pertahankan kolam renang","Mengapa berang-berang kembali ke sungai","Penyerang perpanjang kontrak tiga tahun","Kebakaran toko roti bikin jalan gelap","Cara memangkas pohon sebelum musim kering"],
}


def page(html: str, url: str) -> RawPage:
    return RawPage(url, html.encode(), datetime(2025, 5, 4, 12, tzinfo=UTC), final_url=url, status=200, media=Media.HTML)


def slug(words: str) -> str:
    """The words in Latin letters as part of an address; empty where there are none."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def headlines(lang: str, number: int = 6) -> list[str]:
    return TEASERS[lang][:number]


def menu(lang: str) -> str:
    links = ((slug(word) or f"c/{i}", word) for i, word in enumerate(NAV[lang]))
    return "".join(f'<li class="menu-item"><a href="/{path}">{word}</a></li>' for path, word in links)



def wordpress(lang: str, title: str, main: str, head: str = "", *, cls: str = "") -> str:
    recent = "".join(f'<li><a href="/{2024}/0{i+1}/1{i}/{slug(x) or i}/">{x}</a></li>' for i,x in enumerate(headlines(lang)))
    sb = f'<aside id="secondary" class="widget-area"><section class="widget widget_search"><form role="search" class="search-form"><input type="search" name="s"><input type="submit" value="Search"></form></section><section class="widget widget_recent_entries"><h2 class="widget-title">Recent</h2><ul>{recent}</ul></section></aside>'
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="UTF-8"><title>{title}</title><meta name="generator" content="WordPress 6.5"><link rel="alternate" type="application/rss+xml" href="/feed/">{head}<script>window.dataLayer=[];</script></head>
<body class="{cls} wp-custom-logo hfeed"><div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a><header id="masthead" class="site-header"><p class="site-title"><a href="/">Fenland Post</a></p><nav id="site-navigation" class="main-navigation"><ul id="primary-menu">{menu(lang)}</ul></nav></header><div id="content" class="site-content"><main id="primary" class="site-main">{main}</main>{sb}</div><footer id="colophon" class="site-footer"><div class="site-info">© 2025 Fenland Post | <a href="/privacy-policy/">Privacy</a> | <a href="/imprint/">Imprint</a></div></footer></div><script src="/wp-includes/js/jquery/jquery.min.js"></script></body></html>"""


def drupal(lang: str, title: str, main: str, head: str = "", *, cls: str = "path-node") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}" dir="ltr" prefix="og: https://ogp.me/ns#"><head><meta charset="utf-8"/><title>{title}</title><meta name="Generator" content="Drupal 10 (https://www.drupal.org)"/>{head}</head><body class="{cls}"><a href="#main-content" class="visually-hidden focusable">Skip</a><div class="dialog-off-canvas-main-canvas"><header role="banner"><div class="region region-primary-menu"><nav role="navigation" class="menu--main"><ul>{menu(lang)}</ul></nav></div></header><main role="main"><a id="main-content"></a><div class="layout-content"><div class="region region-content"><div data-drupal-messages-fallback class="hidden"></div>{main}</div></div></main><footer role="contentinfo"><div class="region region-footer"><ul class="menu"><li><a href="/contact">Contact</a></li><li><a href="/user/login">Log in</a></li></ul></div></footer></div><script src="/core/misc/drupal.js"></script></body></html>"""


def typo3(lang: str, title: str, main: str, head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><!-- This website is powered by TYPO3 --><title>{title}</title><meta name="generator" content="TYPO3 CMS">{head}</head><body id="p1204" class="page-1204 pagelevel-2 layout-default"><div id="top"></div><div class="body-bg"><header id="page-header" class="bp-page-header navbar"><div class="container"><a class="navbar-brand" href="/">Fenne Kurier</a><nav id="mainnavigation" class="navbar-mainnavigation"><ul class="nav navbar-nav">{menu(lang)}</ul></nav></div></header><div id="page-content"><!--TYPO3SEARCH_begin-->{main}<!--TYPO3SEARCH_end--></div><footer id="page-footer"><section class="section footer-section-meta"><ul class="list"><li><a href="/impressum">Impressum</a></li><li><a href="/datenschutz">Datenschutz</a></li></ul></section></footer></div></body></html>"""


def joomla(lang: str, title: str, main: str, head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><meta name="generator" content="Joomla! - Open Source Content Management"><title>{title}</title>{head}</head><body class="site com_content wrapper-static view-article"><header class="header container-header full-width"><div class="grid-child"><div class="navbar-brand"><a class="brand-logo" href="/">El Faro</a></div></div><div class="grid-child container-nav"><ul class="mod-menu nav">{menu(lang)}</ul></div></header><div class="site-grid"><div class="grid-child container-component"><main>{main}</main></div></div><footer class="container-footer footer"><p>© El Faro</p></footer></body></html>"""


def nextjs(lang: str, title: str, main: str, head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charSet="utf-8"/><meta name="viewport" content="width=device-width"/><title>{title}</title>{head}<link rel="preload" href="/_next/static/css/a.css" as="style"/><script defer nomodule src="/_next/static/chunks/polyfills.js"></script><script src="/_next/static/chunks/main.js" defer></script></head><body><div id="__next">{main}</div><script id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{}}}},"page":"/"}}</script></body></html>"""


def arc(lang: str, title: str, main: str, head: str = "") -> str:
    rel = "".join(f'<div class="results-list__item"><a class="results-list__image" href="/news/2025/04/0{i+1}/{slug(x) or i}/"><img src="/r/{i}.jpg" alt=""></a><div class="results-list__headline-wrapper"><h2 class="headline"><a href="/news/2025/04/0{i+1}/{slug(x) or i}/">{x}</a></h2></div></div>' for i,x in enumerate(headlines(lang)))
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}<script async src="/pf/dist/engine/react.js"></script></head><body><div id="fusion-app" class="fusion-app"><header class="b-header-nav-chain"><nav><a href="/">The Courier</a><ul>{menu(lang)}</ul><button type="button">Sign In</button></nav></header><section role="main" id="main" class="b-right-rail__main"><div class="b-left">{main}</div><aside class="b-right"><div class="b-results-list"><div class="b-results-list__title">Most read</div>{rel}</div></aside></section><footer class="b-footer"><ul><li><a href="/about">About</a></li><li><a href="/terms">Terms</a></li></ul><p>© 2025 The Courier</p></footer></div></body></html>"""


def plain(lang: str, title: str, main: str, head: str = "") -> str:
    return f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{main}</body></html>'


def portal(lang: str, title: str, main: str, head: str = "") -> str:
    side = "".join(f'<li class="rank{i+1}"><a href="/view?aid=77{i}01"><em>{i+1}</em> {x}</a></li>' for i,x in enumerate(headlines(lang)))
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}<script src="/js/common.js"></script></head><body><div id="wrap"><div id="header"><h1 class="logo"><a href="/"><img src="/logo.png" alt="logo"></a></h1><ul id="gnb">{menu(lang)}</ul></div><div id="container"><div id="contents">{main}</div><div id="aside"><div class="box_rank"><strong>TOP</strong><ol>{side}</ol></div></div></div><div id="footer"><address>© 2025 Daily Post. All rights reserved.</address></div></div></body></html>"""
