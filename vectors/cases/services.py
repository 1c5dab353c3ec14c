"""Services with habits of their own."""

from typing import Any

from cases.case import SIGV4, SIGV4A, TOKEN, case

_JSON = [["Content-Type", "application/json"], ["Content-Length", "2"]]
_LATTICE = "https://svc-0123456789abcdef0.7d67968.vpc-lattice-svcs.us-east-1.on.aws"
_EXPRESS = "https://bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com"
_AOSS = "https://abcdefghij0123456789.us-east-1.aoss.amazonaws.com"
_EXPRESS_GET: dict[str, Any] = {"service": "s3express", "session_token": TOKEN}

CASES = [
    case(
        "service-t12-mrap",
        "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a key",
        SIGV4A,
        service="s3",
    ),
    case(
        "service-t12-mrap-token",
        "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/sample/98_A.mp3",
        SIGV4A,
        service="s3",
        session_token=TOKEN,
    ),
    case(
        "service-t10-mrap-presigned",
        "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/sample/98_A.mp3",
        SIGV4A,
        service="s3",
        presign={"expires": 3600},
    ),
    case(
        "service-t19-lattice",
        f"{_LATTICE}/path",
        service="vpc-lattice-svcs",
        headers=[["Connection", "Keep-Alive"]],
    ),
    case(
        "service-lattice-post",
        f"{_LATTICE}/a%20b/",
        service="vpc-lattice-svcs",
        method="POST",
        body="{}",
    ),
    case(
        "service-lattice-presigned",
        f"{_LATTICE}/path",
        service="vpc-lattice-svcs",
        presign={"expires": 60},
    ),
    case(
        "service-lattice-presigned-post",
        f"{_LATTICE}/path?a=1",
        service="vpc-lattice-svcs",
        method="POST",
        body="zzz",
        presign={"expires": 60},
    ),
    case("service-express", f"{_EXPRESS}/a key", SIGV4, **_EXPRESS_GET),
    case(
        "service-express-put", f"{_EXPRESS}/key", SIGV4, **_EXPRESS_GET, method="PUT", body="data"
    ),
    case(
        "service-express-unsigned",
        f"{_EXPRESS}/key",
        SIGV4,
        **_EXPRESS_GET,
        method="PUT",
        body="data",
        payload="unsigned",
    ),
    case(
        "service-express-presigned",
        f"{_EXPRESS}/key",
        SIGV4,
        **_EXPRESS_GET,
        presign={"expires": 300},
    ),
    case("service-express-without-token", f"{_EXPRESS}/?list-type=2", SIGV4, service="s3express"),
    case(
        "service-t65-aoss",
        f"{_AOSS}/index/_search",
        service="aoss",
        method="POST",
        headers=_JSON,
        body="{}",
    ),
    case("service-aoss-get", f"{_AOSS}/_cat/indices?v", service="aoss"),
    case(
        "service-es",
        "https://search-x-abc.us-east-1.es.amazonaws.com/a*/_search?q=*",
        service="es",
        method="POST",
        headers=_JSON,
        body="{}",
    ),
    case(
        "service-outposts",
        "https://ap-123456789012.op-01234567890123456.s3-outposts.us-east-1.amazonaws.com/a=b",
        service="s3-outposts",
    ),
    case(
        "service-object-lambda",
        "https://route.s3-object-lambda.us-east-1.amazonaws.com/WriteGetObjectResponse",
        service="s3-object-lambda",
        method="POST",
        payload="unsigned",
        body="data",
    ),
    case(
        "service-s3tables",
        "https://s3tables.us-east-1.amazonaws.com/iceberg/v1/config?warehouse=arn:aws:s3tables",
        service="s3tables",
    ),
    case(
        "service-dynamodb",
        "https://dynamodb.us-east-1.amazonaws.com/",
        service="dynamodb",
        method="POST",
        headers=[
            ["X-Amz-Target", "DynamoDB_20120810.ListTables"],
            ["Content-Type", "application/x-amz-json-1.0"],
        ],
        body="{}",
    ),
    case(
        "service-events-endpoint",
        "https://abc123.456def.endpoint.events.amazonaws.com/",
        SIGV4A,
        service="events",
        method="POST",
        body="{}",
    ),
    case(
        "service-ses-endpoint",
        "https://abc.456.endpoints.email.amazonaws.com/v2/email/outbound-emails",
        SIGV4A,
        service="ses",
        method="POST",
        body="{}",
    ),
    case(
        "service-lambda-url",
        "https://abc.lambda-url.us-east-1.on.aws/?a=1",
        service="lambda",
        method="POST",
        body="{}",
        content_sha256_header=True,
    ),
    case(
        "service-sts",
        "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        service="sts",
    ),
    case(
        "service-eks-token",
        "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        service="sts",
        headers=[["x-k8s-aws-id", "my-cluster"]],
        presign={"expires": 60},
    ),
    case(
        "service-t70-rds-token",
        "https://db.abc.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=jane doe",
        service="rds-db",
        presign={"expires": 900},
    ),
]
