"""Whether words without a full stop, or few of them, tell something: a lead, a caption, a fragment.

No grammar is read, only endings and the commonest verbs. A caption is in the present tense, or has no verb ("The
president speaks in Minsk"); a lead has a past tense or an auxiliary.
"""

from __future__ import annotations

import re

_AUXILIARY = (
    r"is|are|was|were|be|been|has|have|had|does|did|will|would|can|could|may|might|must|should|shall"
    r"|(?:isn|aren|wasn|weren|hasn|haven|hadn|doesn|didn|won|wouldn|can|couldn|shouldn)['’]t"
)
_IRREGULAR = (
    r"became|began|bought|broke|brought|built|came|caught|chose|drew|drove|fell|felt|flew|found|fought|gave|got|grew"
    r"|held|kept|knew|led|left|lost|made|met|paid|ran|rose|said|sat|saw|sent|shot|showed|slept|sold|spent|spoke|stole"
    r"|stood|struck|swept|taught|thought|threw|told|took|went|withdrew|won|wore|wrote"
)
# Words that only end as verbs do. Of those that may be either ("правила"), a verb is made: what has none is dropped.
_NO_VERBS = (
    r"hundred|united|indeed|sacred"
    r"|школа|дел[ао]|тел[ао]|сел[ао]|числ[ао]|сила|стол|пол|угол|зал|канал|футбол|протокол|генерал|материал|капитал"
    r"|потенциал|журнал|сигнал|вокзал|финал|отдел|предел|посол|скала|начало|если|или"
    r"|совет|бюджет|пакет|билет|кабинет|интернет|комитет|портрет|предмет|сюжет|секрет|рассвет|ответ|суверенитет"
    r"|кредит|лимит|визит|депозит|дефицит|транзит|гранит|салют|приют|институт|минут|университет|авторитет"
    r"|\w*(?:дцать|пять|шесть|семь|десят|лет|ракет|планет|орбит|валют)"
    r"|людмила|камил[ал]а?|михаила|даниила|гавриила|павла|кирилла|алла|белла|стелла|элла"
    r"|сеть|часть|область|власть|новость|вс[её]м?|затем|потом|объ[её]м"
)
_ENGLISH = rf"\b(?:{_AUXILIARY}|{_IRREGULAR}|(?<!\bthe )(?<!\ban )(?<!\ba )(?!(?:{_NO_VERBS})\b)\w{{3,}}ed)\b"
_RUSSIAN = (
    rf"\b(?!(?:{_NO_VERBS})\b)[а-яё]{{2,}}(?:л|ла|ло|ли|лся|лась|лось|лись|ет|ёт|ит|ют|ут|ят|ат|ется|ётся|ится|ются"
    r"|утся|ятся|атся|ть|ться|ен|ён|ена|ено|ены|ан|ана|ано|аны|ят|ята|ято|яты|рыт|рыта|рыто|рыты)\b"
    r"|\b(?:нет|есть|будет|можно|нельзя|нужно|надо|жив|готов[аы]?|должн\w+|(?:с|по)?мог(?:ут)?|погиб|возник|шли?|шл[ао]|стал[аи]?"
    r"|умер|исчез|вырос|достиг|проник|спас|сел|(?:при|по|на|в|вы|у|от|пере|до)?(?:н[её]с|в[её]з))\b"
)
_OF_US = r"\b[а-яё]{2,}(?:ём|ем|им|йте)\b"  # сделаем, and своим
_VERB = re.compile(f"{_ENGLISH}|{_RUSSIAN}|{_OF_US}", re.IGNORECASE)
# What may stand in a present tense that is not a caption's, or in a headline: too much to tell a fragment by.
_PERHAPS = re.compile(
    r"\b(?!(?:years|months|weeks|days|hours|times|others|series)\b)\w+[a-z]s\b|['’](?:s|re|ll|d|m|ve)\b"
    r"|\w[ \u00a0][—–-][ \u00a0]|[:!?]|^[\"'«“„]",
    re.IGNORECASE,
)
_PAST = re.compile(rf"\b(?:{_AUXILIARY}|{_IRREGULAR})\b|{_RUSSIAN}|{_OF_US}", re.IGNORECASE)
_CAPTION = re.compile(
    r"\b(?:pictured|seen|shown|photographed|poses?|posing|looks on|file|photos?|image|screenshot|stock|archive"
    r"|courtesy)\b"
    r"|[,(] ?(?:(?:top|bottom|far) )?(?:left|right|above|below|cent(?:re|er))\b"
    r"|©|[/|]|https?:|(?:…|\.\.\.)[\])]*$"
    r"|\b(?:на (?:фото|снимке|кадре)|слева|справа|в центре|фото|снимок|скриншот|архив\w*|кадр|иллюстрация)\b",
    re.IGNORECASE,
)
_PHOTOGRAPHED = re.compile(
    r", (?:photographed|pictured|shown|seen)(?: here)? (?:in|on|at|last|with|during|after|before|outside)\b"
)
# What only a picture is of, and a name with a year behind it; the first word may look like a verb (Сцена, Оксана).
_OF_A_PICTURE = re.compile(
    r"(?:Сцена|Кадр|Вид|Портрет|Карта|Схема|Лого(?:тип)?|Герб|Флаг|Обложка|Скриншот|Памятник|Могила|Афиша|Постер|Панорама"
    r"|Фотография|Гроб|Здание) |[А-ЯЁ][а-яё]+ [А-ЯЁ][\w-]+ .{0,60}(?:в \d{4} году|\d{4} ?г(?:ода)?|, \d{4})\.?$"
)
_CAPTION_NEVER_HAS = re.compile(rf"\b(?:{_AUXILIARY})\b")
# Without a capital letter: a name may end as a verb does (Мухаммед ибн Салман).
_RUSSIAN_VERB = re.compile(_RUSSIAN)
_CYRILLIC = re.compile(r"[а-яё]")
# Goalkeepers: Ward – Nabokov. «Green Square».
_NO_SENTENCE = re.compile(r"\w+: |[«“\"][^«»“”\"]+[»”\"]\.$")
_ONLY_NAME = re.compile(r"(?:[A-ZА-ЯЁ][\w’'-]+ ){1,3}[A-ZА-ЯЁ][\w’'-]+\.")
_FEW_WORDS = 7  # a sentence of no more may be a fragment
_LEAD = 8  # words; a lead has so many


def is_fragment(sentence: str) -> bool:
    """Whether a sentence is short and has no verb that anybody could see: "Not a word about it.", "Anna Ivanova."."""
    if _ONLY_NAME.fullmatch(sentence):
        return True
    if len(sentence.split()) > _FEW_WORDS or _VERB.search(sentence):
        return False
    return _NO_SENTENCE.match(sentence) is not None or not _PERHAPS.search(sentence)


def is_caption(sentence: str, *, photographed: bool = False) -> bool:
    """Whether a sentence with a full stop says what is to be seen in a picture: a Russian one without any verb, which a
    sentence of the story may be too, unless only those count that name the picture (`photographed`)."""
    if _PHOTOGRAPHED.search(sentence) and not _CAPTION_NEVER_HAS.search(sentence):
        return True
    if _OF_A_PICTURE.match(sentence) and not _RUSSIAN_VERB.search(sentence):
        return True
    verbless = not (_RUSSIAN_VERB.search(sentence[:1].lower() + sentence[1:]) or _PERHAPS.search(sentence))
    return not photographed and verbless and _CYRILLIC.search(sentence) is not None


def is_lead(line: str) -> bool:
    """Whether a line without a full stop tells what happened, as a lead does and a heading or a caption does not."""
    return (
        len(line.split()) >= _LEAD
        and _PAST.search(line) is not None
        and not (_CAPTION.search(line) or is_caption(line))
    )
