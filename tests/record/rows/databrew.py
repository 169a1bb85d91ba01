"""AWS Glue DataBrew."""

REQUESTS = [
    ("CreateDataset", {"Name": "n"}, {"Name": "n"}),
    ("DeleteDataset", {"Name": "n"}, {"name": "n"}),
]
