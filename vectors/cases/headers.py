"""Headers: what is signed, and in which form."""

from cases.case import case

_LEFT_ALONE = [
    ["Expect", "100-continue"],
    ["Connection", "Keep-Alive"],
    ["Transfer-Encoding", "chunked"],
    ["TE", "trailers"],
    ["Trailer", "x-checksum"],
    ["Upgrade", "websocket"],
    ["Keep-Alive", "timeout=5"],
    ["Proxy-Authenticate", "Basic"],
    ["Proxy-Authorization", "Basic Zm9vOmJhcg=="],
    ["Proxy-Connection", "keep-alive"],
    ["X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793"],
    ["User-Agent", "example/1.0  (test)"],
    ["Accept-Encoding", "gzip, br"],
    ["Via", "1.1 proxy"],
    ["Forwarded", "for=192.0.2.60"],
    ["X-Forwarded-For", "192.0.2.60"],
    ["X-Forwarded-Proto", "https"],
    ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    ["tracestate", "a=1"],
    ["baggage", "key=value"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ["Sec-WebSocket-Version", "13"],
]

_LOOK_ALIKES = [
    ["Forwarded-For", "a"],
    ["X-Forwarded", "b"],
    ["Viable", "c"],
    ["Tea", "d"],
    ["User-Agent-Hint", "e"],
    ["X-Amz-User-Agent", "aws-sdk/1"],
]

CASES = [
    case("header-one", "/", headers=[["My-Header1", "value1"]]),
    case("header-sorted", "/", headers=[["Zoo", "z"], ["alpha", "a"], ["Beta", "b"], ["a-b", "c"]]),
    case(
        "header-name-prefix-trap",
        "/",
        headers=[["a-b", "1"], ["a", "2"], ["ab", "3"], ["a_b", "4"], ["a.b", "5"]],
    ),
    case("header-t54-inner-runs", "/", service="s3", headers=[["x-amz-meta-note", " a  b "]]),
    case(
        "header-t55-quoted-runs",
        "/",
        service="s3",
        headers=[["content-disposition", 'attachment; filename="My  Report.pdf"']],
    ),
    case("header-quoted-runs-only", "/", headers=[["My-Header1", '"a   b   c"']]),
    case("header-unbalanced-quote", "/", headers=[["x-note", 'say "a   b']]),
    case("header-tabs", "/", headers=[["x-note", "\ta\t\tb \t c\t"]]),
    case("header-empty", "/", headers=[["x-empty", ""]]),
    case("header-only-space", "/", headers=[["x-blank", " \t "]]),
    case("header-repeated", "/", headers=[["x-list", "b"], ["x-list", "a"], ["x-list", "c"]]),
    case(
        "header-repeated-mixed-case",
        "/",
        headers=[["X-List", "1"], ["x-list", "2"], ["X-LIST", "3"]],
    ),
    case(
        "header-repeated-apart",
        "/",
        headers=[["x-list", " 2 "], ["accept", "*/*"], ["x-list", "1  1"]],
    ),
    case(
        "header-repeated-with-empty", "/", headers=[["x-list", ""], ["x-list", "a"], ["x-list", ""]]
    ),
    case("header-repeated-with-comma", "/", headers=[["x-list", "a, b"], ["x-list", "c,d"]]),
    case("header-colon-in-value", "/", headers=[["x-url", "https://example.com:8443/?a=b;c"]]),
    case("header-symbols", "/", headers=[["x-symbols", "!#$%&'*+-.^_`|~ {}[]()<>@,;:\\/?="]]),
    case("header-percent", "/", headers=[["x-escaped", "%20+%2B"]]),
    case(
        "header-cookie", "/", headers=[["cookie", "a=1; b=2"], ["referer", "https://example.com/"]]
    ),
    case("header-t64-left-alone", "/", headers=_LEFT_ALONE),
    case("header-t64-left-alone-s3", "/key", service="s3", headers=_LEFT_ALONE),
    case("header-look-alikes", "/", headers=_LOOK_ALIKES),
    case(
        "header-range",
        "/key",
        service="s3",
        headers=[["Range", "bytes=0-9"], ["If-None-Match", '"abc"']],
    ),
    case("header-date", "/", headers=[["Date", "Sun, 30 Aug 2015 12:36:00 GMT"]]),
    case(
        "header-date-s3", "/key", service="s3", headers=[["Date", "Mon, 31 Aug 2015 00:00:00 GMT"]]
    ),
    case(
        "header-s3-metadata",
        "/key",
        service="s3",
        method="PUT",
        body="data",
        headers=[
            ["Content-Type", "text/plain;charset=UTF-8"],
            ["Content-MD5", "jXd/OF09/siBXSD3SWAm3A=="],
            ["x-amz-meta-Name", "Value"],
            ["x-amz-acl", "public-read"],
            ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
            ["Cache-Control", "max-age=60,  public"],
        ],
    ),
    case("header-long", "/", headers=[["x-long", "0123456789 " * 300]]),
    case(
        "header-many",
        "/",
        headers=[[f"x-h{number * 37 % 50:02}", str(number)] for number in range(50)],
    ),
]
