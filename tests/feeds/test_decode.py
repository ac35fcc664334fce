"""Content-Encoding, undone in bounded pieces."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crosspost.feeds import decode


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstandard.ZstdCompressor().compress,
}
TEXT = b"".join(f"<item>Article {number}</item>\n".encode() for number in range(2000))


def unpack(encoding: str, pieces: list[bytes]) -> bytes:
    chain = decode.decoders(encoding)
    unpacked = b"".join(piece for data in pieces for piece in decode.undo(chain, data))
    for decoder in chain:
        decoder.close()
    return unpacked


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("step", [1, 7, 1000, 1_000_000])
def test_what_was_packed_comes_out_whatever_the_pieces(encoding, step):
    packed = PACKERS[encoding](TEXT)
    assert unpack(encoding, [packed[start : start + step] for start in range(0, len(packed), step)]) == TEXT


@given(data=st.binary(max_size=3000), encoding=st.sampled_from(sorted(PACKERS)), cut=st.integers(0, 3000))
def test_any_bytes_survive(data, encoding, cut):
    packed = PACKERS[encoding](data)
    assert unpack(encoding, [packed[:cut], packed[cut:]]) == data


def test_deflate_without_its_wrapping_is_read_too():
    assert unpack("deflate", [bare_deflate(TEXT)]) == TEXT


@pytest.mark.parametrize("encoding", ["", "identity", "Identity , "])
def test_no_encoding_leaves_the_body_as_it_is(encoding):
    assert unpack(encoding, [b"abc", b"def"]) == b"abcdef"


def test_two_encodings_are_undone_from_the_outside():
    assert unpack("deflate, gzip", [gzip.compress(zlib.compress(TEXT))]) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_several_members_in_a_row_are_one_body(encoding):
    pack = PACKERS[encoding]
    assert unpack(encoding, [pack(b"one ") + pack(b"two")]) == b"one two"


def test_padding_behind_gzip_is_left_alone():
    assert unpack("gzip", [gzip.compress(b"text") + b"\0" * 100]) == b"text"


@pytest.mark.parametrize("encoding", PACKERS)
def test_an_empty_body_is_empty_in_every_encoding(encoding):
    assert unpack(encoding, [b""]) == b""


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("missing", [1, 4, 30])
def test_a_body_that_ends_early_is_broken(encoding, missing):
    with pytest.raises(decode.Broken):
        unpack(encoding, [PACKERS[encoding](TEXT)[:-missing]])


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_body_that_is_not_what_it_says_is_broken(encoding):
    with pytest.raises(decode.Broken):
        unpack(encoding, [b"<?xml version='1.0'?><rss>" + random.Random(1).randbytes(300)])


@pytest.mark.parametrize("encoding", ["compress", "gzip, rot13", "gzip, gzip, gzip"])
def test_an_encoding_we_do_not_know_is_refused(encoding):
    with pytest.raises(decode.Broken):
        decode.decoders(encoding)


@pytest.mark.parametrize(("encoding", "most"), [("gzip", 1), ("deflate", 1), ("br", 2), ("zstd", 9)])
def test_a_bomb_comes_out_in_pieces_one_can_stop_at(encoding, most):
    packed = PACKERS[encoding](b"\0" * 12_000_000)
    sizes = [len(piece) for piece in decode.undo(decode.decoders(encoding), packed)]
    assert sum(sizes) == 12_000_000
    assert max(sizes) <= most * 1024 * 1024
