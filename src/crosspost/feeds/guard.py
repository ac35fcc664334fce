"""Which addresses may be dialled. A feed's text must not make us ask a machine of our own network.

The list is our own: `ipaddress.is_global` of Python 3.11 passes 64:ff9b::/96, 2002::/16, fec0::/10 and multicast,
and `is_private` misses 100.64.0.0/10. The check stands where a socket is made, so it sees the very address that is
dialled: a name that changes between check and use, a literal, `localhost`, `0x7f.1` and a redirect all meet it.
"""

from __future__ import annotations

import socket
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver

# Sources: the IANA special-purpose registries for IPv4 and IPv6.
_DENIED_V4 = tuple(
    (IPv4Network(network), words)
    for network, words in (
        ("0.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's inner network"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "a network for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)

# In IPv6 only global unicast is public; what is denied within it, and words for what lies outside.
_PUBLIC_V6 = IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    (IPv6Network(network), words)
    for network, words in (
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a 6to4 address, which holds an IPv4 one"),
        ("3fff::/20", "an address for documentation"),
        ("::/127", "this machine"),
        ("::ffff:0:0/96", "an IPv4 address in disguise"),
        ("::/96", "an IPv4 address in disguise"),
        ("64:ff9b::/32", "an IPv4 address in disguise"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a multicast address"),
    )
)

KEPT_OPEN = 30  # seconds for which an unused connection is kept


class Denied(OSError):
    """An address that the guard did not let through; nothing was sent to it. `why` says what it is, in words."""

    def __init__(self, why: str) -> None:
        # One text for all: of several refusals with different texts the connector would keep only the texts.
        super().__init__("denied by the guard")
        self.why = why


def denial(address: str) -> str:
    """Why `address`, a literal IPv4 or IPv6 address, may not be dialled, in words; "" when it may."""
    try:
        number = IPv4Address(address)
    except AddressValueError:
        return _denial_v6(address)
    return next((words for network, words in _DENIED_V4 if number in network), "")


def _denial_v6(address: str) -> str:
    try:
        number = IPv6Address(address)
    except AddressValueError:
        return "no address at all"
    for network, words in _DENIED_V6:
        if number in network:
            return words
    return "" if number in _PUBLIC_V6 else "a reserved address"


def denial_of_host(host: str) -> str:
    """What can be said of a host without resolving it: literals and `localhost`; "" for any other name."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return "this machine"
    if ":" in host:
        return denial(host)
    try:
        # Every form that a resolver takes for a number: 127.1, 0x7f.1, 2130706433.
        return denial(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return ""


def open_socket(target: AddrInfoType) -> socket.socket:
    """Make the socket that will dial `target`; raises `Denied` when its address may not be dialled."""
    family, kind, protocol, _, place = target
    why = denial(str(place[0]))
    if why:
        raise Denied(why)
    return socket.socket(family, kind, protocol)


def connector(
    *, allow_private: bool, keeps: bool = True, resolver: AbstractResolver | None = None
) -> aiohttp.TCPConnector:
    """A connector that dials public addresses only, unless `allow_private`. Needs a running loop.

    A name that resolves to several addresses is dialled at its public ones. Unused connections stay open for
    `KEPT_OPEN`, or not at all unless it `keeps` them.
    """
    return aiohttp.TCPConnector(
        resolver=resolver,
        socket_factory=None if allow_private else open_socket,
        **({"keepalive_timeout": KEPT_OPEN} if keeps else {"force_close": True}),
        # One round over thousands of hosts must not open thousands of sockets at once.
        limit=200,
    )
