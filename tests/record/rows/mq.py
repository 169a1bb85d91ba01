"""Amazon MQ."""

REQUESTS = [
    ("CreateUser", {"Username": "u", "Password": "p"}, {"username": "u", "password": "***"}),
]

RECORDS = [
    ("DescribeBroker", {"error_code": "NotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
