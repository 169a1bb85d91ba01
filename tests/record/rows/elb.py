"""Elastic Load Balancing, classic."""

RECORDS = [
    ("DescribeLoadBalancers", {}, {"apiVersion": "2012-06-01"}),
]
