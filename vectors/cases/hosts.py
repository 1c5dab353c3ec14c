"""Hosts and ports, typed and named."""

from cases.case import SIGV4, case

CASES = [
    case("host-t58-https-default-port", "https://example.com:443/"),
    case("host-t58-http-default-port", "http://example.com:80/"),
    case("host-t58-https-other-port", "https://example.com:8443/"),
    case("host-t58-ipv6-port", "http://[::1]:9000/bucket/key", service="s3"),
    case("host-ipv6", "https://[2001:db8::1]/"),
    case("host-ipv6-default-port", "https://[2001:db8::1]:443/"),
    case("host-http-on-443", "http://example.com:443/"),
    case("host-https-on-80", "https://example.com:80/"),
    case("host-ipv4", "http://127.0.0.1:8000/", service="dynamodb"),
    case("host-localhost", "http://localhost/", service="s3"),
    case("host-no-path", "https://example.com"),
    case("host-no-path-query", "https://example.com?b=1&a=2"),
    case("host-t17-port-8443", "https://example.com:8443/a%20b?x=1"),
    case("host-t18-caller-host", "https://127.0.0.1:8443/", headers=[["Host", "api.example.com"]]),
    case("host-t57-caller-host-once", "https://example.com/", headers=[["host", "example.com"]]),
    case(
        "host-t59-vpc-endpoint",
        "https://vpce-0123456789abcdef0-abcdefgh.execute-api.us-east-1.vpce.amazonaws.com/prod/",
        headers=[
            ["Accept", "*/*"],
            ["HOST", "abcde12345.execute-api.us-east-1.amazonaws.com"],
            ["x-apigw-api-id", "abcde12345"],
        ],
    ),
    case("host-caller-host-with-port", "https://10.0.0.1/", headers=[["Host", "example.com:9443"]]),
    case("host-trailing-dot", "https://example.com./"),
    case(
        "host-path-style",
        "https://s3.us-west-2.amazonaws.com/bucket/key",
        SIGV4,
        service="s3",
        region="us-west-2",
    ),
    case(
        "host-t50-neptune-port",
        "https://db.cluster-x.us-east-1.neptune.amazonaws.com:8182/sparql?graph=urn:uuid:6e8bc430",
        service="neptune-db",
    ),
]
