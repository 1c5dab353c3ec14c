"""Paths, under both rules."""

from cases.case import Case, case

_ANY = {
    "root": "/",
    "absent": "",
    "plain": "/test.txt",
    "space": "/a key",
    "space-escaped": "/a%20key",
    "two-spaces": "/a  b",
    "utf8": "/\u1234/caf\u00e9",
    "utf8-escaped-lower": "/%e1%88%b4",
    "emoji": "/\U0001f980.txt",
    "t21-question-mark": "/%3Fa=b%20c",
    "t23-equals": "/lasca-prod/data/asset_id=my-asset/dt=2024-05-22/data.parquet",
    "t30-plus": "/libstdc++-docs.x86_64.rpm",
    "t31-plus-raw": "/a+b",
    "t31-plus-escaped": "/a%2Bb",
    "t32-plus-and-dot": "/public/img/10%2B2.jpg",
    "t33-slash-escaped": "/a%2Fb",
    "slash-escaped-lower": "/a%2fb",
    "t34-snowman": "/caf\u00e9-\u2603",
    "t36-double-slash": "/test//foo",
    "t38-dot-names": "/path/.somepath/",
    "t38-two-dots-in-name": "/path/..hidden",
    "three-dots": "/a/.../b",
    "t39-parenthesis-escaped": "/warp-benchmark-bucket/Cq4Uxrvn/14.SECc2vkk%28R4TwG71.rnd",
    "t41-punctuation": "/{a}~!'(b)*",
    "tilde-escaped": "/%7Euser/~user",
    "unreserved-escaped": "/%61%2D%2e%5F",
    "reserved": "/$&,:;=@a/b;c=1,d",
    "brackets": "/a[0]/b",
    "unwise": '/a|b^c\\d"e',
    "angle-and-backtick": "/a<b>c`d",
    "percent-escaped": "/100%25",
    "percent-escaped-twice": "/a%2520b",
    "byte-ff": "/a%FFb",
    "byte-nul": "/a%00b",
    "newline-escaped": "/a%0Ab",
    "fragment": "/a#b?c",
    "trailing-slash": "/a/b/",
    "double-slash-first": "//a",
    "only-slashes": "///",
    "dots-inside": "/a/./b/../c",
    "dots-above-root": "/../../a",
    "dots-escaped": "/%2e%2e/a/%2E",
    "dots-before-slash": "/foo/../",
    "t35-final-dot": "/x/.",
    "t35-final-dots": "//..",
    "final-dots": "/a/b/..",
    "final-dot-after-slashes": "/a//b/.",
    "long": "/" + "segment-0123456789/" * 40 + "end",
}

_STANDARD_ONLY = [
    case("path-standard-broken-escape", "/100%/a%zz"),
    case(
        "path-t20-kvs-arn",
        "https://123456789012.cloudfront-kvs.global.api.aws/key-value-stores/"
        "arn:aws:cloudfront::123456789012:key-value-store%2F4ba1b0a5-6e1c-4b1a-9c3d-6c0a5b1f2d3e",
        service="cloudfront-keyvaluestore",
    ),
    case(
        "path-t25-s3tables-arn",
        "https://s3tables.us-east-1.amazonaws.com:443/tables/"
        "arn%3Aaws%3As3tables%3Aus-east-1%3A022954301426%3Abucket%2Fb/ns/t/encryption",
        service="s3tables",
    ),
    case(
        "path-t26-bedrock-model",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
        "anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse",
        method="POST",
        service="bedrock",
        headers=[["content-type", "application/json"]],
        body='{"messages":[]}',
    ),
    case("path-t29-connection-id", "/dev/@connections/OoJBxe3PywMCHWA%3D", method="POST"),
    case("path-not-normalized", "/a//b/../c%20d", normalize_path=False),
    case("path-not-normalized-leading", "//a/./b", normalize_path=False),
]

_OTHER_RULES = [
    case(
        "path-s3-rules-elsewhere",
        "/a%2Fb//c=d",
        rules="s3",
        payload="hash",
        content_sha256_header=True,
    ),
    case(
        "path-standard-rules-on-s3",
        "/a%2Fb//c=d",
        service="s3",
        rules="standard",
        payload="hash",
        content_sha256_header=True,
    ),
]


def _both_rules() -> list[Case]:
    s3 = [case(f"path-s3-{name}", path, service="s3") for name, path in _ANY.items()]
    standard = [case(f"path-standard-{name}", path) for name, path in _ANY.items()]
    return s3 + standard


CASES = [*_both_rules(), *_STANDARD_ONLY, *_OTHER_RULES]
