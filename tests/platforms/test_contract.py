"""The contract of platforms/__init__.py, kept by X and VK; Facebook's and YouTube's tests inherit it the same way."""

from __future__ import annotations

from types import MappingProxyType

from tests.platforms.contract import PlatformContract


class TestX(PlatformContract):
    name = "x"
    account = "1001"
    token = "access_token"
    publishing = ("POST", "/2/tweets")


class TestVk(PlatformContract):
    name = "vk"
    options = MappingProxyType({"community": 777})
    account = "777"
    token = "community_token"
    publishing = ("POST", "/method/wall.post")
    throttle_names_a_time = False  # error 9, "flood control", says nothing of it
