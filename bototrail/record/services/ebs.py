"""Amazon EBS direct API."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Resource, Service


def _snapshot(member: str) -> Resource:
    return Resource("AWS::EC2::Snapshot", f"arn:{{partition}}:ec2:{{region}}::snapshot/{{request.{member}}}")


SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetSnapshotBlock",
            "ListChangedBlocks",
            "ListSnapshotBlocks",
            "PutSnapshotBlock",
        }
    ),
    # [facts §4.5]
    resources={
        "GetSnapshotBlock": (_snapshot("snapshotId"),),
        "ListChangedBlocks": (_snapshot("firstSnapshotId"), _snapshot("secondSnapshotId")),
        "ListSnapshotBlocks": (_snapshot("snapshotId"),),
        "PutSnapshotBlock": (_snapshot("snapshotId"),),
    },
)
