"""Amazon API Gateway, REST."""

REQUESTS = [
    (
        "CreateDeployment",
        {"restApiId": "a", "canarySettings": {"stageVariableOverrides": {"k": "v"}}},
        {
            "restApiId": "a",
            "createDeploymentInput": {"canarySettings": {"stageVariableOverrides": "***"}},
            "template": False,
        },
    ),
    (
        "CreateStage",
        {"restApiId": "a", "stageName": "s", "deploymentId": "d", "variables": {"k": "v"}},
        {
            "restApiId": "a",
            "createStageInput": {"stageName": "s", "deploymentId": "d", "variables": "***"},
            "template": False,
        },
    ),
    ("GetRestApis", {}, {"template": False}),
]
