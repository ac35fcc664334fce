"""A small painter's box on top of Pillow: skies, stars, glows, clouds, ridges, globes, and a smooth pen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

WIDTH, HEIGHT = 1200, 675
FINE = 2  # the pen draws at this many times the size, so that edges come out smooth

Point = tuple[float, float]


class Pen:
    """Draws on a mask, in the canvas's own coordinates."""

    def __init__(self) -> None:
        self._mask = Image.new("L", (WIDTH * FINE, HEIGHT * FINE))
        self._draw = ImageDraw.Draw(self._mask)

    def polygon(self, points: Sequence[Point], strength: int = 255) -> None:
        self._draw.polygon(_fine(points), fill=strength)

    def line(self, points: Sequence[Point], width: float = 1, strength: int = 255) -> None:
        self._draw.line(_fine(points), fill=strength, width=max(1, round(width * FINE)), joint="curve")

    def disc(self, x: float, y: float, radius: float, strength: int = 255, flat: float = 1) -> None:
        """A filled circle; `flat` below 1 presses it down to an ellipse."""
        self._draw.ellipse(_fine([(x - radius, y - radius * flat), (x + radius, y + radius * flat)]), fill=strength)

    def circle(self, x: float, y: float, radius: float, width: float = 1, flat: float = 1) -> None:
        box = _fine([(x - radius, y - radius * flat), (x + radius, y + radius * flat)])
        self._draw.ellipse(box, outline=255, width=max(1, round(width * FINE)))

    def rectangle(self, x: float, y: float, width: float, height: float, strength: int = 255) -> None:
        self._draw.rectangle(_fine([(x, y), (x + width, y + height)]), fill=strength)

    def shape(self, blur: float = 0) -> Image.Image:
        """What was drawn, as a mask of the canvas's size."""
        mask = self._mask.reduce(FINE)
        return _blurred(mask, blur) if blur else mask


class Canvas:
    """A picture in the making. Every chance it takes comes from `seed`, so it always comes out the same."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.image = Image.new("RGB", (WIDTH, HEIGHT))

    def sky(self, *colours: str) -> None:
        """Colours from top to bottom over the whole canvas, flowing into one another."""
        strip = Image.new("RGB", (1, len(colours)))
        for row, colour in enumerate(colours):
            strip.putpixel((0, row), _rgb(colour))
        # Bicubic between the centres of the strip's pixels; the first and the last reach the edges.
        self.image = strip.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    def stars(self, count: int, lowest: float = HEIGHT) -> None:
        for radius, share, strength in ((0.6, 0.7, 140), (0.9, 0.25, 210), (1.5, 0.05, 255)):
            with self.pen("#f4f6ff", light=True) as pen:
                for _ in range(round(count * share)):
                    dim = self.random.randint(strength // 2, strength)
                    pen.disc(self.random.uniform(0, WIDTH), self.random.uniform(0, lowest), radius, dim)

    @contextmanager
    def pen(self, colour: str, alpha: float = 1, blur: float = 0, light: bool = False) -> Iterator[Pen]:
        """A pen of one colour; its strokes are laid down together. `light` adds to what is there, as light does."""
        pen = Pen()
        yield pen
        self.lay(colour, pen.shape(blur), alpha, light)

    def lay(self, colour: str, mask: Image.Image, alpha: float = 1, light: bool = False) -> None:
        """Lay a colour down where `mask` lets it through."""
        if alpha < 1:
            mask = mask.point([round(value * alpha) for value in range(256)])
        if light:
            shine = Image.composite(Image.new("RGB", mask.size, colour), Image.new("RGB", mask.size), mask)
            self.image = ImageChops.screen(self.image, shine)
        else:
            self.image.paste(colour, (0, 0), mask)

    def glow(self, x: float, y: float, radius: float, colour: str, alpha: float = 1, fall: float = 2.2) -> None:
        """Light around a point that fades to nothing at `radius`; a higher `fall` fades sooner."""
        mask = Image.new("L", (WIDTH, HEIGHT))
        mask.paste(_fading(round(radius), fall), (round(x - radius), round(y - radius)))
        self.lay(colour, mask, alpha, light=True)

    def cloud(self, colour: str, alpha: float, cells: tuple[int, int], where: Image.Image | None = None) -> None:
        """Drifting mist, `cells` coarse patches wide and high; `where` limits it."""
        mask = self.noise((WIDTH, HEIGHT), cells).point([max(0, min(255, (v - 96) * 2)) for v in range(256)])
        self.lay(colour, ImageChops.multiply(mask, where) if where else mask, alpha, light=True)

    def noise(self, size: tuple[int, int], cells: tuple[int, int], octaves: int = 5) -> Image.Image:
        """Smooth chance in grey: `cells` patches wide and high, with ever finer grain on top."""
        total = Image.new("L", size, 128)
        for octave in range(octaves):
            columns, rows = cells[0] << octave, cells[1] << octave
            grain = Image.frombytes("L", (columns, rows), self.random.randbytes(columns * rows))
            grain = grain.resize(size, Image.Resampling.BICUBIC)
            total = Image.blend(total, grain, 0.75 if octave == 0 else 0.5**octave * 0.6)
        return ImageOps.autocontrast(total)

    def ridge(self, base: float, height: float, rough: float = 0.55) -> list[Point]:
        """A skyline from edge to edge around `base`, closed along the bottom; lower `rough` is gentler."""
        heights = [self.random.uniform(-1, 1), self.random.uniform(-1, 1)]
        reach = 1.0
        while len(heights) < 257:
            between = [(a + b) / 2 + self.random.uniform(-reach, reach) for a, b in pairwise(heights)]
            heights = [h for pair in zip(heights, between, strict=False) for h in pair] + [heights[-1]]
            reach *= rough
        step = WIDTH / (len(heights) - 1)
        line = [(i * step, base - h * height / 2) for i, h in enumerate(heights)]
        return [*line, (WIDTH, HEIGHT), (0, HEIGHT)]

    def globe(
        self,
        centre: Point,
        radius: int,
        colours: tuple[str, str, str],
        *,
        sun: Point = (-0.45, -0.45),
        cells: tuple[int, int] = (4, 4),
        night: float = 0.06,
    ) -> None:
        """A lit ball. `colours` are its dark, middle and light; `sun` is its brightest place, in radii."""
        side = 2 * radius
        surface = ImageOps.colorize(self.noise((side, side), cells), colours[0], colours[2], colours[1])
        reach = round(radius * 1.75)
        shade = Image.new("L", (side, side), round(255 * night))
        corner = (round(radius * (1 + sun[0])) - reach, round(radius * (1 + sun[1])) - reach)
        light = _fading(reach, 0.6).point([round(255 * night + v * (1 - night)) for v in range(256)])
        shade.paste(light, corner)
        lit = ImageChops.multiply(surface, Image.merge("RGB", (shade,) * 3))
        disc = Image.new("L", (side * FINE, side * FINE))
        ImageDraw.Draw(disc).ellipse((1, 1, side * FINE - 2, side * FINE - 2), fill=255)
        self.image.paste(lit, (round(centre[0] - radius), round(centre[1] - radius)), disc.reduce(FINE))

    def jpeg(self) -> bytes:
        out = BytesIO()
        self.image.save(out, "JPEG", quality=88, optimize=True)
        return out.getvalue()


def arc(centre: Point, radius: float, start: float, end: float, flat: float = 1, tilt: float = 0) -> list[Point]:
    """Points along an ellipse from `start` to `end`, in degrees clockwise from the right, turned by `tilt`."""
    steps = max(8, round(abs(end - start)))
    turn = math.radians(tilt)
    points = []
    for i in range(steps + 1):
        angle = math.radians(start + (end - start) * i / steps)
        x, y = radius * math.cos(angle), radius * flat * math.sin(angle)
        points.append(
            (centre[0] + x * math.cos(turn) - y * math.sin(turn), centre[1] + x * math.sin(turn) + y * math.cos(turn))
        )
    return points


def curve(start: Point, bend: Point, end: Point, steps: int = 40) -> list[Point]:
    """A quadratic Bézier curve as points."""
    points = []
    for i in range(steps + 1):
        t = i / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append((a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]))
    return points


def crack(canvas: Canvas, pen: Pen, start: Point, angle: float, reach: float, width: float = 1.5) -> None:
    """A jagged line that wanders off in one direction."""
    points = [start]
    for _ in range(9):
        angle += canvas.random.gauss(0, 0.35)
        x, y = points[-1]
        points.append((x + math.cos(angle) * reach / 9, y + math.sin(angle) * reach / 9))
    pen.line(points, width)


def mix(one: str, other: str, part: float) -> str:
    """The colour that lies `part` of the way from `one` to `other`."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _fine(points: Sequence[Point]) -> list[Point]:
    return [(x * FINE, y * FINE) for x, y in points]


def _fading(radius: int, fall: float) -> Image.Image:
    """A square mask, brightest in the middle, nothing from `radius` on."""
    # Pillow's gradient reaches 255 in the corners, so 180 on the circle that touches the sides.
    table = [round(255 * (1 - min(value / 180, 1)) ** fall) for value in range(256)]
    return Image.radial_gradient("L").point(table).resize((2 * radius, 2 * radius), Image.Resampling.BICUBIC)


def _blurred(mask: Image.Image, blur: float) -> Image.Image:
    """A blur so wide needs no fine grid: it is done on a small copy."""
    if blur < 8:
        return mask.filter(ImageFilter.GaussianBlur(blur))
    small = mask.reduce(4).filter(ImageFilter.GaussianBlur(blur / 4))
    return small.resize(mask.size, Image.Resampling.BICUBIC)
