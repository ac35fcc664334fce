"""Whatever stands in a config, its values are shown to nobody, and only `ConfigError` comes of mistakes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import ConfigError
from crosspost.settings import advice, load, missing_secret_problems
from crosspost.settings.models import CHANNELS
from crosspost.settings.schema import SECRETS, known_keys
from tests.settings.test_contract import CONTRACT
from tests.settings.test_contract import SECRETS as CONTRACT_SECRETS

# As tokens look: long, without spaces; never a piece of a sentence.
tokens = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), min_size=16, max_size=40).map("q7Z{}".format)

KEYS = sorted(
    {str(path[-1]) for path, _ in known_keys(tomllib.loads(CONTRACT))} | SECRETS | {"api_kye", "tokn", "name"}
)


def told(text: str, secrets: str, environ: dict[str, str]) -> str:
    """All that is said about a config, whether it is taken or not."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "crosspost.toml")
        path.write_text(text, encoding="utf-8")
        path.with_name("secrets.toml").write_text(secrets, encoding="utf-8")
        path.with_name("secrets.toml").chmod(0o600)
        try:
            settings = load(path, environ)
        except ConfigError as error:
            assert error.__cause__ is None
            assert error.__context__ is None or error.__suppress_context__
            return f"{error} {error!r}".replace(folder, "")
        notes = [*advice(settings), *missing_secret_problems(settings)]
        secrets_held = [channel.secrets for channel in settings.channels.values()]
        return f"{notes} {secrets_held}".replace(folder, "")


@st.composite
def configs(draw, token: str):
    """A config with the token wherever a hurried person might paste it."""
    quoted = draw(st.sampled_from([f'"{token}"', f"'{token}'", f'"{token} {token}"', token, f'"https://u:{token}@h"']))
    forms = [quoted, f"[{quoted}]", f"{{ key = {quoted} }}", f"{{ categories = [{quoted}], gap = {quoted} }}"]

    def table(header: str) -> str:
        keys = draw(st.lists(st.sampled_from(KEYS), max_size=4, unique=True))
        return "\n".join([header, *(f"{key} = {draw(st.sampled_from(forms))}" for key in keys)])

    platform = draw(st.sampled_from([*CHANNELS, token]))
    channel = table("[channels.c]").replace("\nplatform = ", "\nodd = ") + f'\nplatform = "{platform}"'
    return "\n".join([table(""), table("[feeds.news]"), channel, table("[delivery]")])


@given(st.data(), tokens)
def test_a_token_is_never_shown_wherever_it_was_pasted(data, token):
    text = data.draw(configs(token))
    secrets = f'[channels.c]\napi_key = "{token}"\n' + data.draw(
        st.sampled_from(["", f"api_kye = '{token}'", f"x = {token}"])
    )
    names = st.sampled_from(
        ["CHANNELS__C__API_KEY", "CHANNELS__C__TOKN", "DATABASE", "DELIVERY__RETRY", "FEEDS__NEWS__URL"]
    )
    environ = {f"CROSSPOST_{data.draw(names)}": token}
    assert token not in told(text, secrets, environ)


@pytest.mark.parametrize("key", [key for key in KEYS if f"\n{key} = " in CONTRACT])
def test_a_token_under_any_key_of_the_contracts_file_is_never_shown(key):
    token = "q7ZTOKENTOKENTOKEN"
    for pasted in (f'"{token}"', f'["{token}"]', f'{{ {key} = "{token}" }}', token):
        text = re.sub(f"^{key} = .*", lambda _, value=pasted: f"{key} = {value}", CONTRACT, flags=re.MULTILINE)
        assert token in text
        assert token not in told(text, CONTRACT_SECRETS, {})


SIGNS = ["[", "]", "[[", "]]", "{", "}", "=", ".", ",", '"', "'", '"""', "#", "\\", "\n", " ", "\x00", "é"]
WORDS = ["1", "true", "1979-05-27", "'x'", "feeds", "channels", "delivery", "url = 'http://h'\n"]
HEADERS = ["\n[channels.c]\n", "\n[feeds.f]\n", "\n[[channels]]\n", "\n[network]\n"]
scraps = st.sampled_from([*SIGNS, *WORDS, *HEADERS, *KEYS])


@given(st.lists(scraps, max_size=25).map("".join), st.text(max_size=30))
def test_junk_is_told_and_never_breaks_anything(text, secrets):
    told(text.encode("utf-8", "ignore").decode(), secrets.encode("utf-8", "ignore").decode(), {})


junk_values = st.recursive(
    st.sampled_from(['""', '"x"', "0", "-1", "1e400", "nan", "true", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]") | inner.map("{{ k = {} }}".format)
    ),
    max_leaves=4,
)


@given(
    st.dictionaries(st.sampled_from(KEYS), junk_values, max_size=4),
    st.sampled_from(
        ["", "[feeds]", "[feeds.f]", "[channels]", "[channels.c]", "[[channels.c]]", "[delivery]", "[network]"]
    ),
    st.sampled_from(["", 'platform = "x"', 'platform = "vk"', 'platform = "youtube"']),
)
def test_values_of_any_type_are_told_and_never_break_anything(pairs, header, platform):
    pairs.pop("platform", None)
    told("\n".join([header, platform, *(f"{key} = {value}" for key, value in pairs.items())]), "", {})
