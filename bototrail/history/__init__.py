"""What was recorded before: readers of buckets with CloudTrail log files, bototrail's or AWS's own."""
