"""Amazon Timestream, writing."""

REQUESTS = [
    ("WriteRecords", {"TableName": "t", "Records": [{"MeasureName": "m"}]}, {"tableName": "t"}),
]
