"""The short way to a post in any state, by the ledger's own verbs."""

from __future__ import annotations

from datetime import timedelta

from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import Entry
from crosspost.post import Post, Prepared, Receipt, State
from tests.bring import bring
from tests.fakes import NOON

ME = Owner("me", lambda: True)
RECEIPT = Receipt("4711", "https://social.example/4711")
SOON = NOON + timedelta(seconds=20)


def prepared(entry: Entry, text: str = "A headline", media: tuple[str, ...] = ()) -> Prepared:
    return Prepared(Post(text, "https://site.example/en/1?utm_source=x", key=entry.key), media)


def due(ledger: Ledger) -> Entry:
    return bring(ledger)[0]


def sending(ledger: Ledger) -> Entry:
    entry = due(ledger)
    assert ledger.begin(entry, prepared(entry), ME) == 1
    return ledger.entry(entry.id)


def unsure(ledger: Ledger) -> Entry:
    entry = sending(ledger)
    assert ledger.unsure(entry, SOON, "no answer")
    return ledger.entry(entry.id)


def asking(ledger: Ledger) -> Entry:
    entry = unsure(ledger)
    assert ledger.asking(entry, "the wall cannot be read")
    return ledger.entry(entry.id)


def sent(ledger: Ledger) -> Entry:
    entry = sending(ledger)
    assert ledger.sent(entry, RECEIPT, "the platform has it")
    return ledger.entry(entry.id)


def refused(ledger: Ledger) -> Entry:
    entry = sending(ledger)
    assert ledger.refused(entry, "too long")
    return ledger.entry(entry.id)


def handed(ledger: Ledger) -> Entry:
    entry = due(ledger)
    assert ledger.handed(entry, prepared(entry).post, "ready in handed/1")
    return ledger.entry(entry.id)


def resting(state: State, ledger: Ledger) -> Entry:
    """A post that came in as planned, waiting, held or skipped."""
    return bring(ledger, state=state)[0]
