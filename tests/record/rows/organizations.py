"""AWS Organizations."""

REQUESTS = [
    ("CreateAccount", {"AccountName": "n"}, {"accountName": "****"}),
    ("CreateAccount", {"Email": "e"}, {"email": "****"}),
]
