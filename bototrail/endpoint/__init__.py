"""CloudTrail's own API, and the S3 reads that go with it, over a bucket: what `bototrail serve` serves."""
