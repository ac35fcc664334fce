"""The English edition of the sample site."""

from __future__ import annotations

from crosspost.demo.stories import Edition, Story

_STORIES = (
    Story(
        slug="waves-under-waves",
        language="en",
        title="Waves taller than towers roll beneath a calm sea and keep a reef cool",
        categories=("Science", "Oceans"),
        author="Oceans correspondent",
        picture="Layers of dark blue water rise in tall smooth waves under a calm surface and a low sun",
        text="""
The surface above the reef barely ripples. Two hundred metres down, waves as tall as a forty-storey building
arrive twice a day, and they bring the cold that the corals live on.

Internal waves travel along the border between warm, light water and the cold, heavy water under it. They
are born where the tide pushes the deep ocean over an underwater ridge, and they can cross a whole basin
before they break on a slope, unseen from any ship.

A team of oceanographers spent two years listening to one such slope. They hung forty thermometers on three
cables between the seabed and the surface and read them every ten seconds. The record looks like a
heartbeat: the water warms slowly for hours, then drops by six degrees in a few minutes.

“Divers told us for years that there was an hour when they needed a thicker suit,” says the expedition’s
leader. “Now we can print them a timetable.”

The timetable matters. During the hottest month of the survey, corals on the neighbouring, sheltered reef
turned pale, while the ones that met the waves kept their colour. The cold pulses lasted too briefly to cool
the average, yet long enough to break the heat before it did harm.

The group now wants to know how many such places exist. Ridges of the right shape are common, and a tide
table is public knowledge everywhere. With both, the researchers have drawn a first map of reefs that may
have a cooling system of their own, and that may be worth protecting first.
""",
    ),
    Story(
        slug="chip-of-light",
        language="en",
        title="A chip that computes with light learns to ignore its own heat",
        categories=("Technology", "Physics"),
        author="Technology editor",
        picture="Glowing channels of light cross a dark chip and meet in bright knots",
        text="""
Processors that calculate with light are fast and frugal, but a change of a tenth of a degree spoils their
sums. A new design lets the chip notice the error and correct it while it works.

In an optical processor, numbers travel as beams through channels thinner than a hair. Where two channels
run side by side, the beams meet, and the way they add up is the multiplication. The operation costs almost
no energy. The trouble is that the channels change with temperature, and the chip’s own laser is enough to
warm them.

Until now the cure was a tiny heater beside every crossing, which held it at a constant temperature and used
more power than the calculation itself.

The engineers behind the new chip removed the heaters. Instead, they send one known number along with every
thousand unknown ones, like a musician who strikes a tuning fork between pieces. If the known number comes
out wrong, the chip shifts the colour of its laser by a minute amount until it is right again, and so are
its neighbours.

In a test that lasted eleven days, the prototype sorted pictures of seabirds while its case was warmed and
cooled by thirty degrees. It made no more mistakes on the last day than on the first, and it needed a ninth
of the energy that the version with heaters did.

The prototype has only four thousand crossings, far too few for a large model. But its makers point out that
the correction does not grow with the chip: one tuning fork is enough for a whole row.
""",
    ),
    Story(
        slug="moon-dust-curtain",
        language="en",
        title="An electric curtain sweeps Moon dust off a lens in eight seconds",
        categories=("Moon", "Technology"),
        author="Space correspondent",
        picture="A small lander stands on a cratered grey plain, and the Earth hangs in a black sky",
        text="""
Lunar dust is sharp, electrically charged and sticks to everything. Engineers have built a coating without
moving parts that shakes it off, and tested it on the closest thing to the Moon that fits in a room.

No wind or water has ever rounded the dust of the Moon. Every grain is a splinter of glass. It scratches
visors, wears out seals and settles on solar panels, and because sunlight charges it, wiping only makes it
cling harder.

The new coating turns that charge against the dust. Under a film of transparent ceramic lie hundreds of
wires, each finer than a spider’s thread. A voltage runs along them in a wave, one wire after another, and
the grains surf on it to the edge.

For the trial, the team filled a vacuum chamber the size of a bus with artificial moondust, pumped out the
air and let a lamp as harsh as the Sun shine in. A camera lens under the coating lost nine tenths of its
light within a minute. Then the wave was switched on. Eight seconds later the picture was back.

“The first time, everybody in the room reached for a cloth that was not needed,” recalls the engineer who
ran the test. The cleaning used about as much energy as a torch does in a blink.

The coating survived two hundred cycles from lunar noon to lunar night, a swing of almost three hundred
degrees. Next it will be wrapped around something that bends: the knee of a space suit.
""",
    ),
    Story(
        slug="paper-sail",
        language="en",
        title="A satellite the size of a shoebox comes home on a paper-thin sail",
        categories=("Space", "Technology"),
        author="Space correspondent",
        picture="A small satellite with a square silver sail glides above the glowing edge of the Earth",
        text="""
Left alone, the little satellite would have circled the Earth for twenty more years as litter. A sail
thinner than a sandwich bag brought it down in fourteen months, with no fuel at all.

At six hundred kilometres the air is ten million million times thinner than at sea level, but it is there.
Anything that moves through it at eight kilometres a second feels a breath of wind. The trick is to offer
that wind as much surface as possible for as little weight.

The satellite, built by students as a thermometer for the upper atmosphere, carried its sail rolled up in a
drum no larger than a jam jar. When its work was done, four steel tapes sprang out like a carpenter’s rule
and pulled a square of silvery film, three metres on a side, tight between them.

From then on the orbit sank, first by a few metres a day, later by kilometres. Amateur observers on five
continents timed its passes and sent in what they saw: a steady point that sometimes flared as the film
caught the Sun. Their times agreed with the forecast to within two weeks, even through a fortnight in which
a restless Sun puffed up the atmosphere.

The last signal came from above an empty stretch of ocean. A minute later the satellite was a streak of
light, and then nothing.

The drum weighs four hundred grams. Its designers have published the drawings, so that the next shoebox can
clear up after itself too.
""",
    ),
    Story(
        slug="listening-ice",
        language="en",
        title="A cable frozen into sea ice hears it crack, bend and breathe",
        categories=("Science", "Climate"),
        author="Science editor",
        picture="Cracked pale ice stretches to a cold horizon, and one bright line runs through it",
        text="""
An ordinary telephone fibre, laid across a frozen bay, has become a microphone eleven kilometres long. It
tells how thick the ice is without anybody having to walk on it.

Light sent down a glass fibre is always reflected a little by flaws in the glass. If the fibre is stretched
by even a billionth of its length, the reflection changes. Read it two thousand times a second, and every
metre of the cable becomes an ear.

The researchers let the cable freeze in when winter began and listened until the thaw. They heard seals come
up for air, snow settle and the tide lift the whole sheet twice a day. Above all they heard the ice itself:
some nine thousand small quakes a day, most of them too weak for a person standing on top.

Those quakes turned out to be the best part. The vibration that a crack sends through floating ice travels
faster where the ice is thick. By timing the same crack along the cable, the team could draw a profile of
the thickness every hour, to within three centimetres of what a drill found.

For people who live by the bay this is no abstract number. The road to the next village runs over the ice
for five months of the year, and each spring somebody has to decide when to close it.

Last spring the cable saw a thin patch form under fresh snow, where a current had changed its course. The
road was moved by four hundred metres. Nine days later, the old track was open water.
""",
    ),
    Story(
        slug="two-tilted-rings",
        language="en",
        title="A small icy world turns out to wear two rings, tilted against each other",
        categories=("Space", "Astronomy"),
        author="Astronomy correspondent",
        picture="A pale planet with two thin rings at different angles before a field of stars",
        text="""
For ninety seconds a faraway star went dark, flickered and came back. From that flicker astronomers have
read something nobody expected: two thin rings that do not lie in one plane.

The world has a number and no name. It is four hundred kilometres across and lies so far beyond the last
planet that no telescope shows it as more than a point. But twice in the past decade it passed in front of a
star, and its shadow swept over the Earth.

The second time, the observers were ready. Twenty-three telescopes stood in a row across the path of the
shadow, some in observatories, some on car parks and one on the roof of a school. Each of them saw the star
vanish for a different time, and together they cut the little world into slices.

Before and after the main eclipse the star dimmed briefly, again and again. One ring explains half of these
dips. The other half fits a second ring, wider, fainter and tipped by eleven degrees.

“Rings are supposed to settle into one plane, as surely as water finds its level,” says the survey’s lead
astronomer. “Something stirs this one faster than it can settle.” The suspect is a moon too small to be
seen, on a slanted orbit between the two.

If the moon is there, it will pass in front of a star as well. The team has already worked out where to
stand: on a chain of islands, in three years’ time, in the rainy season.
""",
    ),
)

_LATE = (
    Story(
        slug="three-echoes",
        language="en",
        title="The same flash from deep space arrived three times, nine days apart",
        categories=("Space", "Astronomy"),
        author="Astronomy correspondent",
        picture="Radio dishes under a starry sky, and three arcs of light that spread above them",
        text="""
A radio telescope has caught one burst in three copies. A galaxy that stands in the way bent its path, and
the delay between the copies is a new ruler for the expanding universe.

The burst lasted four thousandths of a second. In that time its source, halfway across the visible universe,
gave off as much energy as the Sun does in several days. Such flashes are recorded daily now, and this one
would have been filed with the rest, had it not come back.

It came back eleven hours later, and again after nine days: fainter, from almost the same point, but with
the same fingerprint of three sharp peaks and a gap. No source repeats itself so exactly. It was not a new
flash but the old one, by a longer road.

Between the source and the Earth stands a massive galaxy. Its gravity bends space like a lens, so that the
waves reached the telescope along three paths. One of them was longer by nine light-days, out of a journey
of six billion years.

The delay can be measured to the thousandth of a second, which makes it the most precise of its kind. And
since it depends on how far apart everything is, it tells how fast the universe has been growing, without
any of the usual rungs of the distance ladder.

One lens is not enough to settle an old quarrel about that speed. The team expects to need about thirty. The
telescope, they say, has been told not to delete its duplicates any more.
""",
    ),
    Story(
        slug="backpack-clock",
        language="en",
        title="A clock in a backpack measures the height of a mountain",
        categories=("Physics", "Technology"),
        author="Physics correspondent",
        picture="A mountain range in blue layers with rings like a clock face around its highest peak",
        text="""
Time runs faster on a summit than in the valley, by a second in a quarter of a million years. An optical
clock that one person can carry is now good enough to notice, and to turn the difference into metres.

That gravity slows time has been known for more than a century. Until lately, to see it on a hillside took a
laboratory full of lasers. The new instrument holds a few thousand atoms in a cube of light, in a case that
weighs nineteen kilograms with its battery.

For the test, two such clocks were set side by side in a valley until they agreed. One stayed. The other
went up a mountain path with a team of physicists who took turns to carry it, and spent a week in a
shepherds’ hut, compared with its twin by a laser link across the valley.

The clock in the hut gained. From the gain the physicists worked out that it stood 1,214 metres above its
twin, give or take forty centimetres. The surveyors’ answer, measured the old way, was 1,214.3.

Why weigh time when satellites give heights already? Because satellites measure geometry, and water obeys
gravity. Only gravity knows which way a canal will run. National height systems disagree by decimetres at
their borders, and more than one bridge has met in the middle with a step.

The next version should be ten times as exact. Then a clock beside a volcano might feel the magma rise
beneath it before the ground begins to swell.
""",
    ),
    Story(
        slug="polar-balloons",
        language="en",
        title="Seven balloons circle the pole for a winter and weigh its ozone",
        categories=("Science", "Atmosphere"),
        author="Science editor",
        picture="Pale balloons drift under green curtains of polar light above snow",
        text="""
Seven balloons the size of a football pitch rose above the polar ice in the last daylight of autumn and came
down in the first of spring. In between, they drew the most detailed portrait yet of the polar sky.

Every winter a ring of wind closes around the pole, thirty kilometres up, and locks the air inside it away.
In the dark it grows cold enough for rare clouds of mother-of-pearl, and on the surface of those clouds the
chemistry begins that eats ozone when the Sun returns.

Satellites see the result from above. To watch the process, one has to be there, and no aircraft flies so
high for so long. So the researchers sent balloons: skins thinner than cling film, filled with helium, that
float for months where the air is one hundredth of ours.

Each of them carried a winch. Twice a day it let down a cluster of instruments on a two-kilometre line, like
an angler from a bridge, and drew it up again. Forty-one thousand samples came in this way, every one with
its time, its place and its temperature.

They show that the pearly clouds are far patchier than the models had them, and that ozone vanishes in
streaks a few hundred metres thick. Averaged over a satellite’s view, the loss is the same. Where it happens
is not, and that decides how fast the layer heals.

All seven balloons were brought down on a snowfield within sight of a research station. Six could be folded
up by hand. The seventh is to fly again.
""",
    ),
)

EDITION = Edition(
    language="en",
    name="Perigee",
    motto="Science, space and technology, seen from close by",
    stories=_STORIES,
    late=_LATE,
)
