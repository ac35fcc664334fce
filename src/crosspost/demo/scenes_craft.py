"""Pictures of what people build: chips, gardens, detectors, cities."""

from __future__ import annotations

import math

from crosspost.demo.canvas import HEIGHT, WIDTH, Canvas, Pen, Point, arc, crack, curve, mix


def chip_of_light(canvas: Canvas) -> None:
    canvas.sky("#05060f", "#0a0d22", "#0d0a24")
    with canvas.pen("#141a3a") as pen:
        for x in range(20, WIDTH, 40):
            for y in range(18, HEIGHT, 40):
                pen.rectangle(x, y, 22, 22)
    lanes = [60 + i * 62 for i in range(10)]
    places = list(range(10))
    paths: list[list[Point]] = [[(-20, y)] for y in lanes]
    knots: list[Point] = []
    for step in range(7):
        x = 70 + step * 160
        for lane in range(step % 2, 9, 2):
            if canvas.random.random() < 0.72:
                places[lane], places[lane + 1] = places[lane + 1], places[lane]
                knots.append((x + 60, (lanes[lane] + lanes[lane + 1]) / 2))
        for lane, light in enumerate(places):
            before = paths[light][-1][1]
            paths[light] += [(x, before), *_slope((x, before), (x + 120, lanes[lane]))]
    for i, path in enumerate(paths):
        colour = mix("#22d3ff", "#ff4fa8", i / 9)
        for width, alpha, blur in ((9, 0.55, 9), (2.6, 1, 0.5)):
            with canvas.pen(colour, alpha, blur=blur, light=True) as pen:
                pen.line([*path, (WIDTH + 20, path[-1][1])], width)
    for blur, radius in ((10, 15), (1, 4.5)):
        with canvas.pen("#fff6d8", 0.9, blur=blur, light=True) as pen:
            for knot in knots:
                pen.disc(*knot, radius)


def _slope(start: Point, end: Point) -> list[Point]:
    """An S-shaped passage from one height to another."""
    points = []
    for i in range(25):
        part = i / 24
        ease = part * part * (3 - 2 * part)
        points.append((start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * ease))
    return points


def chip_that_heals(canvas: Canvas) -> None:
    canvas.sky("#05201d", "#0a2f2a", "#062019")
    canvas.cloud("#0f4a3f", 0.5, (6, 4))
    wound = (620, 340)
    for level, traces in _traces(wound).items():
        with canvas.pen(mix("#8a6a2c", "#ffd36b", level / 4), 0.95, blur=0.4) as pen:
            for trace in traces:
                pen.line(trace, 3 + level / 2)
                for x in (canvas.random.randint(4, 30), canvas.random.randint(92, 116)):
                    pen.disc(*trace[x], 7)
        if level >= 2:
            with canvas.pen("#ffe9a8", 0.55, blur=9, light=True) as pen:
                for trace in traces:
                    pen.line(trace, 6)
    canvas.glow(*wound, 210, "#ff5a2a", 0.35, 2)
    with canvas.pen("#0b0a0a", 0.95, blur=5) as pen:
        pen.polygon(_blot(canvas, wound, 96))
    with canvas.pen("#ff7a3a", 0.8, blur=2, light=True) as pen:
        for _ in range(7):
            crack(canvas, pen, wound, canvas.random.uniform(0, 6.3), 92)


def _traces(wound: Point) -> dict[int, list[list[Point]]]:
    """Lines from side to side that make way for the wound, by how close they pass it: 4 is closest."""
    traces: dict[int, list[list[Point]]] = {}
    for i in range(27):
        off = -30 + i * 28 - wound[1]
        push = math.copysign(150 * math.exp(-abs(off) / 150), off)
        trace: list[Point] = [
            (x, wound[1] + off + push * math.exp(-(((x - wound[0]) / 190) ** 4))) for x in range(-10, WIDTH + 20, 10)
        ]
        traces.setdefault(round(4 * math.exp(-abs(off) / 120)), []).append(trace)
    return traces


def _blot(canvas: Canvas, centre: Point, radius: float) -> list[Point]:
    return [
        (x + canvas.random.gauss(0, radius * 0.05), y + canvas.random.gauss(0, radius * 0.05))
        for x, y in arc(centre, radius, 0, 360, 0.8)[::6]
    ]


def peas_in_orbit(canvas: Canvas) -> None:
    canvas.sky("#02040c", "#050b1e", "#0a1a3a")
    canvas.stars(300)
    porthole, radius = (760, 300), 236
    with canvas.pen("#0d3f7a") as pen:
        pen.disc(560, 1010, 640)
    for grow, alpha, blur in ((22, 0.5, 18), (2, 0.8, 2)):
        with canvas.pen("#7cc4ff", alpha, blur=blur, light=True) as pen:
            pen.circle(560, 1010, 640 + grow, 5)
    earth = Pen()
    earth.disc(560, 1010, 636)
    canvas.cloud("#eaf3f8", 0.7, (9, 7), earth.shape())
    wall = Pen()
    wall.rectangle(0, 0, WIDTH, HEIGHT)
    wall.disc(*porthole, radius, 0)
    canvas.lay("#2a2338", wall.shape())
    canvas.cloud("#3b3050", 0.5, (3, 2), wall.shape())
    for width, colour, alpha in ((34, "#4a4160", 1), (6, "#8f84ad", 0.9)):
        with canvas.pen(colour, alpha) as pen:
            pen.circle(*porthole, radius + width, width)
    with canvas.pen("#cfc6e6") as pen:
        for x, y in arc(porthole, radius + 18, 0, 360)[::30]:
            pen.disc(x, y, 5)
    canvas.glow(330, -60, 620, "#ff5fc0", 0.75)
    for root in (110, 215, 330, 450, 560, 690, 830, 960, 1090):
        _pea(canvas, root)
    with canvas.pen("#15101f") as pen:
        pen.rectangle(0, 618, WIDTH, 60)
    with canvas.pen("#5a4f74") as pen:
        pen.rectangle(0, 612, WIDTH, 8)


def _pea(canvas: Canvas, root: float) -> None:
    lean = canvas.random.uniform(-40, 150)
    tall = canvas.random.uniform(190, 400)
    stem = curve((root, 620), (root + lean * 0.1, 620 - tall * 0.6), (root + lean, 620 - tall))
    green = mix("#3f9a4a", "#9ad85a", canvas.random.random())
    with canvas.pen(mix(green, "#0d2a18", 0.35)) as pen:
        pen.line(stem, 4)
    for side, shade in ((-1, "#123a1e"), (1, "#d9f29a")):
        with canvas.pen(mix(green, shade, 0.3)) as pen:
            for x, y in stem[6::7]:
                tip = (x + side * canvas.random.uniform(34, 58), y - canvas.random.uniform(8, 34))
                _leaf(pen, (x, y), tip)
    with canvas.pen(green) as pen:
        x, y = stem[-1]
        pen.line(
            [(x + 14 * t * math.cos(t * 3.2), y - 12 * t + 6 * math.sin(t * 3.2)) for t in (i / 10 for i in range(24))],
            1.6,
        )
    if canvas.random.random() < 0.7:
        _pod(canvas, stem[canvas.random.randint(16, 28)])


def _leaf(pen: Pen, start: Point, tip: Point) -> None:
    across = ((tip[1] - start[1]) * 0.55, -(tip[0] - start[0]) * 0.55)
    middle = ((start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2)
    sides = [(middle[0] + s * across[0], middle[1] + s * across[1]) for s in (-1, 1)]
    pen.polygon([*curve(start, sides[0], tip), *curve(tip, sides[1], start)])


def _pod(canvas: Canvas, hook: Point) -> None:
    x, y = hook
    with canvas.pen("#b6e36a") as pen:
        pen.polygon(
            [*curve((x, y), (x + 34, y + 26), (x + 16, y + 92)), *curve((x + 16, y + 92), (x - 6, y + 50), (x, y))]
        )
    with canvas.pen("#7fb63f", 0.9) as pen:
        for i in range(4):
            pen.disc(x + 11 + 3 * math.sin(i), y + 26 + i * 14, 5)


def neutrino_under_ice(canvas: Canvas) -> None:
    canvas.sky("#8fd0e8", "#1f7fae", "#0a3f73", "#051f47", "#020a1f")
    track = ((180, 720), (960, 130))
    with canvas.pen("#4aa8ff", 0.55, blur=30, light=True) as pen:
        pen.polygon((track[1], (-60, 350), (420, 760)))
    with canvas.pen("#8fdcff", 0.45, blur=12, light=True) as pen:
        pen.polygon((track[1], (80, 560), (270, 720)))
    with canvas.pen("#f2fcff", 1, blur=1.2, light=True) as pen:
        pen.line(track, 2.4)
    canvas.glow(*track[1], 90, "#ffffff", 1)
    dark: list[tuple[float, float, float]] = []
    lit: list[tuple[float, float, float]] = []
    for depth, spacing in ((0.45, 92), (0.7, 142), (1, 205)):
        with canvas.pen("#bfe3f5", 0.35 * depth) as pen:
            for x in range(round(canvas.random.uniform(10, 60)), WIDTH, spacing):
                pen.line(((x, 60), (x, HEIGHT)), 1.2 * depth)
                for y in range(100, HEIGHT, round(62 * depth + 14)):
                    away = _distance((x, y), track)
                    if away < 110 and x < 985:
                        lit.append((x, y, 11 * depth * (1.25 - away / 200)))
                    else:
                        dark.append((x, y, 9 * depth))
    with canvas.pen("#3f7fae", 0.85) as pen:
        for eye in dark:
            pen.disc(*eye)
    for blur, grow in ((11, 2.2), (0.8, 1)):
        with canvas.pen("#ffe07a", 0.95, blur=blur, light=True) as pen:
            for left, top, size in lit:
                pen.disc(left, top, size * grow)
    under: list[Point] = [(x, 58 + 7 * math.sin(x / 47) + 5 * math.sin(x / 19)) for x in range(WIDTH + 10, -10, -10)]
    with canvas.pen("#f4fafc") as pen:
        pen.polygon([(0, 0), (WIDTH, 0), *under])
    with canvas.pen("#a9d5e6", 0.8, blur=5) as pen:
        pen.line(under, 7)


def _distance(point: Point, track: tuple[Point, Point]) -> float:
    """How far a point lies from the straight line through a track."""
    (ax, ay), (bx, by) = track
    return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / math.dist(*track)


def key_through_a_storm(canvas: Canvas) -> None:
    canvas.sky("#0b0d1c", "#1a1f3a", "#2d2f52", "#4a4468")
    canvas.cloud("#7f86b8", 0.75, (4, 5))
    for start, tilt in (((330, -10), 1.45), ((745, -10), 1.75), ((1010, -10), 1.5)):
        state = canvas.random.getstate()
        for width, alpha, blur in ((10, 0.7, 14), (2.6, 1, 0.6)):
            canvas.random.setstate(state)
            with canvas.pen("#e6e4ff", alpha, blur=blur, light=True) as pen:
                _bolt(canvas, pen, start, tilt, width)
    for base, low, high, colour, window in ((560, 60, 190, "#171a33", 0.25), (620, 40, 130, "#0b0d1e", 0.4)):
        _city(canvas, base, (low, high), colour, window)
    towers = ((150, 300), (1050, 255))
    with canvas.pen("#05060f") as pen:
        for x, top in towers:
            pen.polygon(((x - 16, top + 30), (x + 16, top + 30), (x + 34, HEIGHT), (x - 34, HEIGHT)))
            pen.disc(x, top + 10, 27)
            pen.line(((x, top), (x, top - 70)), 4)
    for width, alpha, blur in ((15, 0.7, 13), (3, 1, 0.8)):
        with canvas.pen("#5dffb0", alpha, blur=blur, light=True) as pen:
            pen.line(((150, 310), (1050, 265)), width)
    with canvas.pen("#f2fff8", light=True) as pen:
        for i in range(1, 24):
            if canvas.random.random() < 0.6:
                pen.disc(150 + 900 * i / 24, 310 - 45 * i / 24, 5)
    canvas.glow(150, 310, 80, "#8fffd0", 0.9)
    canvas.glow(1050, 265, 80, "#8fffd0", 0.9)
    with canvas.pen("#c9d3f2", 0.28, light=True) as pen:
        for _ in range(420):
            drop = (canvas.random.uniform(-40, WIDTH), canvas.random.uniform(-40, HEIGHT))
            fall = canvas.random.uniform(14, 42)
            pen.line((drop, (drop[0] + fall * 0.22, drop[1] + fall)), 0.8)


def _bolt(canvas: Canvas, pen: Pen, start: Point, tilt: float, width: float) -> None:
    points = [start]
    while points[-1][1] < 430:
        x, y = points[-1]
        angle = tilt + canvas.random.gauss(0, 0.5)
        points.append((x + 24 * math.cos(angle), y + 24 * math.sin(angle)))
        if canvas.random.random() < 0.16:
            crack(canvas, pen, points[-1], tilt + canvas.random.choice((-0.7, 0.7)), 120, width * 0.5)
    pen.line(points, width)


def _city(canvas: Canvas, base: float, heights: tuple[float, float], colour: str, window: float) -> None:
    lights: list[Point] = []
    with canvas.pen(colour) as pen:
        x = -10.0
        while x < WIDTH:
            wide, tall = canvas.random.uniform(34, 86), canvas.random.uniform(*heights)
            pen.rectangle(x, base - tall, wide, HEIGHT)
            rows, columns = range(round(base - tall) + 10, HEIGHT, 15), range(round(x) + 7, round(x + wide) - 8, 12)
            lights += [(a, b) for a in columns for b in rows if canvas.random.random() < window]
            x += wide + canvas.random.uniform(0, 8)
    with canvas.pen("#ffce7a", 0.75) as pen:
        for a, b in lights:
            pen.rectangle(a, b, 4, 6)
