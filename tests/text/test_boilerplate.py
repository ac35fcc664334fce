"""What is none of the story goes, by rules; each with the case that asked for it and a near miss that stays."""

from __future__ import annotations

import pytest

from crosspost.text.boilerplate import (
    ENDINGS,
    LINES,
    OPENINGS,
    WITHIN,
    is_boilerplate,
    without_boilerplate,
    without_ending,
)

STORY = "The plant opens in May."

# A rule of OPENINGS -> texts before a story that go, and texts that stay as they are.
OPENING_CASES = {
    "clock of a live blog": (
        ["10:45 a.m. ET: ", "14:05 — ", "09.30\n"],
        ["10:45 was the hour. ", "14:05 Minsk time is the hour. "],
    ),
    "byline on lines of its own": (
        ["By\nJane Doe\n", "By . Jane Doe . and John Roe . ", "By . Jane Doe For Mailonline . "],
        ["By\nnight the plant glows. "],
    ),
    "byline": (
        [
            "By Jane Doe\n",
            "By Jane Doe and John Roe, Science Editor\n\n",
            "Posted by J. Doe, VP of Maps\n",
            "Автор: Иван Иванов\n",
        ],
        ["By Monday morning the plant was ready. ", "By Lake Baikal stands a plant. "],
    ),
    "time stamp": (
        [
            "PUBLISHED: 14:11 EST, 25 October 2013\n",
            "PUBLISHED: . 14:11 EST, 25 October 2013 . | . UPDATED: . 15:36 EST, 25 October 2013 . ",
            "Last updated at 1:25 AM on 3rd August 2011\n",
            "Posted on August 25, 2019\n",
            "Опубликовано: 24 ноября 2026 г., 12:05\n",
        ],
        ["Published in 1925, the novel is still read. ", "Updated rules apply to 3 plants. "],
    ),
    "time stamp without words": (
        ["28.09.2026, 22:10 ", "30.09.2026 |10:41 ", "12.01.26, 14:00:51 "],
        ["28.09.2026 Minsk will vote. ", "12.10 22:10 и 23:10 отправляются поезда. "],
    ),
    "date line": (
        [
            "(CNN) -- ",
            "Kabul, Afghanistan (CNN) -- ",
            "BERLIN, Feb 17 (Reuters) - ",
            "MINSK, 24 November (BelTA) – ",
            "(CNN)",
            "WASHINGTON/GENEVA/DUBAI, Feb 17 (Reuters) – ",
        ],
        ["The agency (Reuters) reports. ", "Berlin (Germany) - a city. "],
    ),
    "place": (
        ["WASHINGTON: ", "NEW DELHI: ", "Nairobi – ", "Addis Abeba – "],
        ["Minsk – a city of plants. ", "NATO: a history. ", "Python – Monty and others. "],
    ),
    "date line of another paper": (
        ["(Daily Example) -- ", "London (Example Travel) -- "],
        ["The ship (built in 1912) -- a giant. "],
    ),
    "source in brackets": (["[allAfrica] ", "[Daily Times] "], ["[A plant] opens. ", "[Jane Doe] opens. "]),
    "note in brackets": (
        ["[This review was originally posted at a paper on May 30, 2014.] "],
        ["[Sic] was his word. "],
    ),
    "Russian date line": (
        ["МИНСК, 24 ноября. /ТАСС/. ", "24 ноября, Минск /Корр. БЕЛТА/. ", "МИНСК /БЕЛТА/. "],
        ["24 ноября 1963 года в Минске открыли завод. ", "Минск, 24 ноября. "],
    ),
    "Russian date line without an agency": (
        ["МОСКВА, 1 авг. ", "МИНСК, 24 ноября. ", "НИЖНИЙ НОВГОРОД, 24 ноя "],
        ["Минск, 24 ноября. ", "МИД, завод и мы. "],
    ),
    "Russian date line with a dash": (
        [
            "МОСКВА, 24 ноя — РИА Новости. ",
            "АФИНЫ, 31 янв - РИА Новости, Анна Иванова. ",
            "МОСКВА, 1 дек- РИА Новости. ",
            "Москва. 24 ноября. ИНТЕРФАКС — ",
            "МИНСК, 24 ноя — Sputnik. ",
        ],
        ["Москва, 24 ноября — день завода. "],
    ),
    "Russian agency first": (["Как сообщает БЕЛТА, ", "Передаёт ТАСС, "], ["Как сообщает министерство, "]),
}

# A rule of LINES -> lines that go, and lines that stay.
LINE_CASES = {
    "address": (["https://site.example/news/1973802"], ["See https://site.example/news for the plant"]),
    "what was changed": (
        [
            "Update 11/28/17: Added a note about the second plant.",
            "This story has been updated with the name of the plant.",
            "Материал дополняется",
        ],
        ["Update 2 of the plant opens.", "This story was told in Minsk.", "Материал дополняет выставку."],
    ),
    "whose tweet": (
        ["— Anna Ivanova (@anna) May 5, 2024", "pic.twitter.com/abc123"],
        ["— Anna Ivanova (Minsk) opened it.", "The plant (@plant) opens."],
    ),
    "Russian article about it": (
        ["О пуске завода читайте в статье «Завод пустили»", "Подробнее об этом заводе читайте в материале газеты"],
        ["О пуске завода читайте вслух.", "О заводе рассказали в статье."],
    ),
    "byline": (
        ["By Jane Doe", "By Jane Doe and John Roe, Science Editor", "Words: Jane Doe"],
        ["By Friday, Doe had won."],
    ),
    "Russian byline": (
        ["Автор: Иван Иванов", "Подготовила Анна Ким, БЕЛТА."],
        ["Автор романа приехал в Минск.", "Текст был готов."],
    ),
    "time stamp": (
        [
            "PUBLISHED:",
            "Updated: 15:36 EST, 25 October 2013",
            "24.11.2026 12:05",
            "Monday, November 24, 2026",
            "24 ноября 2026 г.",
        ],
        ["Updated in May: 3 plants.", "May 24 was cold.", "В 2026 году откроют 3 завода."],
    ),
    "where it was printed": (
        ["Published in Dawn, February 17th, 2026"],
        ["Published in Paris, the book sold 3 copies."],
    ),
    "photo credit": (
        ["Photo: Jane Doe", "Image credit: NASA", "Photo by Jane Doe/Example", "Video courtesy of NASA", "© Jane Doe"],
        ["Photo by photo, the archive grew.", "Video shows the plant on fire.", "Pictures of the day are ready."],
    ),
    "Russian photo credit": (
        ["Фото: Иван Иванов", "Фото из архива редакции", "Фото носит иллюстративный характер", "Видео: МЧС"],
        ["Фото на память стоит рубль.", "Видео с места пожара изучат."],
    ),
    "agency's picture": (["Jane Doe/Getty Images", "Иван Иванов / РИА Новости"], ["Getty Images has sued the plant."]),
    "what to look at": (
        [
            "Scroll down for video",
            "View fullsize",
            "Listen to the audio clip here:",
            "Check out the video above to see the plant.",
            "Follow live.",
            "Let’s get started.",
            "Watch the full interview on Plant TV, not a subscriber?",
            "We’ll get into all of that.",
            "Check out the first post for the reasons.",
            "Try it now at site.example or read the post.",
            "Install it for Android and help us today.",
            "Read more about the plant on our blog.",
            "Смотрите видео ниже",
        ],
        [
            "Scroll down the river by boat.",
            "Watch the plant grow.",
            "Follow live music in Minsk.",
            "Let’s hope that it opens.",
            "We’ll see a plant there.",
            "Install more lamps, doctors say.",
        ],
    ),
    "where else to look": (
        [
            "You can see the old one using this link.",
            "Sign up today by clicking HERE!",
            "A round-up follows, but skip to the reviews by clicking on the links below.",
            "Take a look at the giant line on the chart below compared to that of the other plant.",
            "Keep an eye on this page through Monday.",
            "Подробности можно узнать по ссылке.",
        ],
        ["Keep an eye on it.", "Doctors see the link between both.", "Дело по ссылкам на суд закрыто."],
    ),
    "read more": (
        ["Read more", "Continue reading...", "Read full article >>", "To read this article in full, please click here"],
        ["Read more than one book a month, doctors say.", "Reading on paper is slower."],
    ),
    "Russian read more": (
        ["Читать далее", "Читать полностью →", "Подробнее: завод открыт", "[Читать дальше…]"],
        ["Читать далее двух страниц никто не стал.", "Далее поезд идёт до Бреста."],
    ),
    "other articles": (
        [
            "Related: Another plant opens",
            "Related posts:",
            "See also",
            "READ: All about plants",
            "Read more: A plant opens",
        ],
        ["Related plants opened in May.", "Read next year's plan."],
    ),
    "other Russian articles": (
        ["Читайте также: Открыт завод", "По теме", "Ранее по теме: завод"],
        ["По теме выступили трое.", "Читайте также и между строк."],
    ),
    "share bar": (
        [
            "Share this article",
            "Share Tweet Email",
            "Facebook | Twitter | WhatsApp",
            "Поделиться",
            "Поделиться с друзьями",
        ],
        ["Share prices fell.", "Print is dead.", "Поделиться опытом приехали сто врачей."],
    ),
    "cookies": (
        ["This website uses cookies to improve your experience.", "We use cookies", "Accept all cookies"],
        ["The bakery uses cookies as plates.", "We eat cookies."],
    ),
    "Russian cookies": (["Мы используем файлы cookie.", "Сайт использует куки"], ["Мы используем муку для печенья."]),
    "subscribe": (
        ["Subscribe to our newsletter", "Follow us on Twitter", "Please subscribe to the Plant Podcast in iTunes"],
        ["Follow us into the cave.", "Join the army, they said."],
    ),
    "Russian subscribe": (
        ["Подписывайтесь на наш канал в Telegram!", "Читайте нас в Дзене"],
        ["Подпишитесь под петицией до пятницы, просят жители."],
    ),
    "comments": (
        ["12 comments", "Leave a comment", "Reply to this post", "Комментарии (5)"],
        ["Comments by the mayor upset many."],
    ),
    "forum": (["submitted by /u/someone to /r/plants", "[link] [1143 comments]"], ["[link] to the plant is broken."]),
    "permalink": (["∞ Permalink", "Permalink"], ["Permalinks last."]),
    "advertisement": (
        ["Advertisement", "На правах рекламы", "Реклама"],
        ["Реклама подорожала на треть.", "Sponsored runs bring money."],
    ),
    "reading time": (
        ["5 min read", "Reading time: 3 minutes", "Время чтения: 2 минуты"],
        ["5 minutes decided the match."],
    ),
    "tags": (["Tags: plants, May", "Теги: завод", "Filed under: News"], ["Tags hang on every tree."]),
    "copyright": (
        [
            "© 2026 Example",
            "Copyright 2026 The Paper",
            "All rights reserved.",
            "При перепечатке материалов ссылка обязательна",
        ],
        ["Copyright law changes in May."],
    ),
    "who worked on it": (
        ["Reporting by Jane Doe; editing by John Roe", "Jane Doe contributed to this report."],
        ["Editing by hand takes hours.", "The rain contributed to this report's delay."],
    ),
    "source": (
        ["Source: Ministry", "Источник: belta.by", "По материалам БЕЛТА", "Источник видео."],
        ["Источник в полиции сообщил о пожаре.", "Источник видео не назвали."],
    ),
    "disclosure": (
        [
            "Disclosure: the author owns shares.",
            "Some of the links in this post are affiliate links.",
            "This article was originally published in May.",
            "Editor's note: this was a video.",
        ],
        ["This article of the law was repealed.", "Disclosure of the accounts is due in May."],
    ),
    "Russian agency": (
        ["Об этом сообщает РИА Новости.", "БЕЛТА"],
        ["Об этом сообщил министр Иван Иванов.", "БЕЛТА исполнилось сто лет."],
    ),
    "who told it, in Russian": (
        [
            "Об этом сообщает РИА Новости со ссылкой на пресс-службу министерства.",
            "Об этом ТАСС сообщили в пресс-службе завода.",
            "Об этом сообщается на сайте завода.",
            "Об этом сообщает радиостанция «Говорит Минск».",
            "Об этом сообщает «Росбалт» со ссылкой на письмо завода.",
        ],
        [
            "Об этом заявил директор завода Иван Иванов.",
            "Об этом заводе пишут книги.",
            "Об этом сообщает газета «Минская правда».",
            "Об этом сообщают «Брестские ведомости», ссылаясь на письмо завода.",
            "Об этом говорится в статье Ивана Иванова «Завод», опубликованной в The Brest Times.",
            "Об этом пишет «Минская правда».",
        ],
    ),
    "lure": (
        [
            "Here’s where the plant is heading next.",
            "Listing after the jump.",
            "Рассказываем, как это было.",
            "Подробности — ниже.",
        ],
        [
            "Here’s a plant for you.",
            "Hear more than one plant.",
            "Рассказывает директор завода.",
            "Подробности дела изучает суд.",
        ],
    ),
    "note of an editor": (
        ["We look for letters from everybody. – Ed.", "The plant is ours. —Eds."],
        ["The plant is Ed.’s."],
    ),
    "form": (["Email Address *", "First Name *"], ["Email addresses leaked."]),
    "rule": (["* * *", "---", "|"], ["5"]),
}

# A rule of WITHIN -> what becomes of a text, and texts that stay.
WITHIN_CASES = {
    "where it is told": (
        {
            "The plant opens (see: The new plant).": "The plant opens.",
            "Завод открыт (см. также: Новый завод).": "Завод открыт.",
        },
        ["The plant opens (see the report of May)."],
    ),
    "look elsewhere": (
        {"The plant opens (see below).": "The plant opens."},
        ["The plant opens (see the report of May)."],
    ),
    "empty brackets": (
        {"Two talks, on 17 ( ) and 21 April (), were put off.": "Two talks, on 17 and 21 April, were put off."},
        ["A talk (on 17 April) was put off; f() is a call."],
    ),
    "address of a picture": (
        {"The plant opens. pic.twitter.com/abc123": "The plant opens."},
        ["The plant is at https://site.example/1 now."],
    ),
    "shortcode": (
        {'[vc_row width="1"]The plant opens.[/vc_row]': "The plant opens."},
        ["It opens [as they say] in May.", "Call [log-step-fn] twice."],
    ),
    "where in the picture": (
        {
            "Jane Doe (pictured) opened it.": "Jane Doe opened it.",
            "Иван Иванов (слева) открыл завод.": "Иван Иванов открыл завод.",
            "У Ивана Иванова («на илл.») завод.": "У Ивана Иванова завод.",
        },
        ["The wing (left of the gate) is new."],
    ),
    "photo credit in brackets": (
        {"The plant (Photo by Jane Doe) opens.": "The plant opens.", "Завод (фото: БЕЛТА) открыт.": "Завод открыт."},
        ["The plant (photo and all) burned."],
    ),
    "what else the page has": (
        {"Завод открылся в мае (видео)": "Завод открылся в мае", "It opened (photos). Soon.": "It opened. Soon."},
        ["Завод (фото слева от него) открылся.", "The file (video) is on the tape."],
    ),
    "agency": (
        {
            "The plant opens in May, BelTA has learned.": "The plant opens in May.",
            "The plant, Reuters reported, opens in May.": "The plant opens in May.",
        },
        [
            "It opens, Reuters reported, citing the mayor.",
            "The mayor told Reuters.",
            "It opens, BelTA learned from the mayor.",
        ],
    ),
    "Russian agency": (
        {
            "Завод откроют в мае, передаёт ТАСС.": "Завод откроют в мае.",
            "Завод, сообщает корреспондент агентства «Минск-Новости», откроют в мае.": "Завод откроют в мае.",
        },
        ["Завод откроют, сообщает ТАСС со ссылкой на мэра.", "Завод откроют, сообщает мэр."],
    ),
    "whom they told": (
        {"Завод откроют, сообщили БЕЛТА в министерстве.": "Завод откроют, сообщили в министерстве."},
        ["Завод откроют, сообщили БЕЛТА из Гродно.", "Завод откроют, сообщил ТАСС директор."],
    ),
    "sentence of a Russian agency": (
        {"Завод откроют в 2028 г. Об этом сообщает РИА Новости.": "Завод откроют в 2028 г."},
        ["Завод откроют в 2028 г. Об этом сообщает мэр."],
    ),
    "Russian agency behind a dash": (
        {"Завод откроют в мае — РИА Новости.": "Завод откроют в мае."},
        ["Лучшее агентство — ТАСС, решило жюри."],
    ),
}

ENDING_CASES = {
    "footer of blog software": (
        ["The post The plant opens appeared first on Site.", "Сообщение Завод открыт появились сначала на Сайт."],
        ["The post office opens first on Monday."],
    ),
    "read more": (["Read more", "[Continue reading…]", "Читать далее →", "Подробнее..."], ["Nobody reads on Monday."]),
}


def cases(table):
    return [(name, case) for name, (those, _) in table.items() for case in those]


def near_misses(table):
    return [(name, case) for name, (_, those) in table.items() for case in those]


def test_every_rule_has_its_case_and_its_near_miss():
    for rules, table in (
        (OPENINGS, OPENING_CASES),
        (LINES, LINE_CASES),
        (WITHIN, WITHIN_CASES),
        (ENDINGS, ENDING_CASES),
    ):
        assert rules.keys() == table.keys()
        assert all(those and near for those, near in table.values())


@pytest.mark.parametrize(("name", "opening"), cases(OPENING_CASES))
def test_what_stands_before_the_story_goes(name, opening):
    assert without_boilerplate(opening + STORY) == STORY


@pytest.mark.parametrize(("name", "opening"), near_misses(OPENING_CASES))
def test_what_only_looks_like_an_opening_stays(name, opening):
    assert without_boilerplate(opening + STORY) == opening + STORY


@pytest.mark.parametrize(("name", "line"), cases(LINE_CASES))
def test_lines_that_are_none_of_the_story_go(name, line):
    assert is_boilerplate(line)
    assert without_boilerplate(f"{STORY}\n\n{line}\n\n{STORY}") == f"{STORY}\n\n{STORY}"


@pytest.mark.parametrize(("name", "line"), near_misses(LINE_CASES))
def test_lines_that_only_look_so_stay(name, line):
    assert not is_boilerplate(line)


@pytest.mark.parametrize(("name", "text"), cases(WITHIN_CASES))
def test_a_sentence_loses_what_is_none_of_it(name, text):
    assert without_boilerplate(text) == WITHIN_CASES[name][0][text]


@pytest.mark.parametrize(("name", "text"), near_misses(WITHIN_CASES))
def test_a_sentence_keeps_what_only_looks_so(name, text):
    assert without_boilerplate(text) == text


@pytest.mark.parametrize(("name", "ending"), cases(ENDING_CASES))
def test_what_stands_behind_the_story_goes(name, ending):
    assert without_ending(f"{STORY} {ending}", name) == STORY
    assert without_ending(f"{STORY}\n\n{ending}", name) == STORY


@pytest.mark.parametrize(("name", "ending"), near_misses(ENDING_CASES))
def test_what_only_looks_like_an_ending_stays(name, ending):
    assert without_ending(f"{STORY} {ending}", name) == f"{STORY} {ending}"


def test_each_rule_is_needed_for_its_cases():
    """A rule whose cases others take as well is no rule."""
    import re

    for name, (those, _) in LINE_CASES.items():
        others = re.compile("|".join(f"(?:{rule})" for other, rule in LINES.items() if other != name))
        assert not all(others.fullmatch(line.rstrip(".…!:> ")) for line in those), name


def test_a_full_stop_that_stands_apart_ends_a_line():
    assert without_boilerplate("They warned people after . two whales came . Experts agreed .") == (
        "They warned people after two whales came\nExperts agreed"
    )
    assert without_boilerplate("Write . (a dot) before it, as in .NET or .gitignore.") == (
        "Write . (a dot) before it, as in .NET or .gitignore."
    )


def test_the_next_word_begins_with_a_capital_letter():
    assert without_boilerplate("Как сообщает БЕЛТА, завод открыт.") == "Завод открыт."


@pytest.mark.parametrize(
    "text", ["By " * 5000, "(" * 9000, "Share " * 3000, ", TASS" * 3000, "[a_" * 4000, "1 " * 9000, " ." * 9000]
)
def test_hostile_text_takes_no_time(text):
    without_boilerplate(text)
