"""The function that people copy from blog posts to sign with SigV4, written anew with hashlib and hmac only.

It knows no wire form and no service profile: its caller writes path, query and headers canonically. What it computes is
kept in `tests/data/blog_function.jsonl`, and `tests/step_by_step.rs` compares: `--check` writes nothing.
"""

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent.parent / "data" / "blog_function.jsonl"
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def digest(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    k_date = mac(b"AWS4" + secret.encode(), date)
    k_region = mac(k_date, region)
    k_service = mac(k_region, service)
    return mac(k_service, "aws4_request")


def sign(
    method: str, service: str, host: str, region: str, uri: str, query: str, time: str, headers: dict[str, str], body: str
) -> dict[str, str]:
    """Every stage. `headers` are those to sign beside host and date, their names in lower case."""
    signed = dict(sorted({**headers, "host": host, "x-amz-date": time}.items()))
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    canonical_request = "\n".join([method, uri, query, lines, names, digest(body)])

    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    string_to_sign = "\n".join(["AWS4-HMAC-SHA256", time, scope, digest(canonical_request)])

    key = signing_key(SECRET, time[:8], region, service)
    signature = hmac.new(key, string_to_sign.encode(), hashlib.sha256).hexdigest()
    return {
        "canonical_request": canonical_request,
        "string_to_sign": string_to_sign,
        "signing_key": key.hex(),
        "authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={signature}",
    }


def request(id: str, method: str, service: str, host: str, region: str, **more: Any) -> dict[str, Any]:
    given = {"uri": "/", "query": "", "time": "20150830T123600Z", "headers": {}, "body": "", **more}
    given = {"method": method, "service": service, "host": host, "region": region, **given}
    return {"id": id, **given, **sign(**given)}


def requests() -> list[dict[str, Any]]:
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    dynamodb = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables"}
    list_users = "Action=ListUsers&Version=2010-05-08"
    return [
        request("step_by_step", "GET", "iam", "iam.amazonaws.com", "us-east-1", query=list_users, headers=form),
        request("get", "GET", "ec2", "ec2.amazonaws.com", "us-east-1", query="Action=DescribeRegions&Version=2013-10-15"),
        request("post", "POST", "dynamodb", "dynamodb.us-west-2.amazonaws.com", "us-west-2", headers=dynamodb, body="{}"),
        request(
            "api", "PUT", "execute-api", "abc123.execute-api.eu-west-1.amazonaws.com", "eu-west-1",
            uri="/prod/orders/7", query="dry-run=&tag=a%20b", time="20240229T235959Z", body='{"item": "book", "count": 1}',
            headers={"content-type": "application/json", "x-amz-security-token": "a/session+token=="},
        ),
    ]


def main() -> int:
    computed = "".join(json.dumps(line) + "\n" for line in requests())
    if "--check" not in sys.argv:
        RECORDED.write_text(computed)
    elif RECORDED.read_text() != computed:
        print(f"{RECORDED} is not what the function computes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
