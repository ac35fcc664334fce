"""Fetching over real HTTP on loopback: what a fetch gives, and how it ends when the web misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import socket
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver

from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetcher
from tests.feeds.site import NOW, fetch, redirect, response, site

FEED = b"<rss><channel><title>News</title></channel></rss>"


def failure(answers, path="/feed", **options) -> FeedError:
    with pytest.raises(FeedError) as caught:
        fetch(answers, path, **options)
    return caught.value


# ---- what a good answer gives


def test_a_good_answer_brings_body_type_and_validators_verbatim():
    answer = response(
        FEED, Content_Type="application/rss+xml; charset=utf-8", ETag='W/"a b"', Last_Modified="Tue, 24 Nov 2026"
    )
    got = fetch({"/feed": answer})
    assert (got.status, got.body, got.unchanged) == (200, FEED, False)
    assert (got.content_type, got.etag, got.modified) == (
        "application/rss+xml; charset=utf-8",
        'W/"a b"',
        "Tue, 24 Nov 2026",
    )
    assert (got.moved_to, got.retry_at) == ("", None)


def test_validators_are_sent_as_they_came_and_a_304_keeps_them():
    async def run():
        async with (
            site({"/feed": b"HTTP/1.1 304 Not Modified\r\n\r\n"}) as here,
            Fetcher(allow_private=True, clock=lambda: NOW) as fetcher,
        ):
            got = await fetcher.get(here.address + "/feed", etag='W/"a b"', modified="yesterday, about noon")
            return got, here.asked[0][1]

    got, headers = asyncio.run(run())
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('W/"a b"', "yesterday, about noon")
    assert (got.unchanged, got.body, got.etag, got.modified) == (True, b"", 'W/"a b"', "yesterday, about noon")


def test_a_first_request_has_no_conditions_and_says_who_asks():
    async def run():
        async with site({"/feed": response(FEED)}) as here, Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
            await fetcher.get(here.address + "/feed")
            return here.asked[0][1]

    headers = asyncio.run(run())
    assert not {"if-none-match", "if-modified-since", "cookie", "authorization"} & set(headers)
    assert headers["user-agent"].startswith("crosspost/")
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"


def test_a_304_that_nobody_asked_for_is_an_error():
    assert "without having been asked" in str(failure({"/feed": b"HTTP/1.1 304 Not Modified\r\n\r\n"}))


def test_a_packed_body_comes_unpacked():
    assert fetch({"/feed": response(gzip.compress(FEED), Content_Encoding="gzip")}).body == FEED


def test_one_connection_serves_many_requests():
    async def run():
        async with site({"/feed": response(FEED)}) as here, Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
            for _ in range(5):
                await fetcher.get(here.address + "/feed")
            return here.connections, len(here.asked)

    assert asyncio.run(run()) == (1, 5)


def test_one_host_is_asked_a_few_at_a_time():
    open_now, most = 0, 0

    async def slow(writer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.02)
        open_now -= 1
        writer.write(response(FEED))
        await writer.drain()

    async def run():
        async with site({"/feed": slow}) as here, Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
            await asyncio.gather(*(fetcher.get(f"{here.address}/feed?{number}") for number in range(20)))

    asyncio.run(run())
    assert 2 <= most <= 4


def test_a_redirect_waits_for_its_turn_at_the_host_it_leads_to():
    open_now, most = 0, 0

    async def slow(writer):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.02)
        open_now -= 1
        writer.write(response(FEED))
        await writer.drain()

    async def run():
        async with site({"/feed": slow}) as there, Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
            moved = redirect(there.address + "/feed")
            async with site({"/feed": moved}) as one, site({"/feed": moved}) as two, site({"/feed": moved}) as three:
                sites = [one, two, three]
                await asyncio.gather(*(fetcher.get(f"{sites[n % 3].address}/feed?{n}") for n in range(24)))
            return len(there.asked)

    assert asyncio.run(run()) == 24
    assert 2 <= most <= 4


def test_the_deadline_covers_every_hop():
    async def slow(writer):
        await asyncio.sleep(0.15)
        writer.write(redirect("/feed"))
        await writer.drain()

    assert "within 0.4 seconds" in str(failure({"/feed": slow}, fetcher={"timeout": 0.4}))


def test_waiting_for_a_turn_is_not_counted(monkeypatch):
    monkeypatch.setattr("crosspost.feeds.fetch.AT_ONCE", 1)

    async def slow(writer):
        await asyncio.sleep(0.25)
        writer.write(response(FEED))
        await writer.drain()

    async def run():
        fetching = Fetcher(allow_private=True, timeout=1.2, clock=lambda: NOW)
        async with site({"/feed": slow}) as here, fetching as fetcher:
            return await asyncio.gather(*(fetcher.get(here.address + "/feed") for _ in range(6)))

    assert len(asyncio.run(run())) == 6


def test_a_round_over_many_hosts_leaves_few_connections_open(monkeypatch):
    monkeypatch.setattr("crosspost.feeds.fetch._KEPT_HOSTS", 3)

    async def run():
        async with site({"/feed": response(FEED)}) as here:
            port = here.address.rpartition(":")[2]
            names = Names(["127.0.0.1"])
            async with Fetcher(allow_private=True, clock=lambda: NOW, resolver=names) as fetcher:
                for _ in range(2):
                    for number in range(10):
                        await fetcher.get(f"http://host-{number}.example:{port}/feed")
            return here.connections, [headers.get("connection") for _, headers in here.asked]

    connections, asked = asyncio.run(run())
    assert connections == 3 + 2 * 7, "three are kept and serve again"
    assert asked.count("close") == 14


# ---- redirects


def test_redirects_are_followed_and_only_permanent_ones_are_told():
    answers = {"/feed": redirect("/b?x=1", "301 Moved"), "/b": redirect("c", "308 Moved"), "/c": response(FEED)}
    got = fetch(answers)
    assert got.body == FEED
    assert got.url.endswith("/c") and got.moved_to == got.url


def test_a_temporary_redirect_on_the_way_makes_the_move_temporary():
    answers = {"/feed": redirect("/b", "301 Moved"), "/b": redirect("/c", "302 Found"), "/c": response(FEED)}
    got = fetch(answers)
    assert got.url.endswith("/c") and got.moved_to == ""


def test_five_redirects_are_followed_and_six_are_too_many():
    chain = {f"/{number}": redirect(f"/{number + 1}") for number in range(6)} | {"/6": response(FEED)}
    assert fetch(chain, "/1").body == FEED
    assert "redirects more than 5 times" in str(failure(chain, "/0"))


def test_a_redirect_loop_ends():
    assert "redirects more than 5 times" in str(failure({"/feed": redirect("/feed")}))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "not an http"),
        ("ftp://site.example/feed", "not an http"),
        ("javascript:alert(1)", "not an http"),
        ("", "without saying where"),
        ("http://[bad/", "usable address"),
    ],
)
def test_a_redirect_to_nowhere_is_refused(target, words):
    assert words in str(failure({"/feed": redirect(target)}))


# ---- answers that are no use


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("204 No Content", "answers with nothing"),
        ("206 Partial Content", "brings no document"),
        ("401 Unauthorized", "wants a login"),
        ("403 Forbidden", "refuses access"),
        ("404 Not Found", "does not exist"),
        ("410 Gone", "gone for good"),
        ("418 Teapot", "brings no document"),
        ("429 Too Many Requests", "asks for a pause"),
        ("500 Oops", "trouble of its own"),
        ("503 Busy", "trouble of its own"),
    ],
)
def test_a_bad_status_is_told_in_words(status, words):
    error = failure({"/feed": response(b"" if status[:3] == "204" else b"no", status=status)})
    assert words in str(error) and status[:3] in str(error)
    assert error.retry_at is None


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Tue, 24 Nov 2026 14:30:00 +0200", timedelta(minutes=30)),
        ("99999999999", timedelta(days=1)),
        ("Tue, 24 Nov 2099 12:30:00 GMT", timedelta(days=1)),
        ("Tue, 24 Nov 2020 12:30:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_obeyed_within_bounds(status, value, wait):
    error = failure({"/feed": response(status=status, Retry_After=value)})
    assert error.retry_at == (NOW + wait if wait is not None else None)


def test_retry_after_on_another_error_is_not_a_pause():
    assert failure({"/feed": response(status="404 Not Found", Retry_After="60")}).retry_at is None


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"Cache_Control": "max-age=300"}, 300),
        ({"Cache_Control": "public, Max-Age = 300"}, 300),
        ({"Cache_Control": 'must-revalidate,max-age="60"'}, 60),
        ({"Cache_Control": "s-maxage=900"}, None),
        ({"Cache_Control": "s-maxage=900, max-age=60"}, 60),
        ({"Cache_Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache_Control": "max-age=300", "Age": "1000"}, 0),
        ({"Cache_Control": "max-age=300", "Age": "old"}, 300),
        ({"Cache_Control": "no-cache, max-age=300"}, None),
        ({"Cache_Control": "No-Store, max-age=300"}, None),
        ({"Cache_Control": "max-age=soon"}, None),
        ({"Cache_Control": "max-age=-1"}, None),
    ],
)
def test_an_answer_says_how_long_it_stays_fresh(headers, fresh):
    expected = None if fresh is None else timedelta(seconds=fresh)
    assert fetch({"/feed": response(FEED, **headers)}).max_age == expected
    unchanged = {"/feed": response(status="304 Not Modified", **headers)}
    assert fetch(unchanged, etag='"1"').max_age == expected


# ---- bodies that are too long, too slow or too short


def test_a_body_that_announces_too_much_is_refused_before_it_is_read():
    announced = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    assert "longer than 10 MB" in str(failure({"/feed": announced}))


def test_a_body_that_does_not_stop_is_cut_off_at_the_limit():
    sent = 0

    async def endless(writer):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            sent += 65536
            await writer.drain()

    assert "longer than 1 MB" in str(failure({"/feed": endless}, limit=1024 * 1024))
    assert sent < 20_000_000


def test_a_gzip_bomb_is_stopped_while_it_unpacks(monkeypatch):
    monkeypatch.setattr("crosspost.feeds.fetch.DECODED_LIMIT", 2 * 1024 * 1024)
    bomb = gzip.compress(b"\0" * 3_000_000)
    assert len(bomb) < 5000
    assert "unpacks to more than 2 MB" in str(failure({"/feed": response(bomb, Content_Encoding="gzip")}))


TRUNCATED = {
    "content-length": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>close-now",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nclose-now\r\n",
    "gzip": response(gzip.compress(FEED * 50)[:-20], Content_Encoding="gzip"),
    "headers": b"HTTP/1.1 200 OK\r\nContent-Le close-now",
    "status": b"HTTP/1.1 close-now\r\n",
}


@pytest.mark.parametrize("how", TRUNCATED)
def test_an_answer_that_breaks_off_is_refused(how):
    failure({"/feed": TRUNCATED[how]})


def test_an_unknown_encoding_is_refused():
    assert "unknown way (compress)" in str(failure({"/feed": response(b"x", Content_Encoding="compress")}))


async def drip_headers(writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Drip: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_body(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def say_nothing(writer):
    await asyncio.sleep(30)


@pytest.mark.parametrize("behaviour", [drip_headers, drip_body, say_nothing])
def test_one_deadline_ends_whatever_drips(behaviour):
    error = failure({"/feed": behaviour}, fetcher={"timeout": 0.3})
    assert "did not answer in full within 0.3 seconds" in str(error)


def test_redirects_do_not_renew_the_deadline():
    async def slow_redirect(writer):
        await asyncio.sleep(0.15)
        writer.write(redirect("/feed"))
        await writer.drain()

    assert "within 0.4 seconds" in str(failure({"/feed": slow_redirect}, fetcher={"timeout": 0.4}))


# ---- what a message may show


@pytest.mark.parametrize(
    "answer",
    [
        response(status="404 Not Found"),
        redirect("/feed?token=secret-token"),
        redirect("ftp://me:secret-token@site.example/?token=secret-token"),
        b"not http at all close-now\r\n\r\n",
        TRUNCATED["chunked"],
        TRUNCATED["gzip"],
        say_nothing,
    ],
)
def test_no_message_holds_a_query_or_a_password(answer):
    error = failure({"/feed": answer}, "/feed?token=secret-token", fetcher={"timeout": 0.3})
    chain = [error, error.__cause__, error.__context__]
    assert "secret-token" not in " ".join(map(repr, chain))
    assert "127.0.0.1" in str(error) and "/feed" in str(error)


@pytest.mark.parametrize(
    "url", ["ftp://site.example/x", "site.example/feed", "", "http://", "http://[::1", "http://a b/", "https://:80"]
)
def test_an_address_that_cannot_be_asked_is_told_so(url):
    async def run():
        async with Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
            await fetcher.get(url)

    with pytest.raises(FeedError):
        asyncio.run(run())


# ---- the guard


class Names(AbstractResolver):
    """A resolver that gives the next of its answers each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {"hostname": host, "host": address, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for address in addresses
        ]

    async def close(self):
        pass


def guarded(url: str, *answers: list[str], **options) -> str:
    async def run():
        async with Fetcher(allow_private=False, timeout=2, clock=lambda: NOW, resolver=Names(*answers)) as fetcher:
            await fetcher.get(url, **options)

    with pytest.raises(FeedError) as caught:
        asyncio.run(run())
    return str(caught.value)


@pytest.mark.parametrize(
    "literal", ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]"]
)
def test_a_literal_address_meets_the_guard(literal):
    assert "allow_private" in guarded(f"http://{literal}:9/feed?x=1", ["8.8.8.8"])


@pytest.mark.parametrize("literal", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"])
def test_an_odd_spelling_of_a_literal_is_not_dialled(literal):
    guarded(f"http://{literal}/feed", ["127.0.0.1"])


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["192.168.0.1", "169.254.0.1", "100.64.0.1"]]
)
def test_a_name_that_resolves_to_inner_addresses_meets_the_guard(addresses):
    assert "allow_private" in guarded("http://site.example/feed", addresses)


def test_a_name_that_changes_between_two_requests_meets_the_guard_when_it_is_dialled():
    async def run():
        names = Names(["127.0.0.1"], ["10.0.0.1"])
        async with site({"/feed": response(FEED)}) as here:
            port = here.address.rpartition(":")[2]
            async with Fetcher(allow_private=False, timeout=2, clock=lambda: NOW, resolver=names) as fetcher:
                for _ in range(2):
                    with pytest.raises(FeedError, match="allow_private"):
                        await fetcher.get(f"http://site.example:{port}/feed")
            return here.connections

    assert asyncio.run(run()) == 0


def test_a_redirect_meets_the_guard(monkeypatch):
    """The first hop is let through as a public host would be; the second names an inner address."""
    from crosspost.feeds import guard

    strict = guard.denial
    monkeypatch.setattr(guard, "denial", lambda address: "" if address == "127.0.0.1" else strict(address))

    async def run():
        inner = redirect("http://169.254.169.254/latest/meta-data?token=secret-token")
        fetching = Fetcher(allow_private=False, timeout=2, clock=lambda: NOW)
        async with site({"/feed": inner}) as here, fetching as fetcher:
            await fetcher.get(here.address + "/feed")

    with pytest.raises(FeedError, match="link-local address, which is not allowed") as caught:
        asyncio.run(run())
    assert "secret-token" not in str(caught.value)


def test_a_proxy_may_be_near_and_the_guard_still_sees_literal_targets():
    async def run():
        async with site({"http://site.example/feed": response(FEED)}) as proxy:
            async with Fetcher(allow_private=False, timeout=2, clock=lambda: NOW) as fetcher:
                got = await fetcher.get("http://site.example/feed", proxy=proxy.address)
                for inner in (
                    "http://127.0.0.1/feed",
                    "http://localhost/feed",
                    "http://0x7f.1/feed",
                    "http://[::1]/feed",
                ):
                    with pytest.raises(FeedError, match="allow_private"):
                        await fetcher.get(inner, proxy=proxy.address)
            return got.body, len(proxy.asked)

    assert asyncio.run(run()) == (FEED, 1)


def test_a_proxy_that_is_not_there_is_named_as_the_cause():
    assert "proxy" in str(failure({"/feed": response(FEED)}, proxy="http://127.0.0.1:9"))


def test_a_port_where_nobody_listens_is_told_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"

        async def run():
            async with Fetcher(allow_private=True, clock=lambda: NOW) as fetcher:
                await fetcher.get(url)

        with pytest.raises(FeedError, match="accepts no connection"):
            asyncio.run(run())
