"""The real client libraries, pointed at a sandbox."""

from __future__ import annotations

import io

import facebook
import jconfig
import requests
import tweepy
import vk_api
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from PIL import Image

CHANNEL = "UC0000000000000000000000"


class Rerouted(requests.Session):
    """Sends what is meant for `base` to `endpoint`, before it is signed."""

    def __init__(self, base, endpoint):
        super().__init__()
        self.base, self.endpoint = base, endpoint

    def request(self, method, url, *args, **options):
        options["timeout"] = options.get("timeout") or 5
        return super().request(method, url.replace(self.base, self.endpoint), *args, **options)


def x(sandbox, address, account="1001", **changed):
    secrets = sandbox.secrets("x", account) | changed
    client = tweepy.Client(
        consumer_key=secrets["api_key"],
        consumer_secret=secrets["api_secret"],
        access_token=secrets["access_token"],
        access_token_secret=secrets["access_token_secret"],
    )
    client.session = Rerouted("https://api.twitter.com", f"{address}/x")
    return client


def vk(sandbox, address, kind="user", community="777"):
    token = sandbox.secrets("vk", community)[f"{kind}_token"]
    session = Rerouted("https://api.vk.ru", f"{address}/vk")
    client = vk_api.VkApi(token=token, api_version="5.199", session=session, config=jconfig.MemoryConfig)
    client.RPS_DELAY = 0
    return client


def vk_photo(client, community=777):
    upload = vk_api.VkUpload(client)
    upload.http = client.http
    return upload.photo_wall(io.BytesIO(picture()), group_id=community)[0]


def graph(sandbox, address, token=None, page="1010"):
    session = Rerouted("https://graph.facebook.com", f"{address}/facebook")
    client = facebook.GraphAPI(token or sandbox.secrets("facebook", page)["page_token"], session=session)
    client.version = "v25.0"
    return client


def google(sandbox, address, channel=CHANNEL, **changed):
    secrets = sandbox.secrets("youtube", channel) | changed
    return Credentials(None, token_uri=f"{address}/youtube/token", **secrets)


def youtube(sandbox, address, **changed):
    return AuthorizedSession(google(sandbox, address, **changed))


def youtube_service(sandbox, address):
    where = {"api_endpoint": f"{address}/youtube/"}
    credentials = google(sandbox, address)
    return build("youtube", "v3", credentials=credentials, static_discovery=True, client_options=where)


def picture(width=60, height=40, colour="teal"):
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "PNG")
    return data.getvalue()
