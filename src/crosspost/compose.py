"""An article and a channel's voice -> the text of a post. Pure: the same article gives the same text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from jinja2 import Template

from crosspost import templates
from crosspost.article import Article
from crosspost.errors import Refused
from crosspost.platforms import Limits
from crosspost.post import Words
from crosspost.text.fit import Measure, shorten
from crosspost.text.hashtags import hashtags, named_first, put_inside
from crosspost.text.headline import headline
from crosspost.text.language import guess
from crosspost.text.links import with_utm
from crosspost.text.measure import characters
from crosspost.text.sentences import sentences
from crosspost.text.story import has_story, story
from crosspost.text.summary import Manner, can_begin, summary
from crosspost.text.typography import NBSP, typeset

Size = Literal["short", "medium", "long"]


@dataclass(frozen=True, slots=True)
class Voice:
    """How a channel writes. `None` means the platform's own: its `template`, its usual `summary` (a size, or so many
    characters), its limit of `length`, its limit of hashtags (`most_hashtags`).

    `hashtag_map` says which hashtag a category has; `hashtags_from_categories` makes one of every other category.
    `hashtags_at`: all at the end, or inside the text where their words stand. `instructions` are the manager's words
    for a language model that writes its summaries.
    """

    platform: str
    template: str | None = None
    summary: Size | int | None = None
    hashtags: tuple[str, ...] = ()
    hashtags_from_categories: bool = False
    hashtag_map: Mapping[str, str] = field(default_factory=dict)
    hashtags_at: Literal["end", "inside"] = "end"
    most_hashtags: int | None = None
    utm: Mapping[str, str] = field(default_factory=dict)
    pictures: Literal["auto", "picture", "card", "none"] = "auto"
    length: int | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a summary written elsewhere must fit into: at most `length` by `measure`, at most so many `sentences`
    (`None` for no bound) and `paragraphs`, in `language` ("" when it is not known)."""

    length: int
    measure: Measure
    sentences: int | None
    paragraphs: int
    language: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A summary written elsewhere that may be used; or, where `text` is empty, a `remark` that says why there is none,
    if somebody should know."""

    text: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post's text, and how it came out: `length` of `limit` by the platform's measure; `warnings` are sentences;
    `told` says whether the summary that was handed over is in it."""

    text: str
    link: str
    title: str
    length: int
    limit: int
    warnings: tuple[str, ...]
    told: bool = False

    @property
    def words(self) -> Words:
        """What the post says."""
        return Words(self.text, self.link, self.told)


_SIZES: Mapping[Size, Manner] = MappingProxyType(
    {
        "short": Manner(length=300, longest=450, sentences=2),
        "medium": Manner(length=500, longest=700, sentences=3),
        "long": Manner(length=800, sentences=7, paragraphs=2),
    }
)
# X has room for one strong sentence. On YouTube no card tells what it is about: a question or a fact does.
_USUAL: Mapping[str, Size] = MappingProxyType({"x": "short", "vk": "long", "facebook": "medium", "youtube": "short"})
_TWO_PARAGRAPHS = 600  # characters; a summary for which more are wanted has a paragraph's break

_SOME = "x"  # stands for a summary where the room for one is measured

_MOST_HASHTAGS: Mapping[str, int] = MappingProxyType({"x": 3, "vk": 10, "facebook": 5, "youtube": 5})


def manner(voice: Voice, limits: Limits) -> Manner:
    """How the summaries of a channel look."""
    usual = "medium" if limits.video else _USUAL[voice.platform]
    size = usual if voice.summary is None else voice.summary
    if isinstance(size, int):
        found = Manner(length=size, paragraphs=2 if size >= _TWO_PARAGRAPHS else 1)
    else:
        found = _SIZES[size]
    if voice.platform == "x":
        return replace(found, paragraphs=1, sentences=1 if size == "short" else found.sentences)
    return replace(found, hook=voice.platform == "youtube")


def shown(article: Article) -> Article:
    """The article with its title as posts, cards and films show it. The feed's own is part of its identity."""
    title = headline(article.title, article.link, (article.feed, *article.categories))
    return article if title == article.title else replace(article, title=title)


def needs_page_text(article: Article) -> bool:
    """Whether the feed tells so little of the article that its page has to be read for a summary; or in such a way that
    no sentence could begin one."""
    return not (has_story(article) and can_begin(article, language_of(article)))


def room(article: Article, voice: Voice, limits: Limits) -> Room:
    """The room for a summary of `article` on a channel. Raises `Refused` as `compose` does.

    It is what the template leaves: length 0 where that wants no summary. But a film tells its summary itself, so the
    template is not asked then, nor are the bytes of a description counted: one that has no room for the same words goes
    without them.
    """
    article = shown(article)
    wanted = manner(voice, limits)
    left = limits.length if limits.video else _left(article, voice, limits)
    length = left if wanted.length is None else min(left, wanted.length)
    return Room(length, _counted(limits), wanted.sentences, wanted.paragraphs, language_of(article))


def compose(article: Article, voice: Voice, limits: Limits, told: str = "") -> Draft:
    """Write `article` up for a channel, with `told` for a summary, if that is given and there is room for it.

    The summary takes the room that title, link and hashtags leave. Where even without it the text is too long,
    hashtags are dropped from the last on, then the title is shortened; the link never is. Raises `Refused` when
    nothing fits, when nothing is left to say and when the template fails.
    """
    if not (article.title or article.link or story(article).text):
        raise Refused(f"An article of feed {article.feed} has no title, no text and no link: there is nothing to post.")
    article = shown(article)
    page = _page(article, voice, limits)
    tags, too_many = _hashtags(article, voice)
    title, kept, wanted = article.title, tags, manner(voice, limits)
    text, is_told = _with_summary(page, article, title, kept, wanted, told)
    if len(kept) > len(voice.hashtags) and text == page.text(title, "", kept):
        kept, text, is_told = _with_fewer_hashtags(page, article, title, kept, len(voice.hashtags), wanted, told)
    if page.excess(text) > 0:
        kept = _fitting_hashtags(page, title, tags)
        title = _fitting_title(page, title, kept)
        text, is_told = _with_summary(page, article, title, kept, wanted, told)
    if not text:
        raise Refused("The channel's template gives an empty text for this article; mend it, then retry.")
    link = page.values["link"]
    lost = limits.link_in_text and link not in text
    warnings = tuple(_warnings(article, title, tags[len(kept) :], too_many, lost))
    return Draft(text, link, article.title, page.measure(text), page.limit, warnings, is_told)


def sentences_of(article: Article, voice: Voice, limits: Limits, told: str = "") -> tuple[str, ...]:
    """The sentences that tell `article` where its text does not stand: those of `told`, if that is given, else the
    channel's summary."""
    article = shown(article)
    language = language_of(article)
    words = told or summary(article, language, manner(voice, limits), limits.length, _counted(limits))
    return tuple(sentences(typeset(words, language, link="", glue=True), language))


def _counted(limits: Limits) -> Measure:
    """How the length of a summary is counted: as the platform counts, but where that is by bytes. A film in Russian
    shall tell as much as one in English."""
    return characters if limits.video else limits.measure


def _left(article: Article, voice: Voice, limits: Limits) -> int:
    """What the channel's template leaves for a summary."""
    page = _page(article, voice, limits)
    return page.room(article.title, _hashtags(article, voice)[0]) if page.wants_summary else 0


@dataclass(frozen=True, slots=True)
class _Page:
    """A template with all but its title, summary and hashtags filled in, and the room it has."""

    template: Template
    values: Mapping[str, Any]
    limit: int
    measure: Measure
    counted: Measure  # of a summary
    tags_inside: bool
    instead: Mapping[int, str]

    def text(self, title: str, summary: str, tags: tuple[str, ...]) -> str:
        if self.tags_inside:
            summary, tags = put_inside(summary, tags)
            title, tags = put_inside(title, tags)
        parts = {"title": title, "summary": summary, "hashtags": " ".join(tags)}
        text = _squeezed(templates.filled(self.template, self.values, **parts))
        glue = self.measure(NBSP) <= self.measure(" ")
        return typeset(text, self.values["language"], link=self.values["link"], glue=glue).translate(self.instead)

    @property
    def wants_summary(self) -> bool:
        """Whether the template has a place for one."""
        return self.text("", _SOME, ()) != self.text("", "", ())

    def room(self, title: str, tags: tuple[str, ...]) -> int:
        """How long a summary may be."""
        return self.measure(_SOME) - self.excess(self.text(title, _SOME, tags))

    def excess(self, text: str) -> int:
        """How much too long `text` is; negative while there is room."""
        return self.measure(text) - self.limit


def language_of(article: Article) -> str:
    """The two-letter code of the article's language, as told or guessed; "" when unsure."""
    return article.language or guess(f"{article.title} {story(article).text[:200]}")


def _page(article: Article, voice: Voice, limits: Limits) -> _Page:
    language = language_of(article)
    values = templates.values(article, with_utm(article.link, voice.utm), language)
    measure = lru_cache(maxsize=8)(limits.measure)  # whether a text fits is asked more than once
    source = voice.template or templates.default_template(voice.platform, language, limits)
    return _Page(
        templates.compiled(source),
        values,
        voice.length or limits.length,
        measure,
        _counted(limits),
        voice.hashtags_at == "inside",
        str.maketrans(dict(limits.instead)),
    )


def _hashtags(article: Article, voice: Voice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The article's hashtags on a channel, and those that are too many there."""
    every = hashtags(voice.hashtags, article.categories, voice.hashtag_map, others=voice.hashtags_from_categories)
    most = _MOST_HASHTAGS[voice.platform] if voice.most_hashtags is None else voice.most_hashtags
    if len(every) > most:
        listed = len(hashtags(voice.hashtags))
        every = (*every[:listed], *named_first(every[listed:], article.title))
    return every[:most], every[most:]


def _fitting_hashtags(page: _Page, title: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    while tags and page.excess(page.text(title, "", tags)) > 0:
        tags = tags[:-1]
    return tags


def _fitting_title(page: _Page, title: str, tags: tuple[str, ...]) -> str:
    """The title, shortened until the text without a summary fits."""
    short = title
    while (excess := page.excess(page.text(short, "", tags))) > 0:
        short = shorten(title, page.measure(short) - excess, page.measure)
        if not short:
            raise Refused(
                f"Without summary and hashtags the text is still {excess} over the {page.limit} that are allowed, and "
                "the title cannot be shortened so far: shorten the channel's template."
            )
    return short


def _with_summary(
    page: _Page, article: Article, title: str, tags: tuple[str, ...], wanted: Manner, told: str
) -> tuple[str, bool]:
    """The whole text, without a summary where there is no room for one, be it too long or not; and whether the summary
    in it is what was `told`.

    A template may change the summary or repeat it, so what fits is known only when it is in.
    """
    if told and page.wants_summary and page.excess(text := page.text(title, told, tags)) <= 0:
        return text, True
    room = page.room(title, tags)
    while room > 0:
        words = summary(article, page.values["language"], wanted, room, page.counted)
        text = page.text(title, words, tags)
        excess = page.excess(text)
        if excess <= 0:
            return text, False
        room = min(room, page.counted(words)) - (excess + 1) // 2
    return page.text(title, "", tags), False


def _with_fewer_hashtags(
    page: _Page, article: Article, title: str, tags: tuple[str, ...], listed: int, wanted: Manner, told: str
) -> tuple[tuple[str, ...], str, bool]:
    """The hashtags, the text and whether it holds what was `told`: a sentence tells readers more than the last of the
    hashtags that were made of categories. Those that are `listed` for the channel stay."""
    bare = page.text(title, "", tags)
    if page.wants_summary and page.excess(bare) <= 0 and (told or story(article).text):
        for count in range(len(tags) - 1, listed - 1, -1):
            text, is_told = _with_summary(page, article, title, tags[:count], wanted, told)
            if text != page.text(title, "", tags[:count]):
                return tags[:count], text, is_told
    return tags, bare, False


def _warnings(
    article: Article, title: str, dropped: tuple[str, ...], too_many: tuple[str, ...], lost: bool
) -> Iterator[str]:
    if dropped:
        yield f"There is no room for {' '.join(dropped)}."
    if too_many:
        yield f"More hashtags than the channel takes; left out: {' '.join(too_many)}."
    if title != article.title:
        yield "The title is too long and was shortened."
    if not article.link:
        yield "The article has no link."
    if lost:
        yield "The text has no link to the article: the template lacks {{ link }}."


_EMPTY_LINES = re.compile(r"\n{3,}")
_LONE_HASHTAG = re.compile(r"(?<=\S)\s*\n(#[^\s#]+)$")


def _squeezed(text: str) -> str:
    """`text` without the gaps that empty variables leave: no doubled empty lines or spaces, none at the edges, and no
    line at the end with a single hashtag."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return _LONE_HASHTAG.sub(r" \1", _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip())
