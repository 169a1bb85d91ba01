"""AWS tax settings."""

from record.rows import HIDDEN

REQUESTS = [
    (
        "PutTaxExemption",
        {"exemptionCertificate": {"documentFile": b"d"}},
        {"exemptionCertificate": {"documentFile": HIDDEN}},
    ),
]
