"""AWS HealthOmics."""

REQUESTS = [
    ("CreateWorkflow", {"name": "n", "definitionZip": b"z"}, {"name": "n"}),
]
