import pytest

from workbench.plan.catalogue import Catalogue, Known, is_number
from workbench.plan.endpoint import FIELDS

CATALOGUE = Catalogue(
    attributes=(Known(name="plan", kind="attribute"), Known(name="Favourite colour", kind="attribute")),
    metrics=(Known(name="spent", kind="metric", count=3),),
    user_attributes=(Known(name="FirstName", kind="user_attribute"),),
    events=(Known(name="purchase", kind="event", attributes=("product",), metrics=("amount",)),),
)


def test_fields_are_the_fixed_ones_and_then_those_that_came_with_people() -> None:
    assert CATALOGUE.fields() == (
        *FIELDS, "Attributes.plan", "Attributes.Favourite colour", "Metrics.spent", "User.UserAttributes.FirstName",
    )  # fmt: skip


def test_names_are_case_sensitive() -> None:
    assert CATALOGUE.has("Attributes.plan")
    assert not CATALOGUE.has("Attributes.Plan")
    assert not CATALOGUE.has("Metrics.plan")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Attributes.Plan", "Attributes.plan"),
        ("attributes.favourite color", "Attributes.Favourite colour"),
        ("UserAttributes.FirstName", "User.UserAttributes.FirstName"),
        ("Adress", "Address"),
    ],
)
def test_a_misspelt_field_finds_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert CATALOGUE.suggestion(typed) == meant


def test_nothing_is_suggested_for_something_else_altogether() -> None:
    assert CATALOGUE.suggestion("zzzzzzzzzzzz") is None


def test_events_are_found_by_name() -> None:
    found = CATALOGUE.event("purchase")
    assert found is not None
    assert (found.attributes, found.metrics) == (("product",), ("amount",))
    assert CATALOGUE.event("Purchase") is None


def test_numbers_are_the_metrics_and_the_coordinates() -> None:
    numbers = [field for field in CATALOGUE.fields() if is_number(field)]
    assert numbers == ["Location.Latitude", "Location.Longitude", "Metrics.spent"]
