"""What stands in an article's text and is not the story: bylines, date lines, agency tags, photo credits, share bars.

The rules are data. Each has a name, and under that name its case and its near miss in tests/text/test_boilerplate.py.
There are four kinds, by where a rule holds: at the beginning of a text, over a whole line or sentence, inside a
sentence, at the end of a text. A rule in doubt keeps what it sees: a byline too many is a blemish, a sentence too few a
loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

_REACH = 10_000  # characters; a summary is made of far less
_LONGEST = 400  # characters of a line or a sentence that may be none of the story

_AGENCY = (
    r"[«\"]?(?:BelTA|BELTA|(?:ITAR-)?TASS|(?:Thomson )?Reuters|AP|(?:The )?Associated Press|AFP|UPI|dpa|CNN|Xinhua"
    r"|Bloomberg"
    r"|Interfax(?:-West)?|INTERFAX\.RU|Sputnik(?: Беларусь)?|RIA Novosti|Anadolu|PTI|ANI|AAP|allAfrica|БЕЛТА|БелТА"
    r"|(?:ИТАР-)?ТАСС|РИА «?Новости»?|Интерфакс(?:-Запад)?|ИНТЕРФАКС|Минск-Новости|РБК|Росбалт|Рейтер|REGNUM"
    r"|[Ll]enta\.[Rr]u|Лента\.ру)[»\"]?"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    r"|янв|фев|мар|апр|июн|июл|авг|сент?|окт|ноя|дек)\b"
)
_DAY = rf"(?i:(?:\d{{1,2}} {_MONTH}\.?|{_MONTH}\.? \d{{1,2}}\b)(?:,? \d{{4}})?(?: г(?:ода|\.))?)"
# Nothing but digits and the words of dates and clocks, and a digit among them.
_STAMP = (
    r"(?i:(?=[^\n\d]*\d)(?:[\d\s:.,/|–-]|(?:st|nd|rd|th|at|on|of|[ap]\.?m|est|edt|gmt|utc|bst|msk|мск|в|г|года"
    r"|mon|tues?|wed|thu(?:rs)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b\.?|{_MONTH}){{4,60}})"
)
_PLACE = r"[A-ZА-ЯЁ][\w.'’-]*(?: [A-ZА-ЯЁ][\w.'’-]*){0,3}"
_NAMES = (
    r"[A-ZА-ЯЁ][\w.'’-]+(?: (?:de|van|von|der|la|al))?(?: [A-ZА-ЯЁ][\w.'’-]*){1,3}"
    r"(?:(?:, | and | и )[A-ZА-ЯЁ][\w.'’-]+(?: [A-ZА-ЯЁ][\w.'’-]*){1,3}){0,3}"
)
_WHEN = (
    r"(?i:(?:first |last )?(?:published|updated|posted|modified)(?: on| at)?|опубликовано|обновлено|размещено"
    r"|дата публикации)"
)
_SAYS = r"(?:has |have )?(?:learn(?:ed|t)|inform(?:s|ed)|report(?:s|ed)|notes)"
_TELLS = r"(?:переда[её]т|передают|передали|сообща(?:ет|ют)|сообщил[аи]?|пишет|информирует)"
_OUR_MAN = r"(?:в |корреспондент |агентств[оау] |информагентств[оау] |информационное агентство |издание )*"

# At the beginning of a text, as often as one fits. What a rule takes is left out.
OPENINGS: Mapping[str, str] = MappingProxyType(
    {
        "byline on lines of its own": (
            r"By\n(?:(?:and |[Ff]or |[Ii]n )?[A-Z][\w.'’-]*(?: (?:and|in|for|of|the|[A-Z][\w.'’-]*)){0,5}\n)+"
        ),
        "byline": rf"(?:By|Posted by|Written by|Автор:|Текст:) {_NAMES}(?:, [^\n.]{{2,50}})?(?:\n+|\. (?=[A-ZА-ЯЁ]))",
        "time stamp": rf"{_WHEN}:?\s+{_STAMP}(?:\n+|(?=[A-ZА-ЯЁ«“\"‘']))",
        "time stamp without words": (
            r"\d{1,2}\.\d{1,2}\.\d{2,4},? ?\|? ?\d{1,2}:\d{2}(?::\d{2})?(?: \||,)? (?=[A-ZА-ЯЁ«“\"])"
        ),
        "date line": (
            rf"(?:{_PLACE}(?:(?:, ?|/){_PLACE}){{0,3}}(?:, {_DAY})? )?"
            rf"\({_AGENCY}\)\s*(?:--|[-–—:])?\s*(?=[A-ZА-ЯЁ\d\"“‘'«])"
        ),
        "clock of a live blog": (
            r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: (?:ET|EST|EDT|GMT|BST|UTC|MSK|МСК))?(?:\n+|(?::| [—–-]) )"
            r"(?=[A-ZА-ЯЁ])"
        ),
        "place": (
            rf"(?:(?:[A-Z]{{5,}}|[A-Z]{{2,}}(?: [A-Z]{{2,}}){{1,2}})(?:, {_PLACE})?: "
            r"|[A-Z][a-z]+(?: [A-Z][a-z]+)? (?:--|[–—]) )"
            r"(?=(?:The|An?|In|On|At|US|Police) [A-Za-z]"
            r"|[A-Z][a-z]+ (?:has|have|was|were|is|are|will|would|should|could|may|might|must|can|said|says|\w+ed)\b)"
        ),
        "date line of another paper": rf"(?:{_PLACE}(?:, {_PLACE})?(?:, {_DAY})? )?\([A-Z][\w. ]{{1,30}}\) -- ?",
        "source in brackets": rf"\[(?:{_AGENCY}|[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,3}})\] (?=[A-Z“\"‘'])",
        "note in brackets": (
            r"\[(?i:disclaimer|disclosure|editor['’]s note|this (?:post|review|article|story))\b[^\]\n]{3,300}\]\s+"
        ),
        "Russian date line": (
            rf"(?:{_DAY}(?:, {_PLACE})?|{_PLACE}(?:[.,] {_DAY})?)[.,]? ?[/(](?:Корр\. ?)?{_AGENCY}[)/]\.?(?: [—–-])? "
        ),
        "Russian date line without an agency": rf"[А-ЯЁ-]{{3,}}(?: [А-ЯЁ-]{{3,}})?, {_DAY}\.? (?=[А-ЯЁA-Z«\"])",
        "Russian date line with a dash": (
            rf"{_PLACE}[.,] {_DAY}[.,]? ?(?:[—–-] )?{_AGENCY}(?:, {_NAMES})?(?:\.| ?[—–-]) "
        ),
        "Russian agency first": rf"(?:Как )?(?i:{_TELLS}) {_OUR_MAN}{_AGENCY}, (?=[\w«])",
    }
)

# A whole line or sentence, whatever full stops, arrows and brackets stand around it.
LINES: Mapping[str, str] = MappingProxyType(
    {
        "byline": rf"(?:By|Posted by|Written by|Words:?|Text:?) {_NAMES}(?:, [A-Z][^.]{{2,50}})?",
        "Russian byline": (
            rf"(?i:автор(?: текста)?|текст|подготовила?|записала?|корреспондент):? {_NAMES}(?:, {_AGENCY})?"
        ),
        "time stamp": rf"{_WHEN}\s*:?\s*(?:{_STAMP})?|{_STAMP}",
        "where it was printed": rf"(?:Published|Printed|First published) in [A-Z][\w ]{{2,30}},? (?:on )?{_STAMP}",
        "photo credit": (
            r"(?i:photo|photograph|image|picture|illustration|screenshot|video)(?i:s)?"
            r"(?: (?i:by)(?= [A-Z@])| (?i:courtesy(?: of)?)(?= [A-Z@])|(?i: credits?)?\s*[:©]).{1,100}|©.{1,100}"
        ),
        "Russian photo credit": (
            r"(?i:фото(?:графи[яи])?|снимки?|иллюстраци[яи]|скриншот|видео|инфографика|коллаж)"
            r"(?:\s*[:©].{1,100}| (?:автора|из архива|с сайта|носит иллюстративный)\b.{0,60})"
        ),
        "agency's picture": (
            r"[A-ZА-ЯЁ][\w.'’ -]{2,40} ?/ ?(?:Getty Images|AP(?: Photo)?|Reuters|AFP|TASS|ТАСС|РИА Новости)(?:/[\w ]+)?"
        ),
        "what to look at": (
            r"(?i:scroll down (?:for|to) .{1,40}|(?:watch|see) (?:the )?(?:video|gallery|photos)(?: (?:below|above"
            r"|here))?"
            r"|watch the (?:video|gallery) (?:above|below)\b.{0,200}|follow (?:it )?live(?: here)?"
            r"|(?:let['’]s|we['’]ll) (?:get|dive|jump|start|begin|take a|go into)\b.{0,60}"
            r"|read (?:all|more) (?:about|on) .{1,100}|check out (?:the|our|my|this|these|more)\b.{0,200}"
            r"|watch (?:the )?full (?:interview|video|match|game|episode)\b.{0,120}"
            r"|try it (?:now|out|here)\b.{0,120}"
            r"|(?:download|install|order|subscribe|sign up|register)\b.{0,80} (?:now|today|here)\b.{0,60}"
            r"|view (?:full ?size|gallery|slideshow|larger image)"
            r"|(?:see|view) (?:our|the) (?:\w+ )?(?:gallery|photos|pictures|video)\b.{0,40}\b(?:below|above|here)"
            r"|listen to (?:this|the) (?:post|article|audio clip)(?: here)?"
            r"|смотрите (?:видео|фото)(?: ниже)?|(?:прослушать|слушать) (?:статью|новость))"
        ),
        # One rule for all that may stand behind other words: each would go through the whole sentence again.
        "where else to look": (
            r"(?i:.{0,200}\b(?:(?:using|at|via|by following|follow) this link"
            r"|clicking (?:here|on (?:the|these) links?)|keep an eye on this page"
            r"|(?:on|in|see) the (?:chart|graph|table|video|picture|photo|map|gallery) (?:below|above)"
            r"|по (?:этой )?ссылке)\b.{0,100})"
        ),
        "read more": (
            r"(?i:(?:to )?(?:read|see|view|find out|learn) more(?: here| on (?:our|the) (?:web)?site)?"
            r"|(?:continue|keep) reading(?: on)?|read on|full story"
            r"|read (?:the |this )?(?:full|whole|rest of the|original) (?:article|story|post|text)(?: here)?"
            r"|to read (?:this|the) (?:article|story) in full.{0,40}|(?:please )?click here(?: (?:to|for) .{1,60})?)"
        ),
        "Russian read more": (
            r"(?i:(?:читать|читайте|узнать|смотреть) (?:далее|дальше|полностью|целиком|больше|ещ[её]|подробнее"
            r"|весь текст)"
            r"(?: на (?:нашем )?сайте.{0,40})?|подробнее(?: на (?:нашем )?сайте.{0,40}|: .{1,150})?|далее|полный текст)"
        ),
        "other articles": (
            r"(?i:read also|see also|you (?:may|might) also like|related(?: (?:posts?|articles?|stories|news|links))?"
            r"|more on this(?: story)?|recommended|don['’]t miss|read next)(?:\s*:.{0,200})?"
            r"|(?:READ|READ MORE|Read more|WATCH|SEE ALSO|LISTEN)\s?: .{1,150}|CLICK HERE .{1,150}"
        ),
        "other Russian articles": (
            r"(?i:(?:читайте|смотрите|см\.) (?:также|по теме|ещ[её])|по теме|материалы по теме|ранее по теме"
            r"|(?:похожие|другие) (?:статьи|новости|записи|материалы)|рекомендуем(?: прочитать)?)(?:\s*:.{0,200})?"
        ),
        "share bar": (
            r"(?i:share (?:this|it)(?: (?:article|post|story|page))?(?: (?:on|via|with) .{1,30})?"
            r"|поделиться(?: (?:в (?:соцсетях|социальных сетях)|с друзьями|новостью|ссылкой|материалом))?"
            r"|(?:(?:share|tweet|e-?mail|print|pin(?: it)?|like|facebook|twitter|whatsapp|telegram|linkedin|pinterest"
            r"|reddit|messenger|copy link|viber|vk|вконтакте|одноклассники|телеграм|твитнуть|отправить|распечатать"
            r"|скопировать ссылку|поделиться|версия для печати|\d+)(?:[\s|/·•,]+|$)){2,20})"
        ),
        "cookies": (
            r"(?i:(?:this (?:web)?site|we|our (?:web)?sites?) uses? (?:\w+ ){0,2}cookies\b.{0,250}"
            r"|by (?:continuing|using|browsing|clicking)\b.{1,80}\bcookies\b.{0,150}|accept (?:all )?cookies)"
        ),
        "Russian cookies": (
            r"(?i:(?:мы|(?:(?:наш|этот|данный) )?сайт) использу(?:ем|ет) (?:файлы )?(?:cookies?|куки)\b.{0,250}"
            r"|(?:продолжая|используя)\b.{1,80}\b(?:cookies?|куки)\b.{0,150})"
        ),
        "subscribe": (
            r"(?i:(?:please )?(?:subscribe|sign up|follow|join|like|find) (?:to|for|us|our|@\w+"
            r"|[\w ]{2,30} on)\b.{0,60}"
            r"\b(?:newsletters?|channel|podcast|twitter|facebook|telegram|instagram|youtube|social media|itunes"
            r"|spotify)"
            r"\b.{0,60})"
        ),
        "Russian subscribe": (
            r"(?i:(?:подписывайтесь|подпишитесь|присоединяйтесь|следите за|читайте нас|вступайте|будьте с нами).{0,60}"
            r"(?:канал|telegram|телеграм|вконтакте|соцсет|социальных сет|рассылк|youtube|дзен|viber|instagram).{0,80})"
        ),
        "comments": (
            r"(?i:\d+ comments?|(?:no |view )comments?(?: yet)?|comments?(?:: \d+| \(\d+\)| off)?"
            r"|(?:leave a|post a) (?:comment|reply)|reply to this post"
            r"|комментари(?:и|ев|й)(?:\s*[:(]?\s*\d+\)?)?|комментариев нет|\d+ комментари(?:й|я|ев)"
            r"|оставить комментарий)"
        ),
        "forum": (
            r"(?i:submitted by .{1,80}|(?:\[(?:link|\d+ comments?|comments)\]\s*)+|statistics: posted by .{1,100})"
        ),
        "permalink": r"[∞#⚓]? ?(?i:permalink|permanent link|постоянная ссылка)",
        "advertisement": (
            r"(?i:advertisements?|sponsored(?: content| post)?|реклама|на правах рекламы|партн[её]рский материал)"
        ),
        "reading time": (
            r"(?i:(?:reading time:? )?\d+[ -]min(?:ute)?s?(?: read)?|время (?:чтения|на чтение):? .{1,15}"
            r"|table of contents|содержание|оглавление)"
        ),
        "tags": (
            r"(?i:tags?|tagged(?: with)?|filed (?:under|in)|categor(?:y|ies)|keywords|т[еэ]ги|метки|рубрик[аи]"
            r"|категори[яи]"
            r"|ключевые слова)\s*:.{1,200}"
        ),
        "copyright": (
            r"(?i:(?:copyright )?(?:©|\(c\)) ?\d{4}.{0,150}|copyright \d{4}.{0,150}|.{0,60}all rights reserved.{0,60}"
            r"|.{0,60}все права защищены.{0,60}|при (?:копировании|перепечатке|использовании) материалов .{1,150})"
        ),
        "who worked on it": (
            r"(?:(?:Additional )?[Rr]eporting|Writing|Editing|Compiled|With (?:files|reporting)) (?:by"
            r"|from) [A-Z].{1,200}"
            r"|[A-Z][^.]{3,150} contributed (?:reporting )?to this (?:report|story|article)"
        ),
        "source": (
            r"(?i:(?:источник|автор) (?:видео|фото)|(?:video|photo) source"
            r"|(?:sources?|via|источники?|по материалам)\s*:.{1,100})"
            rf"|По материалам (?:\S+ ){{0,2}}{_AGENCY}"
        ),
        "disclosure": (
            r"(?i:(?:disclosure|disclaimer|editor['’]s note)\s*:[^\]]{1,300}|some of the links in this (?:post"
            r"|article).{1,300}"
            r"|(?:this|a version of this) (?:post|article|story|review) (?:was |is )?"
            r"(?:(?:originally|first) (?:published|posted|appeared)|sponsored|part of an? )\b[^\]]{0,200})"
        ),
        "Russian agency": rf"Об этом (?:сегодня )?{_TELLS} {_OUR_MAN}{_AGENCY}|{_AGENCY}",
        "who told it, in Russian": (
            # Not a paper that is the source: whether that is so, is its claim alone.
            r"Об этом (?:[\w-]+ ){0,3}(?:сообща(?:ет|ют|ется)|сообщили|переда[её]т|говорится|информирует"
            r"|стало известно)\b"
            rf"(?! (?!{_AGENCY}(?!\w))[«\"]"
            r"|(?: [\w-]+){0,2} (?:газет|издани|журнал|еженедельник|стать[еёяи])).{0,200}"
        ),
        "lure": (
            r"(?i:here['’]s (?:what|how|why|where|when|who|everything|something|all|a (?:quick )?look)\b.{0,120}"
            r"|.{1,30} after the jump|(?:hear|see|watch|read|listen to) more .{1,80}\b(?:here|below|now)"
            r"|(?:buy|book|get|order) your .{1,80}\b(?:here|today|now|online)"
            r"|(?:рассказываем|разбираемся|объясняем),? (?:о|об|в|что|как|почему|зачем|где|когда|кто)\b.{0,120}"
            r"|(?:все )?подробности(?: [—–-]| в | на | ниже|: ?).{0,80})"
        ),
        "address": r"https?://\S+",
        "what was changed": (
            rf"(?i:(?:updated?|correction)\b:?(?: {_STAMP})?:? ?(?:added|corrected|clarified|fixed|updated"
            r"|(?:this|the) (?:story|article|post|piece))\b.{0,200}"
            r"|this (?:story|article|post|piece) (?:has been|was) (?:updated|corrected|amended)\b.{0,200}"
            r"|(?:новость|статья|материал) (?:обновл[её]н[ао]?|дополн(?:яется|ена?))\b.{0,80})"
        ),
        "whose tweet": r"[—–-] [^\n(]{2,60} \(@\w{1,15}\)(?: .{0,40}\d{4})?|pic\.twitter\.com/\w+",
        "Russian article about it": (
            r"(?:Подробнее )?[Оо]б? .{3,150} читайте (?:также )?в "
            r"(?:статье|материале|репортаже|интервью|обзоре)\b.{0,150}"
        ),
        "note of an editor": r".{1,380}[—–-] ?Eds?\.?",
        "form": r"(?i:(?:e-?mail(?: address)?|first name|last name|your name) ?\*)",
        "rule": r"[|=_*~#⁂—–-]{1,80}",
    }
)

# Inside a sentence; it is left out.
WITHIN: Mapping[str, str] = MappingProxyType(
    {
        "shortcode": r"\[/?[a-z]+(?:_[a-z_]+|-[a-z-]+(?= [^\]\n]*=))[^\]\n]{0,500}\]",
        "where it is told": r" \((?i:см\.|see)(?: (?:также|also))?: [^)\n]{1,80}\)",
        "look elsewhere": (
            r" \((?i:see (?:below|above)|stay tuned|see (?:the )?(?:picture|video|photos?)|см\. ниже)!?\)"
        ),
        "empty brackets": r" \(\s*\)",
        "address of a picture": r" ?(?:https?://)?pic\.twitter\.com/\w+| https?://t\.co/\w+",
        "where in the picture": (
            r"\([\"'«“„]?(?i:pictured|left|right|above|below|cent(?:re|er)|inset|file (?:photo|picture)"
            r"|(?:pictured|seen|shown),? (?:left|right|above|below|here|together|cent(?:re|er))"
            r"|на (?:фото|снимке|илл(?:\.|юстрации))(?: (?:слева|справа|в центре))?|слева|справа)[\"'»”“]?\)"
        ),
        "photo credit in brackets": (
            r"\((?i:photo|image|picture|video|фото|снимок|иллюстрация|видео)"
            r"(?:(?i: by| courtesy| credit)|\s*[:©])[^)\n]{1,100}\)"
        ),
        "what else the page has": (
            r" \((?i:(?:видео|фото|фоторепортаж|инфографика|video|photos|pictures)"
            r"(?:[,+ и]+(?:видео|фото|video|photos))?)"
            r"\)(?=\.?(?:\n|$)|\. )"
        ),
        "agency": (
            rf", (?:the )?{_AGENCY}(?: news agency)? {_SAYS}(?:(?=\.)|,(?! (?:citing|quoting|referring|according)))"
        ),
        "Russian agency": rf", (?:как )?{_TELLS} {_OUR_MAN}{_AGENCY}(?:(?=\.(?:\s|$))|,(?! со ссылкой))",
        "whom they told": rf"(?<=сообщили) (?:корреспонденту )?(?:агентства )?{_AGENCY}(?= в \w)",
        "sentence of a Russian agency": (
            rf"(?<=[.!?…»]) Об этом (?:сегодня )?{_TELLS} {_OUR_MAN}{_AGENCY}\.(?=\s|$)"
            r"(?!\s+(?i:издание|газета|агентство|источник|по (?:данным|словам|сведениям) (?:издания|газеты|агентства)))"
        ),
        "Russian agency behind a dash": rf" [—–-] {_AGENCY}(?=\.(?:\s|$))",
    }
)

# At the end of a text.
ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "footer of blog software": (
            r"(?i:the post .{1,300} (?:appeared first on|first appeared on) .{1,200}"
            r"|(?:сообщение|запись) .{1,300} (?:впервые появил[аои]с[ья]|появил[аои]с[ья] сначала) на .{1,200})"
        ),
        "read more": (
            r"(?i:[\s(\[]*\b(?:read more|continue reading|read on|read (?:the |this )?(?:full|whole|rest)\b.{0,40}"
            r"|full story|читать (?:далее|дальше|полностью|целиком|больше|ещ[её])|подробнее|далее)[\s.…»>→)\]]*)"
        ),
    }
)
_ENDING = 600  # characters; endings are looked for in so much of a text

_APART = re.compile(r"(?<=[\w:|)’'”\"]) \.(?=\s+[\w|“‘'\"]|\s*$)")
_GAP = re.compile(r" +( |[.,;:!?])")
_EMPTY_LINES = re.compile(r"\n{3,}")
_FIRST_LETTER = re.compile(r"^\W*\w")


def without_boilerplate(text: str) -> str:
    """The story in `text`, which is plain text with paragraphs apart; of a very long one, its beginning."""
    text = _without_openings(_lines(text[:_REACH]))
    text, cuts = _compiled("within").subn("", text)
    if cuts:
        text = _GAP.sub(r"\1", text)
    kept = [line for line in text.split("\n") if not line or not is_boilerplate(line)]
    return _EMPTY_LINES.sub("\n\n", "\n".join(kept)).strip()


def is_boilerplate(line: str) -> bool:
    """Whether a line or a sentence as a whole is none of the story."""
    return len(line) <= _LONGEST and _compiled("lines").fullmatch(line) is not None


def without_ending(text: str, *names: str) -> str:
    """`text` without what the rules of `ENDINGS` called `names` find at its end."""
    for name in names:
        found = _ending(name).search(text, max(0, len(text) - _ENDING))
        text = text[: found.start()].rstrip() if found else text
    return text


def _lines(text: str) -> str:
    """Some programs leave a full stop that stands apart where a line ended: "By . Jane Doe . The story begins"."""

    def end(stop: re.Match[str]) -> str:
        return "" if text[stop.end() : stop.end() + 2].strip()[:1].islower() else "\n"

    return re.sub(r"\n +", "\n", _APART.sub(end, text)) if " . " in text else text


def _without_openings(text: str) -> str:
    """A text without what may stand before a story, be it behind a summary and a caption."""
    first, *others = text.split("\n\n", maxsplit=3)
    return _without_opening("\n\n".join([first, *map(_without_opening, others[:2]), *others[2:]]))


def _without_opening(text: str) -> str:
    openings = _compiled("openings")
    while (found := openings.match(text)) and found.end() < len(text):
        text = _FIRST_LETTER.sub(lambda first: first[0].upper(), text[found.end() :].lstrip(), count=1)
    return text


@cache
def _compiled(kind: str) -> re.Pattern[str]:
    """All rules of a kind as one pattern."""
    if kind == "lines":
        return re.compile(rf"[\s(\[*•–—-]*(?:{_any(LINES.values())})[\s.…!:*»>→)\]]*", re.DOTALL)
    return re.compile(_any({"openings": OPENINGS, "within": WITHIN}[kind].values()))


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{ENDINGS[name]})$", re.DOTALL)


def _any(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
