"""Records on their way to one destination, and clients that do as they are told."""

from __future__ import annotations

from typing import Any

import botocore.exceptions
import orjson

from bototrail.deliver.destination import Report
from bototrail.deliver.parcel import Parcel
from bototrail.record.identity import Identities
from bototrail.spool import Entry, Header
from bototrail.trails import Trail

ACCOUNT = "111122223333"
GROUP = f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:trails:*"
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:trails"


def record(number: int, account: str = ACCOUNT, **fields: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-21T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": "eu-central-1",
        "eventID": str(number),
        "readOnly": False,
        "managementEvent": False,
        "recipientAccountId": account,
        **fields,
    }


def entry(number: int, account: str = ACCOUNT, **fields: Any) -> Entry:
    header = Header(("t",), region="eu-central-1", account=account)
    return Entry(header.encode(), orjson.dumps(record(number, account, **fields)))


def trail(tmp_path, **fields: Any) -> Trail:
    return Trail("t", str(tmp_path / "bucket"), S3BucketName="my-bucket", HomeRegion="eu-central-1", **fields)


class Fake:
    """A client whose one operation does as it is told, answer by answer; an exception is raised."""

    def __init__(self, operation: str, *answers: Any) -> None:
        self.answers, self.calls = list(answers), []
        setattr(self, operation, self._call)

    def _call(self, **arguments: Any) -> Any:
        self.calls.append(arguments)
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer(arguments) if callable(answer) else answer


def refusal(code: str, status: int = 400) -> botocore.exceptions.ClientError:
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore.exceptions.ClientError(answer, "X")


def send(destination, parcel: Parcel) -> Report:
    report, book = Report(), Identities()
    destination.send(parcel, parcel.read(book), book, report)
    return report
