"""AWS Database Migration Service."""

from record.rows import HIDDEN

REQUESTS = [
    (
        "ImportCertificate",
        {"CertificateIdentifier": "c", "CertificateWallet": b"w"},
        {"certificateIdentifier": "c", "certificateWallet": HIDDEN},
    ),
]
