"""Amazon EFS."""

RECORDS = [
    ("DescribeFileSystems", {}, {"apiVersion": "2015-02-01"}),
]
