"""Amazon Pinpoint."""

from record.rows import HIDDEN

_RAW = {"MessageRequest": {"MessageConfiguration": {"EmailMessage": {"RawEmail": {"Data": b"m"}}}}}
_HIDDEN = {"messageRequest": {"messageConfiguration": {"emailMessage": {"rawEmail": {"data": HIDDEN}}}}}

REQUESTS = [
    ("GetCampaigns", {"ApplicationId": "a", "PageSize": "9"}, {"application-id": "a", "page-size": "9"}),
    ("SendMessages", _RAW, _HIDDEN),
]
