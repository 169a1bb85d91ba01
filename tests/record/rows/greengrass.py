"""AWS IoT Greengrass."""

RECORDS = [
    (
        "AssociateServiceRoleToAccount",
        {"params": {"RoleArn": "r"}, "error_code": "BadRequestException", "error_message": "m", "status": 400},
        {"errorMessage": None, "requestParameters": {"RoleArn": "r"}, "responseElements": {"Message": "m"}},
    ),
]
