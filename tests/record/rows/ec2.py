"""Amazon EC2."""

from record.rows import NOON, _ec2_flat

EVENTS = """
ConfirmProductInstance     Management read
ReportInstanceStatus       Management read
SearchTransitGatewayRoutes Management write
"""

_REMOVED = "<sensitiveDataRemoved>"
_INGRESS = {"groups": {}, "ipRanges": {}, "ipv6Ranges": {}, "prefixListIds": {}}
_RUN = {
    "blockDeviceMapping": {},
    "disableApiStop": False,
    "disableApiTermination": False,
    "instancesSet": {"items": [{}]},
    "monitoring": {"enabled": False},
}

REQUESTS = [
    (
        "AssignPrivateIpAddresses",
        {"PrivateIpAddresses": ["10.0.0.9"]},
        {"privateIpAddressesSet": {"items": [{"privateIpAddress": "10.0.0.9"}]}},
    ),
    ("AttachClassicLinkVpc", {"Groups": ["sg-1"]}, {"securityGroupIdSet": {"items": [{"securityGroupId": "sg-1"}]}}),
    (
        "AuthorizeSecurityGroupIngress",
        {"GroupId": "g", "IpPermissions": [{"FromPort": 22}]},
        {"groupId": "g", "ipPermissions": {"items": [{"fromPort": 22, **_INGRESS}]}},
    ),
    (
        "AuthorizeSecurityGroupIngress",
        {"IpPermissions": [{"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
        {"ipPermissions": {"items": [{**_INGRESS, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}},
    ),
    (
        "CreateImage",
        {"BlockDeviceMappings": [{"DeviceName": "d"}]},
        {"blockDeviceMapping": {"items": [{"deviceName": "d"}]}},
    ),
    (
        "CreateNatGateway",
        {"SubnetId": "s", "TagSpecifications": [{"Tags": [{"Key": "a", "Value": "true"}, {"Key": "b", "Value": "7"}]}]},
        {
            "CreateNatGatewayRequest": {
                "SubnetId": "s",
                "TagSpecification": {
                    "Tag": [{"Key": "a", "Value": True, "tag": 1}, {"Key": "b", "Value": 7, "tag": 2}],
                    "tag": 1,
                },
            }
        },
    ),
    ("CreateNetworkAclEntry", {"IcmpTypeCode": {"Code": 0}}, {"icmpTypeCode": {"code": 0}}),
    ("CreateNetworkAclEntry", {"Protocol": "6"}, {"aclProtocol": "6", "icmpTypeCode": {}}),
    ("CreateNetworkInterface", {"Groups": ["sg-1"]}, {"groupSet": {"items": [{"groupId": "sg-1"}]}}),
    ("CreateSecurityGroup", {"GroupName": "g", "Description": "d"}, {"groupName": "g", "groupDescription": "d"}),
    (
        "CreateTags",
        {"Resources": ["i-1"], "Tags": [{"Key": "k", "Value": "true"}]},
        {"resourcesSet": {"items": [{"resourceId": "i-1"}]}, "tagSet": {"items": [{"key": "k", "value": "true"}]}},
    ),
    ("CreateVolume", {"AvailabilityZone": "z"}, {"zone": "z"}),
    ("CreateVolume", {"Size": 1}, {"size": "1"}),
    (
        "CreateVpc",
        {"TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "k", "Value": "v"}]}]},
        {"tagSpecificationSet": {"items": [{"resourceType": "vpc", "tags": [{"key": "k", "value": "v"}]}]}},
    ),
    (
        "DeleteFlowLogs",
        {"FlowLogIds": ["fl-1"]},
        {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-1"}}},
    ),
    ("DeleteTags", {"Tags": [{"Key": "k"}]}, {"tagSet": {"items": [{"key": "k"}]}}),
    (
        "DescribeClassicLinkInstances",
        {"InstanceIds": ["i-1"]},
        {"instancesSet": {"item": [{"instanceId": "i-1"}]}, "filterSet": {}},
    ),
    ("DescribeImageAttribute", {"Attribute": "launchPermission"}, {"attributeType": "launchPermission"}),
    (
        "DescribeImages",
        {"ExecutableUsers": ["self"]},
        {"executableBySet": {"items": [{"user": "self"}]}, "imagesSet": {}, "ownersSet": {}, "filterSet": {}},
    ),
    ("DescribeSnapshotAttribute", {"Attribute": "createVolumePermission"}, {"attributeType": "createVolumePermission"}),
    (
        "DescribeSnapshots",
        {"OwnerIds": ["self"], "RestorableByUserIds": ["all"]},
        {
            "ownersSet": {"items": [{"owner": "self"}]},
            "sharedUsersSet": {"items": [{"user": "all"}]},
            "snapshotSet": {},
            "filterSet": {},
        },
    ),
    ("DescribeVpcAttribute", {"Attribute": "enableDnsSupport", "VpcId": "vpc-1"}, {"vpcId": "vpc-1"}),
    ("DescribeVpcClassicLink", {"VpcIds": ["vpc-1"]}, {"vpcSet": {"item": [{"vpcId": "vpc-1"}]}, "filterSet": {}}),
    (
        "DescribeVpcs",
        {"VpcIds": ["vpc-1"], "Filters": [{"Name": "n", "Values": ["a", "b"]}]},
        {
            "vpcSet": {"items": [{"vpcId": "vpc-1"}]},
            "filterSet": {"items": [{"name": "n", "valueSet": {"items": [{"value": "a"}, {"value": "b"}]}}]},
        },
    ),
    ("ModifyImageAttribute", {"Attribute": "description"}, {"attributeType": "description"}),
    (
        "ModifyImageAttribute",
        {"LaunchPermission": {"Add": [{"UserId": "1"}]}},
        {"launchPermission": {"add": {"items": [{"userId": "1"}]}}, "attributeType": "launchPermission"},
    ),
    (
        "ModifyImageAttribute",
        {"LaunchPermission": {"Remove": [{"UserId": "1"}]}},
        {"launchPermission": {"remove": {"items": [{"userId": "1"}]}}, "attributeType": "launchPermission"},
    ),
    ("ModifyInstanceAttribute", {"Groups": ["sg-1"]}, {"groupSet": {"items": [{"groupId": "sg-1"}]}}),
    ("ModifyInstanceAttribute", {"UserData": {"Value": b"u"}}, {"userData": _REMOVED}),
    ("ModifyInstanceAttribute", {"Value": "v"}, {"value": _REMOVED}),
    ("ModifyNetworkInterfaceAttribute", {"Groups": ["sg-1"]}, {"groupSet": {"items": [{"groupId": "sg-1"}]}}),
    ("ModifySnapshotAttribute", {"Attribute": "createVolumePermission"}, {"attributeType": "CREATE_VOLUME_PERMISSION"}),
    (
        "ModifySnapshotAttribute",
        {"CreateVolumePermission": {"Add": [{"UserId": "1"}]}},
        {"createVolumePermission": {"add": {"items": [{"userId": "1"}]}}, "attributeType": "CREATE_VOLUME_PERMISSION"},
    ),
    (
        "ModifySnapshotAttribute",
        {"CreateVolumePermission": {"Remove": [{"UserId": "1"}]}},
        {
            "createVolumePermission": {"remove": {"items": [{"userId": "1"}]}},
            "attributeType": "CREATE_VOLUME_PERMISSION",
        },
    ),
    ("ReplaceNetworkAclEntry", {"IcmpTypeCode": {"Code": 0}}, {"icmpTypeCode": {"code": 0}}),
    ("ReplaceNetworkAclEntry", {"Protocol": "6"}, {"aclProtocol": "6", "icmpTypeCode": {}}),
    (
        "RunInstances",
        {"ImageId": "ami", "KeyName": "k", "MinCount": 1, "MaxCount": 2},
        {**_RUN, "instancesSet": {"items": [{"imageId": "ami", "keyName": "k", "minCount": 1, "maxCount": 2}]}},
    ),
    (
        "RunInstances",
        {"NetworkInterfaces": [{"Groups": ["sg-1"]}]},
        {**_RUN, "networkInterfaceSet": {"items": [{"groupSet": {"items": [{"groupId": "sg-1"}]}}]}},
    ),
    (
        "RunInstances",
        {"Placement": {"AvailabilityZone": "z", "Tenancy": "t"}},
        {**_RUN, "availabilityZone": "z", "tenancy": "t"},
    ),
    ("RunInstances", {"SecurityGroupIds": ["sg-1"]}, {**_RUN, "groupSet": {"items": [{"groupId": "sg-1"}]}}),
    ("RunInstances", {"SecurityGroups": ["g"]}, {**_RUN, "groupSet": {"items": [{"groupName": "g"}]}}),
    ("RunInstances", {"UserData": "u"}, {**_RUN, "userData": _REMOVED}),
    (
        "StopInstances",
        {"InstanceIds": ["i-1"], "Force": True},
        {"instancesSet": {"items": [{"instanceId": "i-1"}]}, "force": True},
    ),
]

UNSAID = _ec2_flat.UNSAID

_DONE = {"_return": True}
_XMLNS = {"xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/"}

RESULTS = [
    ("AssociateAddress", {"AssociationId": "a"}, {"associationId": "a", **_DONE}),
    (
        "CreateFlowLogs",
        {"FlowLogIds": ["fl"], "Unsuccessful": []},
        {"CreateFlowLogsResponse": {**_XMLNS, "flowLogIdSet": {"item": "fl"}, "unsuccessful": ""}},
    ),
    ("CreateKeyPair", {"KeyMaterial": "k"}, {"keyMaterial": _REMOVED}),
    (
        "CreateNetworkInterface",
        {"NetworkInterface": {"PrivateIpAddresses": [{"Primary": True}]}},
        {"networkInterface": {"privateIpAddressesSet": {"item": [{"primary": True}]}}},
    ),
    ("CreateSecurityGroup", {"GroupId": "g"}, {"groupId": "g", **_DONE}),
    ("CreateSnapshot", {"VolumeSize": 8}, {"volumeSize": "8"}),
    ("CreateVolume", {"AvailabilityZone": "z", "Attachments": []}, {"zone": "z", "attachmentSet": {}}),
    ("CreateVolume", {"Size": 8, "State": "creating"}, {"size": "8", "status": "creating"}),
    (
        "CreateVolume",
        {"CreateTime": NOON},
        {"createTime": 1688904303000},
    ),
    (
        "DeleteNatGateway",
        {"NatGatewayId": "n", "ResponseMetadata": {"RequestId": "r"}},
        {"DeleteNatGatewayResponse": {**_XMLNS, "requestId": "r", "natGatewayId": "n"}},
    ),
    ("DeleteVolume", {"ResponseMetadata": {"RequestId": "r"}}, {"requestId": "r", **_DONE}),
    ("DescribeInstances", {"Reservations": []}, None),
    (
        "RunInstances",
        {"Instances": [{"NetworkInterfaces": [{"PrivateIpAddresses": [{"Primary": True}]}]}]},
        {
            "instancesSet": {
                "items": [
                    {"networkInterfaceSet": {"items": [{"privateIpAddressesSet": {"item": [{"primary": True}]}}]}}
                ]
            }
        },
    ),
]

_DENIED = {"params": {"VolumeId": "v"}, "error_code": "UnauthorizedOperation", "status": 403}

RECORDS = [
    (
        "DeleteVolume",
        _DENIED,
        {
            "errorCode": "Client.UnauthorizedOperation",
            "requestParameters": {"volumeId": "v", "reportVolumeFailure": False},
        },
    ),
]
