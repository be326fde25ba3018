from workbench.plan.segment import ActivityRule, CountryRule, Group, MetricRule, Segment
from workbench.plan.segment_diff import differences

DE, FR, ACTIVE, SPENT = (
    CountryRule(values=("DE",)),
    CountryRule(values=("FR",)),
    ActivityRule(),
    MetricRule(name="spent"),
)


def segment(*items: object, mode: str = "all") -> Segment:
    return Segment.model_validate({"root": {"mode": mode, "items": items}})


def test_the_same_has_no_differences() -> None:
    assert differences(segment(DE, ACTIVE), segment(DE, ACTIVE)) == ()


def test_a_changed_rule_stands_beside_what_it_was() -> None:
    assert differences(segment(ACTIVE, DE), segment(ACTIVE, FR)) == (("items.1", "items.1"),)


def test_rules_that_came_and_went_stand_alone() -> None:
    assert differences(segment(DE), segment(DE, ACTIVE)) == ((None, "items.1"),)
    assert differences(segment(DE, ACTIVE), segment(ACTIVE)) == (("items.0", None),)


def test_a_rule_that_was_moved_is_no_difference_but_a_new_group_is() -> None:
    inside = Group(mode="any", items=(DE, SPENT))
    assert differences(segment(DE, SPENT), segment(inside)) == ((None, "items.0"),)


def test_equal_rules_count_once_each() -> None:
    assert differences(segment(DE, DE), segment(DE)) == (("items.1", None),)


def test_another_mode_is_a_difference_of_its_group() -> None:
    assert differences(segment(DE), segment(DE, mode="none")) == (("", ""),)
