"""Amazon Route 53 Profiles."""

REQUESTS = [
    ("CreateProfile", {"Name": "n"}, {"Name": "n"}),
]
