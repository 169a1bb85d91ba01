"""AWS Application Auto Scaling."""

RECORDS = [
    ("DescribeScalingPolicies", {}, {"additionalEventData": {"service": "application-autoscaling"}}),
]
