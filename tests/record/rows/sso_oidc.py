"""AWS IAM Identity Center, OIDC."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateToken", {"clientId": "i", "code": "c"}, {"clientId": "i", "code": HIDDEN}),
]
