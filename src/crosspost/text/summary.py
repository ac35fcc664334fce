"""What an article says, in its own best sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosspost.article import Article
from crosspost.text import leaning
from crosspost.text.choice import Want, choose
from crosspost.text.fit import Measure
from crosspost.text.pieces import Piece, pieces
from crosspost.text.story import story
from crosspost.text.telling import deck

_SLIGHT = 60  # characters; one sentence of fewer says too little alone
_LONG = 600  # characters; a paragraph beyond that is hard to read


@dataclass(frozen=True, slots=True)
class Manner:
    """How a summary looks: at most `length` by the platform's measure and so many `sentences`, `None` for no bound; in
    at most so many `paragraphs`; with `hook`, a question or a fact with a figure comes first where there is one. Where
    no sentence is as short as `length`, one of up to `longest` will do, if that is given."""

    length: int | None = None
    longest: int | None = None
    sentences: int | None = None
    paragraphs: int = 1
    hook: bool = False


def can_begin(article: Article, language: str) -> bool:
    """Whether a sentence of the story could begin a summary: its first, which is soon seen, or another."""
    told = story(article).whole
    return not leaning.opening(told) or any(piece.opens for piece in pieces(told, article.title, language))


def summary(article: Article, language: str, manner: Manner, room: int, measure: Measure) -> str:
    """The best whole sentences of the article's story that fit into `room` by `measure`, in their order, the first one
    strong; nothing that its title says already. "" where there is none."""
    whole_room, room = room, room if manner.length is None else min(room, manner.length)
    room -= manner.paragraphs - 1
    if room <= 0:
        return ""
    # A text three times as long as the summary leaves a choice.
    told, title = story(article, 3 * min(room, manner.length or 0)), article.title
    wanted = Want(manner.sentences, manner.hook, whole=manner.paragraphs > 1)
    alone, above = wanted.sentences == 1, 1 if told.above else deck(told.whole, language)
    with_deck = alone and above == 1  # a sentence that stands alone above the story was written for that
    text = told.text if told.above and not alone and told.tells_the_news(title) else told.whole
    found = pieces(text, title, language, with_deck=with_deck)
    chosen = choose(found, title, wanted, room, measure)
    begins = chosen and chosen[0].place == 0 and not (alone and chosen[0].echoes)
    if above and not (with_deck or begins):
        # The story's own beginning is too long, or the headline once more. What sums it up is no mid-story.
        found = pieces(told.whole, title, language, with_deck=True)
        chosen = choose(found, title, wanted, room, measure)
    if alone and chosen and len(chosen[0].text) < _SLIGHT:
        chosen = choose(found, title, Want(2, wanted.hook), room, measure) or chosen
    if manner.longest is not None and (not chosen or _has_passed_the_lead(chosen, found, room, measure)):
        chosen = choose(found, title, Want(1), min(whole_room, manner.longest), measure) or chosen
    return _laid_out(chosen, manner.paragraphs)


def _has_passed_the_lead(chosen: Sequence[Piece], found: Sequence[Piece], room: int, measure: Measure) -> bool:
    lead = found[0]
    return lead.place == 0 and lead.opens and chosen[0].place > 0 and measure(lead.text) > room


def _laid_out(chosen: Sequence[Piece], paragraphs: int) -> str:
    """The sentences in so many paragraphs at most, each beginning where one of the story's began. A story that is all
    in one is broken too, where it is long."""
    text = " ".join(piece.text for piece in chosen)
    breaks = [index for index in range(1, len(chosen)) if chosen[index].paragraph != chosen[index - 1].paragraph]
    if not breaks and len(text) > _LONG:
        breaks = [index for index in range(1, len(chosen)) if not chosen[index].leans]
    lengths = [len(piece.text) for piece in chosen]
    breaks.sort(key=lambda index: abs(sum(lengths[:index]) - sum(lengths[index:])))  # the most even ones first
    kept = set(breaks[: paragraphs - 1])
    parts = (("\n\n" if index in kept else " " if index else "") + piece.text for index, piece in enumerate(chosen))
    return "".join(parts)
