"""Edits of endpoints: Pinpoint's rules of merging, against a plain Python model of them."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.conftest import NOW, Open
from tests.store.town import opened
from workbench.plan.edit import GIVING_WAY, Deleted, Edit, Put, Value, texts
from workbench.plan.endpoint import Endpoint
from workbench.plan.event import Event
from workbench.plan.workspace import Workspace
from workbench.store import deleted, edits, events, timeline
from workbench.store import workspace as settings_of

LIMIT = 2
IDS = ("e1", "e2", "e3", "e4", "e5")


@dataclass
class Model:
    """What a workspace should hold: endpoints by id, with their fields by dotted name, and attributes of users."""

    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def put(self, batch: Sequence[Edit], now: datetime) -> set[str]:
        """Do the edits, and give the ids that are refused."""
        said: dict[str, dict[str, Value]] = {}
        for edit in batch:
            said[edit.id] = {**said.pop(edit.id, {}), **edit.values}
        after = {name: self._merged(name, values, now) for name, values in said.items()}
        refused = {name for name, one in after.items() if not self._may_be(one, said[name])}
        for name in refused:
            del after[name]
        refused |= self._make_room(after)
        for name, values in said.items():
            if name in after:
                self._tell_user(after[name]["User.UserId"], values)
        for name, one in after.items():
            self.endpoints[name] = one
            if one["EndpointStatus"] == "ACTIVE":
                self._retire(name, one)
        return refused

    def _merged(self, name: str, values: dict[str, Value], now: datetime) -> dict[str, Any]:
        one = dict(self.endpoints.get(name, {"OptOut": "NONE", "User.UserId": None, "Address": None}))
        one |= {"EndpointStatus": "ACTIVE", "EffectiveDate": now}
        for name_of, value in values.items():
            if name_of.startswith("Attributes."):
                one[name_of] = texts(value)
            elif name_of == "EffectiveDate":
                one[name_of] = datetime.fromisoformat(str(value))
            elif not name_of.startswith("User.UserAttributes."):
                one[name_of] = value or None
        return one

    @staticmethod
    def _may_be(one: dict[str, Any], values: dict[str, Value]) -> bool:
        of_user = any(name.startswith("User.UserAttributes.") and value for name, value in values.items())
        return bool(one["Address"]) and (bool(one["User.UserId"]) or not of_user)

    def _make_room(self, after: dict[str, dict[str, Any]]) -> set[str]:
        """One after the other, as the rule is told."""
        refused: set[str] = set()
        stays = {name: one["User.UserId"] for name, one in self.endpoints.items()}
        members: dict[str, list[str]] = {}
        for name, user in stays.items():
            if user and (name not in after or after[name]["User.UserId"]):
                members.setdefault(user, []).append(name)
        arrival = {name: place for place, name in enumerate(self.endpoints)}
        for name, one in list(after.items()):
            user = one["User.UserId"]
            if not user or stays.get(name) == user:
                continue
            there = members.setdefault(user, [])
            if len(there) >= LIMIT:
                pool = [
                    each
                    for each in there
                    if (each not in after or after[each]["User.UserId"] == user)
                    and self._of(each, after).get("ChannelType") in GIVING_WAY
                ]
                if one.get("ChannelType") not in GIVING_WAY or not pool:
                    refused.add(name)
                    continue
                place = {each: at for at, each in enumerate(after)}
                oldest = min(
                    pool,
                    key=lambda each: (
                        self._of(each, after)["EffectiveDate"],
                        each in after,
                        place.get(each, 0) if each in after else arrival[each],
                    ),
                )
                there.remove(oldest)
                self._of(oldest, after).update({"EndpointStatus": "INACTIVE", "User.UserId": None})
            there.append(name)
        for name in refused:
            del after[name]
        return refused

    def _of(self, name: str, after: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return after.get(name, self.endpoints.get(name, {}))

    def _tell_user(self, user: str | None, values: dict[str, Value]) -> None:
        for name, value in values.items():
            if user and name.startswith("User.UserAttributes."):
                self.users.setdefault(user, {})[name.removeprefix("User.UserAttributes.")] = texts(value)

    def _retire(self, name: str, one: dict[str, Any]) -> None:
        for other, each in self.endpoints.items():
            if other != name and all(each.get(what) == one.get(what) for what in ("ChannelType", "Address")):
                each["EndpointStatus"] = "INACTIVE"


def shown(one: Endpoint) -> dict[str, Any]:
    """A stored endpoint as the model has it."""
    fixed = {
        "Address": one.address or None,
        "ChannelType": one.channel_type or None,
        "EndpointStatus": one.status,
        "OptOut": one.opt_out,
        "User.UserId": one.user_id,
        "EffectiveDate": one.effective,
    }
    own = {f"Attributes.{name}": values for name, values in one.attributes.items()}
    return {**fixed, **one.fields, **own, **{f"Metrics.{name}": value for name, value in one.metrics.items()}}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in {None, ()}}


_MOMENTS = st.integers(0, 5).map(lambda day: (NOW - timedelta(days=day)).isoformat())
_CHANNELS = ("CUSTOM", "GCM", "APNS")
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "Address": st.sampled_from(("a", "b", "c", "d", "e", "f", "")),
        "ChannelType": st.sampled_from(_CHANNELS),
        "EndpointStatus": st.sampled_from(("ACTIVE", "INACTIVE")),
        "OptOut": st.sampled_from(("ALL", "NONE")),
        "User.UserId": st.sampled_from(("u1", "u2", "")),
        "EffectiveDate": _MOMENTS,
        "Location.City": st.sampled_from(("Berlin", "", None)),
        "Attributes.plan": st.lists(st.sampled_from(("pro", "team")), max_size=3).map(tuple),
        "Attributes.tags": st.sampled_from((("x",), ())),
        "Metrics.spent": st.sampled_from((1.5, None)),
        "User.UserAttributes.Name": st.lists(st.sampled_from(("Ann", "Bob")), max_size=2).map(tuple),
    },
)
BATCH = st.lists(st.builds(Edit, id=st.sampled_from(IDS), values=VALUES), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BATCH, min_size=1, max_size=4))
def test_edits_merge_as_the_plain_model_says(batches: list[list[Edit]]) -> None:
    model = Model()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "x.db") as cursor:
        cursor.execute(
            "INSERT INTO meta VALUES ('settings', ?)", [Workspace(endpoints_per_user=LIMIT).to_json()]
        )  # fmt: skip
        for number, batch in enumerate(batches):
            now = NOW + timedelta(days=number)
            refused = model.put(batch, now)
            answer = edits.put(cursor, batch, now)
            assert {batch[each.place].id for each in answer.refused} == refused, answer
            stored = {}
            for (name,) in cursor.execute("SELECT id FROM endpoints").fetchall():
                person = timeline.person(cursor, name, 0, 1)
                assert person is not None
                stored[name] = person.endpoint
            assert {name: filled(shown(one)) for name, one in stored.items()} == {
                name: filled(one) for name, one in model.endpoints.items()
            }
            for one in stored.values():
                assert one.user_attributes == filled(model.users.get(one.user_id or "", {}))
            used = cursor.execute("SELECT DISTINCT kind, name FROM names").fetchall()
            assert len(used) == sum(
                any(one.get(name) for one in model.endpoints.values())
                for name in ("Attributes.plan", "Attributes.tags", "Metrics.spent")
            ) + any(user.get("Name") for user in model.users.values())


def put(place: Open, *batch: Edit, now: datetime = NOW) -> Put:
    return place.bulk(edits.put, batch, now)


def one(place: Open, name: str) -> Endpoint:
    person = place.read(timeline.person, name, 0, 1)
    assert person is not None
    return person.endpoint


def reasons(answer: Put) -> list[tuple[int, str, str]]:
    return [(each.place, each.where, each.text) for each in answer.refused]


def mail(name: str, **more: Value) -> Edit:
    return Edit(id=name, values={"ChannelType": "EMAIL", "Address": f"{name}@example.com", **more})


def test_every_field_of_the_model_is_kept_and_can_be_cleared(workspace: Open) -> None:
    values: dict[str, Value] = {
        "Address": "+49 30 1234", "ChannelType": "sms", "OptOut": "all", "EndpointStatus": "inactive",
        "EffectiveDate": "2024-02-29T10:00:00+02:00", "RequestId": "r1", "Demographic.AppVersion": "1.2",
        "Demographic.Locale": "de", "Demographic.Make": "m", "Demographic.Model": "o", "Demographic.ModelVersion": "3",
        "Demographic.Platform": "ios", "Demographic.PlatformVersion": "17", "Demographic.Timezone": "Europe/Berlin",
        "Location.City": "Berlin", "Location.Country": "DE", "Location.Latitude": 52.5, "Location.Longitude": "13.4",
        "Location.PostalCode": "10115", "Location.Region": "BE", "Attributes.plan": ("pro", "team"),
        "Metrics.spent": 12.5, "User.UserId": "u1", "User.UserAttributes.Name": ("Ann",), "CohortId": "7",
        "CreationDate": "2020-01-01",
    }  # fmt: skip
    answer = put(workspace, Edit(id="e1", values=values))
    assert (answer.ids, answer.added, answer.refused) == (("e1",), 1, ())
    found = one(workspace, "e1")
    assert (found.status, found.opt_out, found.channel_type, found.cohort) == ("INACTIVE", "ALL", "SMS", 7)
    assert found.effective == datetime(2024, 2, 29, 8, tzinfo=UTC)
    assert (found.created.year, found.fields["Location.Longitude"], len(found.fields)) == (2020, 13.4, 15)
    assert (found.attributes, found.metrics, found.user_attributes) == (
        {"plan": ("pro", "team")}, {"spent": 12.5}, {"Name": ("Ann",)},
    )  # fmt: skip
    kept = {"Address", "ChannelType", "OptOut", "EndpointStatus", "EffectiveDate", "CohortId", "CreationDate"}
    put(workspace, Edit(id="e1", values=dict.fromkeys(name for name in values if name not in kept)))
    found = one(workspace, "e1")
    assert (found.fields, found.attributes, found.metrics, found.user_attributes) == ({}, {}, {}, {})
    assert (found.status, found.effective, found.cohort, found.user_id) == ("ACTIVE", NOW, 7, None)
    assert workspace.rows("SELECT name FROM catalogue WHERE kind IN ('attribute', 'metric')") == []


def test_an_older_effective_date_is_taken_as_it_is_said(workspace: Open) -> None:
    put(workspace, mail("e1"))
    put(workspace, Edit(id="e1", values={"EffectiveDate": "2020-01-01T00:00:00Z", "Location.City": "Berlin"}))
    found = one(workspace, "e1")
    assert (found.effective.year, found.fields["Location.City"]) == (2020, "Berlin")


def test_an_endpoint_without_an_id_is_found_by_its_address_or_gets_one_from_it(workspace: Open) -> None:
    first = put(workspace, Edit(values={"ChannelType": "EMAIL", "Address": "Ann@example.com"}))
    again = put(workspace, Edit(values={"ChannelType": "email", "Address": "ann@EXAMPLE.com", "Attributes.a": ("1",)}))
    assert (again.ids, again.added, again.updated) == (first.ids, 0, 1)
    assert one(workspace, first.ids[0]).attributes == {"a": ("1",)}
    assert reasons(put(workspace, Edit(values={"ChannelType": "EMAIL"}))) == [(0, "Address", "Missing Address")]


def test_what_is_wrong_is_refused_alone_and_with_its_field(workspace: Open) -> None:
    answer = put(
        workspace,
        mail("e1"),
        Edit(id="e2", values={"ChannelType": "EMAIL", "Address": "nowhere"}),
        Edit(id="e3", values={"Location.City": "Berlin"}),
        mail("e4", **{"Attributes." + "n" * 51: ("x",)}),
        mail("e5", **{"Attributes.long": ("x" * 101,)}),
        mail("e6", **{"Attributes.many": tuple(str(number) for number in range(51))}),
        mail("e7", **{"Metrics.m": "much"}),
        mail("e8", **{"User.UserAttributes.Name": ("Ann",)}),
        mail("e9", **{"Location.Latitude": 91.0}),
        mail("e10", **{"Location.Planet": "Mars"}),
    )
    assert [(place, where.removesuffix("n" * 51)) for place, where, _ in reasons(answer)] == [
        (1, "Address"), (2, "Address"), (3, "Attributes."), (4, "Attributes.long"), (5, "Attributes.many"),
        (6, "Metrics.m"), (7, "User.UserId"), (8, "Location.Latitude"), (9, "Location.Planet"),
    ]  # fmt: skip
    assert answer.ids == ("e1", *[""] * 9)
    assert workspace.rows("SELECT id FROM endpoints") == [("e1",)]


def test_names_and_bytes_have_limits(workspace: Open) -> None:
    def named(first: int, last: int) -> dict[str, Value]:
        return {f"Attributes.a{number}": ("x" * 90,) for number in range(first, last)}

    assert put(workspace, mail("e1", **named(0, 150)), mail("e2", **named(150, 250))).refused == ()
    assert reasons(put(workspace, mail("e3", **{"Metrics.one_more": 1.0}))) == [
        (0, "Metrics.one_more", "Too many custom attributes")
    ]
    ((place, _, text),) = reasons(put(workspace, Edit(id="e1", values=named(150, 240))))
    assert (place, text) == (0, "The endpoint has more than 15,360 bytes.")
    assert len(one(workspace, "e1").attributes) == 150


def test_the_sixteenth_endpoint_of_a_user(workspace: Open) -> None:
    full = [mail(f"e{number}", **{"User.UserId": "u"}) for number in range(14)]
    push = Edit(id="old", values={"ChannelType": "GCM", "Address": "t0", "User.UserId": "u"})
    assert put(workspace, *full, push).refused == ()
    assert reasons(put(workspace, mail("e15", **{"User.UserId": "u"}))) == [
        (0, "User.UserId", "Exceeded maximum endpoint per user count: 15")
    ]
    sandbox = Edit(id="debug", values={"ChannelType": "APNS_SANDBOX", "Address": "t1", "User.UserId": "u"})
    assert len(put(workspace, sandbox).refused) == 1
    answer = put(workspace, Edit(id="new", values={"ChannelType": "APNS", "Address": "t2", "User.UserId": "u"}))
    assert (answer.refused, answer.gave_way) == ((), ("old",))
    assert (one(workspace, "old").user_id, one(workspace, "old").status) == (None, "INACTIVE")
    back = put(workspace, Edit(id="new", values={"User.UserId": ""}), *answer.others)
    assert back.refused == ()
    assert (one(workspace, "old").user_id, one(workspace, "old").status) == ("u", "ACTIVE")
    workspace.write(settings_of.save_settings, Workspace(endpoints_per_user=20))
    assert put(workspace, mail("e15", **{"User.UserId": "u"})).refused == ()


def test_of_one_address_the_endpoint_edited_last_is_active(workspace: Open) -> None:
    put(workspace, mail("e1"), Edit(id="e2", values={"ChannelType": "EMAIL", "Address": "E1@example.com"}))
    assert (one(workspace, "e1").status, one(workspace, "e2").status) == ("INACTIVE", "ACTIVE")
    answer = put(workspace, Edit(id="e1", values={"EndpointStatus": "ACTIVE"}))
    assert (answer.retired, one(workspace, "e2").status) == (("e2",), "INACTIVE")
    put(workspace, Edit(id="e1", values={"EndpointStatus": "INACTIVE"}), *answer.others)
    assert (one(workspace, "e1").status, one(workspace, "e2").status) == ("INACTIVE", "ACTIVE")


@pytest.mark.parametrize("value", [(), "", None])
def test_an_empty_list_clears(workspace: Open, value: Value) -> None:
    put(workspace, mail("e1", **{"Attributes.plan": ("pro",), "Attributes.kept": ("yes",)}))
    put(workspace, Edit(id="e1", values={"Attributes.plan": value}))
    assert one(workspace, "e1").attributes == {"kept": ("yes",)}


def test_what_is_deleted_comes_back_with_its_events(workspace: Open) -> None:
    ann: dict[str, Value] = {"User.UserId": "u", "User.UserAttributes.Name": ("Ann",), "Attributes.plan": ("pro",)}
    second: dict[str, Value] = {"User.UserId": "u", "EndpointStatus": "INACTIVE", "Metrics.m": 0.1}
    put(workspace, mail("e1", **ann), mail("e2", **second))
    happened = [Event(id="1", endpoint_id="e2", type="buy", at=NOW, metrics={"sum": 2.0})]
    workspace.write(events.append, happened)
    before = [workspace.read(timeline.person, name, 0, 9) for name in ("e1", "e2")]
    ids = workspace.read(deleted.of_user, "u")
    gone = workspace.bulk(deleted.delete, ids)
    assert ([each.id for each in gone.endpoints], workspace.rows("FROM endpoints")) == (["e1", "e2"], [])
    assert workspace.rows("FROM users") == []
    assert workspace.rows("FROM catalogue WHERE kind NOT LIKE 'event%'") == []
    put(workspace, mail("e3"))
    assert workspace.read(timeline.person, "e3", 0, 9).timeline == ()  # type: ignore[union-attr]  # it is there
    back = workspace.bulk(deleted.restore, gone, NOW + timedelta(days=1))
    assert (back.added, back.refused) == (2, ())
    assert [workspace.read(timeline.person, name, 0, 9) for name in ("e1", "e2")] == before
    assert workspace.bulk(deleted.delete, ("nobody",)) == Deleted()
