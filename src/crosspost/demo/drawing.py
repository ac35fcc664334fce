"""The sample site's pictures, drawn by code: nothing is downloaded, and each comes out the same every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from crosspost.demo import scenes_craft as craft
from crosspost.demo import scenes_nature as nature
from crosspost.demo import scenes_space as space
from crosspost.demo.canvas import HEIGHT, WIDTH, Canvas

SIZE = (WIDTH, HEIGHT)

SCENES: Mapping[str, Callable[[Canvas], None]] = MappingProxyType(
    {
        "waves-under-waves": nature.waves_under_waves,
        "chip-of-light": craft.chip_of_light,
        "moon-dust-curtain": space.moon_dust,
        "paper-sail": space.paper_sail,
        "listening-ice": nature.listening_ice,
        "two-tilted-rings": space.two_tilted_rings,
        "three-echoes": space.three_echoes,
        "backpack-clock": nature.backpack_clock,
        "polar-balloons": nature.polar_balloons,
        "goroh-na-orbite": craft.peas_in_orbit,
        "chip-chinit-sebya": craft.chip_that_heals,
        "veter-na-chuzhoi-planete": space.wind_on_a_giant,
        "neitrino-podo-ldom": craft.neutrino_under_ice,
        "peshchera-pod-lunnym-morem": space.lunar_cave,
        "kometa-iz-temnoty": space.comet,
        "parus-podnyal-orbitu": space.golden_sail,
        "roi-nad-merzlotoi": nature.swarm_over_permafrost,
        "klyuch-skvoz-grozu": craft.key_through_a_storm,
    }
)


@cache
def draw(slug: str) -> bytes:
    """The picture of the story `slug` as a JPEG of `SIZE`. Raises KeyError for a story that is not there."""
    scene = SCENES[slug]
    canvas = Canvas(slug)
    scene(canvas)
    return canvas.jpeg()
