"""Which addresses may be dialled."""

from __future__ import annotations

import socket

import pytest

from crosspost.feeds import guard

DENIED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:db8::1 2001:10::1 2002:7f00:1:: 2002:808:808:: 3fff::1 4000::1 5f00::1
    fc00::1 fd12:3456::1 fe80::1 fe80::1%lo febf::1 fec0::1 feff::1 ff02::1 ff0e::1
"""

ALLOWED = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
    2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a00:1450::1
"""


@pytest.mark.parametrize("address", DENIED.split())
def test_an_address_that_is_not_public_is_denied_with_a_reason(address):
    assert guard.denial(address)


@pytest.mark.parametrize("address", ALLOWED.split())
def test_a_public_address_is_let_through(address):
    assert guard.denial(address) == ""


@pytest.mark.parametrize("nonsense", ["", "site.example", "127.1", "0x7f000001", "1.2.3.4.5", ":::", "1.2.3.4%eth0"])
def test_what_is_no_address_is_denied(nonsense):
    assert guard.denial(nonsense)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "a.localhost", "127.1", "0x7f.1", "2130706433", "017700000001", "0", "::1", "10.0.0.1"],
)
def test_a_host_that_needs_no_resolving_is_judged_by_its_name(host):
    assert guard.denial_of_host(host)


@pytest.mark.parametrize("host", ["site.example", "8.8.8.8", "localhost.example", "2606:4700::1111"])
def test_other_hosts_are_left_to_the_resolver(host):
    assert guard.denial_of_host(host) == ""


def test_no_socket_is_made_for_a_denied_address():
    with pytest.raises(guard.Denied) as denied:
        guard.open_socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("192.168.1.1", 80)))
    assert denied.value.why == "a private network"


def test_a_socket_is_made_for_a_public_address():
    with guard.open_socket((socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("8.8.8.8", 80))) as made:
        assert made.family == socket.AF_INET
