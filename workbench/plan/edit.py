"""What is said of an endpoint, by hand, by a script or by a program: some fields, the others stay as they are.

Pinpoint's rules of `UpdateEndpoint`: a named attribute is replaced as a whole list, an empty one is cleared.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from workbench.plan.definition import Answer, Definition
from workbench.plan.endpoint import CHANNEL_TYPES, Endpoint
from workbench.plan.fields import ATTRIBUTE, FIELDS, METRIC, OPEN_PREFIXES, USER_ATTRIBUTE, is_field
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

#: Limits of Pinpoint: names of one's own in a workspace, characters of a name and of a value, values of an attribute,
#: bytes of an endpoint, endpoints of a user unless the workspace says another number.
NAMES: Final = 250
NAME_LENGTH: Final = 50
VALUE_LENGTH: Final = 100
VALUES: Final = 50
BYTES: Final = 15 * 1024
PER_USER: Final = 15
#: Of these types the endpoint that was used longest ago makes room for one more of a user's.
GIVING_WAY: Final = ("ADM", "GCM", "APNS", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU")
#: Fields of fixed words.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "ChannelType": CHANNEL_TYPES,
    "OptOut": ("ALL", "NONE"),
    "EndpointStatus": ("ACTIVE", "INACTIVE"),
}
#: An address of mail: something, an at sign, something with a dot, and no blanks.
MAIL: Final = r"[^@\s]+@[^@\s]+\.[^@\s]+"
PHONE: Final = r"\+?[0-9][0-9 ().-]{3,20}"
#: Fields that are drawn when the endpoint is made, and never change.
INITIAL: Final = ("CreationDate", "CohortId")
#: Marks that Pinpoint advises against in names: its console cannot show them.
_ODD: Final = "#:?\\/"
_COHORTS: Final = 100
_BOUNDS: Final = {"Location.Latitude": 90.0, "Location.Longitude": 180.0}

Value = tuple[str, ...] | float | str | None


class Edit(Definition):
    """What is said of one endpoint.

    Attributes:
        id: the endpoint's; empty: that of the endpoint with this address, else one made from the address.
        values: by dotted field. Attributes are lists of text (a bare text is a list of one), metrics and coordinates
            numbers, times ISO 8601; None, an empty text or an empty list clears.
    """

    id: str = ""
    values: dict[str, Value] = {}


class Refusal(Answer):
    """An edit that was not done.

    Attributes:
        place: which of the batch, from 0.
        where: the dotted field at fault; may be empty.
        text: what is wrong.
    """

    place: int
    where: str
    text: str


class Put(Answer):
    """What became of a batch of edits.

    Attributes:
        ids: the endpoint of each edit, in their order; empty where it was refused.
        added: endpoints that are new.
        updated: endpoints that were there.
        refused: what was not done, by edit.
        gave_way: endpoints that lost their user, and are inactive now, to make room for one more of it.
        retired: endpoints that are inactive now, because a newer one has their address.
        others: what brings back the endpoints of `gave_way` and `retired` as they were.
    """

    ids: tuple[str, ...] = ()
    added: int = 0
    updated: int = 0
    refused: tuple[Refusal, ...] = ()
    gave_way: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    others: tuple[Edit, ...] = ()


class Deleted(Answer):
    """Endpoints that are gone, with all that is needed to bring them back.

    Attributes:
        endpoints: as they were.
        keys: their numbers, by which events and messages are theirs.
    """

    endpoints: tuple[Endpoint, ...] = ()
    keys: tuple[int, ...] = ()


def edit_of(endpoint: Endpoint) -> Edit:
    """All that is known of the endpoint, as if it were said anew."""
    values: dict[str, Value] = {
        "Address": endpoint.address,
        "ChannelType": endpoint.channel_type,
        "EndpointStatus": endpoint.status,
        "OptOut": endpoint.opt_out,
        "User.UserId": endpoint.user_id,
        "EffectiveDate": endpoint.effective.isoformat(),
        "CreationDate": endpoint.created.isoformat(),
        "CohortId": str(endpoint.cohort),
        **endpoint.fields,
        **{ATTRIBUTE + name: several for name, several in endpoint.attributes.items()},
        **{METRIC + name: number for name, number in endpoint.metrics.items()},
        **{USER_ATTRIBUTE + name: several for name, several in endpoint.user_attributes.items()},
    }
    return Edit(id=endpoint.id, values=values)


def texts(value: Value) -> tuple[str, ...]:
    """The values of an attribute, without blank ones."""
    match value:
        case None:
            return ()
        case tuple():
            return tuple(each for each in value if each.strip())
        case _:
            return (str(value),) if str(value).strip() else ()


def number(value: Value) -> float | None:
    """The value as a number; None for nothing. Raises ValueError where it is none."""
    if value is None or value in {"", ()}:
        return None
    found = float(value if not isinstance(value, tuple) else value[0])
    if not isfinite(found):
        raise ValueError(value)
    return found


def moment(value: Value) -> datetime | None:
    """The value as a moment, in UTC where it does not say its zone; None for nothing. Raises ValueError."""
    if value is None or value == "":
        return None
    return datetime.fromisoformat(str(value))


def meant(field: str, value: Value) -> tuple[str, ...] | float | datetime | str | None:
    """What the value stands for, as it is kept: a list, a number, a moment, a text; None for nothing.

    Raises ValueError where it cannot be kept.
    """
    if field.startswith(METRIC) or FIELDS.get(field) == "number":
        return number(value)
    if FIELDS.get(field) == "time":
        found = moment(value)
        return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
    if field in FIELDS:
        text = str(value or "").strip()
        return (text.upper() if field in CHOICES else text) or None
    return texts(value) or None


def check(edit: Edit) -> tuple[Problem, ...]:
    """What is wrong with the edit itself, whoever the endpoint is; each at its dotted field."""
    return tuple(problem for field, value in edit.values.items() for problem in _wrong(field, value))


def address_problem(channel: str, address: str) -> Problem | None:
    """What is wrong with an address for a channel."""
    if channel == "EMAIL" and not re.fullmatch(MAIL, address):
        return Problem("Address", Words(N_("It is not an e-mail address.")))
    if channel in {"SMS", "VOICE"} and not re.fullmatch(PHONE, address):
        return Problem("Address", Words(N_("It is not a phone number.")))
    return None


def name_problem(name: str) -> Problem | None:
    """What is wrong with a name of one's own, for an attribute or a metric."""
    if not name.strip():
        return Problem("", Words(N_("A name is missing.")))
    if len(name) > NAME_LENGTH:
        return Problem("", Words(N_("The name has more than {limit} characters."), {"limit": NAME_LENGTH}))
    if any(mark in name for mark in _ODD):
        return Problem(
            "", Words(N_("Amazon Pinpoint's console cannot show names with # : ? \\ or /.")), blocks=False
        )  # fmt: skip
    return None


def _wrong(field: str, value: Value) -> Iterable[Problem]:
    if not is_field(field):
        yield Problem(field, Words(N_("There is no such field.")))
    elif field.startswith(OPEN_PREFIXES):
        yield from _wrong_own(field, value)
    elif field in CHOICES:
        if value and str(value).upper() not in CHOICES[field]:
            words = Words(N_("It must be {choices}."), {"choices": " / ".join(CHOICES[field])})
            yield Problem(field, Words(N_("This channel is not known.")) if field == "ChannelType" else words)
    elif field == "CohortId":
        if str(value) not in {str(each) for each in range(_COHORTS)}:
            yield Problem(field, Words(N_("It is not a number from 0 to 99.")))
    elif FIELDS[field] == "number":
        yield from _wrong_number(field, value)
    elif FIELDS[field] == "time":
        yield from _wrong_time(field, value)


def _wrong_own(field: str, value: Value) -> Iterable[Problem]:
    prefix = next(each for each in OPEN_PREFIXES if field.startswith(each))
    problem = name_problem(field.removeprefix(prefix))
    if problem is not None:
        yield Problem(field, problem.text, blocks=problem.blocks)
    if prefix == METRIC:
        yield from _wrong_number(field, value)
        return
    several = texts(value)
    if len(several) > VALUES:
        yield Problem(field, Words(N_("There are more than {limit} values."), {"limit": VALUES}))
    if any(len(each) > VALUE_LENGTH for each in several):
        yield Problem(field, Words(N_("It has more than {limit} characters."), {"limit": VALUE_LENGTH}))


def _wrong_number(field: str, value: Value) -> Iterable[Problem]:
    try:
        found = number(value)
    except ValueError:
        yield Problem(field, Words(N_("It is not a number.")))
        return
    limit = _BOUNDS.get(field)
    if limit is not None and found is not None and abs(found) > limit:
        words = N_("It is not between −{limit} and {limit}.")
        yield Problem(field, Words(words, {"limit": f"{limit:g}"}))


def _wrong_time(field: str, value: Value) -> Iterable[Problem]:
    try:
        found = moment(value)
    except ValueError:
        found = None
    if value and (found is None or not 1900 <= found.year < 2200):  # noqa: PLR2004 - as imports take them
        yield Problem(field, Words(N_("It is not a date or time that can be read.")))


__all__ = [
    "ATTRIBUTE", "BYTES", "CHOICES", "GIVING_WAY", "INITIAL", "MAIL", "METRIC", "NAMES", "NAME_LENGTH", "PER_USER",
    "PHONE", "USER_ATTRIBUTE", "VALUES", "VALUE_LENGTH", "Deleted", "Edit", "Put", "Refusal", "Value",
    "address_problem", "check", "edit_of", "meant", "moment", "name_problem", "number", "texts",
]  # fmt: skip
