"""The sandbox's tables against the platforms' own documents: it accepts nothing they do not know."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from crosspost.sandbox import facebook, facebook_posts, vk_methods, x, youtube
from tests.reference import reference
from tests.sandbox import clients


@pytest.fixture(scope="module")
def openapi():
    return json.loads(reference("specs/x-openapi.json").read_text())


def parameters(openapi, path, method):
    shared = openapi["components"]["parameters"]
    listed = openapi["paths"][path][method].get("parameters", [])
    return {one["name"] if "name" in one else shared[one["$ref"].rpartition("/")[2]]["name"] for one in listed}


@pytest.mark.parametrize(
    ("ours", "schema"),
    [
        (x.CREATE_FIELDS, "CreatePostsRequest"),
        (x.MEDIA_FIELDS, "CreatePostsMedia"),
        (x.UPLOAD_FIELDS, "MediaUploadRequest"),
    ],
)
def test_x_takes_the_fields_of_the_schema(openapi, ours, schema):
    assert ours == openapi["components"]["schemas"][schema]["properties"].keys()


def test_x_knows_the_schema_s_media_categories(openapi):
    upload = openapi["components"]["schemas"]["MediaUploadRequest"]
    assert set(upload["properties"]["media_category"]["enum"]) == x.UPLOAD_CATEGORIES


@pytest.mark.parametrize(
    ("ours", "path"), [(x.TIMELINE_PARAMETERS, "/2/users/{id}/tweets"), (x.ME_PARAMETERS, "/2/users/me")]
)
def test_x_takes_the_parameters_of_the_schema(openapi, ours, path):
    # tweet.fields is the older name of post.fields, which tweepy still uses.
    assert ours - {"tweet.fields"} == parameters(openapi, path, "get") - {"id"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/2/tweets"),
        ("get", "/2/tweets/{id}"),
        ("delete", "/2/tweets/{id}"),
        ("get", "/2/users/{id}/tweets"),
        ("get", "/2/users/me"),
        ("post", "/2/media/upload"),
        ("post", "/2/media/metadata"),
    ],
)
def test_x_s_paths_exist(openapi, method, path):
    assert method in openapi["paths"][path]


def test_x_answers_with_keys_of_the_schema(openapi, sandbox, address):
    schemas = openapi["components"]["schemas"]
    client = clients.x(sandbox, address)
    # The schema says post where X, and tweepy, still say tweet.
    known = {name.replace("edit_history_post_ids", "edit_history_tweet_ids") for name in schemas["Post"]["properties"]}
    sent = client.create_tweet(text="See https://site.org/1 #tag").data
    fields = ["author_id", "created_at", "conversation_id", "lang", "entities", "attachments"]
    page = client.get_users_tweets("1001", tweet_fields=fields, user_auth=True)
    assert set(sent) <= known
    assert set(page.data[0].data) == {"id", "text", "edit_history_tweet_ids", *fields} - {"attachments"}
    assert set(page.meta) <= schemas["GetUsersPostsResponse"]["properties"]["meta"]["properties"].keys()
    entities = schemas["PostEntities"]["properties"]["urls"]["items"]["properties"]
    assert set(page.data[0].entities["urls"][0]) <= entities.keys()


@pytest.mark.parametrize("name", sorted(vk_methods.METHODS))
def test_vk_s_methods_take_the_parameters_of_the_schema(name):
    methods = json.loads(reference(f"specs/vk/{name.partition('.')[0]}/methods.json").read_text())["methods"]
    [method] = [one for one in methods if one["name"] == name]
    ours = vk_methods.METHODS[name]
    # VK's pages for people document owner_id of wall.get and the community tokens of wall.post; its schema does not.
    beyond = {"wall.get": {"owner_id"}}.get(name, set())
    assert ours.parameters == {one["name"] for one in method.get("parameters", [])} | beyond
    kinds = {"community" if kind == "group" else kind for kind in method["access_token_type"]}
    assert ours.tokens == kinds | ({"community"} if name == "wall.post" else set())


def test_vk_s_errors_are_worded_as_in_the_schema():
    errors = json.loads(reference("specs/vk/errors.json").read_text())["errors"].values()
    known = {error["code"]: error["description"] for error in errors if "description" in error}
    assert {code: known.get(code) for code in vk_methods.ERRORS} == dict(vk_methods.ERRORS)


def test_vk_s_wall_items_have_keys_of_the_schema(sandbox, address):
    wall = json.loads(reference("specs/vk/wall/objects.json").read_text())["definitions"]
    known = set(wall["wall_wallpost"]["properties"])
    for part in wall["wall_wallpost_full"]["allOf"]:
        known |= part.get("properties", {}).keys()
    client = clients.vk(sandbox, address)
    posted = {"owner_id": -777, "message": "x", "copyright": "https://site.example"}
    client.method("wall.post", posted | {"attachments": "https://site.example/1"})
    [item] = client.method("wall.get", {"owner_id": -777})["items"]
    assert set(item) <= known


def edge(node, method, name):
    apis = json.loads(reference(f"specs/facebook/{node}.json").read_text())["apis"]
    [found] = [api for api in apis if (api.get("method"), api.get("endpoint")) == (method, name)]
    return {parameter["name"] for parameter in found["params"]}


@pytest.mark.parametrize(
    ("ours", "method", "name"),
    [
        (facebook.FEED_PARAMETERS, "POST", "feed"),
        (facebook.PHOTO_PARAMETERS, "POST", "photos"),
        # Paging is Graph API's own and stands in no edge's list.
        (facebook.READ_PARAMETERS - {"after", "before", "since", "until"}, "GET", "published_posts"),
    ],
)
def test_facebook_takes_only_parameters_of_the_spec(ours, method, name):
    assert ours <= edge("Page", method, name)


def test_facebook_s_post_fields_are_in_the_spec(sandbox, address):
    spec = json.loads(reference("specs/facebook/PagePost.json").read_text())
    known = {field["name"] for field in spec["fields"]} | {api.get("endpoint") for api in spec["apis"]}
    assert not known & facebook_posts.DEPRECATED
    fields = "created_time,updated_time,message,permalink_url,from,is_published,is_hidden,status_type,attachments"
    graph = clients.graph(sandbox, address)
    graph.put_object("1010", "feed", message="x", link="https://site.example/1")
    [post] = graph.get_connections("1010", "published_posts", fields=fields)["data"]
    assert set(post) == {"id", *fields.split(",")} <= known


def test_youtube_s_channels_take_the_parameters_of_the_discovery_document(sandbox, address):
    documents = files("googleapiclient") / "discovery_cache" / "documents" / "youtube.v3.json"
    discovery = json.loads(documents.read_text())
    method = discovery["resources"]["channels"]["methods"]["list"]
    assert method["parameters"].keys() == youtube.CHANNEL_PARAMETERS
    assert discovery["parameters"].keys() >= {"alt", "key", "prettyPrint", "fields", "quotaUser"}
    known = discovery["schemas"]["Channel"]["properties"].keys()
    parts = "id,snippet,contentDetails,statistics,status"
    answer = clients.youtube_service(sandbox, address).channels().list(part=parts, mine=True).execute()
    assert set(answer["items"][0]) <= known
    assert set(answer) <= discovery["schemas"]["ChannelListResponse"]["properties"].keys()
    assert "posts" not in discovery["resources"]  # once it is there, its tables can be judged, too
