"""What asks the reader to do something: each phrase rule takes out its lines in twelve languages, some in many more."""

import pytest

from tests.extraction.stories import STORIES, cleaned, fates, story

RESIDUE = {
    "prompt": {
        "en": "Subscribe to our newsletter | Sign in to continue | Get our app",
        "de": "Jetzt kostenlos anmelden | Melden Sie sich für den Newsletter an | Sie sind bereits Abonnent? Einloggen",
        "fr": "Abonnez-vous à notre newsletter | Inscrivez-vous gratuitement | Déjà abonné ? Connectez-vous",
        "es": "Suscríbete a nuestro boletín | Síguenos en Facebook | Para seguir leyendo, inicia sesión",
        "it": "Iscriviti alla newsletter | Abbonati per continuare a leggere l'articolo | Sei già abbonato? Accedi",
        "pt": "Assine a nossa newsletter | Receba as notícias no seu e-mail | Já é assinante? Faça login",
        "nl": "Meld je aan voor onze nieuwsbrief | Abonneer je nu | Al abonnee? Log in",
        "pl": "Zapisz się na newsletter | Zaloguj się, aby czytać dalej | Masz już konto? Zaloguj się",
        "ru": "Подпишитесь на нашу рассылку | Читайте нас в Telegram | Войдите, чтобы продолжить чтение",
        "ar": "اشترك في نشرتنا البريدية | تابعونا على فيسبوك | سجل الآن مجانا",
        "zh": "立即订阅 | 请登录后阅读全文 | 扫码关注我们",
        "ja": "会員登録はこちら | この記事は会員限定です | 続きを読むにはログインが必要です",
    },
    "comment-form": {
        "en": "Leave a comment | Please enter your name here | You must be logged in to reply",
        "de": "Kommentar schreiben | Ihre E-Mail-Adresse wird nicht veröffentlicht. | Bitte geben Sie Ihren Namen ein",
        "fr": "Laisser un commentaire | Veuillez saisir votre nom | Réagir à cet article",
        "es": "Deja un comentario | Por favor ingrese su nombre aquí | Comentarios",
        "it": "Lascia un commento | Inserisci il tuo nome | Commenti",
        "pt": "Deixe um comentário | Por favor digite seu nome aqui | Comentários",
        "nl": "Reageer op dit artikel | Laat een reactie achter | Vul je naam in",
        "pl": "Dodaj komentarz | Proszę wpisać swoje imię tutaj | Komentarze (12)",
        "ru": "Оставить комментарий | Введите ваше имя | Комментарии",
        "ar": "اترك تعليقا | لن يتم نشر عنوان بريدك الإلكتروني. | التعليقات",
        "zh": "发表评论 | 网友评论 | 评论(12)",
        "ja": "コメントを書く | コメント一覧 | コメントする",
    },
    "related": {
        "en": "Read more: the long nights of the cannery | Related articles | See also: bus line 9",
        "de": "Lesen Sie auch: Die langen Nächte der Fabrik | Mehr zum Thema | Weitere Artikel",
        "fr": "Lire aussi : les nuits de la conserverie | À lire aussi : le car du dimanche | Articles similaires",
        "es": "Lea también: las largas noches de la conservera | Te puede interesar | Noticias relacionadas",
        "it": "Leggi anche: le lunghe notti del conservificio | Articoli correlati | Potrebbe interessarti anche",
        "pt": "Leia também: as longas noites da fábrica | Notícias relacionadas | Saiba mais sobre a linha 9",
        "nl": "Lees ook: de lange nachten van de fabriek | Meer over treinen | Gerelateerde artikelen",
        "pl": "Czytaj także: Długie noce przetwórni | Zobacz też: Linia 9 | Polecane artykuły",
        "ru": "Читайте также: Длинные ночи завода | Материалы по теме | Смотрите также",
        "ar": "اقرأ أيضا: ليالي المصنع الطويلة | مواضيع ذات صلة | قد يهمك",
        "zh": "相关阅读：罐头厂的长夜 | 延伸阅读 | 更多新闻",
        "ja": "関連記事 | あわせて読みたい | 続きを読む",
    },
    "advert": {
        "en": "Advertisement | Sponsored | Story continues below",
        "de": "Anzeige | Werbung",
        "fr": "Publicité | La suite après la publicité",
        "es": "Publicidad | Continúa después de la publicidad",
        "it": "Pubblicità | Continua a leggere dopo la pubblicità",
        "pt": "Publicidade | Continua depois da publicidade",
        "nl": "Advertentie",
        "pl": "Reklama | Dalsza część artykułu pod reklamą",
        "ru": "Реклама",
        "ar": "إعلان | إعلانات",
        "zh": "广告 | 廣告",
        "ja": "広告 | スポンサーリンク",
    },
    "legal": {
        "en": "All rights reserved | Copyright 2025 Quillmere Echo",
        "de": "Alle Rechte vorbehalten | Quelle: dpa",
        "fr": "Tous droits réservés",
        "es": "Todos los derechos reservados | Fuente: Agencia del Valle",
        "it": "Riproduzione riservata | Fonte: Agenzia della Valle",
        "pt": "Todos os direitos reservados",
        "nl": "Alle rechten voorbehouden | Bron: Persbureau",
        "pl": "Wszelkie prawa zastrzeżone | Źródło: Agencja Doliny",
        "ru": "Все права защищены | Источник: агентство",
        "ar": "جميع الحقوق محفوظة | المصدر: وكالات",
        "zh": "版权所有 | 责任编辑：李明",
        "ja": "無断転載を禁じます",
    },
    "date": {
        "en": "Published 3 May 2025 | Updated 2 hours ago",
        "de": "Veröffentlicht am 3. Mai 2025 | vor 2 Stunden | Lesezeit: 4 Minuten",
        "fr": "Publié le 3 mai 2025 à 10h42 | il y a 2 heures | Temps de lecture : 4 minutes",
        "es": "Publicado el 3 de mayo de 2025 | hace 2 horas | Tiempo de lectura: 4 minutos",
        "it": "Pubblicato il 3 maggio 2025 | 2 ore fa | Tempo di lettura: 4 minuti",
        "pt": "Publicado em 3 de maio de 2025 | há 2 horas | Tempo de leitura: 1 minuto",
        "nl": "Gepubliceerd op 3 mei 2025 | 2 uur geleden | Leestijd: 4 minuten",
        "pl": "Opublikowano 3 maja 2025 | 2 godziny temu | Czas czytania: 4 minuty",
        "ru": "Опубликовано 3 мая 2025 | 2 часа назад | Время чтения: 4 минуты",
        "ar": "نشر في 3 مايو 2025 | منذ 2 ساعات | وقت القراءة: 4 دقائق",
        "zh": "发布时间：2025年5月3日 10:42 | 2小时前 | 2025-05-03 10:42",
        "ja": "公開 2025年5月3日 10:42 | 2時間前 | 2025年5月3日 | 2025年5月3日 10時42分（5月3日 11時05分更新）",
    },
    "share": {
        "en": "Share this article | Facebook Twitter WhatsApp",
        "de": "Artikel teilen | Drucken Teilen",
        "fr": "Partager cet article | Imprimer Partager",
        "es": "Compartir en Facebook | Compartir Imprimir",
        "it": "Condividi su Facebook | Condividi Stampa",
        "pt": "Compartilhe no Facebook | Compartilhar WhatsApp",
        "nl": "Deel dit artikel | Delen Afdrukken",
        "pl": "Udostępnij na Facebooku | Udostępnij Drukuj",
        "ru": "Поделиться в Telegram | Поделиться ВКонтакте",
        "ar": "شارك على فيسبوك | شارك طباعة",
        "zh": "分享到微博 | 分享",
        "ja": "この記事をシェア | シェアする",
    },
}  # fmt: skip
"""Rule → language → lines, of which each is residue wherever it stands below the first paragraph."""

ELSEWHERE = {
    "prompt": {
        "id": "Berlangganan sekarang | Ikuti kami di Telegram | Unduh aplikasi kami",
        "hi": "हमें फॉलो करें | ऐप डाउनलोड करें",
        "vi": "Đăng ký nhận bản tin | Tải ứng dụng | Theo dõi chúng tôi",
        "uk": "Підписатися на розсилку | Стежте за нами в Telegram",
        "he": "הירשמו לניוזלטר | עקבו אחרינו | להתחברות",
        "tr": "Abone ol | Bizi takip edin | Üye ol",
        "el": "Ακολουθήστε μας στο Facebook | Συνδεθείτε",
        "ro": "Urmărește-ne pe Facebook | Abonează-te",
        "hu": "Iratkozz fel hírlevelünkre | Kövess minket",
    },
    "related": {
        "id": "Baca juga: Malam panjang di pabrik | Berita terkait | Terkait",
        "hi": "यह भी पढ़ें | संबंधित खबरें",
        "vi": "Xem thêm: Đêm dài ở nhà máy | Tin liên quan",
        "uk": "Читайте також: Довгі ночі заводу | За темою",
        "he": "קראו גם: הלילות הארוכים | עוד בנושא",
        "tr": "İlgili haberler | Önerilen video",
        "cs": "Čtěte také: Dlouhé noci továrny | Související články",
        "ko": "관련 기사",
        "de": "Lest auch | Zum selben Thema | Ähnliche Nachrichten | Lokführer (m/w/d) Kreisbahn Quellmoor",
    },
    "advert": {
        "id": "Iklan",
        "hi": "विज्ञापन",
        "vi": "Quảng cáo",
        "he": "פרסומת",
        "cs": "Reklama",
        "tr": "Reklam",
        "ja": "PR | 【PR】",
        "nordic": "Annonse | Auglýsing",
        "en": "Advertisement 3 | This advertisement has not loaded yet, but your article continues below.",
        "de": "Werbung überspringen | Reklame: Räder aus Quellmoor",
    },
    "legal": {
        "id": "Editor : Sari",
        "uk": "Джерело: агентство | Усі права захищені",
        "he": "כל הזכויות שמורות",
        "vi": "Nguồn: Thông tấn xã",
        "tr": "Kaynak: Ajans",
        "de": "Über dieses Thema berichtet: Kreisradio am 14.05.2025 um 17:50 Uhr. | Sie haben einen Fehler gefunden?",
    },
    "control": {
        "ko": "이미지 확대보기 | 기사저장",
        "ru": "Развернуть на весь экран | Закрыть",
        "ja": "閉じる | 拡大する | キャンセル 投稿する",
        "cs": "Zobrazit vše | Diskuze",
        "sv": "Lyssna på artikeln | Kopiera länk",
        "id": "Lihat semua | Salin tautan",
        "tr": "Yazı Boyutu | Ana Sayfa",
        "de": "Artikel anhören (03:15 min) | In Pocket speichern | (öffnet in einem neuen Fenster)",
        "en": "Article content | Back to gallery | Image 1 of / 8 | « Previous Post Next Post » | train.jpg",
    },
    "share": {"ko": "카카오톡 | 페이스북", "vi": "Chia sẻ", "uk": "Поділитися", "id": "Bagikan"},
    "date": {
        "id": "3 jam yang lalu",
        "tr": "2 saat önce",
        "hi": "कुछ ही देर पहले",
        "de": "Vor einer Stunde | Heute, 07:09 Uhr",
        "cs": "Včera 14:40",
        "ko": "3시간 전",
    },
    "comment-form": {"id": "Tulis komentar", "uk": "Коментарі", "he": "הוספת תגובה", "vi": "Bình luận"},
    "byline-head": {"en": "Author of the article:", "de": "Von", "id": "Penulis"},
}  # fmt: skip
"""The same for further languages, in the middle of an English story, as on a site in another language."""

CASES = [
    (rule, language, line)
    for table in (RESIDUE, ELSEWHERE)
    for rule, languages in table.items()
    for language, lines in languages.items()
    for line in lines.split(" | ")
]


def test_every_phrase_rule_knows_the_twelve_languages():
    assert {rule: set(languages) for rule, languages in RESIDUE.items()} == {rule: set(STORIES) for rule in RESIDUE}


@pytest.mark.parametrize(("rule", "language", "line"), CASES, ids=[f"{r}-{g}-{x[:30]}" for r, g, x in CASES])
def test_residue_is_taken_out_by_its_rule(rule, language, line):
    host = language if line in RESIDUE.get(rule, {}).get(language, "") else "en"
    assert fates(story(line, "middle", host))[line] == rule


@pytest.mark.parametrize("language", STORIES)
def test_a_clean_story_loses_nothing(language):
    _, *paragraphs = STORIES[language]
    done = cleaned(story([], language=language))
    assert [line.text for line in done.kept] == paragraphs
    assert done.removed == ()
