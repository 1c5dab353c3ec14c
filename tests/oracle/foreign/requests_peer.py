"""requests, signed by requests-aws4auth."""

from requests import Request, Session
from requests_aws4auth import AWS4Auth

from oracle.foreign.peer import Peer
from oracle.foreign.task import Task
from oracle.foreign.wire import Answer, answer


def peers() -> list[Peer]:
    """It signs headers, with SigV4."""
    return [Peer("requests-aws4auth", _exchange, cannot=_cannot)]


def _cannot(task: Task) -> str | None:
    return "always signs the payload" if task.case.unsigned_payload else None


def _exchange(task: Task) -> Answer:
    case = task.case
    headers = dict(case.headers)
    if case.host:
        headers["host"] = case.host
    if task.time:
        headers["x-amz-date"] = task.time.strftime("%Y%m%dT%H%M%SZ")
    signer = AWS4Auth(
        task.credentials.access_key_id,
        task.credentials.secret_access_key,
        task.region,
        task.service,
        session_token=case.session_token,
    )
    url = f"http://{task.address}{task.target}"
    request = Request(case.method, url, headers=headers, data=case.body, auth=signer).prepare()
    if task.tampering.body is not None:
        request.prepare_body(task.tampering.body, None)
    if task.tampering.extra_header:
        name, value = task.tampering.extra_header
        request.headers[name] = value
    with Session() as session:
        response = session.send(request, allow_redirects=False, timeout=30)
    error_type = response.headers.get("x-amzn-errortype")
    return answer(response.status_code, response.content, error_type)
