"""What is said of endpoints: parsed from Pinpoint's requests, checked, and as the difference of two drafts."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plan import edit as edits
from workbench.plan import endpoint_request, person_draft
from workbench.plan.edit import Edit, Value
from workbench.plan.endpoint import Endpoint
from workbench.plan.person_draft import PersonDraft

NOW = datetime(2025, 6, 1, tzinfo=UTC)
REQUEST = {
    "Address": "ann@example.com",
    "ChannelType": "EMAIL",
    "Attributes": {"plan": ["pro", "team"], "bare": "x", "gone": []},
    "Demographic": {"Timezone": "Europe/Berlin", "Make": None},
    "Location": {"City": "Berlin", "Latitude": 52.5},
    "Metrics": {"spent": 3},
    "User": {"UserId": "u1", "UserAttributes": {"Name": ["Ann"]}},
}
VALUES = {
    "Address": "ann@example.com", "ChannelType": "EMAIL", "Attributes.plan": ("pro", "team"), "Attributes.bare": ("x",),
    "Attributes.gone": (), "Demographic.Timezone": "Europe/Berlin", "Location.City": "Berlin",
    "Location.Latitude": 52.5, "Metrics.spent": 3.0, "User.UserId": "u1", "User.UserAttributes.Name": ("Ann",),
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REQUEST | {"Id": "e1"}),
        json.dumps({"Item": [REQUEST | {"Id": "e1"}]}),
        json.dumps([REQUEST | {"Id": "e1", "ApplicationId": "app"}]),
    ],
)
def test_a_request_says_what_it_names(text: str) -> None:
    assert endpoint_request.edits(text) == ((Edit(id="e1", values=VALUES),), ())


def test_requests_may_be_lines() -> None:
    text = "\n".join(json.dumps({"Id": name, "Address": name}) for name in ("a", "b"))
    found, problems = endpoint_request.edits(text)
    assert ([each.id for each in found], problems) == (["a", "b"], ())


def test_what_does_not_fit_is_told_where_it_is() -> None:
    wrong = {"Id": 5, "Planet": "Mars", "Location": {"Sea": 1}, "User": [], "Metrics": {"m": {}}}
    batch = {"Item": [{"Id": "e1"}, wrong | {"Attributes": {"a": [{}]}}]}
    _, problems = endpoint_request.edits(json.dumps(batch))
    assert [problem.where for problem in problems] == [
        "Item.1.Planet", "Item.1.Location.Sea", "Item.1.User", "Item.1.Metrics.m", "Item.1.Attributes.a", "Item.1.Id",
    ]  # fmt: skip
    assert [str(problem)[:16] for problem in endpoint_request.edits("{")[1]] == ["This is not JSON"]
    assert [str(problem) for problem in endpoint_request.edits("[5]")[1]] == ["An object belongs here."]


def test_assignments_repeat_and_clear() -> None:
    pairs = ["Attributes.plan=pro", "Attributes.plan=a=b", "Attributes.gone=", "Location.City=", "Metrics.m=1"]
    values, problems = endpoint_request.assignments([*pairs, "nothing"])
    assert values == {
        "Attributes.plan": ("pro", "a=b"), "Attributes.gone": (), "Location.City": "", "Metrics.m": "1",
    }  # fmt: skip
    assert [problem.where for problem in problems] == ["nothing"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ChannelType", "PIGEON", "This channel is not known."),
        ("OptOut", "SOME", "It must be ALL / NONE."),
        ("CohortId", "100", "It is not a number from 0 to 99."),
        ("EffectiveDate", "soon", "It is not a date or time that can be read."),
        ("EffectiveDate", "1800-01-01", "It is not a date or time that can be read."),
        ("Location.Longitude", "181", "It is not between −180 and 180."),
        ("Metrics.m", "nan", "It is not a number."),
        ("Attributes.", ("x",), "There is no such field."),
        ("Attributes. ", ("x",), "A name is missing."),
        ("Attributes." + "n" * 51, ("x",), "The name has more than 50 characters."),
        ("User.UserAttributes.a", ("x" * 101,), "It has more than 100 characters."),
        ("Attributes.a", tuple("x" * 51), "There are more than 50 values."),
    ],
)
def test_limits(field: str, value: Value, words: str) -> None:
    (problem,) = edits.check(Edit(values={field: value}))
    assert (problem.where, str(problem), problem.blocks) == (field, words, True)


@pytest.mark.parametrize("mark", "#:?\\/")
def test_odd_marks_in_names_are_advised_against(mark: str) -> None:
    (problem,) = edits.check(Edit(values={f"Attributes.a{mark}b": ("x",)}))
    assert not problem.blocks


@pytest.mark.parametrize(
    ("channel", "address", "fits"),
    [("EMAIL", "a@b.c", True), ("EMAIL", "a@b", False), ("SMS", "+49 30 123", True), ("VOICE", "home", False),
     ("GCM", "any token", True)],
)  # fmt: skip
def test_addresses_fit_their_channels(channel: str, address: str, *, fits: bool) -> None:
    assert (edits.address_problem(channel, address) is None) is fits


ANN = Endpoint(
    id="e1", address="ann@example.com", channel_type="EMAIL", status="INACTIVE", opt_out="NONE", user_id="u", cohort=3,
    created=NOW, effective=NOW, fields={"Location.City": "Berlin"}, attributes={"plan": ("pro",)},
    metrics={"spent": 1.0}, user_attributes={"Name": ("Ann",)},
)  # fmt: skip
PHONE = ANN.model_copy(update={"id": "e2", "address": "+49 1234", "channel_type": "SMS"})


def test_a_user_s_attribute_changes_on_all_endpoints_at_once() -> None:
    draft = person_draft.draft_of((ANN, PHONE))
    after = person_draft.with_value(draft, "e1", "User.UserAttributes.Name", ("Bob",))
    assert [each.values["User.UserAttributes.Name"] for each in after.endpoints] == [("Bob",)] * 2
    assert [each.id for each in person_draft.changes(draft, after)] == ["e1", "e2"]


def test_a_change_keeps_status_and_date() -> None:
    draft = person_draft.draft_of((ANN,))
    after = person_draft.with_value(draft, "e1", "Location.City", "Bonn")
    (edit,) = person_draft.changes(draft, after)
    assert edit.values == {
        "EndpointStatus": "INACTIVE", "EffectiveDate": NOW.isoformat(), "Location.City": "Bonn",
    }  # fmt: skip


def test_what_only_looks_different_is_no_change() -> None:
    draft = person_draft.draft_of((ANN,))
    for field, value in (("Metrics.spent", "1.00"), ("Location.City", " Berlin "), ("Attributes.plan", ("pro", "")),
                         ("EffectiveDate", "2025-06-01T02:00:00+02:00"), ("Location.Region", "")):  # fmt: skip
        assert person_draft.changes(draft, person_draft.with_value(draft, "e1", field, value)) == ()


def test_problems_stand_at_their_endpoint() -> None:
    draft = person_draft.with_value(person_draft.draft_of((ANN, PHONE)), "e2", "Address", "")
    draft = person_draft.with_value(draft, "e1", "User.UserId", "")
    assert [problem.where for problem in person_draft.check(draft)] == [
        "endpoints.0.User.UserId", "endpoints.1.Address",
    ]  # fmt: skip
    assert person_draft.check(person_draft.draft_of((ANN, PHONE))) == ()


@given(
    st.dictionaries(
        st.sampled_from(("Location.City", "Attributes.plan", "Metrics.spent", "User.UserAttributes.Name", "OptOut")),
        st.sampled_from(("", "1", "2", None)),
    )
)
def test_the_change_back_undoes_the_change(values: dict[str, Value]) -> None:
    before = after = person_draft.draft_of((ANN, PHONE))
    for field, value in values.items():
        after = person_draft.with_value(after, "e2", field, value)

    def applied(draft: PersonDraft, batch: tuple[Edit, ...]) -> PersonDraft:
        for edit in batch:
            for field, value in edit.values.items():
                draft = person_draft.with_value(draft, edit.id, field, value)
        return draft

    done = applied(before, person_draft.changes(before, after))
    assert person_draft.changes(done, after) == ()
    assert person_draft.changes(applied(done, person_draft.changes(after, before)), before) == ()
