"""AWS Firewall Manager."""

RECORDS = [
    ("ListPolicies", {}, {"apiVersion": "2018-01-01"}),
]
