"""Addresses of articles: when two of them are the same, and how a channel's UTM parameters are put on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote_plus

# RFC 3986, appendix B: it takes any string apart, so nothing here can fail on a malformed address.
_PARTS = re.compile(
    r"^(?:([a-z][a-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$", re.IGNORECASE | re.DOTALL
)
_PORT = re.compile(r":0*([0-9]*)$")
_NOT_IN_HOSTS = re.compile(r"[\s/?#@\x00-\x1f\x7f]")
_BLANK = re.compile(r"[\x00-\x20\x7f\u0085\u2028\u2029]+")

_UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-"
# What stands for itself; the characters that divide a path or a query keep their escapes.
_IN_PATH = _UNRESERVED + "!$&'()*+,;=:@"
_IN_NAME = _UNRESERVED + "!$'()*,:@/?"

# An address as nearly all are written: nothing in it needs another form but "www." and the query's order.
_USUAL = re.compile(
    r"https?://(?:www\.(?=[a-z0-9-]+\.[a-z0-9]))?(?!www\.)([a-z0-9-]+(?:\.[a-z0-9-]+)*)"
    rf"((?:/[/{re.escape(_IN_PATH)}]*)?)(?:\?([=&{re.escape(_IN_NAME)}]*))?(?:#.*)?",
    re.DOTALL,
)

# Parameters that say how a reader came, never what is read; compared in lower case.
_TRACKING_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ymclid ysclid _openstat twclid ttclid igshid igsh "
    "li_fat_id mc_cid mc_eid _hsenc _hsmi __hstc __hssc __hsfp mkt_tok vero_id vero_conv oly_enc_id oly_anon_id "
    "rb_clickid s_cid wickedid epik _ga _gl __twitter_impression at_medium at_campaign at_link_id ns_mchannel "
    "ns_source ns_campaign ns_linkname ns_fee xtor cmpid _branch_match_id _branch_referrer srsltid"
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_FAMILIES = ("utm_", "mtm_", "pk_", "hsa_", "piwik_", "matomo_")


def canonical(url: str) -> str:
    """The form in which two addresses of the same article are equal, as an https address.

    Lower-case host in its ASCII form without "www.", http = https, no default port, no fragment, no trailing
    slash, no tracking parameters, query sorted, percent-encoding made alike. A string that is no http address
    (`urn:...`, a bare word) comes back stripped. Any string gives a string, and canonical(canonical(x)) is
    canonical(x).
    """
    if usual := _USUAL.fullmatch(url):
        host, path, query = usual.groups()
        return _joined(host, path, [part.partition("=") for part in query.split("&")] if query else [])
    return _canonical(url)


def is_front_page(canonical: str) -> bool:
    """Whether a canonical address names a site and nothing on it: then it tells none of the site's articles apart."""
    return canonical.startswith("https://") and canonical.count("/") == 2 and "?" not in canonical


def _canonical(url: str) -> str:
    """`canonical` for any address, however it is written."""
    text = _BLANK.sub(" ", url).strip(" ")
    scheme, authority, path, query, _fragment = _split(text)
    if scheme not in ("", "http", "https") or not authority:
        return text
    host = _host(authority)
    if not host:
        return text
    parts = (part.partition("=") for part in query.replace("+", "%20").split("&"))
    return _joined(host, _path(path), [(_name(name), "=", _value(value)) for name, _, value in parts])


def _joined(host: str, path: str, parameters: Sequence[tuple[str, str, str]]) -> str:
    """The address of parts whose escapes are alike, without what tracks, its query in order."""
    kept = sorted((name, value) for name, _, value in parameters if (name or value) and not _tracks(name.lower()))
    query = "&".join(f"{name}={value}" if value else name for name, value in kept)
    return f"https://{host}{path.rstrip('/')}{query and '?'}{query}"


def with_utm(url: str, params: Mapping[str, str]) -> str:
    """`url` with `utm_<name>=<value>` for each of `params`; names may carry their `utm_` already.

    What the address has stays, fragment included; a parameter of the same name is replaced, never doubled. An
    address that is not http, and one without parameters to add, comes back as it is.
    """
    address, mark, fragment = url.partition("#")
    if not params or not address.lower().startswith(("http://", "https://")):
        return url
    ours = {name if name.startswith("utm_") else f"utm_{name}": value for name, value in params.items()}
    base, _, query = address.partition("?")
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in ours]
    added = [f"{quote_plus(name)}={quote_plus(value)}" for name, value in ours.items()]
    return f"{base}?{'&'.join(kept + added)}{mark}{fragment}"


def _split(text: str) -> tuple[str, str, str, str, str]:
    match = _PARTS.match(text)
    assert match is not None  # the pattern matches every string
    scheme, authority, path, query, fragment = (part or "" for part in match.groups())
    return scheme.lower(), authority, path, query, fragment


def _host(authority: str) -> str:
    """User information kept, host in lower case and ASCII without "www.", ports 80 and 443 dropped."""
    user, at, place = authority.rpartition("@")
    port = _PORT.search(place)
    name = place[: port.start()] if port else place
    number = port[1] if port else ""
    name = ".".join(_ascii_label(label) for label in _readable(name).split(".")).strip(".")
    while name.startswith("www.") and "." in name[4:]:
        name = name[4:]
    if not name:
        return ""
    return user + at + name + (f":{number}" if number not in ("", "80", "443") else "")


def _readable(name: str) -> str:
    """One form for letters of any width and case, and for the full stops that IDNA takes as dots."""
    same = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower()).replace("\u3002", ".")
    return _NOT_IN_HOSTS.sub("", same if name.startswith("[") else same.replace(":", ""))


def _ascii_label(label: str) -> str:
    # No DNS label is longer than 63 characters, and the codec is slow on long ones.
    if label.isascii() or len(label) > 63:
        return label
    return "xn--" + label.encode("punycode", "surrogatepass").decode("ascii")


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_FAMILIES)


def _alike(plain: str) -> Callable[[str], str]:
    """What leaves the characters of `plain` as they are and percent-encodes every other one, in UTF-8.

    An escape of a plain character is undone, but for "/", which divides where it is not escaped.
    """
    undone = frozenset(plain) - {"/"}

    def same(match: re.Match[str]) -> str:
        if match[1] is not None:
            character = chr(int(match[1], 16))
            return character if character in undone else f"%{match[1].upper()}"
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))

    return partial(re.compile(rf"%([0-9A-Fa-f]{{2}})|[^{re.escape(plain)}]").sub, same)


_path = _alike(_IN_PATH + "/")
_name = _alike(_IN_NAME)
_value = _alike(_IN_NAME + "=")
