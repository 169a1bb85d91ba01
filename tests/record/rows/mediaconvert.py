"""AWS Elemental MediaConvert."""

REQUESTS = [
    (
        "CreatePreset",
        {"Settings": {"ContainerSettings": {"CmfcSettings": {"CertificateSecret": "n"}}}},
        {"settings": {"containerSettings": {"cmfcSettings": {"certificateSecret": "n"}}}},
    ),
]
