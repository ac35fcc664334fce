"""How good summaries of three sentences are, by ROUGE against what editors wrote; and what one takes.

python benchmarks/summaries.py [FILE]

FILE has an article a line, {"text": ..., "summary": ...} (default: summaries/news-en.jsonl of the reference material,
see tests/reference.py). ROUGE-1, 2 and L are the F1 of PyPI rouge-score with its stemmer, in percent, the mean over all
articles. In the same run: the first three sentences as they stand; those that come first once our own rules have taken
away what is not the story; and ours. The difference to the second is given with its standard error, over articles.

Nothing is fetched: rouge-score's stemmer is Porter's algorithm, for which nltk needs no data.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from measure import summarised_news
from rouge_score import rouge_scorer

from crosspost.article import Article
from crosspost.text.boilerplate import without_boilerplate
from crosspost.text.measure import characters
from crosspost.text.sentences import sentences
from crosspost.text.summary import Manner, summary

KINDS = ("rouge1", "rouge2", "rougeL")
THREE = 3
ENDLESS = 1_000_000  # characters of room


def lead(text: str) -> str:
    return " ".join(sentences(text, "en")[:THREE])


def stripped_lead(text: str) -> str:
    return lead(without_boilerplate(text))


def ours(text: str) -> str:
    return summary(Article("news", "", "", description=text), "en", Manner(sentences=THREE), ENDLESS, characters)


def scores(act: Callable[[str], str], pairs: Sequence[dict[str, str]]) -> dict[str, list[float]]:
    scorer = rouge_scorer.RougeScorer(KINDS, use_stemmer=True)
    found = [scorer.score(pair["summary"], act(pair["text"])) for pair in pairs]
    return {kind: [100 * score[kind].fmeasure for score in found] for kind in KINDS}


def main() -> None:
    pairs = summarised_news()
    if not pairs:
        return
    ours(pairs[0]["text"])  # patterns are compiled when first used
    began = time.process_time()
    for pair in pairs[1:]:
        ours(pair["text"])
    milliseconds = 1e3 * (time.process_time() - began) / len(pairs[1:])

    rows = {"first three": lead, "first three, stripped": stripped_lead, "ours": ours}
    found = {name: scores(act, pairs) for name, act in rows.items()}
    print(f"{len(pairs)} articles, three sentences each   ROUGE-1  ROUGE-2  ROUGE-L")
    for name, by_kind in found.items():
        print(f"{name:<36}" + "".join(f"{statistics.mean(by_kind[kind]):9.2f}" for kind in KINDS))
    gains = [mine - theirs for mine, theirs in zip(*(found[name]["rouge1"] for name in list(rows)[:0:-1]), strict=True)]
    error = statistics.stdev(gains) / len(gains) ** 0.5
    print(f"ours over stripped, ROUGE-1: {statistics.mean(gains):+.2f} (standard error {error:.2f})")
    print(f"{milliseconds:.2f} ms of CPU an article")


if __name__ == "__main__":
    main()
