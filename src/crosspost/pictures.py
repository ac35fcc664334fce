"""Pictures as platforms take them: bytes in, an `Image` within the limits out. Pure; nothing is fetched here.

    bytes -> really a picture? -> fits as it is: the very bytes
                               -> else decoded, upright, sRGB, bare -> framed, encoded, smaller until it fits

Decisions:
- A picture is never cut. One too wide or too high for the platform's ratio is set on white (padded): a crop
  can change what a news picture says, and a refusal would lose it over a shape.
- Only a GIF keeps its movement, and only as it is. Any other moving picture, and a GIF that does not fit,
  goes out as its first frame.
- Metadata goes, since it can name a place, a device and a person. A colour profile names none: it stays in a
  picture passed through, and is worked into the colours of one that is encoded anew.
- JPEG is taken by every platform, so it is what everything can become.
- What a hostile picture could cost is bounded before it is decoded: pixels, the passes over them, and how many large
  ones are in the memory at a time.
"""

from __future__ import annotations

import math
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from typing import Final

from PIL import Image as pillow
from PIL import ImageCms, ImageOps
from PIL.ImageFile import ImageFile

from crosspost.errors import CrosspostError
from crosspost.platforms import PictureLimits
from crosspost.post import Image


class UnusablePicture(CrosspostError):
    """These bytes cannot become a picture for this platform; the post goes out without them."""


MEGAPIXELS: Final = 50  # more is refused by the header alone, before it can fill the memory
SMALLEST: Final = 32  # pixels; less in one direction is a tracking dot or a spacer, not a picture
LONGEST: Final = 4096  # pixels; what is encoded anew needs no longer side on any platform
_SCANS = 100  # passes over a JPEG; cameras make about ten, and each one more costs as much as a whole picture
_LARGE = 8_000_000  # pixels; such pictures take up to 1 GB each, so they are decoded one after the other

# Named so that nothing else that Pillow knows (PostScript runs a program) is ever tried.
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
_JPEGS = frozenset({"JPEG", "MPO"})
_PASSING = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_PLAIN_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_QUALITIES = (90, 82, 74, 66)
_STEP = 0.85

# What Pillow's decoders raise on broken or hostile bytes; they promise no single class.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
# Pillow warns at 89 megapixels and raises at twice that; ours is the lower limit, and speaks for both.
warnings.filterwarnings("ignore", category=pillow.DecompressionBombWarning)


_one_large_at_a_time = threading.Lock()


def fit(data: bytes, limits: PictureLimits, alt: str = "") -> Image:
    """The picture in `data` as the platform takes it: within its limits, upright, without metadata.

    The bytes stay as they are where they fit already. Raises `UnusablePicture`.
    """
    with _opened(data) as opened:
        return _as_served(opened, data, limits, alt) or _made_anew(opened, limits, alt)


def decoded(data: bytes) -> pillow.Image:
    """The picture in `data` for drawing: upright, on white where something would show through, sRGB, at most `LONGEST`.

    Raises `UnusablePicture`.
    """
    with _opened(data) as opened:
        if opened.format in _JPEGS:
            opened.draft(None, (LONGEST, LONGEST))
        return _on_white(_plain(opened))


@contextmanager
def _opened(data: bytes) -> Iterator[ImageFile]:
    """The picture in `data`, not decoded yet, and its turn to be. What goes wrong with it is an `UnusablePicture`."""
    try:
        with pillow.open(BytesIO(data), formats=_FORMATS) as opened:
            _refuse_hopeless(opened, data)
            with _one_large_at_a_time if math.prod(opened.size) > _LARGE else nullcontext():
                yield opened
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as error:
        raise UnusablePicture(
            f"A picture far over the limit of {MEGAPIXELS} megapixels is not opened, so it is left out."
        ) from error
    except _BROKEN as error:
        raise UnusablePicture(f"These {len(data)} bytes cannot be read as a picture, so it is left out.") from error


def measured(data: bytes) -> tuple[int, int]:
    """Width and height of a picture by its header, in pixels; (0, 0) for what `fit` would refuse at first sight."""
    try:
        with pillow.open(BytesIO(data), formats=_FORMATS) as opened:
            _refuse_hopeless(opened, data)
            return opened.size
    except (*_BROKEN, pillow.DecompressionBombError, UnusablePicture):
        return 0, 0


def _refuse_hopeless(opened: ImageFile, data: bytes) -> None:
    width, height = opened.size
    shown = f"A picture of {width} x {height} pixels"
    if width * height > MEGAPIXELS * 1_000_000:
        raise UnusablePicture(f"{shown} is over the limit of {MEGAPIXELS} megapixels, so it is left out.")
    if min(width, height) < SMALLEST:
        raise UnusablePicture(f"{shown} is too small to be more than a dot, so it is left out.")
    if opened.format in _JPEGS and data.count(b"\xff\xda") > _SCANS:
        raise UnusablePicture(f"A JPEG in more than {_SCANS} passes is made to waste time, so it is left out.")


def _as_served(opened: ImageFile, data: bytes, limits: PictureLimits, alt: str) -> Image | None:
    """The picture in the bytes it came in, or None when they must change; decodes it, to see that it is whole."""
    size = opened.size
    if opened.format in _JPEGS:
        opened.draft(None, (LONGEST, LONGEST))  # decodes huge ones at a half, a quarter or an eighth
    media_type = _PASSING.get(opened.format or "")
    if media_type not in limits.types or media_type is None:
        return None
    opened.load()
    if opened.format == "GIF":
        data = _gif_without_remarks(data)
    elif _tells_more(opened) or getattr(opened, "is_animated", False) or _is_deep_png(data):
        return None
    if opened.mode not in _PLAIN_MODES or len(data) > limits.bytes or not _shape_fits(size, limits):
        return None
    return Image(data, media_type, *size, alt)


def _is_deep_png(data: bytes) -> bool:
    """Whether this is a PNG of 16 bits a channel, which Pillow shows as one of 8: few apps need it, and some fail."""
    return data.startswith(b"\x89PNG") and data[24] == 16


def _shape_fits(size: tuple[int, int], limits: PictureLimits) -> bool:
    return size == _frame(size, limits) and (limits.sides is None or sum(size) <= limits.sides)


def _frame(size: tuple[int, int], limits: PictureLimits) -> tuple[int, int]:
    """The smallest size that holds `size` and keeps to the platform's ratio."""
    width, height = size
    if limits.ratio is None:
        return size
    narrowest, widest = limits.ratio
    if width / height > widest:
        return width, math.ceil(width / widest)
    if width / height < narrowest:
        return math.ceil(height * narrowest), height
    return size


# What says how to show a picture, and nothing about who made it, where and with what.
_HOW_TO_SHOW = frozenset(
    {
        *("adobe", "adobe_transform", "jfif", "jfif_density", "jfif_unit", "jfif_version"),
        *("progression", "progressive", "interlace", "version", "extension", "dpi", "aspect"),
        *("chromaticity", "gamma", "icc_profile", "srgb", "transparency", "background"),
        *("bbox", "blend", "default_image", "disposal", "duration", "loop", "timestamp"),
    }
)
_JPEG_SEGMENTS = frozenset({"APP0", "APP2", "APP14"})  # JFIF, colour profile, Adobe's colour transform


def _tells_more(opened: ImageFile) -> bool:
    """Whether the file carries anything besides the picture: EXIF (so rotation too), XMP, IPTC, comments."""
    segments = {name for name, _ in getattr(opened, "applist", ())}
    private = getattr(opened, "private_chunks", ())
    return bool(opened.info.keys() - _HOW_TO_SHOW or segments - _JPEG_SEGMENTS or private)


def _made_anew(opened: ImageFile, limits: PictureLimits, alt: str) -> Image:
    keeps_png = opened.format in {"PNG", "GIF"} and "image/png" in limits.types
    picture = _plain(opened)
    for size in _sizes(picture.size):
        frame = _frame(size, limits)
        if limits.sides is not None and sum(frame) > limits.sides:
            continue
        shown = _set_in(frame, picture if size == picture.size else picture.resize(size, pillow.Resampling.LANCZOS))
        for media_type, data in _encodings(shown, png=keeps_png):
            if len(data) <= limits.bytes:
                return Image(data, media_type, *frame, alt)
    raise UnusablePicture(f"The picture cannot be brought under {limits.bytes} bytes, so it is left out.")


def _plain(opened: ImageFile) -> pillow.Image:
    """Upright, at most `LONGEST`, sRGB of 8 bits, bare; RGBA only where something may show through."""
    picture: pillow.Image = ImageOps.exif_transpose(opened)
    if picture.mode == "P":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    elif picture.mode.startswith(("I", "F")):
        picture = _eight_bits(picture)
    picture.thumbnail((LONGEST, LONGEST), pillow.Resampling.LANCZOS)
    picture = _srgb(picture)
    picture.info.clear()
    return picture


def _eight_bits(picture: pillow.Image) -> pillow.Image:
    """Greys of 16 or 32 bits brought to 8; Pillow by itself would cut off everything above 255."""
    deep = picture.convert("F")
    _, brightest = deep.getextrema()
    top = 65535.0 if picture.mode.startswith("I;16") else float(brightest) or 1.0  # type: ignore[arg-type]
    return deep.point(lambda value: value * (255 / top) + 0).convert("L")


def _srgb(picture: pillow.Image) -> pillow.Image:
    target = "RGBA" if picture.has_transparency_data else "RGB"
    bare = picture.convert(target)
    profile = picture.info.get("icc_profile")
    if not profile:
        return bare
    source = picture if picture.mode == "CMYK" else bare
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(source, BytesIO(profile), srgb, outputMode=target) or bare
    except ImageCms.PyCMSError:
        # A broken profile, or one for other colours than the picture's: the bare colours are what there is.
        return bare


def _sizes(size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """`size` and ever smaller ones of its shape, down to `SMALLEST`."""
    width, height = size
    scale = 1.0
    while min(width, height) * scale >= SMALLEST or scale == 1.0:
        yield round(width * scale), round(height * scale)
        scale *= _STEP


def _set_in(frame: tuple[int, int], picture: pillow.Image) -> pillow.Image:
    if picture.size == frame:
        return picture
    canvas = pillow.new("RGB", frame, "white")
    corner = ((frame[0] - picture.width) // 2, (frame[1] - picture.height) // 2)
    canvas.paste(picture, corner, picture if picture.mode == "RGBA" else None)
    return canvas


def _encodings(picture: pillow.Image, *, png: bool) -> Iterator[tuple[str, bytes]]:
    """The picture in each encoding worth trying, best first, each made only when asked for."""
    if png:
        yield "image/png", _saved(picture, "PNG")
    opaque = _on_white(picture)
    for quality in _QUALITIES:
        yield "image/jpeg", _saved(opaque, "JPEG", quality=quality, optimize=True)


def _on_white(picture: pillow.Image) -> pillow.Image:
    if picture.mode != "RGBA":
        return picture
    white = pillow.new("RGBA", picture.size, "white")
    return pillow.alpha_composite(white, picture).convert("RGB")


def _saved(picture: pillow.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


_LOOPING = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # the application blocks that say how often a GIF repeats


def _gif_without_remarks(data: bytes) -> bytes:
    """The GIF without comments, plain text and application blocks (XMP among them); frames untouched.

    Structure by the GIF89a specification. Raises IndexError where it ends in the middle of a block.
    """
    at = 13 + _colour_table(data[10])
    kept = [data[:at]]
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x21:
            end = _blocks_end(data, at + 2)
            label = data[at + 1]
            if label == 0xF9 or (label == 0xFF and data[at + 3 : at + 14] in _LOOPING):
                kept.append(data[at:end])
        elif data[at] == 0x2C:
            end = _blocks_end(data, at + 11 + _colour_table(data[at + 9]))
            kept.append(data[at:end])
        else:
            raise ValueError(f"no GIF block begins with byte {data[at]:#04x}")
        at = end
    return b"".join(kept) + b"\x3b"


def _colour_table(flags: int) -> int:
    """The bytes that a colour table takes by its flags; 0 when there is none."""
    return 3 << ((flags & 0x07) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """Where a chain of length-prefixed blocks ends, past its closing zero."""
    while data[at]:
        at += data[at] + 1
    return at + 1
