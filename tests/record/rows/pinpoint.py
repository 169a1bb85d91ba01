"""Amazon Pinpoint."""

REQUESTS = [
    ("GetCampaigns", {"ApplicationId": "a", "PageSize": "9"}, {"application-id": "a", "page-size": "9"}),
]
