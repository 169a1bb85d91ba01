"""Amazon EC2 Auto Scaling."""

REQUESTS = [
    ("CreateLaunchConfiguration", {"UserData": "u"}, {"userData": "<sensitiveDataRemoved>"}),
]
