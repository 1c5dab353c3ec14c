"""Queries. Half of them go to S3, half elsewhere: the rules are the same, the paths are not."""

from cases.case import Case, case

_QUERIES = {
    "t42-key-only": "v",
    "t43-sorted": "sort=_doc&size=50",
    "t45-plus-is-space": "a=b+c",
    "plus-in-key": "a+b=c",
    "plus-escaped": "a=b%2Bc",
    "t47-space": "q=a b",
    "t48-star": "q=*",
    "t50-uuid": "graph=urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
    "t52-braces": "list-type=2&prefix=a{b}",
    "t53-upper-before-lower": "x-id=GetObject&X-Other=1&Y=2&a=3",
    "empty": "",
    "empty-pairs": "&a=1&&b=2&",
    "only-ampersands": "&&&",
    "empty-key": "=value&a=",
    "equals-in-value": "a=b=c==",
    "repeated-key": "k=2&k=1&k=10",
    "repeated-pair": "k=1&k=1",
    "repeated-key-with-empty": "k=&k&k=0",
    "key-prefix-trap": "x=2&x%20=3&x-=1",
    "key-prefix-trap-plus": "a-b=1&a=2&a%2Fb=3&a.b=4&ab=5",
    "value-order-encoded": "k=~&k=%7B&k=a&k=Z&k=%C3%A9&k= ",
    "escape-lower": "a=%2f%e2%82%ac",
    "escape-unreserved": "%61=%7E%2d",
    "byte-ff": "a=%FF%fe",
    "byte-nul": "a=%00",
    "utf8": "prefix=\u00fcber/\u2603",
    "reserved": "a=!$'()*,/:;=?@[]",
    "unwise": 'a="<>\\^`|',
    "semicolon": "a;b=c;d",
    "question-mark": "a?b=c?d",
    "percent-escaped-twice": "a=%2520",
    "slashes-and-dots": "prefix=a/../b//c/.",
    "fragment": "a=b#c&d=e",
    "url-in-value": "url=https://example.com/?x=1%26y=2",
    "long": "&".join(f"key{number:03}=value{number * 7919 % 1000}" for number in range(60)),
}


def _case(number: int, name: str, query: str) -> Case:
    service = "s3" if number % 2 else "execute-api"
    return case(f"query-{name}", f"/?{query}", service=service)


CASES = [_case(number, *query) for number, query in enumerate(_QUERIES.items())]
