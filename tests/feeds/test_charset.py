"""Which letters a document's bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds.charset import as_utf8, text_of

RUSSIAN = "Спутник вышел на расчётную орбиту и передал первые данные на Землю, сообщили инженеры. Ёлки стоят."
GERMAN = "Größere Städte fördern schöne Gärten; für Bürger heißt das: mehr Grün, süße Äpfel, kühle Räume."
FRENCH = "L’été, les élèves préfèrent la forêt à la fenêtre fermée ; là-bas, tout est plus léger."


def document(text: str, encoding: str, declared: str | None = None) -> bytes:
    said = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{said}?><rss><title>{text}</title></rss>'.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16", "utf-8-sig", "iso-8859-5"])
def test_a_declared_encoding_is_believed(encoding):
    assert RUSSIAN in text_of(document(RUSSIAN, encoding, encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"])
def test_russian_without_a_declaration_is_read(encoding):
    assert RUSSIAN in text_of(document(RUSSIAN, encoding))


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_russian_that_claims_to_be_utf8_is_read(encoding):
    assert RUSSIAN in text_of(document(RUSSIAN, encoding, "utf-8"))


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "iso-8859-1", "us-ascii", "no-such-letters", "rot13"])
def test_utf8_that_claims_to_be_something_else_is_read(declared):
    assert RUSSIAN in text_of(document(RUSSIAN, "utf-8", declared))


def test_the_server_says_what_the_document_does_not():
    assert RUSSIAN in text_of(document(RUSSIAN, "iso-8859-5"), "application/xml; charset=ISO-8859-5")


def test_what_the_document_says_goes_before_what_the_server_says():
    assert RUSSIAN in text_of(document(RUSSIAN, "windows-1251", "windows-1251"), "text/xml; charset=iso-8859-1")


@pytest.mark.parametrize("text", [GERMAN, FRENCH])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1"])
def test_western_letters_are_not_taken_for_russian(text, declared):
    assert text in text_of(document(text, "cp1252", declared))


def test_a_page_declares_itself_by_meta():
    page = f'<html><head><meta charset="windows-1251"><title>{RUSSIAN}</title></head></html>'
    assert RUSSIAN in text_of(page.encode("cp1251"))


def test_one_broken_byte_does_not_change_the_letters_of_the_rest():
    broken = document(RUSSIAN * 5, "utf-8").replace("орбиту".encode(), "орбит".encode() + b"\xd1", 1)
    assert text_of(broken).count("Спутник") == 5


@pytest.mark.parametrize("text", [RUSSIAN, GERMAN, FRENCH])
def test_letters_encoded_twice_are_mended(text):
    twice = text.encode().decode("cp1252", "surrogateescape")
    if any("\ud800" <= letter <= "\udfff" for letter in twice):
        twice = text.encode().decode("latin-1")
    assert text in as_utf8(document(twice, "utf-8")).decode()


@pytest.mark.parametrize("text", ["CAFÉ\xa0: « À\xa0la carte »", "São Paulo, MANHÃ", "Â»", GERMAN, FRENCH, RUSSIAN])
def test_letters_encoded_once_are_left_alone(text):
    assert text in as_utf8(document(text + FRENCH, "utf-8")).decode()


def test_the_declaration_agrees_with_the_bytes():
    done = as_utf8(document(RUSSIAN, "windows-1251", "windows-1251"))
    assert done.startswith(b'<?xml version="1.0" encoding="utf-8"?><rss>')


def test_utf8_comes_back_as_it_is():
    body = document(RUSSIAN, "utf-8", "UTF-8")
    assert as_utf8(body) is body


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_become_text(body, content_type):
    as_utf8(body, content_type).decode("utf-8")
