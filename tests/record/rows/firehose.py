"""Amazon Data Firehose."""

from record.rows import HIDDEN

EVENTS = """
PutRecord      Data write
PutRecordBatch Data write
"""

REQUESTS = [
    (
        "CreateDeliveryStream",
        {"RedshiftDestinationConfiguration": {"ClusterJDBCURL": "u"}},
        {"redshiftDestinationConfiguration": {"clusterJDBCURL": HIDDEN}},
    ),
    ("PutRecord", {"DeliveryStreamName": "d", "Record": {"Data": b"x"}}, {"deliveryStreamName": "d", "record": {}}),
]
