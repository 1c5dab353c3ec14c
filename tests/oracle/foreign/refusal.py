"""The one change that makes an accepted request one to refuse, and the codes it is refused with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from oracle.foreign.peer import Change, Peer
from oracle.foreign.task import Tampering, Task
from oracle.foreign.wire import Answer

CHANGES: tuple[Change, ...] = get_args(Change)

_OTHER_REGION = "eu-west-1"
_OTHER_BODY = Tampering(body=b"another body")
_EXTRA_HEADER = Tampering(extra_header=("x-amz-copy-source", "/bucket/secret"))
_SIGNATURE_CODES = {
    "s3": {"SignatureDoesNotMatch"},
    "api-gateway": {"InvalidSignatureException", "AccessDeniedException"},
}
_S3_CODES: dict[Change, set[str]] = {
    "other body": {"XAmzContentSHA256Mismatch"},
    "extra header": {"AccessDenied"},
    "old date": {"RequestTimeTooSkewed", "AccessDenied"},
    "other region": {
        "AuthorizationHeaderMalformed",
        "AuthorizationQueryParametersError",
        "AccessDenied",
    },
}


def changed(peer: Peer, task: Task, change: Change) -> Task | None:
    """The task with a change that has to be noticed, if there is such a thing."""
    if change in peer.cannot_change:
        return None
    match change:
        case "wrong secret":
            wrong = task.credentials.secret_access_key[::-1]
            return replace(task, credentials=replace(task.credentials, secret_access_key=wrong))
        case "other body":
            # S3 leaves the payload of a presigned request open.
            return None if peer.presigns and task.s3 else replace(task, tampering=_OTHER_BODY)
        case "extra header":
            return replace(task, tampering=_EXTRA_HEADER)
        case "old date":
            return replace(task, time=datetime.now(UTC) - timedelta(days=1))
        case "other region":
            return replace(task, region=_OTHER_REGION)
        case "unsigned payload":
            unsigned = replace(task, case=replace(task.case, unsigned_payload=True))
            return None if task.s3 or peer.cannot(unsigned) else unsigned


def codes(task: Task, change: Change | None) -> set[str]:
    """The plausible ones for a change, or for a signature that does not match."""
    of_s3 = _S3_CODES.get(change, set()) if change and task.s3 else set()
    return _SIGNATURE_CODES[task.style] | of_s3


def is_refused(task: Task, change: Change | None, found: Answer) -> bool:
    """Whether the answer is a refusal, and for a plausible reason."""
    return found.status in (400, 403) and found.code in codes(task, change)
