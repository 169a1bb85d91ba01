"""AWS Systems Manager."""

from record.rows import HIDDEN

EVENTS = """
GetDeployablePatchSnapshotForInstance Management write
"""

REQUESTS = [
    ("CreateDocument", {"Name": "n", "Content": "{}"}, {"name": "n", "content": HIDDEN}),
    ("PutParameter", {"Name": "n"}, {"name": "n", "allowedPattern": ""}),
    ("SendCommand", {"DocumentName": "d"}, {"documentName": "d", "interactive": False}),
    ("StartAutomationExecution", {"Parameters": {"a": ["b", "c"]}}, {"parameters": {"a": [HIDDEN, HIDDEN]}}),
    ("UpdateDocument", {"Name": "n", "Content": "{}"}, {"name": "n", "content": HIDDEN}),
]

RESULTS = [
    ("GetDeployablePatchSnapshotForInstance", {"SnapshotDownloadUrl": "u"}, {"snapshotDownloadUrl": HIDDEN}),
    ("ResumeSession", {"TokenValue": "t"}, {"tokenValue": "Value hidden due to security reasons."}),
    ("StartSession", {"TokenValue": "t"}, {"tokenValue": "Value hidden due to security reasons."}),
]

_SSM = "111122223333 arn:aws:ssm:us-east-1:111122223333:"
_DOCUMENT, _PARAMETER = f"{_SSM}document/d", f"{_SSM}parameter/a/b"
_PUBLIC = "111122223333 arn:aws:ssm:us-east-1::parameter/aws/service/x"

_AWS = "111122223333 arn:aws:ssm:us-east-1::document/AWS-X"
_ASSOCIATION = f"{_SSM}association/a"

RESOURCES = [
    ("CreateAssociation", {"Name": "AWS-X"}, {}, [_AWS]),
    ("CreateAssociation", {"Name": "d"}, {}, [_DOCUMENT]),
    ("CreateDocument", {"Name": "d"}, {}, [_DOCUMENT]),
    ("DeleteAssociation", {"AssociationId": "a"}, {}, [_ASSOCIATION]),
    ("DeleteDocument", {"Name": "d"}, {}, [_DOCUMENT]),
    ("DeleteParameter", {"Name": "/a/b"}, {}, [_PARAMETER]),
    ("DescribeDocument", {"Name": "AWS-X"}, {}, [_AWS]),
    ("DescribeDocument", {"Name": "d"}, {}, [_DOCUMENT]),
    ("GetParameter", {"Name": "/a/b"}, {}, [_PARAMETER]),
    ("GetParameter", {"Name": "/aws/service/x"}, {}, [_PUBLIC]),
    ("GetParameterHistory", {"Name": "/a/b"}, {}, [_PARAMETER]),
    ("GetParameterHistory", {"Name": "/aws/service/x"}, {}, [_PUBLIC]),
    ("GetParameters", {"Names": ["/a/b", "/aws/service/x"]}, {}, [_PARAMETER, _PUBLIC]),
    (
        "PutInventory",
        {"InstanceId": "i-1"},
        {},
        ["111122223333 arn:aws:ec2:us-east-1:111122223333:instance/i-1", f"{_SSM}managed-instance-inventory/i-1"],
    ),
    ("PutInventory", {"InstanceId": "mi-1"}, {}, [f"{_SSM}managed-instance-inventory/mi-1"]),
    ("PutParameter", {"Name": "/a/b"}, {}, [_PARAMETER]),
    ("UpdateAssociation", {"AssociationId": "a", "Name": "AWS-X"}, {}, [_ASSOCIATION, _AWS]),
    ("UpdateAssociation", {"AssociationId": "a", "Name": "d"}, {}, [_ASSOCIATION, _DOCUMENT]),
    ("UpdateDocument", {"Name": "d"}, {}, [_DOCUMENT]),
    ("UpdateServiceSetting", {"SettingId": "/ssm/a"}, {}, [f"{_SSM}servicesetting/ssm/a"]),
]

RECORDS = [
    (
        "DescribeParameters",
        {"params": {"MaxResults": 10}, "error_code": "ThrottlingException", "status": 400},
        {"errorCode": "ThrottlingException", "requestParameters": None},
    ),
]
