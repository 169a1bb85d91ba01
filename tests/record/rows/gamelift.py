"""Amazon GameLift."""

REQUESTS = [
    ("CreateScript", {"Name": "n", "ZipFile": b"z"}, {"name": "n"}),
]
