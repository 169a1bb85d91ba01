"""Amazon Data Lifecycle Manager."""

RECORDS = [
    ("GetLifecyclePolicy", {"error_code": "ResourceNotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
