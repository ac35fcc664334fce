"""Pictures of what is above: worlds, comets, sails, the Moon."""

from __future__ import annotations

import math

from crosspost.demo.canvas import HEIGHT, WIDTH, Canvas, Pen, Point, arc, curve, mix


def two_tilted_rings(canvas: Canvas) -> None:
    canvas.sky("#05060f", "#0b1026", "#1a1838")
    canvas.cloud("#5b3f8f", 0.35, (3, 2))
    canvas.stars(420)
    centre, rings = (560, 345), ((330, 0.22, -24, "#e9dcc3", 7), (410, 0.30, 6, "#a9c7e8", 4))
    for radius, flat, tilt, colour, width in rings:
        _ring(canvas, centre, (radius, flat, tilt), (180, 360), colour, width)
    canvas.glow(*centre, 330, "#6f7fd0", 0.35)
    canvas.globe(centre, 170, ("#5d6f8f", "#a9bcd4", "#f3f4ee"), sun=(-0.5, -0.4), cells=(3, 6))
    for radius, flat, tilt, colour, width in rings:
        _ring(canvas, centre, (radius, flat, tilt), (0, 180), colour, width)
    canvas.glow(965, 165, 120, "#fff3d0", 0.9, 5)
    with canvas.pen("#fffbe8") as pen:
        pen.disc(965, 165, 4)


def _ring(
    canvas: Canvas,
    centre: Point,
    shape: tuple[float, float, float],
    part: tuple[float, float],
    colour: str,
    width: float,
) -> None:
    radius, flat, tilt = shape
    for grow, alpha in ((0, 0.95), (width * 2.2, 0.45), (-width * 2, 0.3)):
        with canvas.pen(colour, alpha) as pen:
            pen.line(arc(centre, radius + grow, *part, flat, tilt), width if not grow else width / 2)


def wind_on_a_giant(canvas: Canvas) -> None:
    canvas.sky("#0a0610", "#190d1c", "#2b1220")
    canvas.stars(260)
    canvas.glow(1040, 240, 620, "#ff9a4d", 0.8)
    canvas.glow(1040, 240, 190, "#fff2cf", 1, 1.4)
    centre, radius = (430, 350), 270
    canvas.glow(*centre, 380, "#c2502a", 0.45)
    canvas.globe(centre, radius, ("#4a1a1a", "#c96a35", "#ffe2b0"), sun=(0.75, -0.25), cells=(1, 9), night=0.04)
    with canvas.pen("#ffd9a0", 0.55, blur=1.2, light=True) as pen:
        for _ in range(46):
            height = canvas.random.gauss(0, 0.28)
            if abs(height) < 0.9:
                half = math.sqrt(1 - height * height) * radius
                start = canvas.random.uniform(-0.6, 0.7)
                end = min(start + canvas.random.uniform(0.15, 0.5), 0.97)
                y = centre[1] + height * radius
                points = curve(
                    (centre[0] + start * half, y),
                    (centre[0] + half * (start + end) / 2, y + 3),
                    (centre[0] + end * half, y),
                )
                pen.line(points, canvas.random.uniform(0.8, 2.4), canvas.random.randint(90, 230))
    with canvas.pen("#ffc98a", 0.8, blur=4, light=True) as pen:
        pen.line(arc(centre, radius + 1, -75, 50), 4)


def comet(canvas: Canvas) -> None:
    canvas.sky("#050a1c", "#0d1d3d", "#2b3f63", "#a06a5c")
    canvas.stars(380, 520)
    head = (330, 400)
    for colour, aim, spread, blur in (("#7fb7ff", (1180, 20), 60, 7), ("#ffd9a0", (1150, 250), 120, 10)):
        with canvas.pen(colour, 0.95, blur=blur, light=True) as pen:
            for _ in range(70):
                end = (aim[0] + canvas.random.gauss(0, spread), aim[1] + canvas.random.gauss(0, spread))
                reach = canvas.random.uniform(0.35, 1)
                end = (head[0] + (end[0] - head[0]) * reach, head[1] + (end[1] - head[1]) * reach)
                bend = ((head[0] + end[0]) / 2, (head[1] + end[1]) / 2 + (30 if aim[1] > 100 else 0))
                pen.line(curve(head, bend, end), canvas.random.uniform(1, 4), canvas.random.randint(25, 120))
    canvas.glow(*head, 190, "#9fd0ff", 0.9, 2.6)
    canvas.glow(*head, 46, "#ffffff", 1, 1.2)
    for base, height, colour in ((560, 90, "#1b2440"), (610, 80, "#0e1428"), (655, 60, "#060a16")):
        with canvas.pen(colour) as pen:
            pen.polygon(canvas.ridge(base, height, 0.45))


def paper_sail(canvas: Canvas) -> None:
    canvas.sky("#02040c", "#050b1e", "#081634")
    canvas.stars(300, 420)
    _earth_edge(canvas, 470)
    hub = (640, 250)
    corners = ((640, 60), (860, 235), (660, 440), (425, 270))
    shades = ("#dfe8f2", "#f8fbff", "#9fb0c6", "#c2d0e0")
    _sail(canvas, hub, corners, shades, "#5b6b80")
    with canvas.pen("#2c3440") as pen:
        pen.polygon(((622, 232), (652, 224), (662, 262), (632, 272)))
    with canvas.pen("#e8b44a") as pen:
        pen.polygon(((622, 232), (632, 272), (620, 276), (610, 238)))
    canvas.glow(800, 205, 150, "#ffffff", 0.8, 4)


def _earth_edge(canvas: Canvas, top: float) -> None:
    """The Earth from low orbit: its edge, its air, clouds below."""
    radius = 1700
    centre = (560, top + radius)
    for grow, colour, alpha, blur in ((34, "#2f7fff", 0.5, 26), (12, "#69b7ff", 0.7, 9), (2, "#d8f1ff", 0.8, 3)):
        with canvas.pen(colour, alpha, blur=blur, light=True) as pen:
            pen.disc(*centre, radius + grow)
    with canvas.pen("#0a2c58") as pen:
        pen.disc(*centre, radius)
    inside = Pen()
    inside.disc(*centre, radius - 4)
    where = inside.shape(blur=3)
    canvas.cloud("#1f5f9f", 0.8, (4, 3), where)
    canvas.cloud("#dfeaf4", 0.75, (9, 7), where)
    with canvas.pen("#8fd0ff", 0.9, blur=3, light=True) as pen:
        pen.line(arc(centre, radius, -115, -65), 3)


def _sail(canvas: Canvas, hub: Point, corners: tuple[Point, ...], shades: tuple[str, ...], boom: str) -> None:
    """Four triangles of film around a hub, with creases, and the booms that hold them."""
    for i, shade in enumerate(shades):
        one, other = corners[i], corners[(i + 1) % 4]
        with canvas.pen(shade) as pen:
            pen.polygon((hub, one, other))
        with canvas.pen("#ffffff", 0.35, blur=1) as pen:
            for part in (0.22, 0.45, 0.7):
                pen.line((_between(hub, one, part), _between(hub, other, part)), 1.4)
    with canvas.pen(boom) as pen:
        for corner in corners:
            pen.line((hub, corner), 2.4)


def _between(one: Point, other: Point, part: float) -> Point:
    return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part


def golden_sail(canvas: Canvas) -> None:
    canvas.sky("#0b0718", "#1a0f2c", "#3a1b35")
    canvas.stars(260)
    canvas.glow(1010, 170, 760, "#ff8f3c", 0.75)
    canvas.glow(1010, 170, 210, "#fff3cf", 1, 1.3)
    with canvas.pen("#ffdf9a", 0.25, blur=6, light=True) as pen:
        for i in range(26):
            angle = math.radians(i * 360 / 26 + canvas.random.uniform(-5, 5))
            reach = canvas.random.uniform(380, 900)
            pen.line(((1010, 170), (1010 + reach * math.cos(angle), 170 + reach * math.sin(angle))), 2)
    hub = (450, 370)
    corners = ((395, 95), (700, 330), (500, 640), (190, 405))
    _sail(canvas, hub, corners, ("#f7c667", "#ffe6a6", "#b9742f", "#e0a044"), "#5a3418")
    with canvas.pen("#2a1a22") as pen:
        pen.polygon(((432, 356), (462, 348), (470, 384), (440, 392)))
    canvas.glow(575, 290, 190, "#fff4d2", 0.55, 3)


def moon_dust(canvas: Canvas) -> None:
    canvas.sky("#000000", "#04050a", "#0a0c14")
    canvas.stars(320, 430)
    canvas.glow(930, 150, 170, "#4f8fe0", 0.4)
    canvas.globe((930, 150), 74, ("#0d3f86", "#3f86c9", "#f6fbff"), sun=(-0.4, -0.3), cells=(3, 4))
    for base, height, colour in ((420, 90, "#33353c"), (455, 50, "#5b5d64")):
        with canvas.pen(colour) as pen:
            pen.polygon(canvas.ridge(base, height, 0.42))
    with canvas.pen("#85868b") as pen:
        pen.polygon(canvas.ridge(505, 24, 0.4))
    _craters(canvas)
    _lander(canvas, (430, 470))
    with canvas.pen("#fff7e0", 0.8, light=True) as pen:
        for _ in range(520):
            along = canvas.random.random()
            x, y = curve((520, 470), (700, 250), (1010, 560), 100)[round(along * 100)]
            spread = 6 + 46 * along
            pen.disc(
                x + canvas.random.gauss(0, spread),
                y + canvas.random.gauss(0, spread * 0.7),
                canvas.random.uniform(0.5, 1.6),
            )


def _craters(canvas: Canvas) -> None:
    craters = []
    for _ in range(34):
        y = canvas.random.uniform(525, 690)
        craters.append((canvas.random.uniform(-20, WIDTH + 20), y, canvas.random.uniform(10, 70) * (y - 500) / 180 + 5))
    # Lit rim, shadow, floor: each moved a little, so that the light comes from the left.
    for colour, shift, size, alpha in (
        ("#c4c5c8", -0.1, 1.06, 0.8),
        ("#3d3e44", 0, 1, 0.85),
        ("#75767c", 0.16, 0.85, 0.9),
    ):
        with canvas.pen(colour, alpha, blur=0.8) as pen:
            for x, y, radius in craters:
                pen.disc(x + shift * radius, y + shift * radius * 0.5, radius * size, flat=0.28)


def _lander(canvas: Canvas, foot: Point) -> None:
    x, y = foot
    with canvas.pen("#15161a", 0.55, blur=4) as pen:
        pen.disc(x + 70, y + 78, 150, flat=0.1)
    with canvas.pen("#c9ccd4") as pen:
        for side in (-1, 1):
            pen.line(((x + side * 40, y - 10), (x + side * 105, y + 70)), 5)
            pen.line(((x + side * 48, y + 22), (x + side * 90, y + 52)), 3)
            pen.disc(x + side * 107, y + 72, 15, flat=0.35)
    with canvas.pen("#d9a441") as pen:
        pen.polygon(((x - 66, y - 28), (x + 66, y - 28), (x + 56, y + 34), (x - 56, y + 34)))
    with canvas.pen("#a87a2a") as pen:
        pen.polygon(((x + 14, y - 28), (x + 66, y - 28), (x + 56, y + 34), (x + 14, y + 34)))
    with canvas.pen("#e9ecf2") as pen:
        pen.polygon(((x - 40, y - 84), (x + 34, y - 84), (x + 50, y - 28), (x - 52, y - 28)))
        pen.line(((x + 10, y - 84), (x + 10, y - 140)), 3)
        pen.polygon(arc((x + 10, y - 146), 30, 20, 200, 0.55, -30))
    with canvas.pen("#1c2a44") as pen:
        pen.disc(x - 8, y - 55, 14)
    canvas.glow(x - 12, y - 59, 22, "#9fd0ff", 0.8)


def lunar_cave(canvas: Canvas) -> None:
    canvas.sky("#02030a", "#060a18", "#0b1122")
    canvas.stars(520)
    canvas.glow(700, 200, 170, "#4f8fe0", 0.45)
    canvas.globe((700, 200), 62, ("#0d3f86", "#3f86c9", "#f6fbff"), sun=(-0.4, -0.2), cells=(3, 4))
    mouth = _mouth(canvas, (600, 270), 275, 0.82)
    rock = Pen()
    rock.rectangle(0, 0, WIDTH, HEIGHT)
    rock.polygon(mouth, 0)
    wall = rock.shape()
    canvas.lay("#14110f", wall)
    canvas.cloud("#5a4a3c", 0.5, (5, 4), wall)
    for width, alpha, blur in ((34, 0.5, 20), (7, 0.9, 3)):
        with canvas.pen("#ffe3b8", alpha, blur=blur, light=True) as pen:
            pen.line(mouth[150:295], width)
    with canvas.pen("#ffe9c8", 0.16, blur=22, light=True) as pen:
        pen.polygon(((400, 90), (700, 80), (960, HEIGHT), (520, HEIGHT)))
    for base, height, colour in ((585, 70, "#3a3029"), (635, 60, "#1d1815")):
        with canvas.pen(colour) as pen:
            pen.polygon(canvas.ridge(base, height, 0.62))
    canvas.glow(730, 600, 300, "#ffd9a0", 0.4)


def _mouth(canvas: Canvas, centre: Point, radius: float, flat: float) -> list[Point]:
    """A ragged opening: a circle whose radius wanders."""
    waves = [(n, canvas.random.uniform(0, 6.3), canvas.random.uniform(0.2, 1) * 0.16 / n) for n in range(2, 40)]
    points = []
    for x, y in arc((0, 0), radius, 0, 360, flat):
        angle = math.atan2(y, x)
        grow = 1 + sum(size * math.sin(n * angle + phase) for n, phase, size in waves)
        points.append((centre[0] + x * grow, centre[1] + y * grow))
    return points


def three_echoes(canvas: Canvas) -> None:
    canvas.sky("#040617", "#0e1740", "#31306a", "#86537f")
    canvas.cloud("#8f7fd8", 0.4, (4, 2))
    canvas.stars(460, 560)
    source = (820, 150)
    for i, (radius, alpha) in enumerate(((170, 0.95), (300, 0.6), (450, 0.35))):
        colour = mix("#fff1c9", "#ff8fb8", i / 2)
        for width, blur, part in ((9, 12, 0.8), (2.5, 0.7, 1)):
            with canvas.pen(colour, alpha * part, blur=blur, light=True) as pen:
                pen.line(arc(source, radius, 80, 215), width)
    canvas.glow(*source, 130, "#fff4da", 1, 2.4)
    with canvas.pen("#120f2b") as pen:
        pen.polygon(canvas.ridge(590, 50, 0.42))
    for x, size in ((180, 1.0), (450, 0.72), (660, 0.52), (815, 0.38)):
        _dish(canvas, (x, 590), size)
    with canvas.pen("#080716") as pen:
        pen.polygon(canvas.ridge(645, 26, 0.4))


def _dish(canvas: Canvas, foot: Point, size: float) -> None:
    x, y = foot
    hub, tilt = (x, y - 120 * size), 42
    with canvas.pen("#0d0c22") as pen:
        pen.polygon(
            ((x - 12 * size, hub[1]), (x + 12 * size, hub[1]), (x + 46 * size, y + 40), (x - 46 * size, y + 40))
        )
    with canvas.pen("#232150") as pen:
        pen.polygon(arc(hub, 128 * size, 0, 180, 0.42, tilt))
    rim = arc(hub, 128 * size, 0, 360, 0.14, tilt)
    focus = (hub[0] + 80 * size * math.sin(math.radians(tilt)), hub[1] - 80 * size * math.cos(math.radians(tilt)))
    with canvas.pen("#b9a6de") as pen:
        pen.polygon(rim)
    with canvas.pen("#efe6ff") as pen:
        for end in (rim[0], rim[180], rim[90]):
            pen.line((end, focus), 2.5 * size)
        pen.disc(*focus, 9 * size)
