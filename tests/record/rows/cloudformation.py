"""AWS CloudFormation."""

EVENTS = """
EstimateTemplateCost     Management read
"""

REQUESTS = [
    (
        "CreateStack",
        {"StackName": "s", "Parameters": [{"ParameterKey": "k", "ParameterValue": "v"}]},
        {"stackName": "s", "parameters": [{"parameterKey": "k"}]},
    ),
    (
        "CreateStack",
        {"StackName": "s", "Parameters": [{"ParameterKey": "k", "ResolvedValue": "v"}]},
        {"stackName": "s", "parameters": [{"parameterKey": "k"}]},
    ),
    ("CreateStack", {"StackName": "s", "TemplateBody": "{}"}, {"stackName": "s"}),
]
