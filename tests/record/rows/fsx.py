"""Amazon FSx."""

RECORDS = [
    ("DescribeFileSystems", {}, {"apiVersion": "2018-03-01"}),
]
