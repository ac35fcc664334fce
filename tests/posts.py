"""Random articles written up for every platform, and what must be true of each post.

python -m tests.posts [N]: so many of them (default 100,000); the suite tries 2,000 a platform.
"""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosspost.article import Article
from crosspost.compose import Draft, Voice, compose
from crosspost.platforms import LIMITS, limits
from crosspost.text.hashtags import hashtags
from crosspost.text.typography import NBSP, typeset

SUITE = 2000
WORDS = [
    *("слово", "word", "конец.", "end.", "Минск", "Minsk", "в", "А.", "5", "тыс.", "don't", "-", "...", ","),
    *("1939-1945", "a < b", "№5", "N 5", "文字", "ไทยกำ", "e\u0301", "й"),
    *("#тег", "#э\u0301то", "@name", "https://site.com/a?b=1--2", "http://пример.рф/путь", "www.site.com/x", "t.co/x."),
    *("👨‍👩‍👧‍👦", "🇧🇾", "1️⃣", "👍🏽", "❤️", "so\u00adft", "ze\u200bro", "\u202eover\u202c"),
    *("«да»!", '"yes"', "'so'", "“кавычки”", "שלום", "\u200fمی\u200cخواهم"),
]
WORD = st.sampled_from(WORDS)
TITLES = st.lists(WORD, max_size=40).map(" ".join)
PROSE = st.lists(WORD | st.sampled_from(["end. New", "конец. Новое", "\n\n", "&amp;", "&nbsp;"]), max_size=80).map(
    " ".join
)
ARTICLES = st.builds(
    Article,
    feed=st.just("f"),
    title=TITLES.map(lambda title: title or "word"),
    link=st.sampled_from(["https://site.example.com/1", "http://127.0.0.1:45123/en/1", "https://пример.рф/a--b?c=1"]),
    language=st.sampled_from(["ru", "en", "de"]),
    description=PROSE,
    content=PROSE,
    categories=st.lists(st.text(max_size=12) | WORD, max_size=4).map(tuple),
)
LENGTHS = st.none() | st.integers(120, 400)
SUMMARIES = st.sampled_from([None, "short", "medium", "long", 0, 200, 700])
PLACES = st.sampled_from(["end", "inside"])


# What a channel can be of: a platform, or one of its modes that writes otherwise.
KINDS = {**LIMITS, "youtube video": limits("youtube", "video")}


def written(article: Article, kind: str, length: int | None, summary: object, place: str) -> Draft:
    """`article` written up for a channel of `kind`, after making sure that the post is as a post must be."""
    speaker = Voice(
        kind.partition(" ")[0],
        summary=summary,
        hashtags=("#News", "#Новости"),
        hashtags_from_categories=True,
        hashtags_at=place,
        length=length,
    )
    limits = KINDS[kind]
    draft = compose(article, speaker, limits)
    text, words = draft.text, draft.text.split()

    # Never over the limit, by the platform's own measure.
    assert draft.length == limits.measure(text) <= draft.limit == (length or limits.length)
    # No gaps, no line that is a hashtag alone, nothing that nobody sees.
    assert "\n\n\n" not in text and "  " not in text
    assert all(line == line.strip() for line in text.split("\n"))
    assert not words[-1].startswith("#") or text.rsplit("\n", 1)[-1] != words[-1]
    assert not set(text) & {*"\u00ad\u200b\u202e\ufeff", *limits.instead}
    # Nothing cut inside a word, and so inside no grapheme, link or hashtag.
    whole = _bare_words(f"{article.title} {article.description} {article.content} Читать полностью Read more № N")
    tags = hashtags(speaker.hashtags, article.categories)
    whole |= {_bare(word) for tag in tags for word in (tag, tag.removeprefix("#"))}
    assert {_bare(word) for word in words} <= whole | {_bare(draft.link), ""}
    assert {word for word in words if "://" in word} <= {draft.link, *filter(lambda word: "://" in word, WORDS)}
    if limits.link_in_text:
        assert draft.link in text
        assert not re.search(r"[,;]\s+" + re.escape(draft.link), text)
        assert not re.search(r"[–—-][^\S\n]*\n\s*" + re.escape(draft.link), text)
    if limits.video:
        assert text.startswith(draft.link)
    # Set as an editor sets it.
    assert typeset(text, article.language, glue=limits.measure(NBSP) == 1) == text
    return draft


def _bare_words(text: str) -> set[str]:
    plain = text.replace("&amp;", "&").replace("&nbsp;", " ")
    visible = "".join(sign for sign in plain if sign not in "\u00ad\u200b\u202e\u202c")
    return {_bare(word) for word in f"{visible} {visible.replace('№', '№ ')}".split()}


def _bare(word: str) -> str:
    """A word without the signs that typography changes."""
    same = unicodedata.normalize("NFC", word)
    return "".join(sign for sign in same if sign not in "\"'«»“”„‘’‹›<>.,…–—-#")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    lax = settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    lax(given(ARTICLES, st.sampled_from(sorted(KINDS)), LENGTHS, SUMMARIES, PLACES)(_written))()
    print(f"{number} posts: none over its limit, none cut inside a word")


def _written(article: Article, kind: str, length: int | None, summary: object, place: str) -> None:
    written(article, kind, length, summary, place)


if __name__ == "__main__":
    main()
