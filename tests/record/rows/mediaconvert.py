"""AWS Elemental MediaConvert."""

REQUESTS = [
    (
        "CreateJob",
        {
            "Settings": {
                "OutputGroups": [{"OutputGroupSettings": {"HlsGroupSettings": {"Encryption": {"Type": "SPEKE"}}}}]
            }
        },
        {"settings": {"outputGroups": [{"outputGroupSettings": {"hlsGroupSettings": {"encryption": "***"}}}]}},
    ),
    (
        "CreatePreset",
        {"Settings": {"ContainerSettings": {"CmfcSettings": {"CertificateSecret": "n"}}}},
        {"settings": {"containerSettings": {"cmfcSettings": {"certificateSecret": "n"}}}},
    ),
]
