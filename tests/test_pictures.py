"""Any picture becomes one that the platform takes, or one sentence says why it cannot. Drawn here with Pillow."""

from __future__ import annotations

import random
import re
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, ImageCms, ImageDraw, PngImagePlugin
from PIL import Image as pillow

from crosspost import pictures
from crosspost.pictures import LONGEST, UnusablePicture, fit, measured
from crosspost.platforms import LIMITS, PictureLimits

STILL = frozenset({"image/jpeg", "image/png"})
ROOMY = PictureLimits(count=4, bytes=5_000_000, types=STILL)
ALL_TYPES = PictureLimits(count=4, bytes=5_000_000, types=STILL | {"image/gif", "image/webp"})


def drawn(mode="RGB", size=(120, 80)):
    """A red left half and a blue right half, with a white bar along the top."""
    picture = pillow.new("RGB", size, "blue")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    draw.rectangle((0, 0, size[0], size[1] // 8), fill="white")
    return picture.convert(mode)


def png(*chunks):
    """A PNG of these chunks, with their lengths and check sums."""
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def noise(size):
    return pillow.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))


def saved(picture, form, **options):
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(image):
    picture = pillow.open(BytesIO(image.data))
    picture.load()
    assert picture.size == (image.width, image.height)
    assert image.media_type == pillow.MIME[picture.format]
    return picture


def near(colour, wanted, tolerance=12):
    return all(abs(one - other) <= tolerance for one, other in zip(colour[:3], wanted, strict=True))


def exif(**tags):
    data = pillow.Exif()
    for name, value in tags.items():
        data[ExifTags.Base[name]] = value
    return data.tobytes()


# --- what fits stays as it is


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_that_fits_keeps_its_very_bytes(form):
    data = saved(drawn(), form)
    image = fit(data, ALL_TYPES, alt="Half red, half blue")
    assert image.data == data
    assert image.alt == "Half red, half blue"
    opened(image)


def test_a_colour_profile_alone_is_no_reason_to_change_a_picture():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(drawn(), "JPEG", icc_profile=profile)
    assert fit(data, ROOMY).data == data


# --- metadata and rotation


def png_text():
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Author", "somebody")
    return text


TELLING = {
    "exif in a jpeg": lambda: saved(drawn(), "JPEG", exif=exif(Make="a camera")),
    "xmp in a jpeg": lambda: saved(drawn(), "JPEG", xmp=b"<x:xmpmeta>somebody</x:xmpmeta>"),
    "comment in a jpeg": lambda: saved(drawn(), "JPEG", comment=b"somebody"),
    "text in a png": lambda: saved(drawn(), "PNG", pnginfo=png_text()),
    "exif in a png": lambda: saved(drawn(), "PNG", exif=exif(Make="a camera")),
    "exif in a webp": lambda: saved(drawn(), "WEBP", exif=exif(Make="a camera")),
    "comment in a gif": lambda: saved(drawn("P"), "GIF", comment=b"somebody"),
}


@pytest.mark.parametrize("case", TELLING)
def test_nothing_about_who_made_it_is_left(case):
    data = TELLING[case]()
    assert b"somebody" in data or b"a camera" in data
    image = fit(data, ALL_TYPES)
    assert b"somebody" not in image.data
    assert b"a camera" not in image.data
    assert near(opened(image).convert("RGB").getpixel((20, 60)), (255, 0, 0))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_stands_upright(orientation):
    undo = {
        2: pillow.Transpose.FLIP_LEFT_RIGHT,
        3: pillow.Transpose.ROTATE_180,
        4: pillow.Transpose.FLIP_TOP_BOTTOM,
        5: pillow.Transpose.TRANSPOSE,
        6: pillow.Transpose.ROTATE_90,
        7: pillow.Transpose.TRANSVERSE,
        8: pillow.Transpose.ROTATE_270,
    }
    stored = drawn().transpose(undo[orientation]) if orientation in undo else drawn()
    picture = opened(fit(saved(stored, "JPEG", exif=exif(Orientation=orientation), quality=95), ROOMY))
    assert picture.size == (120, 80)
    assert near(picture.getpixel((60, 3)), (255, 255, 255), 40)
    assert near(picture.getpixel((20, 60)), (255, 0, 0))
    assert near(picture.getpixel((100, 60)), (0, 0, 255))


# --- types and colours


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "BMP", "TIFF"])
def test_a_type_the_platform_does_not_take_becomes_jpeg(form):
    image = fit(saved(drawn(), form), ROOMY)
    assert image.media_type == "image/jpeg"
    assert near(opened(image).getpixel((20, 60)), (255, 0, 0))


def test_what_shows_through_becomes_white():
    clear = pillow.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert near(opened(fit(saved(clear, "WEBP"), ROOMY)).getpixel((30, 30)), (255, 255, 255))


def test_a_transparent_png_stays_transparent_where_png_is_taken():
    clear = pillow.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture = opened(fit(saved(clear, "PNG", exif=exif(Make="a camera")), ROOMY))
    assert (picture.format, picture.getpixel((30, 30))[3]) == ("PNG", 0)


def test_cmyk_becomes_rgb():
    picture = opened(fit(saved(drawn("CMYK"), "JPEG"), ROOMY))
    assert picture.mode == "RGB"
    assert near(picture.getpixel((20, 60)), (255, 0, 0))


def test_greys_of_sixteen_bits_keep_their_shades():
    deep = pillow.new("I;16", (64, 64), 32768)
    picture = opened(fit(saved(deep, "PNG"), ROOMY)).convert("L")
    assert abs(picture.getpixel((30, 30)) - 128) <= 2


def deep_png(colour):
    """A PNG of 16 bits a channel, which Pillow reads and does not write."""
    row = b"\0" + struct.pack(">HHH", *(value * 257 for value in colour)) * 64
    header = struct.pack(">IIBBBBB", 64, 64, 16, 2, 0, 0, 0)
    return png((b"IHDR", header), (b"IDAT", zlib.compress(row * 64)), (b"IEND", b""))


def test_colours_of_sixteen_bits_become_eight():
    image = fit(deep_png((200, 100, 50)), ALL_TYPES)
    assert image.data[24] == 8
    assert near(opened(image).getpixel((30, 30)), (200, 100, 50), 2)


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(saved(drawn("CMYK"), "TIFF"), id="cmyk tiff"),
        pytest.param(saved(drawn("CMYK"), "JPEG"), id="cmyk jpeg"),
        pytest.param(saved(drawn("RGBA"), "PNG"), id="rgba png"),
        pytest.param(saved(drawn("RGBA"), "WEBP"), id="rgba webp"),
        pytest.param(saved(drawn("RGBA"), "AVIF"), id="rgba avif"),
        pytest.param(saved(drawn("P"), "PNG"), id="palette png"),
        pytest.param(saved(drawn("RGB"), "BMP"), id="bmp"),
        pytest.param(
            saved(drawn(), "AVIF", save_all=True, append_images=[pillow.new("RGB", (120, 80))]), id="moving avif"
        ),
        pytest.param(
            saved(drawn(), "PNG", save_all=True, append_images=[pillow.new("RGB", (120, 80))]), id="moving png"
        ),
        pytest.param(
            saved(drawn(), "MPO", save_all=True, append_images=[pillow.new("RGB", (120, 80))]), id="two in one jpeg"
        ),
    ],
)
def test_each_platform_gets_a_type_it_takes_in_the_right_colours(platform, data):
    image = fit(data, LIMITS[platform].pictures)
    assert image.media_type in LIMITS[platform].pictures.types
    picture = opened(image)
    assert getattr(picture, "n_frames", 1) == 1
    assert near(picture.convert("RGB").getpixel((20, 60)), (255, 0, 0), 20)
    assert near(picture.convert("RGB").getpixel((100, 60)), (0, 0, 255), 20)


def test_a_palette_with_a_clear_colour_lies_on_white():
    flat = drawn("P")
    clear = flat.getpixel((20, 60))
    image = fit(saved(flat, "GIF", transparency=clear), PictureLimits(4, 5_000_000, frozenset({"image/jpeg"})))
    assert near(opened(image).getpixel((20, 60)), (255, 255, 255))


def test_a_colour_profile_is_worked_into_the_colours():
    """sRGB with its red and green swapped stands in for a camera's profile: the picture's red means green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")
    picture = opened(fit(saved(drawn(), "JPEG", icc_profile=swapped, exif=exif(Make="a camera")), ROOMY))
    assert near(picture.getpixel((20, 60)), (0, 255, 0))
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize(
    "profile", [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_profile_that_does_not_fit_the_picture_is_passed_over(profile):
    picture = opened(fit(saved(drawn(), "JPEG", icc_profile=profile, exif=exif(Make="a camera")), ROOMY))
    assert near(picture.getpixel((20, 60)), (255, 0, 0))


# --- size, sides, shape


def test_a_heavy_picture_is_made_lighter_before_it_is_made_smaller():
    heavy = saved(noise((600, 400)), "PNG")
    image = fit(heavy, PictureLimits(4, 400_000, STILL))
    assert len(image.data) <= 400_000 < len(heavy)
    assert (image.media_type, image.width, image.height) == ("image/jpeg", 600, 400)


def test_a_picture_is_made_smaller_when_lighter_is_not_enough():
    image = fit(saved(noise((600, 400)), "PNG"), PictureLimits(4, 30_000, STILL))
    assert len(image.data) <= 30_000
    assert image.width < 600
    assert image.width / image.height == pytest.approx(1.5, abs=0.02)
    opened(image)


def test_width_and_height_together_stay_within_sides():
    image = fit(saved(drawn(size=(900, 600)), "JPEG"), PictureLimits(4, 5_000_000, STILL, sides=700))
    assert image.width + image.height <= 700
    opened(image)


@pytest.mark.parametrize(
    ("size", "ratio"), [((500, 40), (2 / 5, 5 / 2)), ((40, 500), (2 / 5, 5 / 2)), ((997, 33), (1 / 20, 20))]
)
def test_an_outlandish_shape_is_set_on_white_and_not_cut(size, ratio):
    image = fit(saved(drawn(size=size), "PNG"), PictureLimits(4, 5_000_000, STILL, ratio=ratio))
    assert ratio[0] <= image.width / image.height <= ratio[1]
    assert image.width >= size[0]
    assert image.height >= size[1]
    picture = opened(image).convert("RGB")
    assert near(picture.getpixel((0, 0)), (255, 255, 255))
    assert near(picture.getpixel((size[0] // 4 + (image.width - size[0]) // 2, image.height // 2)), (255, 0, 0))


def test_what_is_made_anew_has_no_side_over_the_longest():
    image = fit(saved(drawn(size=(9000, 900)), "JPEG", exif=exif(Make="a camera")), ROOMY)
    assert max(image.width, image.height) <= LONGEST
    assert image.width / image.height == pytest.approx(10, abs=0.1)


# --- pictures that move


def moving(**options):
    frames = [pillow.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0, **options)


def test_a_moving_gif_goes_on_moving_where_gif_is_taken():
    data = moving()
    image = fit(data, ALL_TYPES)
    assert image.data == data
    assert opened(image).n_frames == 3


def test_a_moving_gif_loses_its_comment_and_no_frame():
    picture = opened(fit(moving(comment=b"somebody"), ALL_TYPES))
    colours = []
    for frame in range(picture.n_frames):
        picture.seek(frame)
        colours.append(picture.convert("RGB").getpixel((5, 5)))
    assert colours == [(255, 0, 0), (0, 128, 0), (0, 0, 255)]
    assert picture.info["loop"] == 0
    assert "comment" not in picture.info


@pytest.mark.parametrize("limits", [ROOMY, PictureLimits(4, 400, STILL | {"image/gif"})], ids=["type", "bytes"])
def test_a_moving_gif_that_does_not_fit_becomes_its_first_frame(limits):
    picture = opened(fit(moving(), limits) if limits is ROOMY else fit(padded_gif(), limits))
    assert picture.format == "PNG"
    assert near(picture.convert("RGB").getpixel((5, 5)), (255, 0, 0))


def padded_gif():
    frames = [pillow.new("RGB", (64, 64), (255, shade, 0)) for shade in range(60)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def test_a_moving_webp_becomes_its_first_frame():
    frames = [pillow.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    picture = opened(fit(data, ALL_TYPES))
    assert not getattr(picture, "is_animated", False)
    assert near(picture.getpixel((5, 5)), (255, 0, 0))


# --- what cannot be used says so in one sentence


def bomb(side):
    """A PNG whose header claims a square of `side` pixels; its body is a few bytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return png((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))


def many_passes(number):
    """A JPEG that goes over its pixels again and again: each pass costs a few bytes and as much time as a picture."""
    data = saved(pillow.new("L", (64, 64), 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * number + data[-2:]


UNUSABLE = {
    "nothing": (b"", "0 bytes"),
    "a web page": (b"<!doctype html><title>404</title>", "cannot be read as a picture"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "cannot be read as a picture"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "cannot be read as a picture"),
    "half a JPEG": (saved(drawn(), "JPEG")[:600], "cannot be read as a picture"),
    "a large bomb": (bomb(8_000), "8000 x 8000 pixels is over the limit of 50 megapixels"),
    "a huge bomb": (bomb(50_000), "far over the limit of 50 megapixels"),
    "a JPEG that wastes time": (many_passes(2000), "more than 100 passes"),
    "a tracking dot": (saved(pillow.new("RGB", (1, 1)), "GIF"), "1 x 1 pixels is too small"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_picture_is_told_in_one_sentence(case):
    data, words = UNUSABLE[case]
    with pytest.raises(UnusablePicture, match=re.escape(words)) as caught:
        fit(data, ROOMY)
    assert str(caught.value).count(". ") == 0
    assert str(caught.value).endswith("left out.")


def test_fifty_megapixels_are_a_picture_and_more_are_not():
    image = fit(saved(pillow.new("L", (10_000, 5_000), 128), "PNG", exif=exif(Make="a camera")), ROOMY)
    assert (image.width, image.height) == (4096, 2048)
    with pytest.raises(UnusablePicture, match="over the limit"):
        fit(saved(pillow.new("1", (10_000, 5_001)), "PNG"), ROOMY)


def test_a_progressive_jpeg_as_cameras_make_them_is_no_waste_of_time():
    assert fit(many_passes(10), ROOMY).data == many_passes(10)


def test_large_pictures_are_decoded_one_after_the_other(monkeypatch):
    alone = []
    kept = pictures._as_served

    def as_served(*arguments):
        alone.append(pictures._one_large_at_a_time.locked())
        return kept(*arguments)

    monkeypatch.setattr(pictures, "_as_served", as_served)
    for size in ((120, 80), (4000, 3000)):
        fit(saved(pillow.new("L", size, 128), "PNG"), ROOMY)
    assert alone == [False, True]
    assert not pictures._one_large_at_a_time.locked()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_a_picture_is_measured_by_its_header(form):
    assert measured(saved(drawn(), form)) == (120, 80)


@pytest.mark.parametrize("case", [case for case in UNUSABLE if case != "half a JPEG"])
def test_what_is_no_picture_measures_nothing(case):
    assert measured(UNUSABLE[case][0]) == (0, 0)


def test_a_limit_that_no_picture_can_meet_is_told_too():
    with pytest.raises(UnusablePicture, match="under 100 bytes"):
        fit(saved(noise((64, 64)), "PNG"), PictureLimits(4, 100, STILL))


SAMPLES = [
    saved(drawn(), "JPEG"),
    saved(drawn("RGBA"), "PNG"),
    moving(comment=b"x"),
    saved(drawn(), "WEBP"),
    saved(drawn(), "TIFF"),
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6), st.floats(0.2, 1)
)
def test_damaged_bytes_end_as_a_picture_or_as_a_sentence(sample, damage, part):
    data = bytearray(sample[: int(len(sample) * part)])
    for where, byte in damage:
        data[int(where * (len(data) - 1))] = byte
    try:
        image = fit(bytes(data), LIMITS["x"].pictures)
    except UnusablePicture:
        return
    assert image.data
    assert image.media_type in LIMITS["x"].pictures.types
