"""Amazon Route 53."""

RECORDS = [
    ("ListHostedZones", {}, {"apiVersion": "2013-04-01"}),
]
