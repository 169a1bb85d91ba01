"""What of a call decides whether a trail wants it, read only when a selector asks."""

from __future__ import annotations

from functools import lru_cache

from bototrail.model import Call
from bototrail.record.assemble import entries_of, source_of
from bototrail.record.failures import error_code, is_unread
from bototrail.record.resources import ACCOUNT
from bototrail.regions import partition_of
from bototrail.trails.records import with_account
from bototrail.trails.resources import Resource, kinds_of

_partition_of = lru_cache(maxsize=256)(partition_of)


class EventFacts:
    """A finished call, as far as selectors ask after it.

    Args:
        call: what was seen.
        account: the caller's account, `known` or not; what is in the record in the end when it is known.
        caller_arn: userIdentity.arn; None when the caller has none, or is not known.
        known: whether account and ARN are final.
    """

    __slots__ = ("_account", "_call", "_resources", "caller_arn", "known")

    def __init__(self, call: Call, account: str | None, caller_arn: str | None, known: bool) -> None:
        self._call, self._account = call, account
        self.caller_arn, self.known = caller_arn, known
        self._resources: tuple[Resource, ...] | None = None

    def resources(self) -> tuple[Resource, ...]:
        """The resources of the event; the account of a caller who is not known stands in them as `ACCOUNT`."""
        if self._resources is None:
            found = self._find()
            self._resources = with_account(found, self._account or "") if self.known else found
        return self._resources

    def arns(self, kind: str) -> tuple[str, ...]:
        """The ARNs of the resources of a type."""
        return tuple(arn for found, arn in self.resources() if found == kind and arn is not None)

    def is_open(self, resource: Resource) -> bool:
        """Whether a resource's ARN is not final."""
        return not self.known and resource.arn is not None and ACCOUNT in resource.arn

    def _find(self) -> tuple[Resource, ...]:
        call = self._call
        code = error_code(call)
        parameters = None if is_unread(call, code) else call.request_parameters
        kinds = kinds_of(call.plan.event_source, call.plan.event_name)
        source = source_of(call, code, parameters)
        entries = entries_of(call.plan, code, source)
        partition = _partition_of(call.region)  # a record says no more
        return kinds.find(source if source.partition == partition else source._replace(partition=partition), entries)
