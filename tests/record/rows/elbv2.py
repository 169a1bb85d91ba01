"""Elastic Load Balancing."""

RECORDS = [
    ("DescribeLoadBalancers", {}, {"apiVersion": "2015-12-01"}),
]
