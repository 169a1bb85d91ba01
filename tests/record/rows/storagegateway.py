"""AWS Storage Gateway."""

RECORDS = [
    ("ListGateways", {}, {"apiVersion": "20130630"}),
]
