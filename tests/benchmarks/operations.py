"""What the benchmark calls, and the prepared answers: clients whose HTTP layer answers at once inside the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.session import Session

REGION = "us-east-1"
REQUEST_ID = "7f2c4b9e-52c1-4a0e-9d53-0a9f1d2e3c4b"
QUERY_HEADERS = {"x-amzn-requestid": REQUEST_ID, "content-type": "text/xml", "date": "Sat, 21 Nov 2026 09:31:00 GMT"}
S3_HEADERS = {
    "x-amz-id-2": "N4N7gDK58NMKJ12R9FHhAX6mXbFj0u2Mj4U2bDk1u8p3lWn9cJ9h2g0ZJg0tWq2k1Jm3Qd8s5vA=",
    "x-amz-request-id": "3E57427F3EXAMPLE",
    "date": "Sat, 21 Nov 2026 09:31:00 GMT",
    "etag": '"9b2cf535f27731c974343645a3985328"',
    "x-amz-server-side-encryption": "AES256",
    "server": "AmazonS3",
}
DYNAMODB_HEADERS = {
    "x-amzn-requestid": "6Q7K3VJ5HN2T8C1M4D9R0SFEGBVV4KQNSO5AEMVJF66Q9ASUAAJG",
    "content-type": "application/x-amz-json-1.0",
    "x-amz-crc32": "2745614147",
    "date": "Sat, 21 Nov 2026 09:31:00 GMT",
}

CALLER = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/deploy</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>"""

TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)
ROLE = f"""<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role>
<Path>/service/</Path><RoleName>reports</RoleName><RoleId>AROADBQP57FF2AEXAMPLE</RoleId>
<Arn>arn:aws:iam::111122223333:role/service/reports</Arn><CreateDate>2026-11-21T09:31:00Z</CreateDate>
<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C
%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D
</AssumeRolePolicyDocument><Tags><member><Key>team</Key><Value>reports</Value></member></Tags></Role>
</CreateRoleResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata></CreateRoleResponse>"""

INSTANCE = """<item><instanceId>i-{id}</instanceId><imageId>ami-0abcdef1234567890</imageId><instanceState>
<code>16</code><name>running</name></instanceState><privateDnsName>ip-10-0-1-{n}.ec2.internal</privateDnsName>
<dnsName>ec2-203-0-113-{n}.compute-1.amazonaws.com</dnsName><reason/><keyName>ops</keyName><amiLaunchIndex>0
</amiLaunchIndex><productCodes/><instanceType>m6i.large</instanceType><launchTime>2026-11-20T08:00:00.000Z</launchTime>
<placement><availabilityZone>us-east-1a</availabilityZone><groupName/><tenancy>default</tenancy></placement>
<monitoring><state>disabled</state></monitoring><subnetId>subnet-08fc749671b2d077c</subnetId>
<vpcId>vpc-01234567</vpcId><privateIpAddress>10.0.1.{n}</privateIpAddress><ipAddress>203.0.113.{n}</ipAddress>
<sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-0b1</groupId><groupName>web</groupName></item>
</groupSet><architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda
</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-{id}</volumeId>
<status>attached</status><attachTime>2026-11-20T08:00:01.000Z</attachTime><deleteOnTermination>true
</deleteOnTermination></ebs></item></blockDeviceMapping><virtualizationType>hvm</virtualizationType><clientToken>c-{n}
</clientToken><tagSet><item><key>Name</key><value>web-{n}</value></item><item><key>team</key><value>reports</value>
</item></tagSet><hypervisor>xen</hypervisor><networkInterfaceSet><item><networkInterfaceId>eni-{id}</networkInterfaceId>
<subnetId>subnet-08fc749671b2d077c</subnetId><vpcId>vpc-01234567</vpcId><description/><ownerId>111122223333</ownerId>
<status>in-use</status><macAddress>0e:49:61:0f:c3:11</macAddress><privateIpAddress>10.0.1.{n}</privateIpAddress>
<sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-0b1</groupId><groupName>web</groupName></item>
</groupSet><interfaceType>interface</interfaceType></item></networkInterfaceSet><ebsOptimized>false</ebsOptimized>
<enaSupport>true</enaSupport><cpuOptions><coreCount>1</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>
<metadataOptions><state>applied</state><httpTokens>required</httpTokens><httpEndpoint>enabled</httpEndpoint>
</metadataOptions></item>"""
RESERVATIONS = (
    f'<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>{REQUEST_ID}</requestId>'
    "<reservationSet><item><reservationId>r-1234567890abcdef0</reservationId><ownerId>111122223333</ownerId><groupSet/>"
    f"<instancesSet>{INSTANCE.format(id='0a1b2c3d4e5f60718', n=11)}{INSTANCE.format(id='0f9e8d7c6b5a40312', n=12)}"
    "</instancesSet></item></reservationSet></DescribeInstancesResponse>"
)


@dataclass(frozen=True)
class Operation:
    """One operation that is measured, with its arguments and what the service answers."""

    service: str
    name: str
    method: str
    headers: Mapping[str, str]
    body: bytes = b""
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Such as `s3:PutObject`."""
        return f"{self.service}:{self.name}"


class _Raw(BytesIO):
    """A body as botocore expects it of urllib3."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk


OPERATIONS = (
    Operation("sts", "GetCallerIdentity", "get_caller_identity", QUERY_HEADERS, CALLER.encode()),
    Operation(
        "s3",
        "PutObject",
        "put_object",
        S3_HEADERS,
        arguments={"Bucket": "reports", "Key": "2026/11/21/summary.json", "Body": b'{"rows": 1200, "errors": 0}'},
    ),
    Operation(
        "s3",
        "GetObject",
        "get_object",
        {**S3_HEADERS, "content-type": "application/json", "content-length": "27", "accept-ranges": "bytes"},
        b'{"rows": 1200, "errors": 0}',
        {"Bucket": "reports", "Key": "2026/11/21/summary.json"},
    ),
    Operation(
        "dynamodb",
        "PutItem",
        "put_item",
        DYNAMODB_HEADERS,
        b"{}",
        {
            "TableName": "orders",
            "Item": {
                "id": {"S": "o-20261121-0931"},
                "customer": {"S": "c-77120"},
                "total": {"N": "129.90"},
                "paid": {"BOOL": True},
                "lines": {"L": [{"M": {"sku": {"S": "AX-1"}, "count": {"N": "2"}}}]},
            },
            "ConditionExpression": "attribute_not_exists(id)",
        },
    ),
    Operation(
        "iam",
        "CreateRole",
        "create_role",
        QUERY_HEADERS,
        ROLE.encode(),
        {
            "Path": "/service/",
            "RoleName": "reports",
            "AssumeRolePolicyDocument": TRUST,
            "Description": "writes the daily reports",
            "Tags": [{"Key": "team", "Value": "reports"}],
        },
    ),
    Operation(
        "ec2",
        "DescribeInstances",
        "describe_instances",
        QUERY_HEADERS,
        RESERVATIONS.encode(),
        {
            "Filters": [
                {"Name": "tag:team", "Values": ["reports"]},
                {"Name": "instance-state-name", "Values": ["running"]},
            ]
        },
    ),
)


def make_call(operation: Operation, **variables: Any) -> Callable[[], Any]:
    """A function that makes the call once, with a client of its own.

    Args:
        operation: what to call.
        **variables: configuration variables of the client's session, by botocore's names.
    """
    session = Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    for name, value in variables.items():
        session.set_config_variable(name, value)
    client = session.create_client(operation.service, region_name=REGION)

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, operation.headers, _Raw(operation.body))

    client.meta.events.register("before-send", answer)
    method = getattr(client, operation.method)
    return lambda: method(**operation.arguments)
