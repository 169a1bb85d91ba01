"""AWS Shield."""

RECORDS = [
    ("ListProtections", {}, {"apiVersion": "AWSShield_20160616"}),
]
