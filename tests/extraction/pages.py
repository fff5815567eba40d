"""RawPages around mark-up and text for the tests of extraction."""

from datetime import UTC, datetime

from pipeline.extraction import refine
from pipeline.items import Article, Media, RawPage, Rejection

NOW = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)
URL = "https://echo.example/county/night-train"


def html_page(body: str, title: str = "", head: str = "", *, status: int | None = 200) -> RawPage:
    """A fetched page with a title and further elements in its head."""
    text = f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
    return RawPage(url=URL, final_url=URL, body=text.encode(), fetched_at=NOW, media=Media.HTML, status=status)


def text_page(body: str | bytes, media: Media = Media.TEXT) -> RawPage:
    """A local file."""
    raw = body.encode() if isinstance(body, str) else body
    return RawPage(url="file:///seeds/county/a.txt", body=raw, fetched_at=NOW, media=media)


def article_of(page: RawPage) -> Article:
    """The article that a page must become."""
    made = refine(page)
    assert isinstance(made, Article), made
    return made


def rejection_of(page: RawPage) -> Rejection:
    """The rejection that a page must become."""
    made = refine(page)
    assert isinstance(made, Rejection), made
    return made


def paragraphs(*texts: str) -> str:
    """Paragraph elements."""
    return "".join(f"<p>{text}</p>" for text in texts)


def body_texts(article: Article) -> list[str]:
    """The texts of an article's blocks."""
    return [block.text for block in article.body]
