"""AWS Elemental MediaTailor."""

REQUESTS = [
    ("DeletePlaybackConfiguration", {"Name": "n"}, {"Name": "n"}),
]
