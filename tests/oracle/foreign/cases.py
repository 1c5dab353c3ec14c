"""The requests every signer is asked for, in the order they are sent."""

from urllib.parse import quote

from oracle.foreign.task import Case, Style

_TOKEN = "IQoJb3JpZ2luX2VjE/+token=="
_TEXT = b"the quick brown fox\n"
_BINARY = bytes(range(256))
_TWO_SPACES = ("x-amz-meta-note", "two  spaces")
_PLAIN = ("content-type", "text/plain")
_JSON = ("content-type", "application/json")
_FORM = ("content-type", "application/x-www-form-urlencoded")
_AWKWARD_KEY = "a folder/naïve ☃ + = ~ 'quoted' (1)*!, 100%2F.txt"
_QUERY = (
    ("response-content-disposition", 'attachment; filename="a *b+c.txt"'),
    ("tag", "b"),
    ("Tag", "é"),
    ("tag", "a"),
    ("tag-2", "/=&?"),
    ("empty", ""),
)
_SORTED_QUERY = tuple(sorted(_QUERY))
"""For signers that sign the order they are given."""


def cases(style: Style, folder: str) -> list[Case]:
    """The requests of one style; those of different signers do not share a folder."""
    return _s3(f"/bucket/{folder}") if style == "s3" else _api_gateway(f"/stage/{folder}")


def _s3(folder: str) -> list[Case]:
    plain = f"{folder}/plain.txt"
    awkward = f"{folder}/{quote(_AWKWARD_KEY, safe='/')}"
    binary = f"{folder}/binary"
    return [
        Case("put", "PUT", plain, headers=(_PLAIN,), body=_TEXT),
        Case("get", "GET", plain, answer=_TEXT),
        Case("head", "HEAD", plain),
        Case("put inner spaces", "PUT", plain, headers=(_PLAIN, _TWO_SPACES), body=_TEXT),
        Case("get query", "GET", plain, query=_QUERY, answer=_TEXT),
        Case("get sorted query", "GET", plain, query=_SORTED_QUERY, answer=_TEXT),
        Case("put awkward key", "PUT", awkward, body=_TEXT),
        Case("get awkward key", "GET", awkward, answer=_TEXT),
        Case("put binary", "PUT", binary, body=_BINARY),
        Case("get binary", "GET", binary, answer=_BINARY),
        Case("put empty", "PUT", f"{folder}/empty"),
        Case("put unsigned", "PUT", f"{folder}/u", body=_TEXT, unsigned_payload=True),
        Case("put token", "PUT", plain, headers=(_PLAIN,), body=_TEXT, session_token=_TOKEN),
        Case("get token", "GET", plain, session_token=_TOKEN, answer=_TEXT),
        Case("list", "GET", "/bucket", _list(folder), answer_part=b"<ListBucketResult"),
        Case("put bucket in host", "PUT", binary, body=_TEXT, host="bucket.localhost"),
        Case("put escaped slash", "PUT", f"{folder}%2Fslash", body=_TEXT),
        Case("put every region", "PUT", plain, body=_TEXT, region_set="*"),
        Case("put some regions", "PUT", plain, body=_TEXT, region_set="eu-west-1,us-east-*"),
        Case("delete", "DELETE", plain, status=204),
        Case("get deleted", "GET", plain, status=404),
    ]


def _api_gateway(folder: str) -> list[Case]:
    return [
        Case("get", "GET", folder),
        Case("get root", "GET", "/"),
        Case("post json", "POST", folder, headers=(_JSON,), body=b'{"name":"value"}'),
        Case("post form", "POST", folder, headers=(_FORM,), body=b"a=1&b=2%203"),
        Case("put inner spaces", "PUT", folder, headers=(_PLAIN, _TWO_SPACES), body=_TEXT),
        Case("post unicode", "POST", folder, headers=(_PLAIN,), body="naïve ☃".encode()),
        Case("post empty", "POST", folder),
        Case("get query", "GET", folder, query=_QUERY),
        Case("get sorted query", "GET", folder, query=_SORTED_QUERY),
        Case("post query", "POST", folder, query=_QUERY, headers=(_JSON,), body=b"{}"),
        Case("get awkward path", "GET", f"{folder}/a%20b/na%C3%AFve/+/=/~/*/1%2F2/%E2%98%83"),
        Case("get dot segments", "GET", f"{folder}/a//b/./c/../d"),
        Case("get final slash", "GET", f"{folder}/a/"),
        Case("get token", "GET", folder, session_token=_TOKEN),
        Case("post token", "POST", folder, headers=(_JSON,), body=b"{}", session_token=_TOKEN),
        Case("get other host", "GET", folder, host="api.localhost"),
        Case("post every region", "POST", folder, body=b"{}", region_set="*"),
        Case("post some regions", "POST", folder, body=b"{}", region_set="eu-west-1,us-east-*"),
        Case("patch", "PATCH", folder, headers=(_JSON,), body=b"{}"),
        Case("delete", "DELETE", folder),
    ]


def _list(folder: str) -> tuple[tuple[str, str], ...]:
    return (("list-type", "2"), ("prefix", folder.removeprefix("/bucket/")))
