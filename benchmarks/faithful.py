"""How many good summaries the checks of a language model's words let through, and how many bad ones.

python benchmarks/faithful.py [FILE]

FILE has an article a line, {"text": ..., "summary": ...} (default: summaries/news-en.jsonl of the reference material,
see tests/reference.py); the summaries are by editors, in words of their own, and so stand for a model that writes well.
Each is checked against its own article; then with one thing made wrong, of all that can be: a number raised by one, a
name exchanged for one of another article, a sentence of another article added; and against another article as a whole.
What should pass and does not costs a better summary; what should not and does is what readers would see.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator

from measure import summarised_news

from crosspost.text.boilerplate import without_boilerplate
from crosspost.text.faithful import Want, objection
from crosspost.text.measure import characters
from crosspost.text.sentences import sentences

ENDLESS = Want(1_000_000, characters, "en")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w.,])")


def neighbours(pairs: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Each article with another one."""
    return zip(pairs, [*pairs[1:], pairs[0]], strict=True)


def changed(pairs: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """What was made wrong, the summary, and the text that it should stand in."""
    for pair, other in neighbours(pairs):
        text, summary = pair["text"], pair["summary"]
        for match in NUMBER.finditer(summary):
            number = int(match[0]) + 1
            if not re.search(rf"\b{number}\b", text):
                yield "a number raised by one", f"{summary[: match.start()]}{number}{summary[match.end() :]}", text
        strange = [name for name in NAME.findall(other["summary"]) if name not in text]
        for match in NAME.finditer(summary) if strange else ():
            yield "a name of elsewhere", f"{summary[: match.start()]}{strange[0]}{summary[match.end() :]}", text
        yield "a sentence of elsewhere", f"{summary} {sentences(other['summary'], 'en')[0]}", text
        yield "another article", other["summary"], text


def main() -> None:
    pairs = summarised_news()
    if not pairs:
        return
    pairs = [pair | {"text": without_boilerplate(pair["text"])} for pair in pairs]
    began = time.process_time()
    told = [objection(pair["summary"], pair["text"], ENDLESS) for pair in pairs]
    spent = 1000 * (time.process_time() - began) / len(pairs)
    print(f"{len(pairs)} summaries by editors: {told.count('')} pass, {spent:.1f} ms each")
    for why, count in Counter(
        re.sub(r"(names|states|quotes) .*?, ", r"\1 something, ", one) for one in told
    ).most_common():
        print(f"  {count:4}  {why or 'no objection'}")
    whole, passed, examples = Counter[str](), Counter[str](), {}
    for kind, summary, text in changed(pairs):
        whole[kind] += 1
        if not objection(summary, text, ENDLESS):
            passed[kind] += 1
            examples.setdefault(kind, summary)
    for kind, count in whole.items():
        print(f"{kind}: {passed[kind]} of {count} pass")
    for kind, example in examples.items():
        print(f"  {kind}, such as: {example[:300]}")


if __name__ == "__main__":
    main()
