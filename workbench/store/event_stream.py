"""Records of Pinpoint's event stream: nested objects of fixed names, of which an event here takes what it has room for.

Fields as in "Streaming Amazon Pinpoint events to Kinesis", event data: `event_type`, `event_timestamp` (milliseconds),
`client.client_id` (the endpoint's id), `session.session_id`, `attributes`, `metrics`, `device`, `application` and
`facets`, what is peculiar to a channel.
"""

from collections.abc import Collection
from typing import Final

from workbench.plan.endpoint import ATTRIBUTE, METRIC

#: every record has these; other files of events hardly have both
_SIGNS: Final = {"event_type", "event_timestamp"}
_MORE_SIGNS: Final = {"arrival_timestamp", "event_version", "client.client_id", "application.app_id"}
_MAIL: Final = "facets.email_channel.mail_event."
_PLACES: Final = {
    "event_type": "EventType",
    "event_timestamp": "Timestamp",
    "client.client_id": "EndpointId",
    "session.session_id": "Session.Id",
    f"{_MAIL}mail.message_id": f"{ATTRIBUTE}message_id",
    f"{_MAIL}mail.from_address": f"{ATTRIBUTE}from_address",
    f"{_MAIL}bounce.bounce_type": f"{ATTRIBUTE}bounce_type",
    f"{_MAIL}bounce.bounce_sub_type": f"{ATTRIBUTE}bounce_sub_type",
    f"{_MAIL}complaint.complaint_feedback_type": f"{ATTRIBUTE}complaint_feedback_type",
}
#: parts whose values are short texts about the app and the device
_KEPT: Final = ("application.", "device.")
#: what is an empty object in a record has this name alone
_PARTS: Final = {"application", "application.sdk", "attributes", "client", "client_context", "device", "device.locale",
                 "device.platform", "facets", "metrics", "session"}  # fmt: skip


def is_one(names: Collection[str]) -> bool:
    """Whether the columns are those of the event stream."""
    return set(names) >= _SIGNS and not _MORE_SIGNS.isdisjoint(names)


def place(name: str) -> str:
    """The target of a field; empty where it has none: what is about the delivery of the record, or may be long."""
    if name in _PLACES:
        return _PLACES[name]
    for part, prefix in (("attributes.", ATTRIBUTE), ("metrics.", METRIC)):
        if name.startswith(part):
            return prefix + name.removeprefix(part)
    return f"{ATTRIBUTE}{name}" if name.startswith(_KEPT) and name not in _PARTS else ""


def says_nothing(name: str) -> bool:
    """Whether the field is an object that is empty in every record."""
    return name in _PARTS
