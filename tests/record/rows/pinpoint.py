"""Amazon Pinpoint."""

from record.rows import HIDDEN

REQUESTS = [
    ("GetCampaigns", {"ApplicationId": "a", "PageSize": "9"}, {"application-id": "a", "page-size": "9"}),
    (
        "SendMessages",
        {"MessageRequest": {"MessageConfiguration": {"SMSMessage": {}}}},
        {"messageRequest": {"messageConfiguration": HIDDEN}},
    ),
    (
        "SendUsersMessages",
        {"SendUsersMessageRequest": {"MessageConfiguration": {"SMSMessage": {}}}},
        {"sendUsersMessageRequest": {"messageConfiguration": HIDDEN}},
    ),
]
