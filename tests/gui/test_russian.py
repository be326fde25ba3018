"""What is hard to say in Russian: one, few and many; numbers with words after them."""

import re
from collections.abc import Iterator

import pytest

from workbench.gui.language import speak
from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import all_countries, country_name
from workbench.gui.segments.kinds import every_kind
from workbench.gui.segments.sentence import text_of
from workbench.plan.catalogue import Catalogue
from workbench.plan.segment import ActivityRule, BehaviourRule, CountryRule, DateRule, MessageRule, MomentRule, Rule


@pytest.fixture(autouse=True)
def _in_russian() -> Iterator[None]:
    speak("ru")
    yield
    speak("en")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "за последний день"),
        (2, "за последние 2 дня"),
        (5, "за последние 5 дней"),
        (11, "за последние 11 дней"),
        (21, "за последний 21 день"),
        (90, "за последние 90 дней"),
    ],
)
def test_so_many_days_back(days: int, words: str) -> None:
    assert text_of(ActivityRule(days=days)) == f"есть активность {words}"
    assert text_of(BehaviourRule(event="purchase", days=days)).endswith(words)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "приходится на сегодня"),
        (1, "наступила за последний день"),
        (3, "наступила за последние 3 дня"),
    ],
)
def test_a_date_so_many_days_back(days: int, words: str) -> None:
    rule = DateRule(field="Attributes.since", operator="in_last", days=days)
    assert text_of(rule) == f"since {words}"


@pytest.mark.parametrize(
    ("value", "words"), [(40_000, "40~тыс."), (2_400_000, "2,4~млн"), (1_500_000_000, "1,5~млрд"), (999, "999")]
)
def test_a_short_number_does_not_part_from_its_word(value: float, words: str) -> None:
    assert fmt.short(value) == words.replace("~", "\N{NO-BREAK SPACE}")


def test_countries_have_their_russian_names() -> None:
    assert text_of(CountryRule(values=("DE", "de", "Atlantis"))).endswith("Германия (DE) Германия (de) или Atlantis")
    names = [country_name(code) for code in all_countries()]
    assert names[0] == "Австралия (AU)"
    assert len(names) > 240
    assert all(not name.isascii() for name in names)


def test_a_fresh_rule_of_each_kind_is_wholly_in_russian() -> None:
    for kind in every_kind():
        words = text_of(kind.rule, Catalogue())
        assert not re.search("[{}A-Za-z]", words), words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (MomentRule(event="e", ago=1), "делали e в последний раз за последний день"),
        (MomentRule(event="e", ago=7), "делали e в последний раз за последние 7 дней"),
        (MomentRule(event="e", operator="before", ago=7), "делали e в последний раз раньше чем 7 дней назад"),
        (DateRule(field="Attributes.a", operator="older", days=7), "a была раньше чем 7 дней назад"),
        (MessageRule(did="opened", days=5), "открывали письма любой кампании за последние 5 дней"),
    ],
)
def test_words_stand_on_both_sides_of_the_days(rule: Rule, words: str) -> None:
    assert text_of(rule) == words
