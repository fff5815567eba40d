"""Bytes become text, whatever they claim to be."""

import encodings.aliases

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.decode import decode
from tests.extraction.stories import STORIES

FRENCH = "\n".join(STORIES["fr"])
RUSSIAN = "\n".join(STORIES["ru"])
CHINESE = "\n".join(STORIES["zh"])
JAPANESE = "\n".join(STORIES["ja"])
TRADITIONAL = "縣議會星期四晚間決定，開往奎爾米爾的末班列車在午夜之後將繼續運行，補貼不會取消。" * 4
KOREAN = "군 의회는 목요일 저녁 퀼미르행 마지막 열차를 자정 이후에도 계속 운행하기로 결정했다. " * 4
CODECS = sorted(
    set(encodings.aliases.aliases.values()) | {"idna", "punycode", "unicode_escape", "undefined", "nonsense"}
)


def page(text: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
    ],
)
def test_a_byte_order_mark_has_the_first_word(bom, encoding):
    found = decode(bom + FRENCH.encode(encoding), "text/html; charset=windows-1251")
    assert (found.text, found.signal) == (FRENCH, "bom")


@pytest.mark.parametrize("claim", ["utf-16", "utf-16le", "utf-32", "cp037"])
def test_a_claim_that_could_not_be_read_by_itself_is_wrong(claim):
    assert decode(f'<?xml version="1.0" encoding="{claim}"?><a>{FRENCH}</a>'.encode()).text.endswith(f"{FRENCH}</a>")
    assert decode(page(FRENCH, claim).encode(), f"text/html; charset={claim}").encoding == "utf-8"


def test_no_encoding_is_found_that_reads_mark_up_as_something_else():
    assert "<p>" in decode(b"<p>" + b"\x80a" * 5000).text


def test_a_few_letters_beyond_ascii_are_western():
    assert "Die Größe" in decode(page("Die Größe der Brücke", "utf-8").encode("latin-1")).text
    assert "Größe" in decode(page("Größe").encode().replace(b"</p>", b"\xa9</p>")).text


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8", "text/html; charset=shift_jis"])
def test_iso_2022_jp_is_told_by_its_escapes(content_type):
    found = decode(page(JAPANESE, "utf-8").encode("iso-2022-jp"), content_type)
    assert (found.text, found.signal) == (page(JAPANESE, "utf-8"), "detected")


def test_a_stray_escape_in_another_encoding_changes_nothing():
    body = page(RUSSIAN).encode() + b"\x1b$B"
    assert decode(body, "text/html; charset=utf-8").text == page(RUSSIAN) + "$B"


def test_the_http_charset_wins_over_the_pages_own():
    body = page(RUSSIAN, "iso-8859-5").encode("windows-1251")
    found = decode(body, "text/html; charset=windows-1251")
    assert (found.text, found.encoding, found.signal) == (page(RUSSIAN, "iso-8859-5"), "cp1251", "http")


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("gb18030", CHINESE),
        ("gb2312", CHINESE),
        ("big5", TRADITIONAL),
        ("euc-kr", KOREAN),
        ("iso-8859-15", FRENCH + " 3 € l’œuvre".replace("’", "'")),
        ("windows-1252", FRENCH + " “œuvre” 3 €"),
        ("utf-8", KOREAN + RUSSIAN),
    ],
)
def test_the_pages_own_charset_is_believed(charset, text):
    body = page(text, charset).encode(charset)
    assert (decode(body).text, decode(body).signal) == (page(text, charset), "meta")


def test_latin_1_means_windows_1252_as_in_browsers():
    body = page("“3 €”", "iso-8859-1").encode("windows-1252")
    assert "“3 €”" in decode(body).text


@pytest.mark.parametrize("claim", ["iso-8859-1", "windows-1251", "windows-1252", "ascii", "iso-8859-15"])
def test_utf_8_bytes_contradict_a_claim_of_one_byte_a_character(claim):
    body = page(FRENCH).encode()
    assert decode(body, f"text/html; charset={claim}").text == page(FRENCH)
    declared = page(FRENCH, claim)
    assert decode(declared.encode()).text == declared


@pytest.mark.parametrize(
    ("claim", "encoding", "text"),
    [("utf-8", "shift_jis", JAPANESE), ("utf-8", "windows-1251", RUSSIAN), ("shift_jis", "utf-8", RUSSIAN)],
)
def test_a_claim_that_the_bytes_contradict_loses(claim, encoding, text):
    assert text in decode(page(text, claim).encode(encoding)).text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", RUSSIAN),
        ("windows-1251", RUSSIAN * 3),
        ("shift_jis", JAPANESE * 3),
        ("gb18030", CHINESE * 3),
        ("big5", TRADITIONAL * 3),
        ("euc-kr", KOREAN * 3),
    ],
)
def test_without_any_claim_the_encoding_is_found_out(encoding, text):
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding):
    found = decode(page(FRENCH).encode(encoding), "text/html; charset=utf-8")
    assert (found.text, found.encoding) == (page(FRENCH), encoding)


def test_one_broken_byte_costs_one_character():
    body = page(RUSSIAN, "utf-8").encode().replace("сапогах".encode(), b"\xd1" + "апогах".encode())
    found = decode(body)
    assert (found.text, found.encoding) == (page(RUSSIAN, "utf-8").replace("сапогах", "�апогах"), "utf-8")


def test_one_broken_byte_in_a_page_that_is_nearly_ascii():
    text = page("“We stay,” she said. " * 3 + "All of it." * 40, "utf-8")
    assert decode(text.encode() + b"<p>caf\xe9</p>", "text/html; charset=utf-8").text.startswith(text)


def test_control_characters_are_no_text():
    found = decode(b"a\x00b\x08c\x1b[31md\x7f\te\r\nf")
    assert found.text == "abc[31md\te\r\nf"


@pytest.mark.parametrize("body", [b"", b" ", b"\n"])
def test_nothing_is_nothing(body):
    assert decode(body, None).text == body.decode()


@pytest.mark.parametrize("charset", ["", "nonsense", "rot13", "base64", "idna", '"utf-8"', "utf-8; utf-8", "\x00"])
def test_a_charset_that_is_none_is_ignored(charset):
    assert decode(FRENCH.encode(), f"text/html; charset={charset}").text == FRENCH


@settings(max_examples=150)
@example(body=b"abc.def", content_type="text/html; charset=idna")
@example(body=b"\\N{", content_type="text/html; charset=unicode_escape")
@given(
    body=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    content_type=st.none() | st.text(max_size=40) | st.sampled_from(CODECS).map("text/html; charset={}".format),
)
def test_decoding_never_raises_and_leaves_no_control_characters(body, content_type):
    text = decode(body, content_type).text
    assert not any(char < " " and char not in "\t\n\r" for char in text)
    assert text.encode("utf-8").decode() == text
