import pytest
from pydantic import ValidationError

from workbench.plan.endpoint import CHANNEL_TYPES, FIELDS, OPEN_PREFIXES, PUSH_TYPES, Endpoint, View, is_field


def test_every_fixed_field_is_a_field() -> None:
    assert all(is_field(name) for name in FIELDS)


@pytest.mark.parametrize("prefix", OPEN_PREFIXES)
def test_an_open_field_needs_a_name_after_its_prefix(prefix: str) -> None:
    assert is_field(prefix + "x")
    assert not is_field(prefix)


@pytest.mark.parametrize("name", ["", "address", "Location", "Location.Planet", "Attribute.plan", "UserAttributes.x"])
def test_other_names_are_not_fields(name: str) -> None:
    assert not is_field(name)


def test_push_types_are_channel_types() -> None:
    assert set(PUSH_TYPES) < set(CHANNEL_TYPES)
    assert not set(PUSH_TYPES) & {"EMAIL", "SMS", "VOICE", "CUSTOM", "IN_APP"}


def test_an_endpoint_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        Endpoint.model_validate({"id": "e1", "mood": "sunny"})


def test_a_view_can_be_a_key() -> None:
    assert {View(columns=("Id",)): 1}[View(columns=("Id",))] == 1
    assert View(columns=("Id",)) != View(columns=("Id",), descending=True)
