"""A sender as one writes it first: what is new in the feed goes to a Facebook page, and into a list of what is done.

Killed between the two, `sends-first` doubles and `records-first` loses: so the killer's judge can see.
"""

import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.etree import ElementTree

order, feed, endpoint, token, list_of_done = sys.argv[1:]
done = Path(list_of_done)


def send(title: str, link: str) -> None:
    message = urlencode({"message": f"{title}\n\n{link}", "link": link, "access_token": token})
    urlopen(f"{endpoint}/me/feed", message.encode(), timeout=5).read()


def record(title: str) -> None:
    with done.open("a") as lines:
        lines.write(f"{title}\n")


known = done.read_text().splitlines() if done.exists() else []
for item in reversed(list(ElementTree.parse(urlopen(feed, timeout=5)).iter("item"))):
    title, link = item.findtext("title", ""), item.findtext("link", "")
    if title in known:
        continue
    if order == "records-first":
        record(title)
        send(title, link)
    else:
        send(title, link)
        record(title)
