"""AWS Database Migration Service."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateEndpoint", {"ExtraConnectionAttributes": "password=p"}, {"extraConnectionAttributes": HIDDEN}),
    (
        "ImportCertificate",
        {"CertificateIdentifier": "c", "CertificateWallet": b"w"},
        {"certificateIdentifier": "c", "certificateWallet": HIDDEN},
    ),
]
