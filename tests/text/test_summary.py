"""What an article says: which of its texts is the story, and its best sentences."""

from __future__ import annotations

import pytest

from crosspost.article import Article
from crosspost.text.measure import characters
from crosspost.text.summary import Manner, summary

TITLE = "Spacecraft lands on the far side"
STORY = "The spacecraft landed on Tuesday after a journey of four days. Its first pictures came an hour later."
OTHER = "Another text that is long enough to be taken for a story of its own, by anyone who reads it."


def article(**known):
    return Article(feed="news", title=TITLE, link="https://site.example/1", language="en", **known)


ANY = Manner()


def summarised(known, *, room=1000, manner=ANY):
    return summary(article(**known), "en", manner, room, characters)


@pytest.mark.parametrize(
    ("teaser", "taken"),
    [
        ("Only this.", "Only this."),
        ("Only this", "Only this"),
        ("A whole sentence. And one that is cut […]", "A whole sentence."),
        ("A paragraph.\n\nAnd one that is cut…", "A paragraph."),
        ("Only one that is cut…", "Only one that is cut…"),
        ("Only this. Read more", "Only this."),
    ],
)
def test_where_there_is_only_a_teaser_its_whole_sentences_are_taken(teaser, taken):
    assert summarised({"description": teaser}) == taken


@pytest.mark.parametrize(
    "description",
    [
        f"<h1>{TITLE}</h1><p>{STORY}</p>",
        f"{TITLE.upper()}! {STORY}",
        f"<p>{TITLE}.</p><p>{STORY}</p>",
    ],
)
def test_the_title_is_not_said_again(description):
    assert summarised({"description": description}) == STORY


def test_a_title_that_stands_in_front_of_the_first_sentence_is_not_said_again():
    story = STORY.replace("Tuesday", "the far side on Tuesday")
    assert summarised({"description": f"{TITLE} {story}"}) == story
    assert summarised({"description": f"24.11.2026, 12:05 {TITLE} {story}"}) == story
    assert summarised({"description": f"{TITLE} {story[:62]} […]"}) == ""


def test_headings_and_lists_are_no_sentences():
    description = f"<h2>What happened</h2><p>{STORY}</p><ul><li>Mass</li><li>Speed</li></ul><p>Nobody slept.</p>"
    assert summarised({"description": description}) == f"{STORY} Nobody slept."


def test_items_of_a_list_lose_their_bullets_where_all_is_one_paragraph():
    assert summarised({"description": f"<ul><li>{STORY}</li><li>{OTHER}</li></ul>"}) == f"{STORY} {OTHER}"


def test_a_summary_is_as_long_as_its_manner_allows():
    text = {"description": f"<p>{STORY}</p><p>{OTHER}</p>"}
    assert summarised(text) == f"{STORY} {OTHER}"
    assert summarised(text, room=100) == "The spacecraft landed on Tuesday after a journey of four days."
    assert summarised(text, manner=Manner(sentences=2)) == STORY
    assert summarised(text, manner=Manner(length=110)) == STORY
    assert summarised(text, manner=Manner(paragraphs=2)) == f"{STORY}\n\n{OTHER}"
    assert summarised(text, manner=Manner(paragraphs=2), room=150) == STORY
    assert summarised(text, room=0) == ""


def test_one_sentence_alone_is_no_slight_one_where_a_second_fits():
    slight, more = "Time flies for all of them.", "Engineers in Minsk cheered for ten minutes and then went home."
    text = {"description": f"<p>{slight} {more} Nobody slept that night in the city of Minsk.</p>"}
    assert summarised(text, manner=Manner(sentences=1), room=60) == slight
    assert summarised(text, manner=Manner(sentences=1)) == f"{slight} {more}"


def test_where_no_sentence_is_short_enough_one_that_is_longer_will_do():
    text = {"description": f"<p>{'Engineers of the centre in Minsk ' * 4}cheered.</p><p>{OTHER}</p>"}
    lead = summarised(text, manner=Manner(sentences=1))
    assert summarised(text, manner=Manner(length=30, longest=len(lead), sentences=2)) == lead
    assert summarised(text, manner=Manner(length=30, longest=len(lead) - 1)) == ""
    assert summarised(text, manner=Manner(length=30, longest=len(lead)), room=len(lead) - 1) == ""
    assert summarised(text, manner=Manner(length=30)) == ""


def test_of_a_very_long_paragraph_only_whole_sentences_are_taken():
    assert summarised({"description": "word " * 10_000 + "end."}, room=400) == ""
    assert summarised({"description": STORY + " word" * 10_000}, room=400) == STORY


def test_a_long_story_without_paragraphs_is_broken_evenly_but_not_before_what_leans():
    names = ["Ada", "Bell", "Cook", "Dyson", "Euler", "Fermi", "Gauss", "Hertz"]
    story = (f"{it}ville lies deep in {it}shade below {it}rock and {it}ridge. They explore {it}wood." for it in names)
    text = " ".join(story)
    told = summarised({"description": text}, manner=Manner(paragraphs=2))
    before, after = told.split("\n\n")
    assert 0.6 < len(before) / len(after) < 1.6
    assert not after.startswith("They")


OWN = "Nobody in Minsk had thought that the craft would ever come down"
ONE = Manner(sentences=1)


def test_what_the_site_itself_says_in_a_sentence_stands_above_the_story():
    known = {"description": f"<p>{OWN}</p>", "content": f"<p>{STORY}</p>"}
    assert summarised(known, manner=ONE) == f"{OWN}."
    assert summarised(known) == f"{OWN}. {STORY}"
    assert summarised(known | {"content": "", "page_text": STORY}) == f"{OWN}. {STORY}"


def test_where_the_story_tells_the_headline_better_it_comes_first():
    lead = "The spacecraft that lands on the far side this week has cheered the engineers of Minsk."
    known = {"description": OWN, "content": f"<p>{lead}</p><p>{STORY}</p>"}
    assert summarised(known, manner=ONE) == f"{OWN}."
    assert summarised(known, manner=Manner(sentences=2)).startswith(lead)
    assert summarised(known | {"description": f"{OWN[:-5]} fall"}, room=60, manner=ONE) == ""


def test_a_lead_that_is_too_long_for_two_sentences_may_stand_alone():
    lead = f"The spacecraft landed on Tuesday{', and engineers cheered' * 13}."
    known = {"description": f"<p>{lead}</p><p>Rain fell on the far side. Engineers slept.</p>"}
    assert summarised(known, manner=Manner(length=300, longest=450, sentences=2)) == lead
    assert summarised(known, manner=Manner(length=300, longest=300, sentences=2)) == "Rain fell on the far side."
