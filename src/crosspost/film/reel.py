"""Pictures as a film has them, and frames -> MP4. Pure: the same frames give the same bytes.

A film's colours are brightness and two differences of colour (BT.709, 4:2:0), each a plane of its own. Frames are put
together in them, since that is half the work of doing it in red, green and blue and converting each.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from typing import Final

import av
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image as pillow

from crosspost.colours import Colour

SIZE: Final = (1080, 1920)  # pixels
RATE: Final = 30  # frames a second
_TONE, _GRAIN = 48_000, 1024  # samples a second, and in a frame of AAC
_BT709 = 1  # in the tables of ITU-T H.273, for primaries, curve and matrix alike

Planes = tuple[pillow.Image, pillow.Image, pillow.Image]

# superfast: half the time of veryfast for a file three times as large, which is still small for an upload that YouTube
# encodes anew anyway. One thread, so that the bytes are the same on every machine. A whole picture each two seconds,
# from which all that follows can be decoded (closed groups).
_X264 = {
    "preset": "superfast",
    "profile": "high",
    "crf": "19",
    "x264-params": "keyint=60:open-gop=0:bframes=2:rc-lookahead=20:threads=1:lookahead-threads=1",
}


def planes(picture: pillow.Image) -> Planes:
    """An RGB picture of even width and height as a film has it."""
    frame = av.VideoFrame.from_image(picture).reformat(  # type: ignore[no-untyped-call]
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    sizes = (picture.size, _halved(picture.size), _halved(picture.size))
    bright, blue, red = (
        pillow.frombytes("L", size, bytes(plane), "raw", "L", plane.line_size, 1)
        for size, plane in zip(sizes, frame.planes, strict=True)
    )
    return bright, blue, red


def tone(colour: Colour) -> tuple[int, int, int]:
    """A colour's brightness and its differences, as in `planes`."""
    red, green, blue = (channel / 255 for channel in colour)
    bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        round(16 + 219 * bright),
        round(128 + 224 * (blue - bright) / 1.8556),
        round(128 + 224 * (red - bright) / 1.5748),
    )


def still(frame: Planes) -> pillow.Image:
    """A frame as an RGB picture."""
    shown: pillow.Image = _framed(frame, 0).to_image()  # type: ignore[no-untyped-call]
    return shown


def encoded(frames: Iterable[Planes], count: int) -> bytes:
    """An MP4 of these frames, `count` of them, and a silent stereo track of the same length."""
    out = BytesIO()
    samples = count * _TONE // RATE
    # The index goes in front, so that a player can begin before it has all. FFmpeg's "faststart" wants a file to read
    # again; room kept for the index does it in one go. Twice what it takes.
    room = 8192 + 40 * (count + samples // _GRAIN)
    with av.open(out, "w", format="mp4", options={"moov_size": str(room), "fflags": "+bitexact"}) as film:
        video = film.add_stream("libx264", rate=RATE, options=_X264)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        context = video.codec_context
        context.thread_count = 1
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries, context.color_trc = _BT709, _BT709
        sound = film.add_stream("aac", rate=_TONE, layout="stereo", options={"flags": "+bitexact"})
        sent = 0
        for number, frame in enumerate(frames):
            film.mux(video.encode(_framed(frame, number)))
            while sent < (number + 1) * samples // count:
                length = min(_GRAIN, samples - sent)
                film.mux(sound.encode(_silence(sent, length)))
                sent += length
        film.mux(video.encode(None))
        film.mux(sound.encode(None))
    return out.getvalue()


def _framed(frame: Planes, number: int) -> av.VideoFrame:
    framed = av.VideoFrame(*SIZE, "yuv420p")
    for plane, picture in zip(framed.planes, frame, strict=True):
        plane.update(picture.tobytes("raw", "L", plane.line_size, 1))
    framed.pts, framed.time_base = number, Fraction(1, RATE)
    framed.colorspace, framed.color_range = Colorspace.ITU709, ColorRange.MPEG
    return framed


def _silence(at: int, length: int) -> av.AudioFrame:
    silence = av.AudioFrame("fltp", "stereo", length)
    for plane in silence.planes:
        plane.update(bytes(plane.buffer_size))
    silence.sample_rate, silence.pts, silence.time_base = _TONE, at, Fraction(1, _TONE)
    return silence


def _halved(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] // 2, size[1] // 2
