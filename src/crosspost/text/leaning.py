"""Whether a sentence leans on what stands before it: by its opening, by a word within, by its shape."""

from __future__ import annotations

import re

from crosspost.text.clauses import is_fragment

# Who was named in the sentence before: an agency, a paper, a statement.
_SOURCE = (
    r"(?:издание|газета|агентство|телеканал|источник|собеседник)"
    r"(?= (?:также )?(?:отмеча|пиш|сообща|уточн|подч|добав|приводит|напомин)\w+)"
)
# A quotation from a paper or an office that the sentence before it has named.
_QUOTED_FROM_IT = re.compile(
    r"[»”\"],? [—–-] (?:(?:говорится|отмечается|сказано|подч[её]ркивается) в (?:документе|сообщении|заявлении|письме)"
    r"|(?:рассказали|сообщили|уточнили|пояснили|отметили|добавили|подчеркнули) в"
    r" (?:ведомстве|министерстве|пресс-службе|компании|управлении))\.?$",
    re.IGNORECASE,
)
_OF_A_SOURCE = re.compile(
    rf"(?:{_SOURCE}|(?:в|из|к) (?:нём|нем|ней|него|неё|нее|нему)|(?:it|the paper) \w+s"
    r"|[^.]{0,30}\b(?:эту информацию|эти (?:сведения|данные)|это сообщение)"
    r"|по (?:его|её|ее|их) (?:словам|данным|сведениям)"
    r"|по (?:информации|данным|сведениям|словам) (?:издания|газеты|агентства|журнала)"
    r"|.*, (?:говорится|отмечается|сказано|подчёркивается) в (?:документе|сообщении|заявлении|тексте|письме)"
    r"|.*, (?:отмечает|пишет|сообщает|уточняет|подчёркивает) (?:издание|газета|агентство|журнал)"
    r"|.*\b(?:изданию|газете|агентству|собеседник\w*|источник\w* (?:издания|газеты|агентства)))\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"[\"'‘“«(—–-]*\s*(?:"
    # English
    r"(?:but|and|or|nor|so|yet|however|also|then|still|meanwhile|instead|moreover|furthermore|besides|therefore|thus"
    r"|hence|nevertheless|nonetheless|otherwise|similarly|likewise|consequently|additionally|afterwards|indeed"
    r"|he|she|it|they|him|them|his|her|its|their|this(?! (?:week|month|year|morning|evening|season|spring|summer|autumn"
    r"|fall|winter|weekend|sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b)|that|these|those|such"
    r"|both(?! (?:sides|countries|parties|leaders|teams|companies)\b)"
    r"|in addition|to (?:this|that) end"
    r"|for (?:example|instance)|as a result|on the (?:other hand|contrary)|in contrast|at the same time"
    r"|the same|the (?:pair|duo|trio)"
    r"|the (?:former|latter)(?=,| (?:is|was|are|were|has|have|had|will|would|can|could|may)\b)"
    r"|according to (?:him|her|them)|by contrast|not only that"
    r"|(?:(?:one|some|many|most|none|all|each|both|neither|two|three) )?of (?:them|these|those)"
    r"|(?:despite|because of|after|before|with|like|as for|besides) (?:this|that|these|those)|because|which|who|whose"
    r"|not (?:just|because|that)"
    r"|(?:here|there)(?=,)|(?:[\w’'-]+,? ){1,4}(?:also|meanwhile|however)|in between"
    r"|(?!(?:only|early|family|italy|july)\b)\w+ly,? (?:this|these|that|those|it|they|he|she)"
    r"|in that (?:time|case|way)|this time|that is why"
    r"|(?:the|a) (?:second|third) (?:time|one)|until then|by then|since then|before that|after that|above all"
    r"|(?:\w+ ){1,2}made the (?:comments?|remarks?|announcement|statement))"
    r"(?:['’](?:s|d|ll|ve|re))?"
    # Russian
    r"|но|а|и|или|да|однако|зато|впрочем|тем не менее|при этом|вместе с тем|в то же время|между тем|тем временем|также"
    r"|кроме того|кроме этого|помимо (?:этого|того)|более того|к тому же|причём|причем|поэтому|потому|следовательно"
    r"|таким образом|итак|так|например|в частности|напротив|наоборот|наконец|затем|потом|тогда|там|туда|оттуда|здесь"
    r"|он|она|оно|они|его|её|ее|их|ему|ей|им|ним|нём|этот|эта|это|эти|этого|этой|этих|этому|этим|тот|та|ту|те|такой|такая"
    r"|такое|такие|обе|оба|об этом|о нём|о ней|о них|у него|у неё|у нее|у них|для этого|из них|среди них|после этого"
    r"|до этого|по (?:его|её|ее|их) (?:словам|мнению|данным)|с его слов|напомним|отметим|добавим|ранее|в свою очередь"
    r"|кстати|(?:в|во|на|о|об|у|с|к|для|из|от|по|за|при|среди) (?:нём|нем|ней|них|ним|ними|нему)"
    r"|на этот раз|в этот раз|(?:что|кто|как|какие|какой|где|когда|почему) именно|именно|уже (?=втор|трет|перв)\w+"
    r"|из-за чего|после чего|благодаря чему"
    r"|ответ да(?:л|ла|ло|ли)|в результате|в итоге|как сообщалось|ранее сообщалось|к слову"
    r"|сверху|снизу|остаётся|остается|для сравнения|годом ранее|за (?:аналогичный|тот же|этот) период"
    r"|в (?:ведомстве|министерстве|компании|пресс-службе|агентстве|организации|полиции)"
    r"(?= (?:уточн|подчеркн|добав|отме[тч]|поясн|рассказ|напомн)\w+)"
    rf"|{_SOURCE}"
    r"|(?:отмечается|указывается|уточняется|подчёркивается|подчеркивается|поясняется|добавляется|сообщается)(?=,)"
    r"|дело в том|речь идёт|речь идет|последний|последняя|последние"
    r"|(?:[\w.-]+ ){1,3}(?:также|тоже"
    r"|(?:эт(?:а|от|о|и|ой|ого|их|ому|им)|так(?:ой|ая|ое|ие|им|ого)|тот же|та же|те же)"
    r"(?! (?:год|недел|месяц|сезон|раз)))"
    r")(?![\w.-])",
    re.IGNORECASE,
)
# Not only at the beginning.
_INSIDE = re.compile(
    r"\b(?:(?:is|are|was|were|be|has|have|had|will|would|can|could|to|he|she|they|it) also)\b"
    r"|, (?:however|meanwhile|in turn|in contrast|by contrast|for example|for instance),|, too\.$| as well\.$"
    r"|\b(?:this|that|these|those) (?:decision|post|move|incident|case|statement|announcement|report|reason)s?\b"
    r"|(?<!\w)(?<!\bдо )эт(?:от|а|и|у|ой|ого|ому|им|ом|их|ими) "
    r"(?!год|недел|месяц|сезон|раз|дн|день|утр|вечер|момент|же|лет|врем)[а-яё]{3,}"
    r"|(?<![—–-] )\bэто [а-яё]+(?:ние|тие|вие|ство)\b"
    r"|\b(?:в|на|о|об|с|к|из|от|у|по|за|для|до|про|при|через|после|без|под) так(?:ой|ом|ого|ому|им|ую|их|ими)\b"
    r"(?! же|.*\bкак)"
    r"|\bтак(?:ое|ого|ому|им|ом) (?:решени|предложени|заявлени|мнени|сообщени|предположени)\w+"
    r"|\b(?:в свою очередь|на тот момент|в тот момент|с тех пор|тем же)\b|, (?:однако|впрочем|между тем|напротив),",
    re.IGNORECASE,
)
_CONCLUDING = re.compile(
    r"[\"'«“„‘]?(?:But|However|Yet|So|Therefore|Instead|As a result|And then|Но|Однако|Поэтому|Зато|Впрочем"
    r"|Тем не менее|В результате|Следовательно|Таким образом)\b"
)
# Good behind a lead that has named who says it.
_GOING_ON = re.compile(r"Как (?:отме[тч]|сообщ|поясн|уточн|рассказ|заяв|подчеркн|добав|след|переда|пиш)[а-яё]+\b")
_EARLIER = re.compile(r"(?:Как )?[Рр]анее\b|(?:Напомним|Earlier)\b")
_FIRST_OF_SEVERAL = re.compile(r"(?:Сначала|Вначале|Поначалу|Сперва|Во-первых|Firstly|At first|Initially)\b|First, ")
# "The minister added": who he is, was told before. Behind a name or with an office, it tells that itself.
_REFERRING = re.compile(
    r"The\b|(?:Майор|Полковник|Генерал|Адмирал|Министр|Премьер|Президент|Канцлер|Сенатор|Депутат|Губернатор|Мэр|Чиновник"
    r"|Политик|Дипломат|Посол|Эксперт|Аналитик|Экономист|Юрист|Адвокат|Учёный|Ученый|Врач|Тренер|Спортсмен|Футболист"
    r"|Хоккеист|Актёр|Актер|Певец|Режиссёр|Режиссер|Писатель|Глава (?:государства|ведомства|региона|компании))"
    r" (?:также )?(?:отме[тч]|поясн|уточн|добав|подч[её]рк|сказа|заяв|сообщ|рассказ|напомн|призна|счита|увер)[а-яё]+\b"
)
# Good behind something, weak in front: what was so far; a clause that says "they" before it says who.
_LATE = re.compile(
    r"(?:There (?:is|was|are|were)|(?:During|At) the (?:meeting|hearing|vote|ceremony|trial|same)"
    r"|В ходе|По итогам|В рамках|В результате|На (?:встрече|заседании|церемонии)"
    r"|Much like|Like|Unlike|Until now|Until (?:lately|recently)|So far|До сих пор|До недавнего времени)\b"
    r"|(?:In|For|Since|When|After|As|While|Before|By|With|At|On)\b[^,.]{0,60}\b(?:they|it|he|she|them)\b"
    r"|[A-ZА-ЯЁ][^,.]{2,40}, (?:he|she|it|they|он|она|оно|они)\b"
    r"|По словам (?!экс|глав|директор|президент|министр|автор|учён|учен)[а-яё]+(?=,)"
)
_NEAR_THE_BEGINNING = 60  # letters
_PRONOUN = re.compile(r"\b(?:he|she|they|it|him|them|он|она|они|его|её|ее|их|им|ему)\b", re.IGNORECASE)
_ONLY_QUOTED = re.compile(r"[«“\"][^«»“”\"]*[»”\"]\.?")
_HE_SAID = re.compile(
    r"[»”\"],?(?: [—–-])? (?:(?:he|she|they) \w+|\w+ (?:he|she|they)|\w+ (?:он|она|они))\b"
    r"(?:[^.]{0,40}\.?$|[.,]? (?:[—–-] )?[«“\"])",
    re.IGNORECASE,
)


def opening(sentence: str) -> str:
    """The words at the beginning that lean on the sentence before: "However", «При этом»; "" where there are none."""
    found = _OPENING.match(sentence)
    return found[0] if found else ""


def goes_on(sentence: str) -> bool:
    """Whether a sentence begins in small letters, but for a name's: the beginning was lost on the way."""
    return sentence[:1].islower() and not sentence[1:2].isupper()


def concludes(sentence: str) -> bool:
    """Whether a sentence draws a conclusion from the one before it, or says that it is otherwise."""
    return _CONCLUDING.match(sentence) is not None


def continues(sentence: str) -> bool:
    """Whether a sentence goes on with what somebody has said before."""
    return _GOING_ON.match(sentence) is not None


def is_earlier(sentence: str) -> bool:
    """Whether a sentence recalls what was told at another time."""
    return _EARLIER.match(sentence) is not None


def is_first_of_several(sentence: str) -> bool:
    """Whether a sentence tells what was first, so that the next ones tell what came then."""
    return _FIRST_OF_SEVERAL.match(sentence) is not None


def leans_within(sentence: str) -> bool:
    """Whether a sentence that others precede leans on them though it does not begin so: nobody says who speaks, or
    what it is about."""
    shaped = _ONLY_QUOTED.fullmatch(sentence) or _HE_SAID.search(sentence) or _QUOTED_FROM_IT.search(sentence)
    return shaped is not None or _INSIDE.search(sentence) is not None or is_fragment(sentence)


def is_of_him(sentence: str) -> bool:
    """Whether a quotation is of somebody whom it calls by a pronoun."""
    return _HE_SAID.search(sentence) is not None


def is_of_a_source(sentence: str) -> bool:
    """Whether a sentence goes on about a paper or a statement that the one before it has named."""
    return _OF_A_SOURCE.match(sentence) is not None or _QUOTED_FROM_IT.search(sentence) is not None


def is_late(sentence: str) -> bool:
    """Whether it is good behind something, and weak in front."""
    return _LATE.match(sentence) is not None


def refers(sentence: str) -> bool:
    """Whether it may speak of something that was told before: "The pair"."""
    return _REFERRING.match(sentence) is not None


def has_pronoun(sentence: str) -> bool:
    """Whether a pronoun stands near the beginning; what it means may have been told before."""
    return _PRONOUN.search(sentence, 0, _NEAR_THE_BEGINNING) is not None
