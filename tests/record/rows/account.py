"""AWS Account Management."""

REQUESTS = [
    ("GetRegionOptStatus", {"RegionName": "eu-south-1"}, {"RegionName": "eu-south-1"}),
]
