"""A person while being edited: all endpoints, with what is typed kept as it is typed."""

from collections.abc import Sequence

from workbench.plan import edit as edits
from workbench.plan.definition import Definition
from workbench.plan.edit import INITIAL, Edit, Value
from workbench.plan.endpoint import Endpoint
from workbench.plan.fields import USER_ATTRIBUTE
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

_USER = "User.UserId"
#: what an edit says even where it changes nothing, because an edit that does not say it changes it
_ALWAYS = ("EndpointStatus", "EffectiveDate")


class PersonDraft(Definition):
    """The endpoints of a person, in the order of arrival; each says all that is known of it, but what never changes."""

    endpoints: tuple[Edit, ...] = ()


def draft_of(endpoints: Sequence[Endpoint]) -> PersonDraft:
    """The person as stored, ready to be edited."""
    return PersonDraft(
        endpoints=tuple(
            Edit(id=each.id, values={name: value for name, value in each.values.items() if name not in INITIAL})
            for each in map(edits.edit_of, endpoints)
        )
    )


def endpoint(draft: PersonDraft, endpoint_id: str) -> Edit:
    """The endpoint of that id; an empty one where there is none."""
    return next((each for each in draft.endpoints if each.id == endpoint_id), Edit())


def with_value(draft: PersonDraft, endpoint_id: str, field: str, value: Value) -> PersonDraft:
    """The draft with another value in a field; None takes the field away. A user's attributes change everywhere."""
    user = endpoint(draft, endpoint_id).values.get(_USER)
    shared = field.startswith(USER_ATTRIBUTE) and bool(user)

    def changed(each: Edit) -> Edit:
        if each.id != endpoint_id and not (shared and each.values.get(_USER) == user):
            return each
        values = {name: old for name, old in each.values.items() if name != field or value is not None}
        return Edit(id=each.id, values=values | ({field: value} if value is not None else {}))

    return PersonDraft(endpoints=tuple(changed(each) for each in draft.endpoints))


def changes(before: PersonDraft, after: PersonDraft) -> tuple[Edit, ...]:
    """What has to be said to turn one into the other, of endpoints that both have."""
    found = []
    for new in after.endpoints:
        old = endpoint(before, new.id)
        if not old.id:
            continue
        fields = dict.fromkeys((*old.values, *new.values))
        values = {
            field: new.values.get(field)
            for field in fields
            if not _same(field, old.values.get(field), new.values.get(field))
        }
        if values:
            kept = {field: new.values.get(field) for field in _ALWAYS}
            found.append(Edit(id=new.id, values=kept | values))
    return tuple(found)


def _same(field: str, one: Value, other: Value) -> bool:
    try:
        return edits.meant(field, one) == edits.meant(field, other)
    except ValueError:
        return one == other


def check(draft: PersonDraft) -> tuple[Problem, ...]:
    """What is wrong, each at `endpoints.2.Location.City`."""
    return tuple(
        Problem(f"endpoints.{number}.{problem.where}", problem.text, problem.fix, problem.blocks)
        for number, each in enumerate(draft.endpoints)
        for problem in (*edits.check(each), *_whole(each))
    )


def _whole(each: Edit) -> list[Problem]:
    """What is wrong with the fields together."""
    address, channel = (str(each.values.get(field) or "").strip() for field in ("Address", "ChannelType"))
    found = []
    if not address:
        found.append(Problem("Address", Words(N_("The address is missing.")), Words(N_("Type one."))))
    elif (problem := edits.address_problem(channel, address)) is not None:
        found.append(problem)
    of_user = any(name.startswith(USER_ATTRIBUTE) and edits.texts(value) for name, value in each.values.items())
    if of_user and not str(each.values.get(_USER) or "").strip():
        found.append(Problem(_USER, Words(N_("Attributes of a user need a user's id."))))
    return found
