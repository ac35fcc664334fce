"""Pictures of seas, ice, mountains and skies."""

from __future__ import annotations

import math

from crosspost.demo.canvas import HEIGHT, WIDTH, Canvas, Pen, Point, crack, curve, mix


def waves_under_waves(canvas: Canvas) -> None:
    canvas.sky("#f6c98f", "#f9e3bd", "#cfe3e6", "#5fa3b5", "#2c7d98")
    canvas.glow(860, 130, 420, "#fff0c8", 0.9)
    with canvas.pen("#fffaf0") as pen:
        pen.disc(860, 132, 44)
    tops = 190, 262, 330, 402, 474, 548, 616
    for i, top in enumerate(tops):
        colour = mix("#3f9db1", "#04122b", i / (len(tops) - 1))
        line = _swell(canvas, top, 4 if i == 0 else 34 + 24 * math.sin(i * 0.8 + 0.4), 210 + 34 * i)
        with canvas.pen(colour) as pen:
            pen.polygon([*line, (WIDTH, HEIGHT), (0, HEIGHT)])
        with canvas.pen("#c9f0f2", 0.5 - 0.05 * i, blur=0.6) as pen:
            pen.line(line, 2.4 - 0.2 * i)
    with canvas.pen("#fff3d0", 0.75, blur=0.6) as pen:
        for _ in range(26):
            half = canvas.random.uniform(8, 46)
            x, y = 860 + canvas.random.gauss(0, 46), 194 + canvas.random.uniform(0, 58)
            pen.line(((x - half, y), (x + half, y)), 1.6)
    with canvas.pen("#ffd98a", 0.9) as pen:
        for x in (250, 480, 1040):
            pen.disc(x, 186, 7)
            pen.line(((x, 186), (x, HEIGHT)), 1.2)
            for y in range(230, HEIGHT, 40):
                pen.disc(x, y, 4)


def _swell(canvas: Canvas, top: float, height: float, length: float) -> list[Point]:
    """A wave line with crests sharper than its troughs."""
    phase = canvas.random.uniform(0, 6.3)
    line: list[Point] = []
    for x in range(0, WIDTH + 8, 8):
        angle = x * 6.283 / length + phase
        lift = math.sin(angle) + 0.28 * math.sin(2 * angle + 1.2) + 0.35 * math.sin(angle * 0.37)
        line.append((x, top - height * lift * 0.6))
    return line


def listening_ice(canvas: Canvas) -> None:
    canvas.sky("#7f97b8", "#c9c3d3", "#f2d3c4", "#eef1f4", "#b9d3e0", "#7fb0c9")
    canvas.glow(840, 236, 380, "#ffe4c4", 0.8)
    for base, height, colour in ((236, 72, "#a9b4cb"), (254, 40, "#8c9dba")):
        with canvas.pen(colour) as pen:
            pen.polygon(canvas.ridge(base, height, 0.55))
    with canvas.pen("#dbe8ee") as pen:
        pen.polygon(((0, 268), (WIDTH, 268), (WIDTH, HEIGHT), (0, HEIGHT)))
    ice = Pen()
    ice.polygon(((0, 270), (WIDTH, 270), (WIDTH, HEIGHT), (0, HEIGHT)))
    with canvas.pen("#4f93b4", 0.8, blur=120) as pen:
        pen.rectangle(-200, 470, WIDTH + 400, 400)
    canvas.cloud("#ffffff", 0.5, (7, 6), ice.shape())
    for colour, alpha, shift in (("#2f6f92", 0.75, 0), ("#ffffff", 0.85, 2.2)):
        state = canvas.random.getstate()
        with canvas.pen(colour, alpha, blur=0.5) as pen:
            for _ in range(58):
                depth = canvas.random.random() ** 1.7
                start = (canvas.random.uniform(-50, WIDTH + 50), 312 + depth * 370 + shift)
                along = canvas.random.choice((0, math.pi)) + canvas.random.gauss(0, 0.2)
                crack(canvas, pen, start, along, 60 + 330 * depth, 0.8 + 2.4 * depth)
        if not shift:
            canvas.random.setstate(state)  # the same cracks again: first their depth, then their lit edge
    cable = curve((840, 272), (700, 380), (330, HEIGHT + 10), 80)
    for width, alpha, blur in ((13, 0.8, 10), (4, 1, 0.8)):
        with canvas.pen("#ffb347", alpha, blur=blur) as pen:
            for i in range(80):
                pen.line(cable[i : i + 2], width * (0.15 + i / 80))
    with canvas.pen("#e8792a", 0.9, blur=0.6) as pen:
        for grow in (40, 78, 122):
            pen.circle(*cable[55], grow, 2.4, flat=0.3)


def backpack_clock(canvas: Canvas) -> None:
    canvas.sky("#16285a", "#3f5f9f", "#a9b9dc", "#f4d5bd", "#f7e6d0")
    peak = (640, 235)
    canvas.glow(*peak, 520, "#ffe9c8", 0.6)
    for radius, width in ((120, 1.6), (200, 1.4), (290, 1.2), (400, 1)):
        with canvas.pen("#ffffff", 0.75) as pen:
            pen.circle(*peak, radius, width)
            for i in range(60):
                angle = math.radians(i * 6)
                inner = radius - (14 if i % 5 == 0 else 6)
                ends = [(peak[0] + r * math.cos(angle), peak[1] + r * math.sin(angle)) for r in (inner, radius)]
                pen.line(ends, 2.2 if i % 5 == 0 else 1)
    with canvas.pen("#ffffff", 0.95) as pen:
        pen.line((peak, (peak[0] + 132, peak[1] - 150)), 4)
        pen.line((peak, (peak[0] - 90, peak[1] - 78)), 6)
    _peak(canvas, peak)
    for i, base in enumerate((470, 535, 590, 645)):
        with canvas.pen(mix("#4a6699", "#0b1530", i / 3)) as pen:
            pen.polygon(canvas.ridge(base, 120 - 18 * i, 0.5))
        with canvas.pen("#dfe6f5", 0.16, blur=24) as pen:
            pen.rectangle(0, base + 20, WIDTH, 26)
    with canvas.pen("#ffcf70") as pen:
        pen.disc(642, 236, 5)
        pen.disc(205, 560, 5)
    with canvas.pen("#ffcf70", 0.8, blur=0.7, light=True) as pen:
        pen.line(((205, 560), (642, 236)), 1.6)


def _peak(canvas: Canvas, top: Point) -> None:
    left, right = [top], [top]
    for side, points in ((-1, left), (1, right)):
        while points[-1][1] < 600:
            x, y = points[-1]
            points.append((x + side * canvas.random.uniform(12, 34), y + canvas.random.uniform(8, 26)))
    with canvas.pen("#6d86b5") as pen:
        pen.polygon([*left[::-1], *right])
    middle = [(top[0] + canvas.random.uniform(-26, 34) * i / 12 + i * 5, top[1] + i * 32) for i in range(12)]
    with canvas.pen("#41588a") as pen:
        pen.polygon([top, *middle[1:], *right[::-1]])
    snow = [
        (left[4][0], left[4][1]),
        *((left[4][0] + 16 * i, left[4][1] + canvas.random.uniform(-24, 30)) for i in range(1, 7)),
    ]
    with canvas.pen("#f6f8fd", 0.95) as pen:
        pen.polygon([top, *left[1:5], *snow, right[3]])


def polar_balloons(canvas: Canvas) -> None:
    canvas.sky("#030a1a", "#06213a", "#0b4250", "#2a6a6a")
    canvas.stars(360, 480)
    for start, colour, tall in ((90, "#4dffb0", 250), (420, "#39e0c8", 300), (760, "#7dffa0", 230)):
        phase, sway = canvas.random.uniform(0, 6.3), canvas.random.uniform(30, 60)
        with canvas.pen(colour, 1, blur=5, light=True) as pen:
            for i in range(150):
                x = start + i * 3.1
                foot = 350 + sway * math.sin(i / 21 + phase) + 14 * math.sin(i / 5)
                reach = tall * canvas.random.uniform(0.5, 1)
                for part in range(12):
                    y = foot - reach * part / 12
                    pen.line(((x + part, y), (x + part + 1, y - reach / 12)), 2.4, round(170 * (1 - part / 12) ** 1.3))
    for x, y, size in (
        (250, 240, 1.0),
        (560, 160, 0.62),
        (700, 330, 0.42),
        (930, 215, 0.82),
        (1090, 120, 0.36),
        (95, 120, 0.34),
        (430, 395, 0.3),
    ):
        _balloon(canvas, (x, y), 86 * size)
    for base, height, colour in ((560, 70, "#9fc6cf"), (605, 50, "#cfe5e8"), (645, 30, "#f1f8f8")):
        with canvas.pen(colour) as pen:
            pen.polygon(canvas.ridge(base, height, 0.42))
        canvas.glow(500, 640, 620, "#2fd6a0", 0.12)


def _balloon(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    skirt = [(x - radius * 0.96, y + radius * 0.28), (x, y + radius * 1.9), (x + radius * 0.96, y + radius * 0.28)]
    with canvas.pen("#e8f3f4", 0.93) as pen:
        pen.disc(x, y, radius)
        pen.polygon(
            [
                skirt[0],
                *curve(skirt[0], (x - radius * 0.5, y + radius * 1.1), skirt[1]),
                *curve(skirt[1], (x + radius * 0.5, y + radius * 1.1), skirt[2]),
            ]
        )
    with canvas.pen("#6fa3ac", 0.5, blur=radius * 0.06) as pen:
        for part in (0.25, 0.55, 0.8):
            pen.line(
                curve((x + radius * 0.1, y - radius), (x + radius * part * 1.5, y + radius * 0.2), skirt[1]),
                max(1, radius * 0.03),
            )
    canvas.glow(x - radius * 0.35, y - radius * 0.3, radius * 0.9, "#ffffff", 0.7)
    with canvas.pen("#f2fbfa", 0.85) as pen:
        pen.line((skirt[1], (x, y + radius * 2.9)), 1)
        pen.rectangle(x - radius * 0.1, y + radius * 2.9, radius * 0.2, radius * 0.16)


def swarm_over_permafrost(canvas: Canvas) -> None:
    canvas.sky("#3d3a66", "#9a6a86", "#f0a877", "#f8d9a0", "#f8d9a0", "#f8d9a0")
    canvas.glow(250, 290, 380, "#fff0c0", 0.8)
    with canvas.pen("#8a5a5c") as pen:
        pen.polygon(canvas.ridge(320, 60, 0.5))
    ground = canvas.ridge(355, 26, 0.5)
    layers = (("#6b4a2a", 0), ("#4a3222", 34), ("#3f5f7a", 84), ("#2f4d6d", 170), ("#22395a", 250))
    for colour, down in layers:
        with canvas.pen(colour) as pen:
            pen.polygon(
                [(x, y + down * (1 + 0.12 * math.sin(x / 130 + down))) for x, y in ground[:-2]]
                + [(WIDTH, HEIGHT), (0, HEIGHT)]
            )
    ice = Pen()
    ice.polygon([(x, y + 90) for x, y in ground[:-2]] + [(WIDTH, HEIGHT), (0, HEIGHT)])
    canvas.cloud("#a8d4ee", 0.45, (6, 8), ice.shape())
    lenses = ((250, 505, 120, 0.3), (640, 560, 90, 0.42), (905, 490, 150, 0.24), (1120, 590, 80, 0.4))
    for grow, colour, alpha, blur in ((10, "#bff0ff", 0.4, 10), (0, "#3fc3d6", 0.95, 1), (-16, "#157f9c", 0.8, 8)):
        with canvas.pen(colour, alpha, blur=blur) as pen:
            for x, y, radius, flat in lenses:
                pen.disc(x, y, radius + grow, flat=flat)
    with canvas.pen("#c9692a", 0.9) as pen:
        for _ in range(420):
            left, foot = canvas.random.choice(ground[:-2])
            tip = (left + canvas.random.uniform(-3, 3), foot - canvas.random.uniform(2, 10))
            pen.line(((left, foot + 3), tip), 1.4)
    places: list[Point] = [(610 + side * i * 66, 120 + i * 19) for i in range(8) for side in ((-1, 1) if i else (1,))]
    with canvas.pen("#fff6d8", 0.13, blur=2, light=True) as pen:
        for drone in places:
            pen.polygon((drone, (drone[0] - 26, drone[1] + 470), (drone[0] + 26, drone[1] + 470)))
    with canvas.pen("#1b1830") as pen:
        for drone in places:
            _drone(pen, drone)
    with canvas.pen("#7dffcf", light=True) as pen:
        for drone in places:
            pen.disc(drone[0], drone[1] + 1, 2.6)


def _drone(pen: Pen, centre: Point) -> None:
    x, y = centre
    pen.line(((x - 22, y - 5), (x + 22, y - 5)), 3)
    pen.polygon(((x - 9, y - 7), (x + 9, y - 7), (x + 6, y + 6), (x - 6, y + 6)))
    for side in (-1, 1):
        pen.disc(x + side * 22, y - 9, 13, flat=0.16)
