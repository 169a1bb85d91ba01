"""Amazon Kinesis Data Analytics."""

RECORDS = [
    ("ListApplications", {}, {"apiVersion": "2015-08-14"}),
]
