"""Our signatures are those of oauthlib, which the sandbox checks them by as well."""

import re
from urllib.parse import quote

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from crosspost.platforms.signature import Signature

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
tokens = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


def ours(secrets: tuple[str, ...], method: str, url: str, **content: object) -> str:
    signature = Signature(*secrets, nonce=lambda: "n0nce", clock=lambda: 1_700_000_000.9)
    request = requests.Request(method, url, auth=signature, **content).prepare()
    return request.headers["Authorization"]


def theirs(secrets: tuple[str, ...], method: str, url: str, **content: object) -> str:
    request = requests.Request(method, url, **content).prepare()
    client = Client(*secrets, nonce="n0nce", timestamp="1700000000")
    form = request.body if "data" in content and request.body else None
    _, headers, _ = client.sign(request.url, request.method, form, dict(request.headers) if form else {})
    return headers["Authorization"]


def parts(header: str) -> dict[str, str]:
    assert header.startswith("OAuth ")
    return dict(re.findall(r'(\w+)="([^"]*)"', header))


@settings(deadline=None)
@given(
    st.tuples(tokens, tokens, tokens, tokens), st.sampled_from(["GET", "POST", "DELETE"]), st.dictionaries(texts, texts)
)
def test_every_parameter_of_the_query_is_signed_as_oauthlib_does(secrets, method, query):
    # oauthlib reads a query by rules of its own where a name is empty.
    query = {name: value for name, value in query.items() if name}
    address = "https://API.site.example/2/users/1/tweets"
    assert parts(ours(secrets, method, address, params=query)) == parts(theirs(secrets, method, address, params=query))


@pytest.mark.parametrize(
    "address",
    [
        "https://api.site.example/2/tweets",
        "https://api.site.example:443/2/tweets",
        "http://api.site.example:80/2/tweets",
        "http://127.0.0.1:8080/x/2/tweets",
        "https://api.site.example",
        f"https://api.site.example/{quote('статья')}?a=1&a=0&b=&c=%7E+%20",
    ],
)
def test_every_address_is_signed_as_oauthlib_does(address):
    secrets = ("key", "secret", "1-token", "token secret")
    assert parts(ours(secrets, "GET", address)) == parts(theirs(secrets, "GET", address))


def test_a_form_is_signed_and_json_is_not():
    secrets, address = ("key", "secret", "1-token", "token secret"), "https://api.site.example/1.1/update.json"
    form = {"status": "Hello Ladies + Gentlemen, a signed OAuth request!", "a": ""}
    assert parts(ours(secrets, "POST", address, data=form)) == parts(theirs(secrets, "POST", address, data=form))
    assert parts(ours(secrets, "POST", address, json=form)) == parts(theirs(secrets, "POST", address))


def test_no_two_requests_are_signed_alike_and_no_secret_travels():
    sign = Signature("k", "app s3cret", "1-t", "user s3cret")
    request = requests.Request("POST", "https://api.site.example/2/tweets", json={"text": "hello"})
    request.auth = sign
    one, other = (request.prepare().headers["Authorization"] for _ in range(2))
    assert one != other
    assert "s3cret" not in one
