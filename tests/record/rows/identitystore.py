"""AWS IAM Identity Center directory."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateGroup", {"Description": "d"}, {"description": HIDDEN}),
    ("CreateGroup", {"DisplayName": "g"}, {"displayName": "g"}),
]
