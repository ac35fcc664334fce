"""What the sample site is made of: invented, timeless stories in two languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its author filed it. `author` is a role, since nobody here is real.

    `text` begins with the lead; an empty line stands between paragraphs. `picture` tells what the story's
    picture shows, for those who cannot see it.
    """

    slug: str
    language: str  # "en" or "ru"
    title: str
    categories: tuple[str, ...]
    author: str
    picture: str
    text: str

    @property
    def lead(self) -> str:
        return self._parts()[0]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The story after its lead."""
        return self._parts()[1:]

    def _parts(self) -> tuple[str, ...]:
        return tuple(" ".join(part.split()) for part in self.text.strip().split("\n\n"))


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one language. `stories` stand there from the start, `late` ones appear one by one.

    Both are in order of appearance, oldest first.
    """

    language: str
    name: str
    motto: str
    stories: tuple[Story, ...]
    late: tuple[Story, ...]
