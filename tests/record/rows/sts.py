"""AWS STS."""

EVENTS = """
AssumeRole                 Management read
AssumeRoleWithSAML         Management read
AssumeRoleWithWebIdentity  Management read
DecodeAuthorizationMessage Management read
GetCallerIdentity          Management read
GetFederationToken         Management write
GetSessionToken            Management write
"""

REQUESTS = [
    ("AssumeRole", {"RoleArn": "r", "TokenCode": "123456"}, {"roleArn": "r"}),
    ("AssumeRoleWithSAML", {"RoleArn": "r", "SAMLAssertion": "a"}, {"roleArn": "r"}),
    ("AssumeRoleWithWebIdentity", {"RoleArn": "r", "WebIdentityToken": "t"}, {"roleArn": "r"}),
    ("GetSessionToken", {"SerialNumber": "s", "TokenCode": "123456"}, {"serialNumber": "s"}),
]

_GIVEN = {"Credentials": {"AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t"}}
_LOGGED = {"credentials": {"accessKeyId": "A", "sessionToken": "t"}}

RESULTS = [
    ("AssumeRole", _GIVEN, _LOGGED),
    ("AssumeRoleWithSAML", _GIVEN, _LOGGED),
    ("AssumeRoleWithWebIdentity", _GIVEN, _LOGGED),
    ("GetCallerIdentity", {"Account": "1"}, None),
    ("GetSessionToken", _GIVEN, _LOGGED),
]

_ROLE = "arn:aws:iam::444455556666:role/r"
_PROVIDER = "arn:aws:iam::444455556666:saml-provider/p"

RESOURCES = [
    ("AssumeRole", {"RoleArn": _ROLE}, {}, [f"444455556666 AWS::IAM::Role {_ROLE}"]),
    (
        "AssumeRoleWithSAML",
        {"RoleArn": _ROLE, "PrincipalArn": _PROVIDER},
        {},
        [f"444455556666 AWS::IAM::Role {_ROLE}", f"444455556666 AWS::IAM::SAMLProvider {_PROVIDER}"],
    ),
    ("AssumeRoleWithWebIdentity", {"RoleArn": _ROLE}, {}, [f"444455556666 AWS::IAM::Role {_ROLE}"]),
]

_DENIED = {"params": {"RoleArn": "r", "SerialNumber": "s"}, "error_code": "AccessDenied", "status": 403}

RECORDS = [
    ("AssumeRole", _DENIED, {"requestParameters": None}),
    ("GetSessionToken", _DENIED, {"requestParameters": {"serialNumber": "s"}}),
]
