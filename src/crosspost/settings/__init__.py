"""The config: one TOML file that people edit, its secrets beside it, and what the environment puts over both.

files, positions    TOML -> values, and the line of each
environment         variables and secret files -> values
secrets             config/secrets.toml -> values; which are missing
schema, unfit       which keys may stand where, and which of those that do may not
kinds, colours      values of one kind
models              values -> frozen settings
mistakes            pydantic's errors -> sentences
loading             all of it, in order
advice              what is accepted and comes to nothing
"""

from crosspost.settings.advice import advice
from crosspost.settings.kinds import Quiet, Quota
from crosspost.settings.loading import load
from crosspost.settings.models import (
    Card,
    Channel,
    Delivery,
    FacebookChannel,
    Feed,
    Match,
    Network,
    Pace,
    Settings,
    Summary,
    VkChannel,
    XChannel,
    YouTubeChannel,
)
from crosspost.settings.secrets import missing_secret_problems

__all__ = [
    "Card",
    "Channel",
    "Delivery",
    "FacebookChannel",
    "Feed",
    "Match",
    "Network",
    "Pace",
    "Quiet",
    "Quota",
    "Settings",
    "Summary",
    "VkChannel",
    "XChannel",
    "YouTubeChannel",
    "advice",
    "load",
    "missing_secret_problems",
]
