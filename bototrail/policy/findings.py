"""What one record tells of the permissions that its call needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from bototrail.history.denials import told
from bototrail.history.places import Place, place_of
from bototrail.history.prefixes import operation_of, prefixes_of
from bototrail.policy.actions import Wanted, text_at, wanted
from bototrail.policy.aliases import ABOUT_CALLER, TEMPLATES
from bototrail.policy.arns import HIDDEN, Mentions, arns_of, mentions, resources_of, was_given
from bototrail.policy.catalogue import Action, action
from bototrail.policy.implied import keys, passed_roles, tags
from bototrail.policy.needs import Condition, Need, Use
from bototrail.policy.patterns import literal
from bototrail.policy.rest import request
from bototrail.record.resources import ACCOUNT, ArnMaker, Source, arn_maker
from bototrail.spool.entry import NO_ACCOUNT

_PUBLIC: Final = re.compile(r"^(arn:[^:]+:ssm:[^:]*:)[^:]*(:parameter/aws/service/)")  # AWS's own, in no account
_SPECIAL: Final = re.compile(r"[*?]|\$\{")
_CALLS: Final = ("AwsApiCall", "AwsVpceEvent", None)  # the second is about a call that an endpoint refused
_UNSIGNED: Final = frozenset({"SAMLUser", "Unknown", "WebIdentityUser"})


class Findings(NamedTuple):
    """What a record tells.

    Attributes:
        needs: permissions.
        keys: KMS key by the ARN of what is encrypted with it.
        uses: calls that use such a key.
        made: ids that the call has made.
        caller: ARN of who made the call, empty when it is not known.
        account: whose record it is.
    """

    needs: list[Need]
    keys: dict[str, str]
    uses: list[Use]
    made: list[str]
    caller: str
    account: str


_DECIDE: Final = (
    "eventType", "eventSource", "eventName", "awsRegion", "recipientAccountId", "readOnly", "eventCategory",
    "requestParameters", "responseElements", "resources", "errorCode", "errorMessage",
)  # fmt: skip
_REMEMBERED: Final = 20_000


class Reader:
    """Finds out what records tell, and remembers it: most programs make the same calls again and again."""

    def __init__(self) -> None:
        self._known: dict[bytes, Findings | None] = {}

    def findings(self, record: Mapping[str, Any]) -> Findings | None:
        """As the function of that name."""
        try:
            identity = record.get("userIdentity")
            who = _who(identity) if isinstance(identity, Mapping) else None
            key = orjson.dumps([who, *(record.get(name) for name in _DECIDE)])
        except (TypeError, ValueError, RecursionError):  # what is no JSON; the record is not from a file
            return findings(record)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = findings(record)
        return self._known[key]


def _who(identity: Mapping[str, Any]) -> list[Any]:
    """What of a caller decides: not the session, of which there may be as many as calls."""
    return [identity.get("type"), identity.get("invokedBy"), _caller(identity), "accessKeyId" in identity,
            identity.get("arn") if identity.get("type") == "IAMUser" else "arn" in identity]  # fmt: skip


def findings(record: Mapping[str, Any]) -> Findings | None:
    """What a record tells; None when it is not about an API call that somebody needed a permission for."""
    if record.get("eventType") not in _CALLS or not record.get("eventName"):
        return None
    identity = record.get("userIdentity")
    who: Mapping[str, Any] = identity if isinstance(identity, Mapping) else {}
    if who.get("type") in ("AWSService", "AWSAccount") or _is_unsigned(who):
        return None
    place = place_of(record)
    record = _with_known_account(_as_text(record), place)
    found = mentions(record)
    head, operation = operation_of(record)
    named = [(one, _resources(one, found, place, record)) for one in wanted(record)] if head != "apigateway" else []
    needs = [need for one, arns in named for need in _needs(one, arns, record, place, who)]
    if head == "apigateway":
        needs = list(_rest(operation, record, place))
    main = named[0][1] if named else []
    needs = _instead_of_denied(needs, record)
    parameters = record.get("requestParameters")
    if not _was_refused_before(record):
        if record.get("readOnly") is not True:
            needs += passed_roles(head, operation, parameters, place)
        needs += tags(action(named[0][0].action) if named else None, main, operation, parameters, place)
    if head == "s3" and record.get("errorCode") in ("NoSuchKey", "404"):
        needs += _to_be_told(main)
    encrypted, uses = keys(f"{head}:{operation}", record, [(one.action, arns) for one, arns in named], place.region)
    return Findings(
        list(dict.fromkeys(needs)), encrypted, uses, _made(head, operation, record, found), _caller(who), place.account
    )


def _is_unsigned(who: Mapping[str, Any]) -> bool:
    return str(who.get("type")) in _UNSIGNED and not who.get("accessKeyId") and not who.get("arn")


def _with_known_account(record: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The record without the account that stands for an unknown one in the ARNs of `resources`."""
    if place.account != "*":
        return record
    known = [{**e, "ARN": e["ARN"].replace(f":{NO_ACCOUNT}:", ":*:")} for e in resources_of(record)]
    return {**record, "resources": known}


def _as_text(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record with what would be a wildcard or a variable in a policy written as text."""
    parts = (record.get("requestParameters"), resources_of(record))
    if not any(_SPECIAL.search(text) for part in parts for _, text in _texts(part, "")):
        return record
    return {**record, "requestParameters": _literal(parts[0]), "resources": _literal(parts[1])}


def _literal(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {key: _literal(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_literal(value) for value in tree]
    if not isinstance(tree, str) or HIDDEN.fullmatch(tree):
        return tree
    text, version, rest = tree.partition("?versionId=")  # of what is copied; that is no part of the name
    return literal(text) + version + rest


def _was_refused_before(record: Mapping[str, Any]) -> bool:
    """A refused call needed its own action; whether it would have needed more did not turn out."""
    return told(record) is not None and record.get("requestParameters") is None


@lru_cache(maxsize=512)
def _maker(template: str) -> ArnMaker:
    return arn_maker(template)


def _resources(one: Wanted, found: Mentions, place: Place, record: Mapping[str, Any]) -> list[str]:
    if one.arn:
        source = Source(place.partition, place.region, one.parameters, {}, {})
        arns = [arn.replace(ACCOUNT, place.account) for arn in _maker(one.arn)(source)]
        if arns:
            return [_of_access_point(arn) for arn in arns]
    known = action(one.action)
    if known is None:
        return ["*"]
    if template := TEMPLATES.get(known.name.partition(":")[0]):
        source = Source(place.partition, place.region, one.parameters, {}, {})
        if made := _maker(template)(source):
            return [arn.replace(ACCOUNT, place.account) for arn in made]
    arns = [_PUBLIC.sub(r"\1\2", arn) for arn in arns_of(known, found, place)]
    me = text_at(record, "userIdentity.arn")
    return [me] if ":user/" in me and _is_about_caller(known, record) else arns


def _is_about_caller(known: Action, record: Mapping[str, Any]) -> bool:
    """Whether an IAM call that names no user is about the caller."""
    return known.name in ABOUT_CALLER and not text_at(record, "requestParameters.userName") and not told(record)


def _of_access_point(arn: str) -> str:
    """Objects behind an access point have `/object/` in their ARN."""
    point, slash, key = arn.partition(":accesspoint/")
    name, more, rest = key.partition("/")
    if not slash or not more or rest.startswith("object/"):
        return arn
    return f"{point}:accesspoint/{name}/object/{rest}"


def _to_be_told(objects: list[str]) -> Iterator[Need]:
    """Who may not list a bucket is told 403, not 404, of an object that is not there (S3 API reference)."""
    for arn in objects:
        yield Need("s3:ListBucket", arn.partition("/")[0], implied=True)


def _needs(
    one: Wanted, arns: list[str], record: Mapping[str, Any], place: Place, who: Mapping[str, Any]
) -> Iterator[Need]:
    for arn in arns:
        yield Need(one.action, arn, tuple(_conditions(one, arn, record, place, who)), one.verified)


def _conditions(
    one: Wanted, arn: str, record: Mapping[str, Any], place: Place, who: Mapping[str, Any]
) -> Iterator[Condition]:
    parameters = record.get("requestParameters")
    known = action(one.action)
    if known and "s3:prefix" in known.condition_keys and (prefix := text_at(parameters, "prefix")):
        yield "StringEquals", "s3:prefix", prefix
    if known and known.name.startswith("kms:"):
        _, alias, name = text_at(parameters, "keyId").partition("alias/")
        if alias and arn.endswith("key/*"):
            yield "StringEquals", "kms:RequestAlias", alias + name
        by = str(who.get("invokedBy") or "")
        if by.endswith(".amazonaws.com"):
            yield "StringEquals", "kms:ViaService", f"{by.removesuffix('.amazonaws.com')}.{place.region}.amazonaws.com"
    if arn == "*" and one.verified and not one.action.startswith("s3:"):
        yield "StringEquals", "aws:RequestedRegion", place.region


def _rest(operation: str, record: Mapping[str, Any], place: Place) -> Iterator[Need]:
    given = record.get("requestParameters")
    found = request(operation, given if isinstance(given, Mapping) else {})
    if found is None:
        yield from (Need(one.action, "*", verified=one.verified) for one in wanted(record))
        return
    verb, path = found
    yield Need(f"apigateway:{verb}", f"arn:{place.partition}:apigateway:{place.region}::{path}")


def _instead_of_denied(needs: list[Need], record: Mapping[str, Any]) -> list[Need]:
    """A refusal names action and resource itself, and often there are no parameters to tell them otherwise."""
    refused = told(record)
    if refused is None or refused.action is None:
        return needs
    known = action(refused.action)
    name = known.name if known else refused.action
    named = refused.resource if refused.resource and refused.resource.startswith("arn:") else None
    same = [need for need in needs if need.action == name]
    if named is None:
        return needs if same else [*needs, Need(name, "*", verified=known is not None)]
    others = [need for need in needs if need.action != name]
    return [*others, Need(name, named, verified=known is not None)]


_ID: Final = re.compile(r"(?=.*\d)(?!\d{12}$)[A-Za-z0-9_-]{5,}")
# Some services draw ids of few letters and digits: one API of API Gateway in 25 has an id without a digit.
_LETTERS: Final = re.compile(r"[A-Za-z]{5,}")
# Its own, not its key's or its owner's.
_ID_KEY: Final = re.compile(r"^(?!.*(?:kms|owner|account|principal|request)).*(?:id|arn|identifier)$", re.IGNORECASE)
# The end of an ARN that AWS draws: it has a digit, or is the six letters after a secret's name.
_DRAWN: Final = re.compile(r"\d[^/:]*$|:secretsmanager:.*-[A-Za-z0-9]{6}$")
_ARN_KEY: Final = re.compile(r"^(?!.*(?:kms|role)).*arn$", re.IGNORECASE)


def _made(head: str, operation: str, record: Mapping[str, Any], found: Mentions) -> list[str]:
    """What a call has made and the caller did not name: ids, as `prefix:id`, and whole ARNs."""
    if record.get("readOnly") is True or record.get("eventCategory") == "Data":
        return []
    out: dict[str, None] = {}
    for key, value in _texts(record.get("responseElements"), ""):
        if value.startswith("arn:"):
            if _ARN_KEY.search(key) and not was_given(value, found) and _DRAWN.search(value):
                out[value] = None
        elif _ID_KEY.search(key):
            name = re.split("[/:]", value)[-1]
            if not _is_id(name, key, operation) or was_given(name, found):
                continue
            out.update(dict.fromkeys(f"{prefix}:{name}" for prefix in prefixes_of(head)))
    return list(out)


def _is_id(name: str, key: str, operation: str) -> bool:
    return bool(_ID.fullmatch(name) or (_LETTERS.fullmatch(name) and _is_own(key, operation)))


def _is_own(key: str, operation: str) -> bool:
    """Whether a key is the id of what the operation creates: `id`, or `routeId` of CreateRoute."""
    thing = operation.removeprefix("Create").lower()
    return thing != operation.lower() and key.endswith(("id", "Id")) and thing.endswith(key[:-2].lower())


def _texts(tree: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _texts(value, str(name))
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts(value, key)
    elif isinstance(tree, str):
        yield key, tree


def _caller(who: Mapping[str, Any]) -> str:
    issuer = text_at(who, "sessionContext.sessionIssuer.arn")
    return issuer or text_at(who, "arn")
