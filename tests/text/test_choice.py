"""The best sentences of a story: whole, in their order, the first one strong."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.text.choice import Want, choose
from crosspost.text.measure import characters
from crosspost.text.pieces import pieces

TITLE = "Spacecraft lands on the far side"


def chosen(story, *, title=TITLE, room=1000, sentences=None, hook=False):
    language = "ru" if re.search("[а-я]", story) else "en"
    found = choose(pieces(story, title, language), title, Want(sentences, hook), room, characters)
    return [piece.text for piece in found]


STRONG = "Engineers in Minsk cheered for ten minutes."


@pytest.mark.parametrize(
    "weak",
    [
        "However, the mission went on.",
        "But the mission went on.",
        "He said that the mission went on.",
        "It's the moment of the year.",
        "This mission went on.",
        "These pictures went around the world.",
        "Their mission went on.",
        "Meanwhile, the mission went on.",
        "For example, the mission went on.",
        "According to him, the mission went on.",
        "The board also faulted the mission.",
        "There, the mission went on.",
        "To this end, the mission went on.",
        "“To this end, the mission went on,” said Anna Ivanova.",
        "При этом полёт продолжился.",
        "Однако полёт продолжился.",
        "А полёт продолжился.",
        "Он сказал, что полёт продолжился.",
        "Об этом сообщил директор.",
        "По его словам, полёт продолжился.",
        "Кроме того, полёт продолжился.",
        "Эта настройка помогла.",
        "— И полёт продолжился.",
        "Напомним, полёт продолжился.",
        "Директор также рассказал о полёте.",
        "В нём приняли участие инженеры.",
        "Отмечается, что полёт продолжился.",
        "«Полёт продолжился», — сказал он.",
    ],
)
def test_no_summary_begins_with_what_leans_on_something_else(weak):
    assert chosen(weak) == []
    assert chosen(f"{weak} {STRONG}") == [STRONG]
    assert chosen(f"{STRONG} {weak}") == [STRONG, weak]
    assert weak not in chosen(f"A short word. {STRONG} {weak}", sentences=1)


@pytest.mark.parametrize(
    "strong",
    [
        "This week the mission went on.",
        "Both sides praised the mission.",
        "Butter went up by a third.",
        "Italy launched a probe.",
        "A mission went on.",
        "А. С. Иванов выступил в Минске.",
        "Онлайн-школа открылась в Минске.",
        "Итальянцы запустили зонд.",
        "Тамбов запустил зонд.",
    ],
)
def test_a_word_that_only_looks_like_one_that_leans_is_strong(strong):
    assert chosen(strong) == [strong]


def test_no_summary_begins_with_a_sentence_whose_beginning_was_lost():
    assert chosen("получила данные о полёте, которые открыла всем.") == []
    assert chosen("iPhone 20 landed on the far side of Minsk.") == ["iPhone 20 landed on the far side of Minsk."]


def test_a_sentence_that_leans_is_not_parted_from_what_it_leans_on():
    story = f"{STRONG} A dull day followed without anything. They slept."
    assert chosen(story, sentences=2) == [STRONG, "A dull day followed without anything."]
    assert chosen(f"{STRONG} They slept for a day. A dull day followed it all.", sentences=2) == [
        STRONG,
        "They slept for a day.",
    ]


def test_what_says_no_more_than_the_headline_is_left_out():
    assert chosen(f"The spacecraft lands on the far side. {STRONG}") == [STRONG]
    assert chosen("The spacecraft lands on the far side on 24 November.") != []


def test_of_two_sentences_that_say_the_same_one_is_taken():
    twice = "Engineers in Minsk cheered for ten whole minutes."
    other = "The pictures show craters near the pole."
    assert chosen(f"{STRONG} {twice} {other}", sentences=2) == [STRONG, other]


def test_what_holds_all_that_another_tells_is_not_taken_beside_it():
    deck = "The old engineer is suspected of breaking laws in the papers of the centre."
    fuller = deck.replace("The old engineer", "Anna Ivanova (No. 78 of all rich people), the old engineer,")
    assert chosen(f"{deck} {fuller} {STRONG}", sentences=2) in ([deck, STRONG], [fuller, STRONG])


def test_a_quotation_that_says_again_what_the_story_has_from_it_is_not_taken():
    lead = "The centre in Minsk said that its engineers cheered for ten minutes after the landing of the craft."
    again = "“Our engineers cheered for ten minutes after the landing, and wept,” said the centre."
    more = "“Our engineers wept, and nobody thought of going home before breakfast,” said the centre."
    assert chosen(f"{lead} {again} {FOURTH}") == [lead, FOURTH]
    assert chosen(f"{lead} {more} {FOURTH}") == [lead, more, FOURTH]
    assert whole(f"{lead} {FOURTH}\n\n{again}\n\n{THIRD}") == [lead, FOURTH, THIRD]
    longer = f"{again[:-18]} as {'never ' * 9}before,” said the centre. {THIRD}"
    assert chosen(f"{lead} {longer}") == [lead, THIRD]
    assert whole(f"{lead} {FOURTH}\n\n{longer}") == [lead, FOURTH, THIRD]
    assert whole(f"{lead} {FOURTH}\n\n{again} {HE_SLEPT}") == [lead, FOURTH, again, HE_SLEPT]
    also = "Also, a storm was on its way to the north of Grodno."
    assert whole(f"{lead} {FOURTH}\n\n{again} {also}") == [lead, FOURTH, also]


def test_sentences_keep_their_order():
    story = "The day was long. Anna Ivanova of Minsk sent 12 pictures. Engineers cheered."
    assert chosen(story) == ["The day was long.", "Anna Ivanova of Minsk sent 12 pictures.", "Engineers cheered."]


def test_concrete_sentences_are_better_than_vague_ones():
    story = "You will never guess what came. Nobody saw it come. Anna Ivanova of Minsk sent 12 pictures."
    assert chosen(story, sentences=1) == ["Anna Ivanova of Minsk sent 12 pictures."]


@pytest.mark.parametrize(
    "quotation",
    [
        "“We came. We saw it,” said Anna Ivanova.",
        '"We came. We saw it," said Anna Ivanova.',
        "‘We came. We saw it,’ said Anna Ivanova.",
        "'We came. We saw it,' said Anna Ivanova.",
        "«Мы пришли. Мы увидели», — сказала Анна Иванова.",
        "«Мы ждали, — сказала Анна Иванова. — Все ждали. День и ночь».",
    ],
)
def test_a_quotation_is_taken_whole_or_not_at_all(quotation):
    story = f"{STRONG} {quotation}"
    assert chosen(story) == [STRONG, quotation]
    assert chosen(story, room=len(story) - 1) == [STRONG]


def test_one_mark_may_close_a_name_within_a_name():
    lead = "Зонд построил ОАО «Завод «Красный луч»."
    assert chosen(f"{lead} Инженеры спали.") == [lead, "Инженеры спали."]
    assert chosen("«Мы строим на «Луче». Инженеры спали», — сказала Анна.")[0].startswith(
        "«Мы строим на «Луче». Инженеры"
    )
    assert chosen(f"«Мы строим на «Луче», и много. {STRONG}") == []


def test_a_long_quotation_is_left_out_to_its_end():
    nested = '"Так не бывает. Мы пришли. Мы ждали. Все ждали. Сказать: "Я тут" - нельзя. Я решу", - цитирует газета.'
    assert chosen(f"Инженеры ждали в Минске. {nested}") == ["Инженеры ждали в Минске."]


def test_a_lead_that_has_the_whole_headline_and_as_much_again_is_told():
    title = "Медалью центра полётов награждён инженер"
    lead = "40-летний главный инженер Анна Титова из Минска награждена медалью центра полётов."
    assert chosen(f"{lead} Указ подписал директор.", title=title)[0] == lead


def test_a_credit_stays_where_the_next_sentence_is_about_it():
    credit, leaning = "Об этом сообщается в пресс-релизе центра.", "В нём приняли участие инженеры."
    assert chosen(f"Зонд сел в полночь на дальней стороне. {credit} {leaning}")[1:] == [credit, leaning]
    assert chosen(f"Зонд сел в полночь на дальней стороне. {credit} Инженеры спали.")[1:] == ["Инженеры спали."]
    assert chosen(f"Зонд сел в полночь на дальней стороне. {leaning}")[1:] == [leaning]
    quotation = "«Корабль готов. Инженеры спят», — говорится в сообщении."
    assert chosen(f"Зонд сел в полночь на дальней стороне. {credit} {quotation}")[1:] == [credit, quotation]


@pytest.mark.parametrize("fragment", ["With a difference of twenty years.", "С разницей в двадцать лет."])
def test_a_fragment_without_a_verb_stands_only_behind_what_it_belongs_to(fragment):
    assert chosen(fragment) == [fragment]
    assert chosen(f"{fragment} {STRONG}") == [STRONG]
    again = "However, nobody slept."
    assert chosen(f"{again} {fragment}") == []
    assert chosen(f"{STRONG} {fragment}") == [STRONG, fragment]


@pytest.mark.parametrize(
    "half", ["“We came and saw it all.", "We came and saw it all.”", "«Мы пришли.", "Мы пришли.»", "'We came."]
)
def test_half_a_quotation_is_never_taken(half):
    assert chosen(half) == []


def test_quotations_that_open_again_and_again_are_halves():
    half = '"Our craft is fine," she added. "Our team is fine. "Our sun is fine.'
    assert chosen(f"{STRONG} {half}") == [STRONG, '"Our craft is fine," she added.']
    whole = half.replace('fine. "Our sun', "fine. Our sun") + '"'
    assert chosen(f"{STRONG} {whole}")[2:] == ['"Our team is fine. Our sun is fine."']


def test_both_kinds_of_quotation_marks_may_make_a_pair():
    assert chosen('"We came and saw it,” said Anna.') == ['"We came and saw it,” said Anna.']


def test_apostrophes_are_no_quotations():
    story = "Anna Ivanova's pictures don't fade. The sisters' mission went on."
    assert chosen(story) == ["Anna Ivanova's pictures don't fade.", "The sisters' mission went on."]


def test_headings_and_captions_are_no_sentences_where_there_are_any():
    assert chosen(f"What happened\n\n{STRONG}\n\nA crater, seen from above") == [STRONG]
    assert chosen("A crater, seen from above") == ["A crater, seen from above"]
    assert chosen(f"A portrait of the director.\n\n{STRONG}") == [STRONG]


@pytest.mark.parametrize(
    "lead",
    [
        "Officials have put the date of the next mission off by a year",
        "The craft of the centre in Minsk was seven years in the making, all in all",
        "21 марта 1959 года родился самый известный из строителей зондов",
    ],
)
def test_a_lead_without_a_full_stop_is_a_sentence(lead):
    assert chosen(f"{lead}\n\n{STRONG}") == [f"{lead}.", STRONG]
    assert chosen(f"{STRONG} {lead}") == [STRONG, f"{lead}."]
    assert chosen(f"{STRONG}\n\n{lead}") == [STRONG]


@pytest.mark.parametrize(
    "caption",
    [
        "Engineers of the centre in Minsk on Tuesday, after a night of work",
        "The director speaks to engineers of the centre in Minsk on Tuesday",
        "The director is seen with engineers of the centre in Minsk on Tuesday",
        "What the craft has found",
        "A camera of the craft, photographed in November.",
        "Анна Титова в 2007 году.",
        "Анна Титова со своим зондом в 1965 году.",
        "Сцена из фильма «Огни большого города» с актёром и режиссёром Чарли Чаплином",
        "Директор центра Анна Титова с президентом Белоруссии в Минске в 2015 году.",
        "Директор центра (слева) рассказал инженерам и журналистам о новом зонде",
        "Инженеры центра управления полётами в Минске во вторник, 24 ноября",
    ],
)
def test_a_caption_or_a_heading_is_none(caption):
    assert chosen(f"{caption}\n\n{STRONG}") == [STRONG]


def test_no_summary_begins_with_the_one_that_was_named_before():
    story = "Police hunt for a couple of thieves. The pair took 2 canoes near Wekiva on Monday."
    assert chosen(story, sentences=1) == ["Police hunt for a couple of thieves."]
    assert chosen(story, sentences=1, hook=True) == ["Police hunt for a couple of thieves."]
    assert chosen(story) == story.replace(". ", ".\n").split("\n")


def test_a_question_or_a_fact_comes_first_where_one_is_wanted():
    fact = "A spacecraft sent 12 pictures home."
    assert chosen(f"{STRONG} {fact} It slept.", hook=True, sentences=2) == [fact, "It slept."]
    news = "The spacecraft landed softly in Minsk."
    assert chosen(f"{news} {fact}", hook=True, sentences=1) == [news]
    for no_fact in (
        "A spacecraft left in 2019.",
        "A spacecraft left on 12 May.",
        "A spacecraft left on May 12.",
        "A probe sent 12 pictures home.",
    ):
        assert chosen(f"{STRONG} {no_fact}", hook=True, sentences=1) == [STRONG]
    asked = f"{STRONG} Why does the craft sleep at night? The light is gone."
    assert chosen(asked, hook=True, sentences=2)[0] == "Why does the craft sleep at night?"
    assert chosen(STRONG, hook=True) == [STRONG]
    lead = "A camera of the spacecraft sent 14 pictures home."
    assert chosen(f"{lead} {fact}", hook=True, sentences=1) == [lead]
    assert chosen(f"{STRONG} The 38-year-old is Anna Ivanova.", hook=True, sentences=1) == [STRONG]
    late = "Spacecraft of this kind sent 12 pictures home."
    assert chosen(f"{STRONG} Rain fell in Brest. {late}", hook=True, sentences=1) == [STRONG]


@pytest.mark.parametrize(
    "late",
    [
        "In between, seven balloons drew the sky.",
        "This time the craft was ready.",
        "Engineers of Brest have also seen the craft.",
        "Typically this happens in the dark.",
        "One of those scientists is Anna Ivanova.",
        "Despite this, the craft was ready.",
        "The pair have built the craft.",
        "Because it turns light into power.",
        "European leaders, meanwhile, were worried.",
        "Klingbeil made the comments before a meeting.",
        "“The waiting list of the craft is getting long.”",
        "“The craft is ready for the far side,” he added.",
        "“The craft of the far side,” she said, “is like a bird.”",
        "На этот раз телескоп поймал комету.",
        "Уже второе поколение тянулось к лампам.",
        "Какие именно гены заговорили, показал анализ.",
        "По наследству эта настройка передалась целиком.",
        "«Корабль готов», — добавил он.",
        "В ведомстве уточнили, что корабль готов.",
        "За аналогичный период прошлого года корабль летал.",
        "Центр объяснил такое решение погодой.",
        "Инженеры прошли через такую ночь.",
        "Что именно показал телескоп, центр не сказал.",
        "«Корабль готов», — рассказали в ведомстве.",
        '"Корабль готов", - говорится в сообщении.',
        "Как пояснил Иванов, корабль готов.",
    ],
)
def test_what_leans_less_openly_begins_no_summary_either(late):
    assert chosen(f"But the mission goes on. {late}") == []
    assert chosen(f"{STRONG} {late}") == [STRONG, late]


@pytest.mark.parametrize(
    "strong",
    [
        "In the harbour, seven balloons drew the sky.",
        "European leaders were worried.",
        "Only this craft was ready.",
        "The family that built it was worried.",
        "One of the scientists is Anna Ivanova.",
        "Despite the dust, the craft was ready.",
        "“The craft is ready for the far side,” said Anna Ivanova.",
        "На этой неделе телескоп поймал комету.",
        "Второе поколение тянулось к лампам.",
        "В Минске в этом году открыли телескоп.",
        "«Корабль готов», — добавил директор.",
        "В ведомстве космоса уточнили, что корабль готов.",
        "Центр принял решение, такое же, как у Бреста.",
        "Инженеры работали с такими телескопами, как в Бресте.",
        "«Корабль готов», — рассказали в ведомстве космоса.",
        "Как корабль садился, показал телескоп.",
    ],
)
def test_what_only_looks_as_if_it_leaned_may_begin_one(strong):
    assert chosen(f"But the mission goes on. {strong}") == [strong]


LEAD = f"Officials of the centre in Minsk have {'carefully ' * 30}told everybody about it at last."


def test_where_the_lead_is_too_long_a_summary_does_not_begin_in_mid_story():
    middle = "John Roe is what lawyers call a man whom nobody knows."
    about_it = "Another spacecraft from Minsk waits in the harbour."
    assert chosen(f"{LEAD} {middle}", room=200) == []
    assert chosen(f"{LEAD} {about_it}", room=200) == [about_it]
    assert chosen(f"{LEAD} {about_it.replace('waits', 'waits, they said,')}", room=200) == []
    assert chosen(f"{LEAD} One came. Two came. Three came. {about_it}", room=200) == []
    assert chosen(f"{LEAD} {middle}", room=200, title="") == [middle]


@pytest.mark.parametrize(
    ("weak", "news"),
    [
        ("Whatever the truth, it may never fly again.", "Engineers in Minsk cheered all the same."),
        ("Как и многие, он ждал полёта много лет.", "Инженеры в Минске ждали только утра."),
        ("Take a look at the giant spacecraft of the far side.", "Engineers in Minsk did not look at all."),
        ("Until now every spacecraft had to wait for day.", "Engineers in Minsk did not wait at all."),
        ("До сих пор связь отступала перед дождём.", "Физики соединили две башни и стали ждать дождя."),
        ("In the century since they were first held, the games grew.", "Italy holds the next ones."),
    ],
)
def test_a_lead_that_says_what_was_so_far_gives_way_to_what_is_new(weak, news):
    assert chosen(f"{weak} {news}", sentences=1) == [news]
    assert chosen(f"{weak} {news}", sentences=2) == [weak, news]


def test_the_lead_comes_first_though_the_headline_has_said_much_of_it():
    lead = "A spacecraft that lands on the far side of the Moon, as planned in Minsk since 2019, sent several pictures."
    other = "Anna Ivanova of Minsk and John Roe of Brest cheered in Grodno."
    assert chosen(f"{lead} {other}", sentences=1) == [lead]


def test_a_lead_in_the_words_of_the_headline_is_none():
    title = "Spacecraft from Minsk lands on the far side"
    again = "Spacecraft from Minsk lands on the second far side of the whole surface in spite of all dust."
    assert chosen(f"{again} {STRONG}", title=title) == [STRONG]
    assert chosen(again, title=title) == []
    assert chosen(again.replace("Spacecraft from", "Engineers of"), title=title) != []
    around = "In Brest, a spacecraft from Minsk lands on the far side on Tuesday."
    assert chosen(f"{around} {STRONG}", title=title) == [STRONG]


@pytest.mark.parametrize("more", ["in 2024", "on 8 January", "on Tuesday", "under Anna Ivanova", "near Brest"])
def test_a_lead_in_the_words_of_the_headline_stays_for_a_figure_a_date_a_name_or_a_place(more):
    lead = f"Spacecraft from Minsk lands on the far side {more}, the first of its kind after many others failed."
    assert chosen(lead, title="Spacecraft from Minsk lands on the far side") == [lead]


def test_the_lead_is_kept_though_it_repeats_the_headline_where_the_rest_begins_in_mid_story():
    title, lead = "Spacecraft from Minsk lands safely", "The spacecraft of Minsk lands safely on Tuesday."
    assert chosen(f"{lead} The message was sent by the team.", title=title, sentences=1) == [lead]
    assert chosen(f"{lead} {STRONG}", title=title, sentences=1) == [STRONG]


def test_nobody_is_called_by_the_surname_alone_before_being_introduced():
    first, second = (
        "Engineers cheered in the centre.",
        "Chief engineer Anna Ivanova spoke for an hour, until all slept.",
    )
    third = "The craft is fine, Ivanova told everybody."
    assert chosen(f"{first} {second} {third}", room=len(f"{first} {third}")) == [first]
    assert chosen(f"{first} {second} {third}", title="Ivanova speaks", room=len(f"{first} {third}")) == [first, third]
    assert chosen(f"{first} {second} {third}") == [first, second, third]
    whole = third.replace("Ivanova", "Anna Ivanova")
    assert chosen(f"{first} {second} {whole}", room=len(f"{first} {whole}")) == [first, whole]


def test_a_first_paragraph_that_the_second_tells_again_is_left_out():
    deck = "Anna Ivanova of the centre in Minsk becomes head of the whole mission."
    news = "The centre in Minsk named Anna Ivanova head of the whole mission on Tuesday, after a year without one."
    assert chosen(f"{deck}\n\n{news}\n\n{STRONG}", title="A new head") == [news, STRONG]
    assert chosen(f"{deck}\n\n{STRONG}\n\n{news}", title="A new head") == [STRONG, news]
    animals = ", ".join(f"{first}{second}sheep" for first in "bcdfghjklmnprst" for second in "aeiou")
    longer = f"{news[:-1]}, and of {animals} slept 75."
    spring = f"{deck[:-1]} next spring, after summer holidays."
    assert chosen(f"{spring}\n\n{news}\n\n{STRONG}", title="A new head")[0] == news
    assert chosen(f"{spring}\n\n{longer}\n\n{STRONG}", title="A new head")[0] == spring
    parts = ["Sheep of three farms slept near Brest.", "Cows of seven farms slept near Grodno."]
    again = f"{STRONG} {' '.join(parts)}"
    assert chosen(f"{' '.join(parts)}\n\n{again}", title="Night")[0] == STRONG
    once = "The centre in Minsk, where Anna Ivanova works, has had no head since 2019."
    then = "Of its whole mission she becomes the head on Tuesday."
    assert chosen(f"{deck}\n\n{once}\n\n{then}", title="A new head")[0] == once
    assert chosen(f"{deck} {STRONG} Rain fell.\n\n{news}", title="A new head")[0] == deck
    assert chosen(f"{deck}\n\nThis is why {news[:1].lower()}{news[1:]}", title="A new head")[0] == deck


def test_a_first_paragraph_stays_where_the_second_only_goes_on_with_what_somebody_said():
    lead = "Космический центр в Минске назвал Анну Иванову главой всего полёта, сообщает пресс-служба."
    news = "центр в Минске во вторник назвал Анну Иванову главой всего полёта вместо Анны Петровой."
    assert chosen(f"{lead}\n\nКак отметили в центре, {news}\n\n{STRONG}", title="Глава")[0] == lead
    assert chosen(f"{lead}\n\nКосмический {news}\n\n{STRONG}", title="Глава")[0] == f"Космический {news}"


def test_items_of_a_list_that_is_announced_are_not_told():
    items = "\n".join(f"• Prize {number} went to Anna of Minsk." for number in range(4))
    assert chosen(f"{STRONG}\n\nAll of the prizes:\n\n{items}") == [STRONG]
    assert len(chosen(f"{STRONG}\n\n{items}")) > 1


def test_a_lead_that_announces_a_quotation_is_told_with_a_full_stop():
    lead = "The centre in Minsk has told all of its engineers to sleep until Tuesday"
    assert chosen(f"{lead}:\n\n“Sleep well.”", sentences=1) == [f"{lead}."]
    assert chosen(f"{lead} in the following words:\n\n“Sleep well,” said Anna Ivanova.", sentences=1)[0] != f"{lead}."


def test_nobody_is_quoted_without_the_marks_behind_a_lead_that_does_not_say_i():
    said = "My song is about all of the craters there."
    assert chosen(f"{STRONG} {said}") == [STRONG]
    assert chosen(f"I cheered in Minsk for ten minutes. {said}")[1:] == [said]
    assert chosen(f"{STRONG} {said.replace('My', 'Our')}")[1:] == [said.replace("My", "Our")]
    assert chosen("Зонд сел в Минске в полночь. Наш зонд цел.") == ["Зонд сел в Минске в полночь."]
    assert len(chosen("Зонд сел в Минске в полночь. Инженеры нашей страны спят.")) == 2
    assert chosen("Зонд сел в Минске в полночь. Инженеры нашли там снег.")[1:] == ["Инженеры нашли там снег."]


def test_a_place_is_nobody_who_has_to_be_introduced():
    lead = "Инженеры центра в Титове запустили зонд в полночь, а журналисты спали до утра."
    assert chosen(f"Виды Титова\n\n{lead}", title="Зонд улетел") == [lead]


def test_nothing_is_passed_over_in_a_short_summary_but_an_aside():
    between, after = "The night was clear.", "Anna Ivanova sent 12 pictures to Brest."
    assert chosen(f"{STRONG} {between} {after}", sentences=2) == [STRONG, between]
    assert chosen(f"{STRONG} Was the night clear? {after}", sentences=2) == [STRONG, after]
    assert chosen(f"{STRONG} “The night is clear,” said John Roe. {after}", sentences=2) == [STRONG, after]


def test_a_summary_does_not_end_with_what_the_next_sentence_takes_back():
    premise, then = "Rain was to fall over all of Brest.", f"But the night was clear {'as never before ' * 9}there."
    assert chosen(f"{STRONG} {premise} {then}", room=len(f"{STRONG} {premise}")) == [STRONG]
    assert chosen(f"{STRONG} {premise} {then}") == [STRONG, premise, then]
    assert chosen(f"{STRONG} {premise} {then[4:].capitalize()}", room=len(f"{STRONG} {premise}")) == [STRONG, premise]


def test_a_summary_does_not_end_with_what_came_first():
    first, then = "First, the craft slept for 12 days near Brest.", f"Rain fell on Grodno {'as never before ' * 9}."
    assert chosen(f"{STRONG} {first} {then}", room=len(f"{STRONG} {first}")) == [STRONG]
    assert chosen(f"{STRONG} {first} {then}") == [STRONG, first, then]


def test_what_says_otherwise_in_the_same_words_is_told():
    lead = "Engineers in Minsk slept for ten minutes at night, and journalists in Brest for ten minutes at noon."
    other = "But engineers in Brest slept for ten minutes at noon."
    assert chosen(f"{lead} {other}") == [lead, other]
    assert chosen(f"{lead} {other[4:].capitalize()}") == [lead]


def test_a_quotation_that_opens_with_each_sentence_is_not_told_and_what_follows_it_is():
    said = 'John Roe said: "All is well. "The craft sleeps in Brest. "It is fine."'
    then = "Snow fell on Grodno at noon."
    assert chosen(f"{STRONG} {said} {then}") == [STRONG, then]
    curly = said.replace('"A', "“A").replace('"T', "“T").replace('"I', "“I").replace('."', ".”")
    assert chosen(f"{STRONG} {curly} {then}") == [STRONG, then]


def test_nothing_of_a_paragraph_is_told_behind_a_quotation_whose_end_is_lost():
    lost = "John Roe said: “All is well. " + "The craft sleeps in Brest. " * 20
    snow = "Snow fell on Grodno at noon."
    assert chosen(f"{STRONG} {lost}The night was clear.\n\n{snow}") == [STRONG, snow]


def test_a_summary_does_not_end_with_a_question():
    assert chosen(f"{STRONG} Why does the craft sleep at night?") == [STRONG]
    assert chosen("Why does the craft sleep at night?") == ["Why does the craft sleep at night?"]


def test_one_sentence_alone_is_rather_not_the_headline_in_other_words():
    title, again = "King of Tonga dies in Brest", "The king of the islands of Tonga has died in Brest."
    more = "Tupou of Tonga was the king for 41 years."
    assert chosen(f"{again} {more}", title=title, sentences=1) == [more]
    assert chosen(f"{again} {more}", title=title, sentences=2) == [again, more]
    assert chosen(again, title=title, sentences=1) == [again]


def test_one_sentence_alone_may_follow_the_headline_where_the_lead_is_the_headline_once_more():
    title, again = (
        "Глава Роскосмоса Анна Иванова уволена",
        "Глава космического агентства Анна Иванова освобождена от должности.",
    )
    more = "Новым руководителем назначен Пётр Доу, который до этого строил маяки."
    assert chosen(f"{again} {more}", title=title, sentences=1) == [more]
    assert chosen(f"{again} {more}", title=title, sentences=2) == [again, more]
    assert chosen(f"{again} Он {more[:1].lower()}{more[1:]}", title=title, sentences=1) == [again]
    assert chosen(f"{again} Как пишет газета, это решение поняли в Минске.", title=title, sentences=1) == [again]
    said = "Министр пояснил, что новым руководителем назначен Пётр Доу."
    assert chosen(f"{again} {said}", title=title, sentences=1) == [again]
    assert chosen(f"{again} {said.replace('Министр', 'Министр труда')}", title=title, sentences=1) != [again]


def test_a_lead_that_names_somebody_is_not_the_headline_once_more():
    title, lead = "Вице-губернатор погиб в аварии", "30 ноября вице-губернатор области Пётр Доу погиб в аварии."
    assert chosen(f"{lead} Авария была на дороге у Бреста.", title=title, sentences=1) == [lead]


@pytest.mark.parametrize("most", [1, 3])
def test_no_short_summary_begins_in_mid_story_though_nothing_else_fits(most):
    lead = f"Engineers in Minsk cheered for ten minutes{', and sang,' * 9} until the craft slept."
    then = ["The night in Minsk was clear.", "A spacecraft sleeps on the far side."]
    assert chosen(" ".join([lead, *then]), room=40, sentences=most) == []
    assert chosen(f"{lead} {then[1]}", room=40, sentences=most) == [then[1]]
    assert chosen(" ".join([f"He said: {lead}", f"But {then[0]}", then[1]]), room=40, sentences=most) == [then[1]]


def test_the_former_manager_is_not_the_former():
    lead = "The former director of the centre, Anna Ivanova, has died."
    assert chosen(f"{lead} {STRONG}", sentences=1) == [lead]
    assert chosen(f"The former was in Minsk. {STRONG}", sentences=1) == [STRONG]


def test_what_somebody_says_behind_a_dash_is_not_told_within_a_paragraph():
    lead = "Engineers in Minsk have cheered for ten minutes."
    spoken = "— Мы не спали всю ночь, — сказала Анна. — Инженеры плакали."
    assert chosen(f"{lead}\n\n{spoken} Дождь шёл.\n\nОна добавила, что спала.\n\n{FOURTH}") == [lead, FOURTH]
    assert chosen(f"{lead}\n\n— 5 degrees were measured in the night.") == [lead]


def test_what_comes_behind_a_beginning_that_leans_is_no_lead_but_where_it_tells_of_the_headline():
    beginning = "“The craft is ready for the far side,” he added. Also, nobody slept."
    assert chosen(f"{beginning} {STRONG}") == []
    told = "Engineers in Minsk saw the spacecraft."
    assert chosen(f"{beginning} {told}") == [told]


def test_a_summary_of_a_sentence_or_two_begins_with_the_news_where_the_lead_tells_nothing_of_it():
    idle = "Everybody in Brest knows how cold it may be."
    more = "Sheep sleep badly in such nights."
    news = "A new spacecraft lands at noon on the far side of Minsk."
    story = f"{idle} {more} {more} {news} {STRONG}"
    assert chosen(story, sentences=1) == [news]
    assert chosen(story, sentences=2) == [news, STRONG]
    assert chosen(story, sentences=3)[0] == idle
    assert chosen(story.replace("Brest", "space"), sentences=1) == [idle.replace("Brest", "space")]
    assert chosen(story.replace("spacecraft lands", "craft comes"), sentences=1) == [idle]
    assert chosen(f"{idle} {' '.join([STRONG] * 5)} {news}", sentences=1) == [idle]


def test_who_is_announced_is_not_told_in_the_storys_own_voice():
    said = "Sleep is all that an engineer needs at night."
    snow = "Snow fell on Grodno at noon."
    assert chosen(f"{STRONG}\n\nAnna Ivanova told them:\n\n{said}\n\n{snow}") == [STRONG, snow]
    assert f"“{said}”" in chosen(f"{STRONG}\n\nAnna Ivanova told them:\n\n“{said}”")


@pytest.mark.parametrize("caption", ["Луноход-3.", "Вратари: Роу — Доу.", "«Зелёная площадь»."])
def test_a_paragraph_without_a_verb_is_no_sentence(caption):
    story = "Зонд сел в Минске в полночь.\n\nИнженеры нашли там снег.\n\nЖурналисты спали до утра."
    assert caption not in chosen(f"{story}\n\n{caption}\n\nУтром в Бресте выпал снег.")


def test_a_sentence_that_only_rewords_another_is_not_taken_beside_it():
    lead, again = (
        "The singer Anna Ivanova is in a hospital of Minsk.",
        "Now Ivanova lies in one of the Minsk hospitals.",
    )
    assert chosen(f"{lead} {again} {STRONG}") == [lead, STRONG]


def test_sentences_far_apart_do_not_make_a_short_summary():
    between = " ".join(
        f"Nobody {word} at length about what was going on at that hour." for word in ["a", "b", "c", "d"]
    )
    story = f"{STRONG} {between} Rain fell in Brest."
    assert chosen(story, sentences=3, room=80) == [STRONG]
    assert chosen(story, sentences=8, room=80) == [STRONG, "Rain fell in Brest."]


def test_a_summary_does_not_end_with_the_first_sentence_of_a_paragraph_that_goes_on():
    lead = f"{STRONG} The night was clear over the whole country."
    assert chosen(f"{lead}\n\nA film lies on it. Wires run below. A lamp shines.", sentences=3) == [
        STRONG,
        "The night was clear over the whole country.",
    ]
    assert chosen(f"{lead}\n\nA film lies on it. Wires run below.", sentences=3)[2:] == ["A film lies on it."]


def whole(story, *, room=700):
    found = choose(pieces(story, TITLE, "en"), TITLE, Want(8, whole=True), room, characters)
    return [piece.text for piece in found]


HE_SLEPT = "He wept too, and slept in the end."
FIRST = "Engineers of the centre in Minsk cheered for ten minutes after a night that nobody there will forget."
SECOND = "Pictures of the landing came an hour later, and all of the papers of the country printed them at once."
THIRD = "Anna Ivanova has led the mission since 2019, when its first craft burnt up above the sea near Brest."
FOURTH = "Rain fell in Brest during the whole of the night in which the craft went down to the surface at last."


def test_a_long_summary_takes_whole_paragraphs():
    story = f"{FIRST} {SECOND}\n\n{THIRD}\n\n{FOURTH} Nobody slept."
    assert whole(story) == [FIRST, SECOND, THIRD, FOURTH, "Nobody slept."]
    assert whole(story, room=420) == [FIRST, SECOND, THIRD]
    assert len(whole(f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH}", room=250)) == 2  # the first is too long


def test_a_long_summary_does_not_end_with_a_paragraph_that_opens_a_thought():
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH}\n\nIt {'never ' * 99}stopped.") == [FIRST, SECOND, THIRD]
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH}\n\nMinsk {'never ' * 99}slept.")[-1] == FOURTH
    two = f"{FOURTH} Anna Roe went home."
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{two}\n\nShe {'never ' * 99}slept.")[-1] == "Anna Roe went home."
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{two}\n\nBut Minsk {'never ' * 99}slept.")[-1] == FOURTH
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH} Has Anna Roe gone home?")[-1] == FOURTH


def test_a_long_summary_does_not_end_with_another_story():
    other = "Earlier, an engineer of Grodno had slept for ten days."
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{other}") == [FIRST, SECOND, THIRD]
    same = other.replace("slept", "slept in a spacecraft")
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{same}") == [FIRST, SECOND, THIRD, same]
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{other} {FOURTH}") == [FIRST, SECOND, THIRD, other, FOURTH]


def test_a_long_summary_of_little_rather_ends_within_a_paragraph():
    story = f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH} It {'never ' * 99}stopped."
    assert whole(story) == [FIRST, SECOND, THIRD]
    assert whole(story, room=900) == [FIRST, SECOND, THIRD, FOURTH]
    assert whole(story.replace("It never", "But it never"), room=900) == [FIRST, SECOND, THIRD]


def test_a_long_summary_does_not_jump_over_what_its_next_sentence_leans_on():
    half = "“We came and saw it all."
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{half}\n\nShe slept.") == [FIRST, SECOND, THIRD]


def test_a_long_summary_begins_with_the_fuller_of_two_that_tell_the_same():
    deck = "The old engineer is suspected of breaking laws in the papers of the centre."
    fuller = deck.replace("The old engineer", "Anna Ivanova (No. 78 of all rich people), the old engineer,")
    assert whole(f"{deck}\n\n{fuller} {SECOND} {THIRD}") == [fuller, SECOND, THIRD]


def test_of_a_long_paragraph_a_long_summary_takes_the_beginning():
    story = f"{FIRST} {SECOND} {THIRD} {FOURTH} It {'never ' * 99}stopped. Rain fell."
    assert whole(story) == [FIRST, SECOND, THIRD]
    assert whole(story.replace("It never", "The rain never")) == [FIRST, SECOND, THIRD, FOURTH]
    assert whole(f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH} The rain {'never ' * 99}stopped.") == [FIRST, SECOND, THIRD]


def test_a_long_summary_ends_before_words_that_somebody_else_says_without_the_marks():
    story = f"{FIRST} {SECOND} {THIRD}\n\n{FOURTH}"
    assert whole(f"{story}\n\nOur dream was to fly across the US.") == [FIRST, SECOND, THIRD, FOURTH]
    assert whole(f"{story}\n\nA dream was to fly across the US.")[4:] == ["A dream was to fly across the US."]


def test_a_long_summary_ends_before_somebody_whom_nobody_has_introduced():
    story = f"{FIRST} {SECOND} {FOURTH}\n\n“Anna Ivanova came.\n\nIvanova slept."
    assert whole(story) == [FIRST, SECOND, FOURTH]
    assert whole(story.replace("Ivanova slept", "Nobody slept"))[3:] == ["Nobody slept."]
    assert whole(story.replace("“Anna Ivanova came.", "Anna Ivanova, pictured"))[3:] == ["Ivanova slept."]


def test_a_sentence_that_was_cut_in_brackets_is_left_out():
    assert chosen(f"{STRONG} Here are five things to see in […]") == [STRONG]
    assert chosen(f"{STRONG} It stood in […] the files.") == [STRONG, "It stood in […] the files."]


def test_boilerplate_among_the_sentences_is_left_out():
    assert chosen(f"{STRONG} Scroll down for video. The craft sleeps.") == [STRONG, "The craft sleeps."]


WORD = st.sampled_from(
    [
        "But",
        "He",
        "Minsk",
        "12",
        "said.",
        "“yes",
        "ends”",
        "«да»",
        "Он.",
        "the",
        "pictures?",
        "went",
        "on.",
        "However,",
        "Anna…",
    ]
)


@example("ends” said. “yes said.", 22, 1, False)
@given(st.lists(WORD, max_size=60).map(" ".join), st.integers(0, 200), st.integers(1, 4) | st.none(), st.booleans())
def test_whatever_is_chosen_fits_stands_in_order_and_begins_strong(story, room, sentences, hook):
    given_ = pieces(story, TITLE, "en")
    found = choose(given_, TITLE, Want(sentences, hook), room, characters)
    assert len(" ".join(piece.text for piece in found)) <= room
    assert [piece.place for piece in found] == sorted({piece.place for piece in found})
    assert not (found and found[0].leans)
    assert sentences is None or sum(piece.sentences for piece in found) <= sentences
