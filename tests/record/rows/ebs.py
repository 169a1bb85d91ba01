"""Amazon EBS direct API."""

EVENTS = """
CompleteSnapshot   Management write
GetSnapshotBlock   Data       read
ListChangedBlocks  Data       read
ListSnapshotBlocks Data       read
PutSnapshotBlock   Data       write
StartSnapshot      Management write
"""

_SNAPSHOT = "111122223333 AWS::EC2::Snapshot arn:aws:ec2:us-east-1::snapshot/"

RESOURCES = [
    ("GetSnapshotBlock", {"SnapshotId": "snap-1"}, {}, [_SNAPSHOT + "snap-1"]),
    (
        "ListChangedBlocks",
        {"FirstSnapshotId": "snap-1", "SecondSnapshotId": "snap-2"},
        {},
        [_SNAPSHOT + "snap-1", _SNAPSHOT + "snap-2"],
    ),
    ("ListSnapshotBlocks", {"SnapshotId": "snap-1"}, {}, [_SNAPSHOT + "snap-1"]),
    ("PutSnapshotBlock", {"SnapshotId": "snap-1"}, {}, [_SNAPSHOT + "snap-1"]),
]
