"""Amazon Managed Service for Apache Flink."""

RECORDS = [
    ("ListApplications", {}, {"apiVersion": "2018-05-23"}),
]
