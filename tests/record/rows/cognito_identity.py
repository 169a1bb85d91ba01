"""Amazon Cognito identity pools."""

from record.rows import HIDDEN

_POOL = "111122223333 AWS::Cognito::IdentityPool arn:aws:cognito-identity:us-east-1:111122223333:identitypool/p"

EVENTS = """
DescribeIdentityPool               Management read
GetCredentialsForIdentity          Data       write
GetId                              Data       write
GetOpenIdToken                     Data       write
GetOpenIdTokenForDeveloperIdentity Data       write
UnlinkIdentity                     Data       write
"""

REQUESTS = [
    ("GetId", {"IdentityPoolId": "p", "Logins": {"a.b": "token"}}, {"identityPoolId": "p", "logins": {"a.b": HIDDEN}}),
    ("UnlinkIdentity", {"Logins": {}, "LoginsToRemove": ["a.b"]}, {"logins": {}, "loginsToRemove": ["a.b"]}),
]

RESULTS = [
    (
        "GetCredentialsForIdentity",
        {"Credentials": {"AccessKeyId": "A", "SecretKey": "s", "SessionToken": "t"}},
        {"credentials": {"accessKeyId": "A", "sessionToken": "t"}},
    ),
    ("GetOpenIdToken", {"IdentityId": "i", "Token": "t"}, {"identityId": "i"}),
]

RESOURCES = [
    ("GetId", {"IdentityPoolId": "p"}, {}, [_POOL]),
    ("GetOpenIdTokenForDeveloperIdentity", {"IdentityPoolId": "p"}, {}, [_POOL]),
]
