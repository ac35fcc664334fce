"""Sentences that speak to a machine which reads the article, not to its readers.

An article is data. Somebody may have written into it what a language model shall do; a person who reads the news loses
nothing when such a sentence is left out of what the model is shown, and of what its answer is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosspost.text.sentences import sentences

_ORDERS = re.compile(
    r"""
    # earlier instructions, to be set aside
    \b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,60}\b(?:instructions?|prompts?|rules|guidelines|context
        |everything\ (?:above|before)|(?:the\ )?above|said\ before)\b
    |\b(?:игнориру\w+|проигнориру\w+|забуд\w+|не\ обраща\w+\ внимания\ на|отмен\w+|обойди\w*)\b[^.!?\n]{0,60}
        \b(?:инструкци\w+|указани\w+|промпт\w*|правил\w*|вс[её],?\ что\ (?:было\ )?(?:выше|раньше|сказано))
    # who reads this is a machine
    |\b(?:you\ are|you're|act\ as|pretend\ to\ be|as)\ (?:now\ )?an?\ (?:\w+\ ){0,3}
        (?:ai|llm|chat-?bot|language\ model)\b
    |\b(?:dear|attention|note\ to(?:\ the)?|hey|hello),?\ (?:\w+\ )?(?:ai|llms?|chat-?bots?|language\ models?
        |summari[sz]ers?|assistant)\b
    |\b(?:ты|вы)\ (?:теперь\ )?[-–—]?\ ?(?:языков\w+\ модел\w+|нейросет\w+|ассистент\w*|чат-?бот\w*|ии\b)
    |\b(?:если|коль)\ (?:ты|вы)\ [-–—]?\ ?(?:языков\w+|нейросет\w+|ии\b|бот\w*|модел\w+)
    |\bif\ you\ are\ an?\ (?:\w+\ ){0,3}(?:ai|llm|model|bot|assistant)\b
    # its own parts
    |\b(?:system|developer)\ (?:prompt|message|instruction)s?\b
    |\b(?:системн\w+)\ (?:промпт\w*|сообщени\w+|инструкци\w+)
    |<\|?/?(?:system|user|assistant|im_start|im_end|endoftext|instructions?|s)\|?>
    |\[/?(?:INST|SYS|SYSTEM)\]
    |(?m:^\s*(?:system|assistant|user|human|система|ассистент)\s*:)
    # what its answer shall be
    |\b(?:respond|reply|answer|output|print|say|write|return|summari[sz]e|translate)\b[^.!?\n]{0,40}
        \b(?:only|exactly|verbatim|nothing\ (?:else|but)|instead|the\ following(?:\ (?:text|words|sentence))?:)
    |\b(?:ответь\w*|напиши\w*|выведи\w*|скажи\w*|верни\w*|перескажи\w*|переведи\w*)\b[^.!?\n]{0,40}
        \b(?:только|ровно|дословно|вместо\ этого|следующ\w+:|ничего\ (?:кроме|другого|больше))
    |\b(?:your|the)\ (?:summary|answer|response|output|reply)\ (?:must|should|has\ to|shall|will)\b
    |\b(?:тво[йея]|ваш\w?|в)\ (?:пересказ\w*|ответ\w*|сводк\w+|саммари|резюме)\s(?:долж\w+|обязан\w*)
    |\b(?:include|add|insert|append|mention)\b[^.!?\n]{0,60}\b(?:in|to|into)\ (?:your|the)\ (?:summary|answer|reply
        |response|output)\b
    |\b(?:добавь\w*|вставь\w*|включи\w*|упомяни\w*)\b[^.!?\n]{0,60}\bв\ (?:пересказ|ответ|сводку|саммари|резюме)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def without_orders(text: str, language: str) -> str:
    """`text` without the sentences that speak to a machine; its paragraphs stay apart."""
    if not _ORDERS.search(text):
        return text
    paragraphs = (" ".join(_others(paragraph, language)) for paragraph in text.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _others(paragraph: str, language: str) -> Iterator[str]:
    for sentence in sentences(paragraph, language):
        if not _ORDERS.search(sentence):
            yield sentence
