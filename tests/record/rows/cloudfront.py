"""Amazon CloudFront."""

RECORDS = [
    ("CreateFunction", {"error_code": "AccessDenied", "status": 403}, {"eventName": "CreateFunction2020_05_31"}),
    ("CreateFunction", {}, {"eventName": "CreateFunction"}),
    ("ListDistributions", {}, {"apiVersion": "2020_05_31"}),
]
