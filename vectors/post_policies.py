"""POST policy vectors: uploads that a form may do, as botocore signs them.

`request` is what botocore is asked, `upload` what a browser then sends besides the fields of
`answer`: more fields, the name of the file, and its size. All of them fulfil their policy.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from oracle.post_policy_oracle import Post, sign

Json = dict[str, Any]

_BUCKET = "sigv4examplebucket"
_PLUS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+=="


@dataclass(frozen=True)
class Upload:
    """What the browser adds."""

    fields: list[list[str]] = field(default_factory=list)
    file_name: str | None = None
    file_size: int = 5
    key: str = ""


@dataclass(frozen=True)
class Case:
    id: str
    post: Post
    upload: Upload = field(default_factory=Upload)


def _exact(id: str, name: str, value: str) -> Case:
    return Case(id, Post(_BUCKET, "k", {name: value}, [{name: value}]))


_PLAIN = Post(_BUCKET, "user/user1/photo.jpg")

_CASES = [
    Case("key-exact", _PLAIN),
    Case(
        "key-with-file-name",
        replace(_PLAIN, key="user/user1/${filename}"),
        Upload(file_name="photo.jpg", key="user/user1/photo.jpg"),
    ),
    Case(
        "file-name-with-windows-path",
        replace(_PLAIN, key="user/${filename}"),
        Upload(file_name=r"C:\Users\me\a b.jpg", key="user/a b.jpg"),
    ),
    Case(
        "file-name-with-path", replace(_PLAIN, key="${filename}"), Upload(file_name="a/b/c", key="c")
    ),
    Case(
        "file-without-name",
        replace(_PLAIN, key="user/${filename}"),
        Upload(key="user/${filename}"),
    ),
    Case("session-token", replace(_PLAIN, session_token=_TOKEN)),
    Case("plus-secret", replace(_PLAIN, access_key_id="AKIDEXAMPLE", secret_access_key=_PLUS_SECRET)),
    Case("other-region", replace(_PLAIN, region="eu-central-1")),
    Case("leap-day", replace(_PLAIN, time="20240229T235959Z", expires_in=1)),
    Case("end-of-year", replace(_PLAIN, time="20151231T233000Z", expires_in=7200)),
    Case("a-week", replace(_PLAIN, expires_in=604_800)),
    Case("bucket-with-dots", replace(_PLAIN, bucket="my.bucket.example")),
    _exact("acl", "acl", "public-read"),
    _exact("content-type", "Content-Type", "image/jpeg"),
    _exact("content-disposition-quotes", "Content-Disposition", 'attachment; filename="a\\b.png"'),
    _exact("redirect", "success_action_redirect", "https://example.com/done?a=1&b=%20#c"),
    _exact("status", "success_action_status", "201"),
    _exact("metadata-upper-case", "X-Amz-Meta-UUID", "14365123651274"),
    _exact("encryption", "x-amz-server-side-encryption", "AES256"),
    _exact("empty-value", "x-amz-meta-empty", ""),
    _exact("beyond-ascii", "x-amz-meta-name", "Zoë ☃ 𝄞"),
    _exact("control-characters", "x-amz-meta-tab", "a\tb\r\nc\u007f\u2028"),
    _exact("html", "x-amz-meta-html", "</script><b>'\"&amp;"),
    _exact("tagging", "tagging", "<Tagging><TagSet><Tag><Key>0</Key></Tag></TagSet></Tagging>"),
    Case("key-beyond-ascii", Post(_BUCKET, "ünïcode/ключ/鍵.txt")),
    Case(
        "eq-as-list",
        Post(_BUCKET, "k", {"acl": "private"}, [["eq", "$acl", "private"]]),
    ),
    Case(
        "names-in-any-case",
        Post(_BUCKET, "k", {"ACL": "private"}, [["eq", "$aCl", "private"]]),
    ),
    Case(
        "prefix",
        Post(_BUCKET, "k", {}, [["starts-with", "$Content-Type", "image/"]]),
        Upload([["content-type", "image/png"]]),
    ),
    Case(
        "prefix-of-a-list",
        Post(_BUCKET, "k", {}, [["starts-with", "$Content-Type", "image/"]]),
        Upload([["Content-Type", "image/jpg,image/png,image/gif"]]),
    ),
    Case(
        "prefix-empty",
        Post(_BUCKET, "k", {}, [["starts-with", "$x-amz-meta-tag", ""]]),
        Upload([["x-amz-meta-tag", ""]]),
    ),
    Case(
        "two-conditions-on-one-field",
        Post(
            _BUCKET,
            "k",
            {},
            [["starts-with", "$x-amz-meta-a", "a"], ["starts-with", "$x-amz-meta-a", "ab"]],
        ),
        Upload([["x-amz-meta-a", "abc"]]),
    ),
    Case("range-lower-end", Post(_BUCKET, "k", {}, [["content-length-range", 5, 10]])),
    Case(
        "range-upper-end",
        Post(_BUCKET, "k", {}, [["content-length-range", 5, 10]]),
        Upload(file_size=10),
    ),
    Case("range-of-one", Post(_BUCKET, "k", {}, [["content-length-range", 5, 5]])),
    Case("range-in-quotes", Post(_BUCKET, "k", {}, [["content-length-range", "5", "10"]])),
    Case(
        "range-of-nothing",
        Post(_BUCKET, "k", {}, [["content-length-range", 0, 0]]),
        Upload(file_size=0),
    ),
    Case(
        "ignored-fields",
        _PLAIN,
        Upload([["x-ignore-flash", "1"], ["X-Ignore-", "2"]]),
    ),
    Case(
        "bucket-as-a-field",
        _PLAIN,
        Upload([["bucket", _BUCKET]]),
    ),
    Case(
        "everything",
        Post(
            _BUCKET,
            "user/user1/${filename}",
            {"acl": "public-read", "x-amz-meta-uuid": "14365123651274"},
            [
                {"acl": "public-read"},
                {"x-amz-meta-uuid": "14365123651274"},
                ["starts-with", "$Content-Type", "image/"],
                ["starts-with", "$x-amz-meta-tag", ""],
                ["content-length-range", 1, 10_485_760],
            ],
            session_token=_TOKEN,
        ),
        Upload(
            [["Content-Type", "image/jpeg"], ["x-amz-meta-tag", "holidays"]],
            "beach.jpg",
            54_321,
            "user/user1/beach.jpg",
        ),
    ),
]


def post_policies() -> list[Json]:
    return [_vector(case) for case in _CASES]


def _vector(case: Case) -> Json:
    answer = sign(case.post)
    upload = replace(case.upload, key=case.upload.key or case.post.key)
    return {
        "id": f"post-{case.id}",
        "oracle": answer.pop("oracle"),
        "request": asdict(case.post),
        "upload": asdict(upload),
        "answer": answer,
    }
