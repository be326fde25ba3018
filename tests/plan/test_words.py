import gettext
from collections.abc import Iterator

import pytest

from workbench.plan.words import N_, Words, speak, tr, trn


class Shouting(gettext.NullTranslations):
    """A language that shouts, with one form for one and another for many."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{NAME}", "{name}").replace("{N}", "{n}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def shouting() -> Iterator[None]:
    speak(Shouting())
    yield
    speak(gettext.NullTranslations())


def test_english_is_the_source() -> None:
    assert tr("Send now") == "Send now"
    assert [trn("{n} person", "{n} people", n).format(n=n) for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


@pytest.mark.usefixtures("shouting")
def test_another_language_takes_over_at_once() -> None:
    assert tr("Send now") == "SEND NOW"
    assert trn("{n} person", "{n} people", 1).format(n=1) == "1 PERSON"


@pytest.mark.usefixtures("shouting")
def test_nothing_stays_nothing() -> None:
    assert tr("") == ""


def test_marking_changes_nothing() -> None:
    assert N_("Nobody yet") == "Nobody yet"


@pytest.mark.usefixtures("shouting")
def test_a_stored_sentence_is_told_in_the_language_of_the_moment() -> None:
    sentence = Words(N_("{name} is gone"), {"name": "Ada"})
    assert str(sentence) == "Ada IS GONE"
    speak(gettext.NullTranslations())
    assert str(sentence) == "Ada is gone"


def test_a_sentence_can_hold_another() -> None:
    assert str(Words("{name}: {why}", {"name": "Row 3", "why": Words("no address")})) == "Row 3: no address"


def test_a_value_is_never_taken_for_a_template() -> None:
    assert str(Words("“{name}” is not known.", {"name": "{name.__class__}"})) == "“{name.__class__}” is not known."
