"""Each sample page becomes what seeds/README.md says of it."""

from pathlib import Path

import pytest

from pipeline.extraction import refine
from pipeline.items import Article, RawPage, Rejection
from pipeline.spiders.files import Reading, read_pages
from pipeline.spiders.walk import Tally

SEEDS = Path(__file__).parent.parent / "seeds"

STUCK_ON = (
    "0",
    "8",
    "Join Harbour Herald",
    "Plus special access",
    "By entering your email",
    "Please enter a valid",
    "Saltmarsh night tram vote",
    "Transport committee chair",
    "FERRY OPERATOR WARNS",
    "Fish market stop",
    "A tram passes the fish market stop",
    "SALTMARSH UNIVERSITY",
    "CLICK HERE",
    "The Associated Press contributed",
    "LEAVE A REPLY",
    "Please enter your comment!",
    "Please enter your name here",
)
"""How the lines of the hand-made copy begin that are not its text."""


@pytest.fixture(scope="module")
def refined() -> dict[str, list[Article | Rejection]]:
    """File name → what its pages become."""
    found = {}
    for path in sorted(SEEDS.iterdir()):
        if not path.name.endswith((".md", ".meta.json")):
            pages = [page for page in read_pages([str(path)], Reading(10**7, Tally())) if isinstance(page, RawPage)]
            found[path.name] = [refine(page) for page in pages]
    return found


@pytest.fixture
def article(refined, request) -> Article:
    [made] = refined[request.param]
    assert isinstance(made, Article), made
    return made


def paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body]


def test_twelve_articles_and_two_rejections(refined):
    made = [item for items in refined.values() for item in items]
    refused = {item.url.rpartition("/")[2]: item.reason for item in made if isinstance(item, Rejection)}
    assert refused == {"consent-wall.html": "consent_wall", "section-coast.html": "index_page"}
    assert len(made) - len(refused) == 12


@pytest.mark.parametrize("article", ["harbour-herald-night-trams.txt"], indirect=True)
def test_residue_goes_and_text_that_looks_like_it_stays(article):
    assert article.headline == "Saltmarsh brings back night trams after nine-year pause"
    text = (SEEDS / "harbour-herald-night-trams.txt").read_text()
    lines = [line.strip() for line in text.splitlines()[1:] if line.strip()]
    residue = [line for line in lines if line.startswith(STUCK_ON)]
    assert [line.text for line in article.removed] == residue
    assert paragraphs(article) == [line for line in lines if line not in residue]
    assert article.attribution == ("The Associated Press contributed to this report.",)


@pytest.mark.parametrize("article", ["night-trams-return-to-saltmarsh.txt"], indirect=True)
def test_a_clean_copy_keeps_all_but_its_standfirst(article):
    assert article.standfirst == "Shift Workers Cheer, Mill Street Worries"
    assert len(article.body) == 10
    assert [line.text for line in article.removed] == [article.standfirst]


@pytest.mark.parametrize("article", ["mercado-central-reabre.txt"], indirect=True)
def test_a_spanish_copy(article):
    assert [author.name for author in article.authors] == ["Lucía Berrocal"]
    assert article.published.date().isoformat() == "2025-09-12"
    assert article.language == "es"
    assert len(article.body) == 8
    assert "Quedan dudas." in paragraphs(article)
    rules = {line.text: line.rule for line in article.removed}
    assert rules["Por favor ingrese su comentario!"] == rules["Deja una respuesta"]


@pytest.mark.parametrize("article", ["last-lighthouse-keepers.html"], indirect=True)
def test_a_classic_page(article):
    assert article.published.isoformat() == "2025-02-18T06:30:00+00:00"
    assert article.modified.isoformat() == "2025-02-18T11:05:00+00:00"
    assert [author.name for author in article.authors] == ["Morag Tulloch", "Eben Shaw"]
    assert article.canonical_url == "https://ledger.example.org/2025/02/gull-rock-keepers"
    assert paragraphs(article)[0].startswith("The boat that fetched")
    assert paragraphs(article)[-1] == "“I will check it,” Mr Penrose said. “Somebody should.”"
    assert "She does not like to speak about it." in paragraphs(article)
    assert "Coal, then oil, then a cable" in paragraphs(article)
    assert len(article.body) == 11


@pytest.mark.parametrize("article", ["stadtbibliothek-oeffnet-sonntags.html"], indirect=True)
def test_a_german_page_with_prompts(article):
    assert article.language == "de"
    assert article.paywall
    assert not [text for text in paragraphs(article) if "Abo" in text or "Newsletter" in text or "anmelden" in text]
    assert paragraphs(article)[0].startswith("Wer am Sonntag")
    assert paragraphs(article)[-1].startswith("Im Dezember")
    assert len(article.body) == 9


@pytest.mark.parametrize("article", ["pont-de-chene.html"], indirect=True)
def test_windows_1252_under_another_name(article):
    assert article.headline == "Le pont de chêne rouvre après l’hiver"
    assert any("84 000 €" in text for text in paragraphs(article))
    assert len(article.body) == 7


@pytest.mark.parametrize("article", ["shotengai-no-tokei.html"], indirect=True)
def test_shift_jis(article):
    assert article.headline == "商店街の時計、十二年ぶりに動く"
    assert article.language == "ja"
    assert len(article.body) == 7


@pytest.mark.parametrize("article", ["riverside-swim-returns.html"], indirect=True)
def test_a_page_of_bare_divs(article):
    assert article.url.endswith("/seeds/riverside-swim-returns.html")
    assert [author.name for author in article.authors] == ["Joan Whitlock"]
    assert article.published.isoformat() == "2025-08-03T17:20:00+02:00"
    assert "Advertisement" not in paragraphs(article)
    assert len(article.body) == 9


@pytest.mark.parametrize("article", ["village-bakery-oven.html"], indirect=True)
def test_a_side_car(article):
    assert article.url == "https://www.upland-news.example/brack/oven?id=204"
    assert article.source == "upland-news"
    assert article.fetched_at.isoformat() == "2025-09-14T08:15:00+00:00"
    assert len(article.body) == 8


@pytest.mark.parametrize("article", ["tarn-hill-bell.html.gz"], indirect=True)
def test_a_packed_page(article):
    assert article.canonical_url == "https://fells.example.org/news/tarn-hill-bell"
    assert len(article.body) == 7


def test_rows(refined):
    assert [page.headline for page in refined["quay-june.jsonl"]] == [
        "Repair café mends its thousandth toaster",
        "Kestrels nest on the tallest crane in the port",
    ]
    assert [len(page.body) for page in refined["quay-june.jsonl"]] == [5, 5]
