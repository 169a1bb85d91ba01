"""Amazon MWAA."""

REQUESTS = [
    ("UpdateEnvironment", {"AirflowConfigurationOptions": {"k": "v"}}, {"AirflowConfigurationOptions": "***"}),
    ("UpdateEnvironment", {"Name": "n"}, {"Name": "n"}),
]
