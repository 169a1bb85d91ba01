"""AWS IoT."""

from record.rows import HIDDEN

REQUESTS = [
    (
        "CreateTopicRule",
        {"topicRulePayload": {"actions": [{"salesforce": {"token": "t"}}]}},
        {"topicRulePayload": {"actions": [{"salesforce": {"token": HIDDEN}}]}},
    ),
    ("TestInvokeAuthorizer", {"token": "t"}, {"token": HIDDEN}),
]
