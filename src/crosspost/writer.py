"""From an article to a post: the text by compose, and what goes with it: the article's own picture, a drawn card, or a
film made of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from crosspost.article import Article, Picture
from crosspost.card import draw
from crosspost.compose import Draft, Edited, Voice, compose, language_of, room, sentences_of, shown
from crosspost.errors import FeedError, Refused
from crosspost.lettering import Style
from crosspost.logs import Log
from crosspost.pictures import UnusablePicture, fit, measured
from crosspost.platforms import Limits
from crosspost.post import Image, Post, Video, Words

if TYPE_CHECKING:
    from crosspost.editor import Editor  # brings an HTTP client and the ledger, which most channels write without

log = Log()
T = TypeVar("T")

# A post carries one picture of its article. The first that is large enough for any reader's screen is taken without
# asking for the others; where none is, the largest of these many is.
_TRIED_PICTURES = 4
# A film takes many seconds of CPU, and a channel that is blocked or rests is tried with the same post again and again.
# Up to 12 MB each, and in memory alone: after a restart it is made once more.
_KEPT_FILMS = 2
_WIDE = 600  # pixels; what platforms ask for of a picture that is to be shown in full width


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes articles up for one channel; `cards` is how cards look there.

    `fetch` gives the bytes behind an address or raises `FeedError`. `editor` writes better summaries, where there is
    one.
    """

    voice: Voice
    limits: Limits
    cards: Style
    fetch: Callable[[str], bytes]
    editor: Editor | None = None

    def preview(self, article: Article) -> tuple[Draft, tuple[Image, ...], float]:
        """What the post for `article` would be: its draft with length and warnings, its pictures, and the seconds that
        its film takes, 0 for none; a film's first still stands for it. Raises `Refused` when nothing fits, `Blocked`
        when no film can be made on this machine."""
        article = shown(article)
        edited = self._edited(article)
        drafted = draft(article, self.voice, self.limits, edited)
        if not self.limits.video:
            return drafted, self._images(article, drafted.words), 0
        from crosspost import film  # brings PyAV, which only channels of videos need

        trailer = self._filmed(film.trailer, article, edited)
        return drafted, (trailer.poster,), trailer.seconds

    def post(self, article: Article, key: str, frozen: Words | None) -> Post:
        """The post for `article`, by the template, or with the words that are `frozen`: the template is not asked
        then, since a change to it shall neither change nor refuse what a person has approved. Raises as `preview`."""
        article = shown(article)
        edited = self._edited(article) if self.limits.video or not frozen else Edited()
        words = frozen or self._words(article, edited)
        if not self.limits.video:
            images = self._images(article, words)
            return Post(words.text, words.link, article.title, images, key, made_with_ai=words.made_with_ai)
        video = self._filmed(rendered, article, edited)
        return Post(words.text, words.link, article.title, (), key, video, words.made_with_ai)

    def _edited(self, article: Article) -> Edited:
        return edited_by(self.editor, article, self.voice, self.limits)

    def _words(self, article: Article, edited: Edited) -> Words:
        if edited.remark:
            log.warning("summary.not_used", article=article.link, why=edited.remark)
        return compose(article, self.voice, self.limits, edited.text).words

    def _filmed(self, make: Callable[..., T | None], article: Article, edited: Edited) -> T:
        """What `make`, which makes a film or tells of one, makes of the article."""
        told = sentences_of(article, self.voice, self.limits, edited.text)
        made = make(article, language_of(article), told, self._own_picture(article), self.cards)
        if made is None:
            raise Refused(
                "The article's title has no letters that a film could show, so no video can be made of it: skip it."
            )
        return made

    def _images(self, article: Article, words: Words) -> tuple[Image, ...]:
        if self.voice.pictures == "none" or self._preview_serves(article, words):
            return ()
        image = self._own_picture(article)
        if image is None and self.voice.pictures != "picture":
            image = self._card(article)
        return (image,) if image else ()

    def _own_picture(self, article: Article) -> Image | None:
        if self.voice.pictures in ("card", "none"):
            return None
        for data, alt in self._best_first(article):
            try:
                return fit(data, self.limits.pictures, alt)
            except UnusablePicture as error:
                log.warning("picture.unusable", article=article.link, why=str(error))
        return None

    def _best_first(self, article: Article) -> Iterator[tuple[bytes, str]]:
        """The article's pictures and their alt texts in the order in which they are worth a try, each fetched only
        when it is asked for: the first wide one, and where none is, the largest."""
        smaller: list[tuple[int, bytes, str]] = []
        for picture in _named(article)[:_TRIED_PICTURES]:
            try:
                data = self.fetch(picture.url)
            except FeedError as error:
                log.warning("picture.unusable", article=article.link, why=str(error))
                continue
            alt = picture.alt or article.title
            width, height = measured(data)
            if 0 < width < _WIDE:
                smaller.append((width * height, data, alt))
            else:
                yield data, alt
        for _, data, alt in sorted(smaller, key=lambda one: -one[0]):
            yield data, alt

    def _card(self, article: Article) -> Image | None:
        drawn = draw(article, language_of(article), self.cards)
        if drawn is None:
            log.info("card.not_drawn", article=article.link, why="the font lacks most letters of the title")
            return None
        return fit(drawn, self.limits.pictures, article.title)

    def _preview_serves(self, article: Article, words: Words) -> bool:
        """Whether readers see the page's own preview, so that the post needs no picture."""
        linked = bool(words.link) and (not self.limits.link_in_text or words.link in words.text)
        return self.voice.pictures == "auto" and self.limits.previews and article.page_preview and linked


@lru_cache(maxsize=_KEPT_FILMS)
def rendered(
    article: Article, language: str, sentences: Sequence[str], picture: Image | None, style: Style
) -> Video | None:
    """As `film.render`; the latest ones are kept."""
    from crosspost import film

    return film.render(article, language, sentences, picture, style)


def draft(article: Article, voice: Voice, limits: Limits, edited: Edited) -> Draft:
    """The text for `article`, with the summary that was `edited` or a warning that says why there is none. Raises
    `Refused` when nothing fits."""
    drafted = compose(article, voice, limits, edited.text)
    return replace(drafted, warnings=(*drafted.warnings, edited.remark)) if edited.remark else drafted


def edited_by(editor: Editor | None, article: Article, voice: Voice, limits: Limits) -> Edited:
    """What `editor` writes about `article` for a channel, if there is one."""
    return editor.summary(article, room(article, voice, limits), voice.instructions) if editor else Edited()


def _named(article: Article) -> Sequence[Picture]:
    """The pictures that the feed names and, last, the page's: that of many a site is its logo."""
    last = article.page_picture
    if last is None or any(picture.url == last.url for picture in article.pictures):
        return article.pictures
    return (*article.pictures, last)


def lay_out(folder: Path, number: int, post: Post) -> Path:
    """Put a post's text and pictures into a folder of its own under `folder`, for a person; the folder made."""
    place = folder / str(number)
    place.mkdir(parents=True, exist_ok=True)
    (place / "text.txt").write_text(post.text + "\n", encoding="utf-8")
    for index, image in enumerate(post.images, start=1):
        (place / f"picture-{index}{image.suffix}").write_bytes(image.data)
    return place
