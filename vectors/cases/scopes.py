"""Who signs, when and for where: credentials, tokens, times, regions and region sets."""

from cases.case import BOTH, SIGV4, SIGV4A, TOKEN, Case, case

_CREDENTIALS = {
    "slash-secret": ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "random-secret": ("AKISORANDOMAASORANDOM", "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"),
    "t03-key-with-top-bit": ("AKIAIOSFODNN7EX00000", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    "t04-key-with-zero-byte": ("AKIAIOSFODNN7EX00249", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    "second-counter": ("AKIDCOUNTER2AFSUJ3LC", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    "minio-style": ("minioadmin", "minioadmin"),
    "long-secret": ("AKIDEXAMPLE", "s" * 128),
}

_REGION_SETS = {
    "t10-any": "*",
    "t13-list": "us-east-1,us-west-2",
    "t13-list-with-spaces": "us-east-1, us-west-2",
    "t13-wildcard": "us-*",
    "t13-wildcard-inside": "us-east-*",
    "one": "us-east-1",
    "mixed-list": "eu-*,us-gov-west-1,ap-south-1",
}


def _credentials() -> list[Case]:
    return [
        case(f"credentials-{name}", "/key?a=1", BOTH, access_key_id=key, secret_access_key=secret)
        for name, (key, secret) in _CREDENTIALS.items()
    ]


def _region_sets() -> list[Case]:
    return [
        one
        for name, regions in _REGION_SETS.items()
        for one in (
            case(f"region-set-{name}", "/", SIGV4A, region_set=regions),
            case(f"region-set-s3-{name}", "/key", SIGV4A, region_set=regions, service="s3"),
            case(
                f"region-set-presigned-{name}",
                "/",
                SIGV4A,
                region_set=regions,
                presign={"expires": 60},
            ),
        )
    ]


CASES = [
    *_credentials(),
    *_region_sets(),
    case("region-gov", "/", SIGV4, region="us-gov-west-1"),
    case(
        "region-china",
        "https://abc.execute-api.cn-north-1.amazonaws.com.cn/",
        SIGV4,
        region="cn-north-1",
    ),
    case("region-aws-global", "/", SIGV4, region="aws-global"),
    case(
        "region-auto", "https://storage.example.com/bucket/key", SIGV4, region="auto", service="s3"
    ),
    case("region-service-case", "/", service="IoTSecuredTunneling"),
    case("time-epoch", "/", time="19700101T000000Z"),
    case("time-leap-day", "/", time="20240229T235959Z"),
    case("time-year-end", "/", time="20261231T235959Z"),
    case("token-signed", "/", session_token=TOKEN),
    case("token-signed-s3", "/key", service="s3", session_token=TOKEN),
    case("token-appended", "/", session_token=TOKEN, session_token_mode="append"),
    case(
        "token-appended-s3", "/key", service="s3", session_token=TOKEN, session_token_mode="append"
    ),
    case("token-mode-without-token", "/", session_token_mode="append"),
    case("token-presigned", "/", session_token=TOKEN, presign={"expires": 60}),
    case("token-presigned-s3", "/key", service="s3", session_token=TOKEN, presign={"expires": 60}),
    case(
        "token-presigned-appended",
        "/",
        session_token=TOKEN,
        session_token_mode="append",
        presign={"expires": 60},
    ),
    case(
        "token-t62-iot-websocket",
        "wss://abc123-ats.iot.us-east-1.amazonaws.com/mqtt",
        service="iotdevicegateway",
        session_token=TOKEN,
        session_token_mode="append",
        presign={"expires": 3600},
    ),
]
