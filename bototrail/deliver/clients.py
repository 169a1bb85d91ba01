"""boto3 clients of delivery's own: their credentials, their patience, and what went wrong with them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, Final

from bototrail.errors import ConfigError, DeliveryError
from bototrail.record.failures import harmless
from bototrail.trails import Trail

CLIENT_OPTIONS: Final = {
    "credentials_file": "a file of profiles, instead of the usual one",
    "endpoint_url": "the address of a server that speaks the service's API",
    "profile_name": "the profile whose credentials deliver",
    "region_name": "the region to deliver to",
    "role_arn": "a role to assume for it",
}
"""Options of every client that delivers, under boto3's names."""

_CONFIG: Final = {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 1}}
_THROTTLED: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "TooManyRequestsException",
    }
)
_PAUSES: Final = (0.2, 0.4, 0.8, 1.6)
_jitter = random.Random()  # noqa: S311 of our own: the program may have seeded the common one


def make_client(service: str, options: Mapping[str, Any], region: str | None = None, **config: Any) -> Any:
    """A boto3 client.

    Args:
        service: botocore's name of the service.
        options: values of `CLIENT_OPTIONS`.
        region: the region when the options name none.
        **config: fields of botocore's Config, over those that suit a delivery.
    """
    import boto3
    import botocore.session
    from botocore.config import Config

    base = botocore.session.Session(profile=options.get("profile_name"))
    if options.get("credentials_file"):
        base.set_config_variable("credentials_file", options["credentials_file"])
    session = boto3.Session(botocore_session=base, region_name=options.get("region_name") or region)
    if options.get("role_arn"):
        session = _assumed(session, options)
    settings = Config(**{**_CONFIG, **config})
    return session.client(service, endpoint_url=options.get("endpoint_url"), config=settings)


def expect(client: Any, operation: str, *signs: str) -> None:
    """Have an operation fail when its answer has none of some members: nobody who knows the service has sent it.

    The page of a guest network, say, answers 200 to everything, and botocore finds nothing wrong with that.

    Args:
        client: the client.
        operation: the operation.
        *signs: members of its output, or of ResponseMetadata.
    """
    from botocore.parsers import ResponseParserError

    def check(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        found = {**parsed, **parsed.get("ResponseMetadata", {})}
        if http_response.status_code < 300 and not any(found.get(sign) for sign in signs):
            raise ResponseParserError(f"the answer to {operation} has no {' and no '.join(signs)}")

    client.meta.events.register(f"after-call.*.{operation}", check)


def _assumed(session: Any, options: Mapping[str, Any]) -> Any:
    """A session of the role, whose credentials are fetched when they are needed, and again before they expire."""
    import boto3
    import botocore.session
    from botocore.config import Config
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    def sts(service: str, **credentials: Any) -> Any:
        settings = Config(**_CONFIG)
        return session.client(service, endpoint_url=options.get("endpoint_url"), config=settings, **credentials)

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts,
        source_credentials=session.get_credentials(),
        role_arn=options["role_arn"],
        extra_args={"RoleSessionName": "bototrail"},
    )
    base = botocore.session.Session()
    base._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    return boto3.Session(botocore_session=base, region_name=session.region_name)


def options_for(trail: Trail, service: str) -> dict[str, Any]:
    """The options of a trail's clients for one service: its own table, over what holds for all."""
    common = {name: value for name, value in trail.delivery.items() if not isinstance(value, dict)}
    return {**common, **trail.delivery.get(service, {})}


def own_account(options: dict[str, Any], region: str) -> str:
    """The account whose credentials deliver, asked of STS."""
    answer = make_client("sts", options, region).get_caller_identity()
    return str(answer["Account"])


def patiently(send: Callable[[], Any], stop: Event) -> Any:
    """What `send` answers; it is asked again, after growing pauses, when the service says that it goes too fast."""
    for pause in _PAUSES:
        try:
            return send()
        except Exception as error:  # noqa: PERF203 each try may fail
            if error_code(error) not in _THROTTLED or stop.wait(pause * _jitter.uniform(0.5, 1.0)):
                raise
    return send()


def error_code(error: BaseException) -> str:
    """The service's error code, or the exception's class when no answer came."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return str(code or type(error).__name__)


def refused(error: Exception) -> bool:
    """Whether a failed request certainly did nothing."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return bool(error.response["ResponseMetadata"].get("HTTPStatusCode", 500) < 500)
    never_sent = (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError, exceptions.NoCredentialsError)
    return isinstance(error, never_sent)


def may_pass(error: Exception) -> bool:
    """Whether a failure is of the network's kind, which is no fault of the setting."""
    from botocore import exceptions

    return isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError))


def failed(where: str, error: Exception) -> DeliveryError:
    """What is raised for a request to `where` that failed."""
    text = f"{where}: {type(error).__name__}: {harmless(str(error))}"
    return DeliveryError(text, perhaps=not refused(error), code=error_code(error))


def _message(error: Any) -> str:
    return harmless(str(error.response["Error"].get("Message", "")))


def unusable(expected: str, error: Exception, todo: str) -> ConfigError | None:
    """What is wrong with a setting, if a failed trial shows that; None for what may pass by itself."""
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError):
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            return None
        return ConfigError(expected, f"{error_code(error)}: {_message(error)}", todo)
    return None if may_pass(error) else ConfigError(expected, harmless(str(error)), todo)
