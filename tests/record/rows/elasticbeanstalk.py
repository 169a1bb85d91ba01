"""AWS Elastic Beanstalk."""

EVENTS = """
RequestEnvironmentInfo  Management read
RetrieveEnvironmentInfo Management read
"""

REQUESTS = [
    (
        "UpdateEnvironment",
        {"OptionSettings": [{"OptionName": "n", "Value": "v"}]},
        {"optionSettings": [{"optionName": "n", "value": "<sensitiveDataRemoved>"}]},
    ),
]
