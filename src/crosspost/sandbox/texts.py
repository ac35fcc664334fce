"""The words of the page, in English and Russian."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crosspost.manners import WORDS

TEXTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            **WORDS["en"],
            "title": "crosspost sandbox",
            "heading": "Sandbox",
            "lead": "Pretend X, VK, Facebook and YouTube. What crosspost publishes appears here"
            " as readers would see it. Nothing leaves this machine.",
            "skip": "Skip to the posts",
            "platforms": "Platforms",
            "languages": "Language",
            "watching": "Watching for new posts",
            "lost": "The sandbox does not answer; still trying",
            "posts": "Posts",
            "endpoint": "endpoint",
            "empty": "Nothing posted yet",
            "empty_hint": "Posts appear by themselves while you watch.",
            "empty_youtube": "Posts of mode “api” and videos of mode “video”; in mode “assisted” a person posts.",
            "new_post": "New post on",
            "connect": "Connect a channel",
            "connect_lead": "Paste this into the two files, then run crosspost. The secrets are the sandbox’s own"
            " and open nothing else.",
            "problems": "What a strict reader of the platforms’ documents would object to",
        },
        "ru": {
            **WORDS["ru"],
            "title": "Песочница crosspost",
            "heading": "Песочница",
            "lead": "Местные подобия X, ВКонтакте, Facebook и YouTube. Всё, что публикует crosspost, видно здесь так,"
            " как это увидят читатели. Наружу ничего не уходит.",
            "skip": "Сразу к записям",
            "platforms": "Площадки",
            "languages": "Язык",
            "watching": "Ждём новых записей",
            "lost": "Песочница не отвечает, пробуем снова",
            "posts": "Записей",
            "endpoint": "endpoint",
            "empty": "Пока ничего нет",
            "empty_hint": "Записи появятся здесь сами.",
            "empty_youtube": "Здесь записи режима «api» и видео режима «video»; в режиме «assisted» публикует человек.",
            "new_post": "Новая запись:",
            "connect": "Подключить канал",
            "connect_lead": "Вставьте это в два файла и запустите crosspost. Секреты принадлежат песочнице"
            " и больше ничего не открывают.",
            "problems": "Что возразил бы строгий читатель документации площадок",
        },
    }
)


def preferred(asked: str, accept_language: str) -> str:
    """The language of the page: as `asked` for, else the browser's first choice that there is, else English."""
    if asked in TEXTS:
        return asked
    choices = [choice.split(";")[0].strip()[:2].lower() for choice in accept_language.split(",")]
    return next((choice for choice in choices if choice in TEXTS), "en")
