"""Amazon Pinpoint SMS and voice."""

REQUESTS = [
    ("CreateConfigurationSet", {"ConfigurationSetName": "c"}, {"ConfigurationSetName": "c"}),
]
