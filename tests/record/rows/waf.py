"""AWS WAF Classic."""

RECORDS = [
    ("ListWebACLs", {}, {"apiVersion": "2015-08-24"}),
]
