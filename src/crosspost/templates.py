"""Templates: Jinja2, sandboxed. What they may use, the one of a channel that has none, what is wrong with one.

A template may use these variables:

    title        the article's title
    summary      its best sentences, as many as the channel wants and there is room for
    link         its address, with the channel's UTM parameters; "" when it has none
    hashtags     the channel's hashtags and, where it wants them, those of the categories, a space between them
    feed         the feed's name in the config
    author       "" when nobody is named
    categories   a tuple of texts
    language     a two-letter code, "" when it is not known
    published    an aware datetime; None when the feed does not say
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crosspost.article import Article
from crosspost.errors import Refused
from crosspost.platforms import Limits

_VARIABLES = frozenset(
    ["title", "summary", "link", "hashtags", "feed", "author", "categories", "language", "published"]
)

_READ_MORE = {"ru": "Читать полностью"}
_READ_MORE_ELSEWHERE = "Read more"


def default_template(platform: str, language: str, limits: Limits) -> str:
    """The template of a channel that has none: Russian words for Russian articles, English ones for all others."""
    if limits.video:
        return "{{ link }}\n\n{{ summary }}\n\n{{ hashtags }}"  # its title stands above it
    if platform == "x":
        return "{{ title }}\n\n{{ summary }}\n\n{{ link }} {{ hashtags }}"
    words = _READ_MORE.get(language, _READ_MORE_ELSEWHERE)
    link = f"{{% if link %}}{words}\n{{{{ link }}}}{{% endif %}}\n\n" if limits.link_in_text else ""
    return f"{{{{ title }}}}\n\n{{{{ summary }}}}\n\n{link}{{{{ hashtags }}}}"


def values(article: Article, link: str, language: str) -> Mapping[str, Any]:
    """What the variables mean for an article, but for title, summary and hashtags."""
    return {
        "link": link,
        "feed": article.feed,
        "author": article.author,
        "categories": article.categories,
        "language": language,
        "published": article.published,
    }


_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
# What a template can run into while it is filled in: Jinja2's own errors and those of its expressions.
_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)

_FULL = Article(
    feed="news",
    title="Title",
    link="https://site.example/1",
    author="Author",
    language="en",
    categories=("Science",),
    published=datetime(2026, 1, 1, tzinfo=UTC),
)
_BARE = Article(feed="news", title="Title", link="https://site.example/1")


def compiled(source: str) -> Template:
    """The template ready to be filled in. Raises `Refused` where it is wrong."""
    try:
        return _compiled(source)
    except TemplateSyntaxError as error:
        raise Refused(f"The channel's template is wrong: {_reason(error)}; mend it, then retry.") from error


def filled(template: Template, values: Mapping[str, Any], **parts: str) -> str:
    """The template with `values` and `parts` in it. Raises `Refused` where it fails."""
    try:
        return template.render(values, **parts)
    except _FAULTS as error:
        raise Refused(f"The channel's template cannot be filled in: {_reason(error)}; mend it, then retry.") from error


def template_problems(template: str) -> list[str]:
    """What is wrong with a template, a sentence for each mistake; empty when it can be used."""
    try:
        ready = _compiled(template)
    except TemplateSyntaxError as error:
        return [f"line {error.lineno} of the template is wrong: {_reason(error)}."]
    unknown = meta.find_undeclared_variables(_ENVIRONMENT.parse(template)) - _VARIABLES - set(_ENVIRONMENT.globals)
    if unknown:
        return [_unknown(name) for name in sorted(unknown)]
    for article, kind in ((_FULL, "an article"), (_BARE, "an article without author, categories and time")):
        try:
            ready.render(values(article, article.link, "en"), title="Title", summary="Summary.", hashtags="#tag")
        except _FAULTS as error:
            return [f"the template fails for {kind}: {_reason(error)}."]
    return []


def _unknown(name: str) -> str:
    near = get_close_matches(name, _VARIABLES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(_VARIABLES))}."
    return f"the template has no variable {name}: {hint}"


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)
