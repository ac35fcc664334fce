"""The sentences of a story, a quotation of several as one: no headings, no captions, no halves of quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.text import leaning
from crosspost.text.boilerplate import is_boilerplate
from crosspost.text.clauses import is_caption, is_fragment, is_lead
from crosspost.text.sentences import sentences

_QUOTATION = 5  # sentences; longer ones are no summary
_NEVER_ENDING = 15  # sentences; a quotation that has not ended by then has lost its end
_TOP = 3  # paragraphs; where a heading or a caption may have a full stop

_END = re.compile(r"[.!?…][\"'»”’“)\]]*$")
_CUT = re.compile(r"[\[(](?:…|\.\.\.)[\])]$")
ENDED = re.compile(r"[.!?…][\"'»”’“)\]]*(?:\s|$)")

# A straight mark opens at the beginning of a word, and closes elsewhere.
_STRAIGHT = re.compile(r"(?:^|(?<=[\s(\[—–-]))(\")(?=\S)|\"")
# A single quotation mark may be an apostrophe: behind an s, nobody can tell which.
_SINGLE_OPENS = re.compile(r"(?<![\w.,!?])['‘](?=[\w\[(£$€—–-])(?!\d\ds\b)")
_SINGLE_CLOSES = re.compile(r"(?<=[^\sSs])['’](?!\w)")
_POSSESSIVE = re.compile(r"[sS]['’](?!\w)")


def quotations(story: str, language: str) -> Iterator[tuple[int, list[str]]]:
    """The sentences of each paragraph, those of one quotation together; nothing in the place of half a quotation or a
    very long one."""
    paragraphs = story.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        if number and paragraph.startswith("• ") and paragraphs[number - 1].endswith(":"):
            continue  # items of a list are not told one after the other
        said = [*_proper(paragraph, language, ENDED.search(story) is not None, first=number == 0)]
        if number < _TOP and len(paragraphs) > 1 and len(said) == 1 and (is_fragment(said[0]) or is_caption(said[0])):
            continue
        if number == 0 and len(said) > 1 and is_caption(said[0], photographed=True):
            del said[0]
        at = 0
        while at < len(said):
            if not said[at]:
                yield number, []
                at += 1
                continue
            longest = min(len(said), at + _NEVER_ENDING)
            end = next((end for end in range(at + 1, longest + 1) if _balanced(" ".join(said[at:end]))), 0)
            yield number, said[at:end] if end and end - at <= _QUOTATION else []
            at = end or at + _QUOTATION


def _proper(paragraph: str, language: str, ended: bool, *, first: bool) -> Iterator[str]:
    """The sentences of the story. Where any are `ended`, the others are headings and captions, but for a lead at the
    end of the `first` paragraph; items of a list are no sentences without a full stop. "" stands for one that is none
    of the story and links what follows to what precedes: "This was said in a statement. It reads …"."""
    told = sentences(paragraph, language)
    for number, sentence in enumerate(told):
        whole = sentence.removeprefix("• ")
        finished = _END.search(whole) and not _CUT.search(whole)
        lead = first and number == len(told) - 1 and whole == sentence and not finished and is_lead(whole)
        if is_boilerplate(whole):
            if leaning.opening(whole):
                yield ""
        elif finished or lead or (not ended and whole == sentence):
            yield f"{whole.removesuffix(':')}." if lead else whole


def _balanced(text: str) -> bool:
    """Whether each quotation that begins in `text` ends there, and none ends that did not begin."""
    if text.count("«") != text.count("»"):
        return False
    opening = "„" if "„" in text else "“"
    closing = "“”" if opening == "„" else "”"
    unequal, straight = (
        abs(text.count(opening) - sum(map(text.count, closing))),
        _STRAIGHT.findall(text) if '"' in text else [],
    )
    if unequal:  # some texts mix both kinds
        if unequal > len(straight) or (len(straight) - unequal) % 2:
            return False
    elif len(straight) % 2 or any(straight[1::2]):
        return False
    if "'" not in text and "‘" not in text and "’" not in text:
        return True
    opened, closed = len(_SINGLE_OPENS.findall(text)), len(_SINGLE_CLOSES.findall(text))
    possessive = len(_POSSESSIVE.findall(text))
    return closed <= opened <= closed + possessive
