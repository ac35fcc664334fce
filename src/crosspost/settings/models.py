"""What a config says, as frozen values: one class a table, one field a key.

`None` means that a key is not given and its rule does not apply. Durations are `timedelta`; times of day are
wall-clock times in `Settings.timezone`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from crosspost.colours import contrast, rgb
from crosspost.settings import kinds
from crosspost.settings.colours import Colour
from crosspost.settings.kinds import Wrong, at_least
from crosspost.settings.origin import Origin
from crosspost.timing.pace import silenced


class _Frozen(BaseModel):
    # A value may be a token under a mistyped key, so pydantic's own messages do not show it either. Only `Settings` is
    # ever validated, and it holds all the others: building a validator of its own for each would cost every start.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Feed(_Frozen):
    """A feed to watch. `burst` is how many items unknown at once are suspicious, 0 for no guard."""

    name: str
    url: kinds.Address = Field(repr=False)
    language: kinds.Language | None = None
    every: kinds.Duration = timedelta(minutes=10)
    first_run: kinds.FirstRun = "skip"  # or "all", or how many of the newest
    burst: kinds.Whole = Field(default=20, ge=0)
    proxy: kinds.Proxy | None = Field(default=None, repr=False)

    @field_validator("every")
    @classmethod
    def _polite(cls, every: timedelta, info: ValidationInfo) -> timedelta:
        if every < timedelta(seconds=1):
            raise Wrong("is shorter than 1s.", 'Write "1m" or more.')
        if every < timedelta(minutes=1) and not kinds.is_loopback(info.data.get("url", "http://localhost")):
            raise Wrong("is under a minute, which only a feed on this machine takes.", 'Write "1m" or more.')
        return every


class Match(_Frozen):
    """Articles to pick: those that fit one value of any of these lists. See `crosspost.filters.Match`."""

    categories: tuple[kinds.Word, ...] = ()
    words: tuple[kinds.Word, ...] = ()
    languages: tuple[kinds.Language, ...] = ()
    authors: tuple[kinds.Word, ...] = ()
    links: tuple[kinds.LinkPattern, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Match:
        if not any((self.categories, self.words, self.languages, self.authors, self.links)):
            raise Wrong("names nothing to look for.", 'Write categories = ["..."] or words = ["..."], or leave it out.')
        return self


class Pace(_Frozen):
    """When a channel's posts may go out, and after how long one that could not is dropped."""

    gap: kinds.Duration | None = None
    at_most: kinds.Rate | None = None
    quiet: kinds.QuietHours | None = None
    slots: tuple[kinds.Clock, ...] = ()  # in order; none means any time
    expires: Annotated[kinds.Duration, at_least(timedelta(minutes=1), "1m")] = timedelta(days=3)

    @field_validator("slots")
    @classmethod
    def _in_order(cls, slots: tuple[time, ...]) -> tuple[time, ...]:
        return tuple(sorted(set(slots)))

    @model_validator(mode="after")
    def _some_slot(self) -> Pace:
        if self.slots and self.quiet and len(silenced(self.slots, self.quiet)) == len(self.slots):
            raise Wrong("has all its slots in its quiet hours.", "Nothing could ever go out: move one of the two.")
        return self


# Campaign parameters, without the utm_ in front of each.
UtmName = Literal["source", "medium", "campaign", "term", "content", "id"]


class Channel(_Frozen):
    """A place to publish to; what each platform wants beside this is in its own class."""

    SECRETS: ClassVar[tuple[str, ...]] = ()
    OPTIONS: ClassVar[tuple[str, ...]] = ()

    name: str
    platform: str
    feeds: tuple[str, ...]  # all of them when the config names none
    template: str | None = None
    summary: kinds.SummarySize | None = None
    instructions: str = ""
    hashtags: tuple[kinds.Hashtag, ...] = ()
    hashtags_from_categories: bool = False
    hashtag_map: kinds.Table[str, kinds.HashtagOrNone] = Field(default_factory=dict, validate_default=True)
    hashtags_at: Literal["end", "inside"] = "end"
    most_hashtags: kinds.Whole | None = Field(default=None, ge=0)
    utm: kinds.Table[UtmName, str] = Field(default_factory=dict, validate_default=True)
    pictures: Literal["auto", "picture", "card", "none"] = "auto"
    approve: bool = False
    enabled: bool = True
    proxy: kinds.Proxy | None = Field(default=None, repr=False)
    endpoint: kinds.Endpoint | None = None
    length: kinds.Whole | None = Field(default=None, ge=30)  # an X link alone takes 23
    only: Match | None = None
    except_: Match | None = Field(default=None, alias="except")
    urgent: Match | None = None
    pace: Pace = Field(default_factory=dict, validate_default=True)
    secrets: kinds.Table[str, kinds.Secret] = Field(default_factory=dict, repr=False, validate_default=True)

    @field_validator("feeds")
    @classmethod
    def _once_each(cls, feeds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(feeds))

    @property
    def feed_names(self) -> tuple[str, ...]:
        """The feeds whose articles come here."""
        return self.feeds

    def options(self) -> dict[str, Any]:
        """The keys that only this platform knows, for its adapter."""
        return {name: getattr(self, name) for name in self.OPTIONS}

    @property
    def missing_secrets(self) -> tuple[str, ...]:
        """The names of secrets without which nothing can be published here."""
        return tuple(name for name in self.needed_secrets() if name not in self.secrets)

    def needed_secrets(self) -> tuple[str, ...]:
        """The names of the secrets that publishing here takes."""
        return self.SECRETS


class XChannel(Channel):
    """An account on X."""

    SECRETS = ("api_key", "api_secret", "access_token", "access_token_secret")

    platform: Literal["x"]


class VkChannel(Channel):
    """A VK community. Either token can post; `service_token` only reads back."""

    SECRETS = ("community_token", "user_token", "service_token")
    OPTIONS = ("community", "resend_with_guid")

    platform: Literal["vk"]
    community: kinds.Whole
    resend_with_guid: bool = False

    @field_validator("community")
    @classmethod
    def _without_minus(cls, community: int) -> int:
        if community <= 0:
            raise Wrong("is not a community's number.", "Write it without the minus.")
        return community

    def needed_secrets(self) -> tuple[str, ...]:
        return () if "user_token" in self.secrets else ("community_token",)


class FacebookChannel(Channel):
    """A Facebook Page. The app's id and secret only tell when the token dies."""

    SECRETS = ("page_token", "app_id", "app_secret")
    OPTIONS = ("page", "api_version")

    platform: Literal["facebook"]
    page: kinds.PageId
    api_version: kinds.GraphVersion = "v25.0"

    def needed_secrets(self) -> tuple[str, ...]:
        return ("page_token",)


class YouTubeChannel(Channel):
    """A YouTube channel: `assisted` prepares what a person posts, `api` uses the pilot of the posts resource, `video`
    makes a Short of each article. `privacy`, `made_for_kids` and `category` (a number of YouTube's) are a video's."""

    SECRETS = ("client_id", "client_secret", "refresh_token")
    OPTIONS = ("mode", "channel", "privacy", "made_for_kids", "category")

    platform: Literal["youtube"]
    mode: Literal["assisted", "api", "video"] = "assisted"
    channel: kinds.ChannelId
    privacy: Literal["public", "unlisted", "private"] = "public"
    made_for_kids: bool = False
    category: kinds.Whole = Field(default=25, ge=1)  # "News & Politics"

    @field_validator("privacy", "made_for_kids", "category")
    @classmethod
    def _of_videos(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("mode", "video") != "video":
            raise Wrong("is for videos, and this channel makes none.", 'Leave it out, or write mode = "video".')
        return value

    def needed_secrets(self) -> tuple[str, ...]:
        return () if self.mode == "assisted" else self.SECRETS


AnyChannel = Annotated[XChannel | VkChannel | FacebookChannel | YouTubeChannel, Field(discriminator="platform")]
CHANNELS: Mapping[str, type[Channel]] = {
    "x": XChannel,
    "vk": VkChannel,
    "facebook": FacebookChannel,
    "youtube": YouTubeChannel,
}


class Delivery(_Frozen):
    """How posts are delivered. `retry` are the waits after each try, the last one repeating; `confirm_after` are
    the looks for an unsure post, counted from the end of the call; `timeout` is a call's total deadline."""

    settle: kinds.Duration = timedelta(0)
    retry: tuple[Annotated[kinds.Duration, at_least(timedelta(seconds=1), "1s")], ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
    )
    confirm_after: tuple[kinds.Duration, ...] = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15))
    timeout: Annotated[kinds.Duration, at_least(timedelta(seconds=1), "1s")] = timedelta(seconds=20)
    breaker: kinds.Whole = Field(default=5, ge=0)

    @field_validator("retry", "confirm_after")
    @classmethod
    def _some(cls, waits: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if not waits:
            raise Wrong("is empty.", "Write at least one duration, or leave it out.")
        return waits

    @field_validator("confirm_after")
    @classmethod
    def _ascending(cls, looks: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if list(looks) != sorted(set(looks)):
            raise Wrong(
                "does not grow.", "Each is counted from the end of the call, so each must be longer than the last."
            )
        return looks


class Network(_Frozen):
    """What may be reached. `allow_private`: feeds, pages and pictures on private and loopback addresses."""

    allow_private: bool = False


class Card(_Frozen):
    """How drawn cards look. `site` is the site's name by language, under "" for all others; where it has none for an
    article's language, a card shows the article's host."""

    site: kinds.SiteName = Field(default_factory=dict, validate_default=True)
    background: Colour = "#14213d"
    text: Colour = "#ffffff"
    accent: Colour = "#fca311"

    @model_validator(mode="after")
    def _readable(self) -> Card:
        if contrast(rgb(self.text), rgb(self.background)) < 3:  # what WCAG asks of large letters
            raise Wrong(
                "has a text that can hardly be read on its background.",
                "Make one of the two colours much darker or lighter.",
            )
        return self


class Summary(_Frozen):
    """Who writes the summaries. With "llm", a language model does, where what it writes can be vouched for.

    Prices are for a million tokens, `daily_budget` is what a day may cost; all in one currency. `timeout` is from a
    question to the end of its answer.
    """

    SECRETS: ClassVar[tuple[str, ...]] = ("api_key",)

    writer: Literal["extract", "llm"] = "extract"
    provider: Literal["openai", "anthropic"] = "openai"
    address: kinds.Endpoint | None = None  # the provider's own
    model: kinds.ModelName | None = None
    input_price: kinds.Money | None = None
    output_price: kinds.Money | None = None
    daily_budget: kinds.Money = 1.0
    output_tokens: Annotated[kinds.Whole, Field(ge=50)] = 1000
    timeout: Annotated[kinds.Duration, at_least(timedelta(seconds=1), "1s")] = timedelta(seconds=30)
    secrets: kinds.Table[str, kinds.Secret] = Field(default_factory=dict, repr=False, validate_default=True)

    @model_validator(mode="after")
    def _whole(self) -> Summary:
        if self.writer == "llm" and self.model is None:
            raise Wrong("names no model for its writer.", 'Add model = "..." as its provider spells it.')
        if self.writer == "llm" and (self.input_price is None or self.output_price is None):
            raise Wrong(
                "does not say what its writer costs, so its daily_budget could not be kept.",
                "Add input_price and output_price for a million tokens each; 0 for a model of your own.",
            )
        return self

    @property
    def missing_secrets(self) -> tuple[str, ...]:
        """The secret without which a provider answers nothing; a model of one's own may want none."""
        needed = self.writer == "llm" and self.address is None
        return self.SECRETS if needed and "api_key" not in self.secrets else ()


class Settings(BaseSettings):
    """Everything a config says, its secrets, and what the environment puts over it."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    timezone: kinds.Zone = Field(default="system", validate_default=True)
    database: kinds.Database = Field(default="sqlite:///data/crosspost.db", repr=False)  # may hold a password
    feeds: kinds.Table[str, Feed] = Field(default_factory=dict, validate_default=True)
    channels: kinds.Table[str, AnyChannel] = Field(default_factory=dict, validate_default=True)
    summary: Summary = Field(default_factory=dict, validate_default=True)
    card: Card = Field(default_factory=dict, validate_default=True)
    delivery: Delivery = Field(default_factory=dict, validate_default=True)
    network: Network = Field(default_factory=dict, validate_default=True)

    _origin: Origin = PrivateAttr(default=Origin(Path("crosspost.toml"), ()))

    @property
    def secrets(self) -> Iterator[str]:
        """The values of all secrets."""
        for table in (*(channel.secrets for channel in self.channels.values()), self.summary.secrets):
            yield from (secret.get_secret_value() for secret in table.values())

    @property
    def origin(self) -> Origin:
        """Where these settings were read from."""
        return self._origin

    @model_validator(mode="before")
    @classmethod
    def _named(cls, values: Any) -> Any:
        """Write each table's own name into it, and all feeds into a channel that names none."""
        feeds, channels = values.get("feeds"), values.get("channels")
        every_feed = list(feeds) if isinstance(feeds, dict) else []
        return values | {
            section: {name: _with(table, defaults | {"name": name}) for name, table in tables.items()}
            for section, tables, defaults in (("feeds", feeds, {}), ("channels", channels, {"feeds": every_feed}))
            if isinstance(tables, dict)
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed over: loading.py says where values come from, nothing is read beside it."""
        return (init_settings,)


def _with(table: Any, defaults: Mapping[str, Any]) -> Any:
    return {**defaults, **table} if isinstance(table, dict) else table
