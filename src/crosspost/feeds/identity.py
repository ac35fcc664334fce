"""What makes two items the same article. Pure: the ledger supplies what is known, and is told what to write.

An article is recognised by its marks: the guid within its feed, the canonical link, the page's own canonical, and,
where none of these is left, a hash of title and body. Any one mark is enough; dates never decide. The address of a
site's front page is no mark, since any of its articles may give it. A mark that proves nothing is void for its feed and
recognises no one any more:

    two items of one document carry it            every item links to one page, every guid is the same
    articles with different links and titles      a guid or a page's canonical that is used again
    have carried it one after another

An item that is listed twice is still one article: see `_one_entry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

from crosspost.article import Article
from crosspost.text import links

# One poll asks for each link twice, and the next poll for the same ones again.
canonical = lru_cache(maxsize=4096)(links.canonical)


class Mark(NamedTuple):
    """One way to recognise an article. `scope` is the feed's name for guid and content, "" for link.

    A tuple, since every item of every poll is hashed through several of them.
    """

    scope: str
    kind: Literal["guid", "link", "content"]
    value: str


@dataclass(frozen=True, slots=True)
class Known:
    """An article that the ledger knows under a mark: `link` is its canonical link, "" when it has none."""

    article_id: int
    link: str
    title: str


@dataclass(frozen=True, slots=True)
class New:
    """An article never seen before, and the marks to know it by."""

    article: Article
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """A known article as the feed tells it now, and the marks to add to it."""

    article_id: int
    article: Article
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a document brings. `new` comes in the order of posting, `void` holds only marks not void before."""

    new: tuple[New, ...]
    same: tuple[Same, ...]
    void: tuple[Mark, ...]
    notes: tuple[str, ...]  # sentences for the log


def marks(article: Article, void: AbstractSet[Mark] = frozenset()) -> tuple[Mark, ...]:
    """The marks of `article` that are not `void`: guid, link, page canonical; the content's hash when none is left."""
    return tuple(_usable(article, _given(article), void))


def wanted(articles: Iterable[Article], void: AbstractSet[Mark]) -> frozenset[Mark]:
    """Every mark whose owner `decide` wants to know."""
    return frozenset([mark for article in articles for mark in _usable(article, _given(article), void)])


def decide(articles: Sequence[Article], known: Mapping[Mark, Known], void: AbstractSet[Mark]) -> Decision:
    """Tell the new articles of one feed's document from the known ones.

    `articles` stand in document order; `known` holds what the ledger knows of `wanted(articles, void)`; `void` is
    the feed's. New articles come oldest first: by their dates when all have one, else from the document's end.
    """
    items = [_item(article, void) for article in articles]
    shared = _shared_by_others(items)
    recycled = _recycled(items, known, shared)
    newly = (shared | recycled) - void
    for item in items:
        item.settle(known, newly)
    _recall(items, known, newly)
    sorted_out = _Sorting()
    # Known ones first: an entry that is listed twice may be known by the marks of only one of its items.
    for item in items:
        if item.owners:
            sorted_out.take_known(item)
    for item in items:
        if not item.owners:
            sorted_out.take_unknown(item)
    return Decision(
        new=_oldest_first([New(item.article, tuple(item.marks)) for item in sorted_out.new]),
        same=tuple(Same(number, article, tuple(added)) for number, (article, added) in sorted_out.same.items()),
        void=tuple(sorted(newly, key=_by_text)),
        notes=(*_void_notes(shared, recycled), *sorted_out.notes),
    )


@dataclass(slots=True, eq=False)
class _Item:
    """One entry of the document, on its way to being told new or known."""

    article: Article
    link: str  # canonical
    given: tuple[Mark, ...]  # not void before this document
    marks: list[Mark] = field(default_factory=list)  # not void after it
    owners: dict[Mark, Known] = field(default_factory=dict)

    def settle(self, known: Mapping[Mark, Known], newly: AbstractSet[Mark]) -> None:
        """Work out the marks that count, and the known articles they lead to."""
        self.marks = list(_usable(self.article, self.given, newly))
        for mark in self.marks:
            if mark in known:
                self.owners[mark] = known[mark]


def _recall(items: Sequence[_Item], known: Mapping[Mark, Known], newly: AbstractSet[Mark]) -> None:
    """Keep hold of a known article whose last mark has gone void only now: that mark and its title still name it.

    Each is recalled once, by the item nearest to the document's end, where the older ones stand.
    """
    if not newly:
        return
    recalled = {owner.article_id for item in items for owner in item.owners.values()}
    for item in reversed(items):
        if item.owners or not item.article.title or not newly >= set(item.given):
            continue
        for mark in item.given:
            owner = known.get(mark)
            if owner and owner.article_id not in recalled and _same_title(owner.title, item.article.title):
                item.owners[mark] = owner
                recalled.add(owner.article_id)
                break


class _Sorting:
    """The items of a document sorted into known articles and new ones, each counted once."""

    def __init__(self) -> None:
        self.new: list[_Item] = []
        self.same: dict[int, tuple[Article, dict[Mark, None]]] = {}  # by article id, with the marks to add
        self.notes: list[str] = []
        self._carriers: dict[Mark, _Item | int] = {}  # the new item or the known article that carries the mark

    def take_known(self, item: _Item) -> None:
        """Sort an item in that has owners; all of these come first."""
        self._join(self._eldest(item), item)

    def take_unknown(self, item: _Item) -> None:
        """Sort an item in that has no owner: it is new, or the twin of one before it."""
        twin: _Item | int = item
        for mark in item.marks:
            if mark in self._carriers:
                twin = self._carriers[mark]
                break
        if isinstance(twin, int):
            self._join(twin, item)
        elif twin is item:
            self.new.append(item)
        else:
            twin.marks.extend(mark for mark in item.marks if mark not in self._carriers)
        self._carry(item, twin)

    def _join(self, article_id: int, item: _Item) -> None:
        if article_id not in self.same:
            self.same[article_id] = (item.article, {})
        added = self.same[article_id][1]
        for mark in item.marks:
            if mark not in item.owners and mark not in self._carriers:
                added[mark] = None
        self._carry(item, article_id)

    def _carry(self, item: _Item, carrier: _Item | int) -> None:
        for mark in item.marks:
            self._carriers.setdefault(mark, carrier)

    def _eldest(self, item: _Item) -> int:
        ids = {owner.article_id for owner in item.owners.values()}
        eldest = min(ids)
        if len(ids) > 1:
            others = ", ".join(str(other) for other in sorted(ids - {eldest}))
            self.notes.append(
                f"“{item.article.title}” carries marks of articles {eldest} and {others}; it is taken as the older one."
            )
        return eldest


def _item(article: Article, void: AbstractSet[Mark]) -> _Item:
    link = canonical(article.link) if article.link else ""
    given = _given(article, link)
    return _Item(article, link, tuple([mark for mark in given if mark not in void] if void else given))


def _given(article: Article, link: str | None = None) -> list[Mark]:
    """The marks the feed and the page give, without looking at the content."""
    link = canonical(article.link) if link is None and article.link else link or ""
    found = [Mark(article.feed, "guid", article.guid)] if article.guid else []
    if link and not links.is_front_page(link):
        found.append(Mark("", "link", link))
    if article.page_canonical:
        page = Mark("", "link", canonical(article.page_canonical))
        if page not in found and not links.is_front_page(page.value):
            found.append(page)
    return found


def _usable(article: Article, given: Sequence[Mark], void: AbstractSet[Mark]) -> Sequence[Mark]:
    usable = [mark for mark in given if mark not in void] if void else given
    return usable or (_content(article),)


def _content(article: Article) -> Mark:
    """Title and body as a mark, blind to white space."""
    text = "\n".join(" ".join(part.split()) for part in (article.title, _body(article)))
    return Mark(article.feed, "content", blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest())


def _body(article: Article) -> str:
    return article.content or article.description


def _shared_by_others(items: Sequence[_Item]) -> set[Mark]:
    """The marks that two different entries of one document carry."""
    first: dict[Mark, _Item] = {}
    shared: set[Mark] = set()
    for item in items:
        for mark in item.given:
            other = first.setdefault(mark, item)
            if other is not item and mark not in shared and not _one_entry(other, item):
                shared.add(mark)
    return shared


def _one_entry(one: _Item, other: _Item) -> bool:
    """Whether two items that share a mark are one article listed twice: readers could not tell their posts apart."""
    ours, theirs = one.article, other.article
    if not _same_title(ours.title, theirs.title):
        return False
    if ours.guid == theirs.guid and ours.guid and one.link == other.link and ours.title:
        return True
    alike = _content(ours) == _content(theirs)
    return alike and (one.link == other.link or bool(_body(ours)))


def _recycled(items: Sequence[_Item], known: Mapping[Mark, Known], shared: AbstractSet[Mark]) -> set[Mark]:
    """The marks of known articles that stand on articles with another link and another title: they prove nothing."""
    strange: set[Mark] = set()
    proven: set[Mark] = set()
    if not known:
        return strange
    for item in items:
        for mark in item.given:
            owner = known.get(mark)
            if owner is None or mark in shared:
                continue
            if _is_proven(owner, item, known, shared):
                proven.add(mark)
            elif strangers(owner, item.link, item.article.title):
                strange.add(mark)
    # An entry listed twice may be proven by one of its items only.
    return strange - proven


def strangers(owner: Known, link: str, title: str) -> bool:
    """Whether what has this canonical link and this title is another article than `owner`, whatever mark they share."""
    return bool(owner.link and link and owner.link != link and not _same_title(owner.title, title))


def _is_proven(owner: Known, item: _Item, known: Mapping[Mark, Known], shared: AbstractSet[Mark]) -> bool:
    """Whether a link shows that `item` is `owner`: its own link leads there, or its page names the owner's link."""
    if item.link == owner.link:
        return True
    for mark in item.given:
        if mark.kind == "link" and mark not in shared and mark.value in (item.link, owner.link):
            found = known.get(mark)
            if found is not None and found.article_id == owner.article_id:
                return True
    return False


def _same_title(one: str, other: str) -> bool:
    return one == other or " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _oldest_first(new: Sequence[New]) -> tuple[New, ...]:
    from_the_end = list(reversed(new))
    dates = {id(one): one.article.published for one in from_the_end}
    dated = {key: date for key, date in dates.items() if date is not None}
    if len(dated) < len(dates):
        return tuple(from_the_end)
    return tuple(sorted(from_the_end, key=lambda one: dated[id(one)]))


def _void_notes(shared: AbstractSet[Mark], recycled: AbstractSet[Mark]) -> Iterable[str]:
    for mark in sorted(shared | recycled, key=_by_text):
        reason = "several items of the feed carry it" if mark in shared else "another article carried it before"
        yield f"The {mark.kind} {mark.value} tells no article apart in this feed, since {reason}."


def _by_text(mark: Mark) -> tuple[str, str]:
    return mark.kind, mark.value
