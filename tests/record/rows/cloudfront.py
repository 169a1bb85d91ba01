"""Amazon CloudFront."""

RECORDS = [
    ("ListDistributions", {}, {"apiVersion": "2020_05_31"}),
]
