"""AWS WAF."""

RECORDS = [
    ("ListWebACLs", {}, {"apiVersion": "2019-04-23"}),
]
