"""AWS IAM."""

EVENTS = """
GenerateCredentialReport           Management read
GenerateOrganizationsAccessReport  Management read
GenerateServiceLastAccessedDetails Management read
"""

REQUESTS = [
    ("ChangePassword", {"NewPassword": "p"}, None),
    ("ChangePassword", {"OldPassword": "p"}, None),
    ("CreateLoginProfile", {"UserName": "u", "Password": "p"}, {"userName": "u"}),
    ("CreateRole", {"AssumeRolePolicyDocument": "{}"}, {"assumeRolePolicyDocument": "{}"}),
    ("EnableMFADevice", {"UserName": "u", "AuthenticationCode1": "123456"}, {"userName": "u"}),
    ("EnableMFADevice", {"UserName": "u", "AuthenticationCode2": "123456"}, {"userName": "u"}),
    ("UpdateSAMLProvider", {"RemovePrivateKey": "id"}, {"removePrivateKey": "id"}),
    ("UpdateSAMLProvider", {"SAMLProviderArn": "a", "AddPrivateKey": "k"}, {"sAMLProviderArn": "a"}),
    ("UploadServerCertificate", {"CertificateBody": "b", "PrivateKey": "k"}, {"certificateBody": "b"}),
]

_POLICY, _ENCODED = {"Version": "2012-10-17"}, "%7B%22Version%22%3A%20%222012-10-17%22%7D"

RESULTS = [
    (
        "CreateAccessKey",
        {"AccessKey": {"UserName": "u", "SecretAccessKey": "s"}},
        {"accessKey": {"userName": "u"}},
    ),
    (
        "CreatePolicyVersion",
        {"PolicyVersion": {"Document": _POLICY}},
        {"policyVersion": {"document": _ENCODED}},
    ),
    (
        "CreateRole",
        {"Role": {"AssumeRolePolicyDocument": _POLICY}},
        {"role": {"assumeRolePolicyDocument": _ENCODED}},
    ),
    (
        "CreateServiceSpecificCredential",
        {"ServiceSpecificCredential": {"UserName": "u", "ServiceCredentialSecret": "s"}},
        {"serviceSpecificCredential": {"userName": "u"}},
    ),
    (
        "CreateServiceSpecificCredential",
        {"ServiceSpecificCredential": {"UserName": "u", "ServicePassword": "p"}},
        {"serviceSpecificCredential": {"userName": "u"}},
    ),
    (
        "CreateVirtualMFADevice",
        {"VirtualMFADevice": {"SerialNumber": "n", "Base32StringSeed": b"s"}},
        {"virtualMFADevice": {"serialNumber": "n"}},
    ),
    (
        "CreateVirtualMFADevice",
        {"VirtualMFADevice": {"SerialNumber": "n", "QRCodePNG": b"q"}},
        {"virtualMFADevice": {"serialNumber": "n"}},
    ),
]
