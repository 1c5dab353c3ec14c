"""The worked examples of the AWS documentation, as request descriptions.

Sources: "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using
Query Parameters" of the S3 API reference, "Create a signed AWS API request" of the IAM user guide,
and "Deriving a Signing Key" and the signing example of the Glacier developer guide. The numbers
are those of the documents; `generate.py` refuses an oracle that computes others.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Json = dict[str, Any]

SLASH_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
PLUS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
"""Two secrets circulate; they differ in one character."""


@dataclass(frozen=True)
class Documented:
    """A documented request, the hash of its canonical request, and its signature."""

    description: Json
    canonical_hash: str
    signature: str

    def check(self, answer: Json) -> None:
        """Raises if an oracle does not compute the documented numbers."""
        canonical_hash = sha256(answer["canonical_request"].encode()).hexdigest()
        if (canonical_hash, answer["signature"]) != (self.canonical_hash, self.signature):
            raise AssertionError(f"{self.description['id']}: not the documented numbers: {answer}")


def _s3(id: str, path: str, method: str = "GET", **fields: Any) -> Json:
    return {
        "id": f"s3-{id}",
        "method": method,
        "url": f"https://examplebucket.s3.amazonaws.com{path}",
        **fields,
        "time": "20130524T000000Z",
        "algorithm": "sigv4",
        "service": "s3",
        "region": "us-east-1",
        "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret_access_key": SLASH_SECRET,
    }


def _iam(id: str, **fields: Any) -> Json:
    return {
        "id": f"iam-{id}",
        "method": "GET",
        "url": "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        "headers": [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]],
        "time": "20150830T123600Z",
        "algorithm": "sigv4",
        "service": "iam",
        "region": "us-east-1",
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": PLUS_SECRET,
        **fields,
    }


_GLACIER: Json = {
    "id": "glacier-create-vault",
    "method": "PUT",
    "url": "https://glacier.us-east-1.amazonaws.com/-/vaults/examplevault",
    "headers": [["x-amz-glacier-version", "2012-06-01"]],
    "time": "20120525T002453Z",
    "algorithm": "sigv4",
    "service": "glacier",
    "region": "us-east-1",
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": SLASH_SECRET,
}

_PUT_HEADERS = [
    ["Date", "Fri, 24 May 2013 00:00:00 GMT"],
    ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
]

REQUESTS = [
    Documented(
        _s3("get-object", "/test.txt", headers=[["Range", "bytes=0-9"]]),
        "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    Documented(
        _s3(
            "put-object",
            "/test$file.text",
            "PUT",
            headers=_PUT_HEADERS,
            body="Welcome to Amazon S3.",
        ),
        "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    Documented(
        _s3("get-lifecycle", "/?lifecycle"),
        "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    Documented(
        _s3("list-objects", "/?max-keys=2&prefix=J"),
        "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
    Documented(
        _s3("presigned-get", "/test.txt", presign={"expires": 86400}),
        "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04",
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    ),
    Documented(
        _iam("list-users"),
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    ),
    Documented(
        _iam("presigned-list-users", presign={"expires": 60}),
        "cd22a358d0b08186fcf8ec6192393bcec8523a24de905345178fce4ba77bc945",
        "37ac2f4fde00b0ac9bd9eadeb459b1bbee224158d66e7ae5fcadb70b2d181d02",
    ),
    Documented(
        _GLACIER,
        "5f1da1a2d0feb614dd03d71e87928b8e449ac87614479332aced3a701f916743",
        "3ce5b2f2fffac9262b4da9256f8d086b4aaf42eba5f111c21681a65a127b7c2a",
    ),
]

SIGNING_KEYS = [
    (
        "s3-examples",
        (SLASH_SECRET, "20130524", "us-east-1", "s3"),
        "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378",
    ),
    (
        "iam-examples",
        (PLUS_SECRET, "20150830", "us-east-1", "iam"),
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
    ),
    (
        "deriving-2012",
        (PLUS_SECRET, "20120215", "us-east-1", "iam"),
        "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d",
    ),
    (
        "deriving-2011",
        (PLUS_SECRET, "20110909", "us-east-1", "iam"),
        "98f1d889fec4f4421adc522bab0ce1f82e6929c262ed15e5a94c90efd1e3b0e7",
    ),
]
