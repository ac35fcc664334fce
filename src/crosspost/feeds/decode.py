"""Content-Encoding undone as a stream, in bounded pieces: two megabytes of gzip can hold two gigabytes.

A `Decoder` takes the body in pieces of any size and gives pieces of bounded size; `close` says whether the body was
whole. Whatever a codec raises comes out as `Broken`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

PIECE = 256 * 1024  # bytes a decoder gives at once, about
# A zstd block of 4 bytes can hold 128 KiB, and the library has no limit on its output: 256 bytes of input hold 8 MiB.
_ZSTD_SLICE = 256
_ZSTD_WINDOW = 8 * 1024 * 1024  # bytes; RFC 8878, 3.1.1.1.2, asks no decoder for more
ACCEPTED = "gzip, deflate, br, zstd"


class Broken(Exception):
    """The body is not what its Content-Encoding says, or ends before its end. The message goes after "the answer"."""


class Decoder(Protocol):
    """One encoding undone. Both verbs raise `Broken`."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decodes to, in pieces."""

    def close(self) -> None:
        """Say that the body has ended here."""


def decoders(content_encoding: str) -> list[Decoder]:
    """The decoders that undo a Content-Encoding header, the outermost first. Raises `Broken` for an unknown one."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    wanted = [name for name in names if name not in ("", "identity")]
    if len(wanted) > 2:
        raise Broken("is encoded more than twice over")
    unknown = [name for name in wanted if name not in _DECODERS]
    if unknown:
        raise Broken(f"is encoded in an unknown way ({unknown[0][:20]})")
    return [_DECODERS[name]() for name in reversed(wanted)]


def undo(chain: Sequence[Decoder], data: bytes) -> Iterator[bytes]:
    """`data` through all of `chain`, in bounded pieces."""
    if not chain:
        yield data
        return
    for piece in chain[0].feed(data):
        yield from undo(chain[1:], piece)


class _Gzip:
    """gzip, also of several members in a row; what follows the last member is padding and left alone."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._member.eof:
                if not data.startswith(b"\x1f"):
                    return
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self._begun = True
            yield from _inflate(self._member, data, "gzip")
            data = self._member.unused_data

    def close(self) -> None:
        if self._begun and not self._member.eof:
            raise Broken("ends in the middle of its gzip stream")


class _Deflate:
    """deflate: a zlib stream as RFC 9110, 8.4.1.2 says, or bare as some servers send it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not data:
            return
        if self._stream is None:
            # The low half of a zlib stream's first byte is 8; a bare stream that begins so is not made in practice.
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        if not self._stream.eof:
            yield from _inflate(self._stream, data, "deflate")

    def close(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise Broken("ends in the middle of its deflate stream")


def _inflate(stream: zlib._Decompress, data: bytes, name: str) -> Iterator[bytes]:
    piece = b""
    # A full piece may leave output behind even when all input is taken.
    while data or len(piece) == PIECE:
        try:
            piece = stream.decompress(data, PIECE)
        except zlib.error:
            raise Broken(f"is not the {name} stream it claims to be") from None
        if piece:
            yield piece
        data = stream.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]

        self._stream = brotli.Decompressor()
        self._error = brotli.error
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        # A piece that is empty is the only sure sign that no output is left behind.
        piece = data
        while piece:
            try:
                piece = self._stream.process(data, output_buffer_limit=PIECE)
            except self._error:
                raise Broken("is not the br stream it claims to be") from None
            data = b""
            if piece:
                yield piece

    def close(self) -> None:
        if self._begun and not self._stream.is_finished():
            raise Broken("ends in the middle of its br stream")


class _Zstd:
    """zstd, also of several frames in a row (RFC 8878, 3.1)."""

    def __init__(self) -> None:
        import zstandard

        self._begin = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj
        self._error = zstandard.ZstdError
        self._frame = self._begin()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            yield from self._slice(data[start : start + _ZSTD_SLICE])

    def _slice(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._frame.eof:
                self._frame = self._begin()
            self._begun = True
            try:
                piece = self._frame.decompress(data)
            except self._error:
                raise Broken("is not the zstd stream it claims to be") from None
            if piece:
                yield piece
            data = self._frame.unused_data if self._frame.eof else b""

    def close(self) -> None:
        if self._begun and not self._frame.eof:
            raise Broken("ends in the middle of its zstd stream")


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
