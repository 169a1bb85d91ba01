"""Amazon EC2."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, REMOVED, Gather, Service
from bototrail.record.services._ec2_flat import FLAT

SERVICE: Final = Service(
    # [rules.md §5]
    dialect="ec2",
    flat=FLAT,
    # [facts §4.6]
    reads=frozenset(
        {
            "ConfirmProductInstance",
            "ReportInstanceStatus",
        }
    ),
    # [a record of 2021]
    writes=frozenset(
        {
            "SearchTransitGatewayRoutes",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.KeyMaterial": REMOVED,
        "*.UserData": REMOVED,
        "DescribeVpcAttributeRequest.Attribute": OMITTED,
        "ModifyInstanceAttributeRequest.Value": REMOVED,
        "ModifySnapshotAttributeRequest.Attribute": "CREATE_VOLUME_PERMISSION",
    },
    # Words of the SOAP interface that the model has lost. [rules.md §5]
    renames={
        "*.AllocationIds": "allocationIdsSet",
        "*.BlockDeviceMappings": "blockDeviceMapping",
        "*.BundleIds": "bundlesSet",
        "*.ConversionTaskIds": "conversionTaskIdSet",
        "*.CustomerGatewayIds": "customerGatewaySet",
        "*.DhcpOptionsIds": "dhcpOptionsSet",
        "*.ExportTaskIds": "exportTaskIdSet",
        "*.Filters": "filterSet",
        "*.ImageIds": "imagesSet",
        "*.InstanceIds": "instancesSet",
        "*.InternetGatewayIds": "internetGatewayIdSet",
        "*.IpPermissions": "ipPermissions",
        "*.KeyNames": "keySet",
        "*.NetworkInterfaces": "networkInterfaceSet",
        "*.OwnerIds": "ownersSet",
        "*.Owners": "ownersSet",
        "*.PrivateIpAddresses": "privateIpAddressesSet",
        "*.PublicIps": "publicIpsSet",
        "*.RegionNames": "regionSet",
        "*.ReservedInstancesIds": "reservedInstancesSet",
        "*.Resources": "resourcesSet",
        "*.RestorableByUserIds": "sharedUsersSet",
        "*.SecurityGroupIds": "groupSet",
        "*.SecurityGroups": "groupSet",
        "*.SnapshotIds": "snapshotSet",
        "*.SubnetIds": "subnetSet",
        "*.VolumeIds": "volumeSet",
        "*.VpcIds": "vpcSet",
        "*.VpnConnectionIds": "vpnConnectionSet",
        "*.VpnGatewayIds": "vpnGatewaySet",
        "*.ZoneIds": "availabilityZoneIdSet",
        "*.ZoneNames": "availabilityZoneSet",
        "CreateNetworkAclEntryRequest.IcmpTypeCode": "icmpTypeCode",
        "CreateNetworkAclEntryRequest.Protocol": "aclProtocol",
        "CreateNetworkInterfaceRequest.Groups": "groupSet",
        "CreateVolumePermissionModifications.Add": "add",
        "CreateVolumePermissionModifications.Remove": "remove",
        "CreateVolumeRequest.AvailabilityZone": "zone",
        "DeleteTagsRequest.Tags": "tagSet",
        "DescribeAccountAttributesRequest.AttributeNames": "accountAttributeNameSet",
        "DescribeImageAttributeRequest.Attribute": "attributeType",
        "DescribePlacementGroupsRequest.GroupIds": "placementGroupIdSet",
        "DescribePlacementGroupsRequest.GroupNames": "placementGroupSet",
        "DescribeSecurityGroupsRequest.GroupIds": "securityGroupIdSet",
        "DescribeSecurityGroupsRequest.GroupNames": "securityGroupSet",
        "DescribeSnapshotAttributeRequest.Attribute": "attributeType",
        "InstanceNetworkInterfaceSpecification.Groups": "groupSet",
        "LaunchPermissionModifications.Add": "add",
        "LaunchPermissionModifications.Remove": "remove",
        "ModifyImageAttributeRequest.Attribute": "attributeType",
        "ModifyInstanceAttributeRequest.Groups": "groupSet",
        "ModifyNetworkInterfaceAttributeRequest.Groups": "groupSet",
        "ModifySnapshotAttributeRequest.Attribute": "attributeType",
        "ReplaceNetworkAclEntryRequest.IcmpTypeCode": "icmpTypeCode",
        "ReplaceNetworkAclEntryRequest.Protocol": "aclProtocol",
        "TagSpecification.Tags": "tags",
        "Volume.AvailabilityZone": "zone",
    },
    # What the elements of those lists are called. [rules.md §5]
    items={
        "*.ExecutableUsers": "user",
        "*.RestorableByUserIds": "user",
        "*.SecurityGroupIds": "groupId",
        "*.SecurityGroups": "groupName",
        "CreateNetworkInterfaceRequest.Groups": "groupId",
        "InstanceNetworkInterfaceSpecification.Groups": "groupId",
        "ModifyNetworkInterfaceAttributeRequest.Groups": "groupId",
        "TagSpecification.Tags": "",
    },
    # [rules.md §5: ipPermissions; RunInstances and RegisterImage of 2023 and 2024]
    filled=frozenset(
        {
            "AuthorizeSecurityGroupEgressRequest.IpPermissions",
            "AuthorizeSecurityGroupIngressRequest.IpPermissions",
            "IpPermission.IpRanges",
            "IpPermission.Ipv6Ranges",
            "IpPermission.PrefixListIds",
            "IpPermission.UserIdGroupPairs",
            "RegisterImageRequest.BlockDeviceMappings",
            "RevokeSecurityGroupEgressRequest.IpPermissions",
            "RevokeSecurityGroupIngressRequest.IpPermissions",
            "RunInstancesRequest.BlockDeviceMappings",
        }
    ),
    # Written only when the caller gives them. [records of 2023 and 2024]
    unfilled=frozenset(
        {
            "DescribeAvailabilityZonesRequest.Filters",
            "DescribeBundleTasksRequest.Filters",
            "DescribeRegionsRequest.Filters",
        }
    ),
    # [rules.md §5; RunInstances and DescribeVpcClassicLink of 2017 and 2023]
    single=frozenset(
        {
            "DescribeClassicLinkInstancesRequest.InstanceIds",
            "DescribeVpcClassicLinkRequest.VpcIds",
            "InstanceNetworkInterface.PrivateIpAddresses",
            "NetworkInterface.PrivateIpAddresses",
        }
    ),
    # Numbers in the model, strings in records. [CreateSnapshot, CreateVolume]
    forms={
        "CreateVolumeRequest.Size": "text",
        "Snapshot.VolumeSize": "text",
        "Volume.Size": "text",
    },
    # [rules.md §5: imageId, minCount and maxCount are inside instancesSet, Placement is hoisted]
    gathers={"RunInstancesRequest": Gather("instancesSet", frozenset({"imageId", "keyName", "maxCount", "minCount"}))},
    hoists=frozenset(
        {
            "RunInstancesRequest.Placement",
        }
    ),
    # [rules.md §5]
    answer_defaults={
        "AssociateAddressResult": {"_return": True},
        "CreateSecurityGroupResult": {"_return": True},
    },
    # [rules.md §4]
    defaults={
        "AttachVolumeRequest": {"deleteOnTermination": False},
        "CreateNetworkAclEntryRequest": {"icmpTypeCode": {}},
        "DeleteSnapshotRequest": {"force": False},
        "DeleteVolumeRequest": {"reportVolumeFailure": False},
        "DescribeAccountAttributesRequest": {"filterSet": {}},
        "ModifyImageAttributeRequest": {"attributeType": "launchPermission"},
        "ModifySnapshotAttributeRequest": {"attributeType": "CREATE_VOLUME_PERMISSION"},
        "ReplaceNetworkAclEntryRequest": {"icmpTypeCode": {}},
        "RunInstancesRequest": {
            "disableApiStop": False,
            "disableApiTermination": False,
            "monitoring": {"enabled": False},
        },
        "StopInstancesRequest": {"force": False},
    },
    # [rules.md §8]
    error_prefix=True,
)
