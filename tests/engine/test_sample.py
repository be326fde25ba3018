import gettext
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.kit import engine_on
from workbench.engine import (
    activity,
    campaigns,
    channels,
    endpoints,
    imports,
    reports,
    sample,
    segments,
    templates,
    workspace,
)
from workbench.engine.clock import SystemClock
from workbench.engine.jobs import Cancelled
from workbench.engine.loop import Engine
from workbench.engine.news import News, Progress
from workbench.engine.sample_letter import letter
from workbench.engine.sample_names import COUNTRIES, Country, forms, in_latin
from workbench.plan import render, words
from workbench.plan.report import Question

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DAYS = 60
PEOPLE = 1_500
Rows = list[dict[str, Any]]


class Stopped(SystemClock):
    """A clock that stands still."""

    def now(self) -> datetime:
        """Always the same."""
        return NOW


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    """The rows of both files, people first."""
    folder = tmp_path_factory.mktemp("sample")
    sizes = sample.write(folder, PEOPLE, DAYS, 1, NOW)
    people, events = (pq.read_table(folder / name).to_pylist() for name in (sample.PEOPLE_FILE, sample.EVENTS_FILE))
    assert sizes == (len(people), len(events))
    return people, events


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, sample.Sample, list[Progress]]]:
    told: list[Progress] = []

    def hear(news: News) -> None:
        if isinstance(news, Progress):
            told.append(news)

    with engine_on(tmp_path_factory.mktemp("sample") / "shop.workbench") as engine:
        engine.desk.clock = Stopped()
        engine.subscribe(hear)
        yield engine, engine.ask(sample.build, people=PEOPLE, days=DAYS, seed=1).result(), told


def test_the_same_seed_makes_the_same_shop(tmp_path: Path) -> None:
    made = []
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        sample.write(tmp_path / name, 50, 10, seed, NOW)
        made.append(pq.read_table(tmp_path / name / sample.EVENTS_FILE))
    assert made[0].equals(made[1])
    assert not made[0].equals(made[2])


def test_everyone_has_a_mail_address_that_nobody_can_write_to(files: tuple[Rows, Rows]) -> None:
    people, _ = files
    mail = [person["Address"] for person in people if person["ChannelType"] == "EMAIL"]
    assert len(mail) == len(set(mail)) == PEOPLE
    assert {address.partition("@")[2] for address in mail} == {"example.com", "example.org"}
    assert all(address.isascii() and address == address.lower() for address in mail)
    phones = [person["Address"] for person in people if person["ChannelType"] == "SMS"]
    assert len(phones) == len(set(phones)) > 100
    assert all(phone[5:-2] == "55501" and len(phone) == 12 for phone in phones)


def test_some_are_reached_in_other_ways_and_some_must_not_be(files: tuple[Rows, Rows]) -> None:
    people, _ = files
    assert {person["ChannelType"] for person in people} == {"EMAIL", "SMS", "GCM", "APNS"}
    assert len({person["Id"] for person in people}) == len(people) > PEOPLE
    users = {person["User.UserId"] for person in people}
    assert len(users) == PEOPLE
    assert 0 < sum(person["OptOut"] == "ALL" for person in people) < len(people) / 10
    assert 0 < sum(person["EndpointStatus"] == "INACTIVE" for person in people) < len(people) / 20


def test_a_person_is_the_same_on_all_endpoints(files: tuple[Rows, Rows]) -> None:
    people, _ = files
    known: dict[str, tuple[object, ...]] = {}
    for person in people:
        told = tuple(
            str(person[name]) for name in sorted(person) if name.startswith(("User.", "Attributes.", "Metrics."))
        )
        assert known.setdefault(person["User.UserId"], told) == told


def test_names_are_of_several_languages(files: tuple[Rows, Rows]) -> None:
    people, _ = files
    first = {person["User.UserAttributes.FirstName"] for person in people}
    assert any("а" <= name[0].lower() <= "я" for name in first)
    assert any(not name.isascii() and name[0] < "а" for name in first)
    assert {person["Location.Country"] for person in people} == {country.code for country in COUNTRIES}


def test_russian_family_names_go_with_the_given_ones() -> None:
    assert ("Иванова", "ivanova") in forms("Иванов|Иванова", 0)
    assert ("Иванов", "ivanov") in forms("Иванов|Иванова", 1)


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_every_name_can_stand_in_an_address(country: Country) -> None:
    for listed in (country.women, country.men, country.family):
        for gender in (0, 1):
            for written, latin in forms(listed, gender):
                assert written
                assert latin
                assert all("a" <= mark <= "z" for mark in latin), written


def test_letters_stand_for_others() -> None:
    assert [in_latin(text) for text in ("Jürgen", "Łucja", "Щербаков", "Артём", "O'Neill", "İpek", "Groß")] == [
        "jurgen", "lucja", "shcherbakov", "artem", "oneill", "ipek", "gross",
    ]  # fmt: skip


def test_events_are_those_of_the_days_and_of_people_who_are_there(files: tuple[Rows, Rows]) -> None:
    people, events = files
    ids = {person["Id"]: person for person in people}
    times = [event["Timestamp"] for event in events]
    assert times == sorted(times)
    assert NOW - timedelta(days=DAYS) < times[0]
    assert times[-1] <= NOW
    assert times[-1] - times[0] > timedelta(days=DAYS - 2)
    assert all(event["EndpointId"] in ids for event in events)
    assert len({event["EventId"] for event in events}) == len(events)
    assert 0.9 < len(events) / (PEOPLE * 15 * DAYS / 90) < 1.1


def test_what_an_event_carries_goes_with_its_type(files: tuple[Rows, Rows]) -> None:
    _, events = files
    carried = {
        kind: {
            name for event in events if event["EventType"] == kind for name, value in event.items() if value is not None
        }
        for kind in {event["EventType"] for event in events}
    }
    always = {"EventId", "EndpointId", "EventType", "Timestamp", "Session.Id"}
    about = {"Attributes.product", "Attributes.category"}
    money = {"Metrics.amount", "Metrics.quantity"}
    assert carried == {
        "_session.start": always | {"Attributes.source"},
        "product.viewed": always | about,
        "cart.added": always | about | money,
        "purchase": always | about | money,
    }


def test_each_purchase_was_in_the_cart_of_the_same_visit(files: tuple[Rows, Rows]) -> None:
    _, events = files
    cart = {
        (event["Session.Id"], event["Attributes.product"], event["Metrics.amount"])
        for event in events
        if event["EventType"] == "cart.added"
    }
    bought = [event for event in events if event["EventType"] == "purchase"]
    assert len(bought) > 100
    assert all((event["Session.Id"], event["Attributes.product"], event["Metrics.amount"]) in cart for event in bought)


def test_figures_of_people_agree_with_their_events(files: tuple[Rows, Rows]) -> None:
    people, events = files
    last: dict[str, datetime] = {}
    spent: dict[str, float] = {}
    for event in events:
        user = event["EndpointId"].partition("-")[0]
        last[user] = event["Timestamp"]
        if event["EventType"] == "purchase":
            spent[user] = spent.get(user, 0) + event["Metrics.amount"]
    for person in people:
        user = person["User.UserId"]
        assert person["EffectiveDate"] == last.get(user, person["EffectiveDate"])
        assert person["EffectiveDate"] <= NOW
        assert person["Metrics.spent"] >= round(spent.get(user, 0), 2) - 0.01


def test_the_week_has_a_rhythm(files: tuple[Rows, Rows]) -> None:
    _, events = files
    week = [0] * 7
    for event in events:
        if event["Timestamp"] > NOW - timedelta(days=56):
            week[event["Timestamp"].weekday()] += 1
    assert min(week[5], week[6]) > max(week[0], week[1]) * 1.15


def test_the_sample_comes_in_as_one_job_without_a_rejected_row(
    built: tuple[Engine, sample.Sample, list[Progress]],
) -> None:
    engine, found, told = built
    assert [(report.kind, report.added, report.rejected) for report in engine.ask(imports.reports).result()] == [
        ("events", found.events, 0), ("endpoints", found.endpoints, 0),
    ]  # fmt: skip
    assert {news.kind for news in told} == {"sample"}
    assert [news.done for news in told] == sorted(news.done for news in told)
    assert (told[-1].state, told[-1].done, told[-1].total) == ("finished", *[found.endpoints + found.events] * 2)


def test_the_first_campaign_is_ready_to_go(built: tuple[Engine, sample.Sample, list[Progress]]) -> None:
    engine, found, _ = built
    campaign = engine.ask(campaigns.get, found.campaign_id).result()
    assert (campaign.segment_id, campaign.template_id, campaign.channel_id) == (
        found.segment_id, found.template_id, found.channel_id,
    )  # fmt: skip
    assert engine.ask(channels.get, found.channel_id).result().kind == "sandbox"
    assert engine.ask(workspace.settings).result().sender_address == "hello@example.com"
    template = engine.ask(templates.get, found.template_id).result()
    assert engine.ask(templates.check, template).result() == ()
    assert engine.ask(campaigns.check, campaign).result() == ()


def test_the_segment_counts_who_bought_twice_and_was_away(
    built: tuple[Engine, sample.Sample, list[Progress]], files: tuple[Rows, Rows]
) -> None:
    engine, found, _ = built
    segment = engine.ask(segments.get, found.segment_id).result()
    counted = engine.ask(segments.count, segment).result()
    bought: dict[str, int] = {}
    away = set[str]()
    for event in files[1]:
        if event["EventType"] == "purchase" and event["Timestamp"] > NOW - timedelta(days=90):
            bought[event["EndpointId"]] = bought.get(event["EndpointId"], 0) + 1
        if event["EventType"] == "_session.start" and event["Timestamp"] > NOW - timedelta(days=7):
            away.add(event["EndpointId"])
    expected = [each for each, n in bought.items() if n >= 2 and each.endswith("-email") and each not in away]
    assert counted.matching == len(expected) > 10
    assert counted.total == found.endpoints


def test_charts_have_something_to_show(built: tuple[Engine, sample.Sample, list[Progress]]) -> None:
    engine, found, _ = built
    series = engine.ask(reports.series, Question(measure="events")).result()
    assert series.timezone == "Europe/Berlin"
    assert sum(sum(line.values) for line in series.lines) == found.events
    assert {event.name for event in engine.ask(endpoints.catalogue).result().events} == {
        line.name for line in series.lines
    }


def test_a_cancelled_sample_says_so_and_can_be_built_again(tmp_path: Path) -> None:
    with engine_on(tmp_path / "shop.workbench") as engine:
        started: list[str] = []

        def cancel_it(news: News) -> None:
            if isinstance(news, Progress) and not started:
                started.append(news.job_id)
                engine.ask(activity.cancel, news.job_id)

        stop = engine.subscribe(cancel_it)
        with pytest.raises(Cancelled):
            engine.ask(sample.build, people=PEOPLE, days=DAYS).result()
        stop()
        assert engine.ask(workspace.overview).result().segments == 0
        again = engine.ask(sample.build, people=100, days=10).result()
        assert engine.ask(workspace.overview).result().endpoints == again.endpoints


class Braces(gettext.NullTranslations):
    """A language in which every word hides something."""

    def gettext(self, message: str) -> str:
        return f"{message} <b>'"


def test_the_letter_stands_in_any_language() -> None:
    words.speak(Braces())
    try:
        template = letter()
    finally:
        words.speak(gettext.NullTranslations())
    values = {"User": {"UserAttributes": {"FirstName": ("Ada",)}, "UserId": "u"}, "Attributes": {"plan": ("club",)}}
    rendered = render.prepare(template).render(values)
    assert rendered.problem == ""
    assert "&lt;b&gt;" in rendered.html
    assert "[" not in rendered.text


@pytest.mark.parametrize(
    ("attributes", "words_of_it"),
    [
        ({"interests": ("cups", "tea"), "plan": ("free",)}, ["Darjeeling", "QUIET10", "Hello Zoë,"]),
        ({"interests": ("coffee",), "plan": ("club",)}, ["Yirgacheffe", "tasting box", "Hello Zoë,"]),
        ({}, ["mugs", "QUIET10", "Hello Zoë,"]),
    ],
)
def test_the_letter_says_to_each_what_is_for_them(attributes: dict[str, Any], words_of_it: list[str]) -> None:
    values = {"User": {"UserAttributes": {"FirstName": ("Zoë",)}, "UserId": "u 1"}, "Attributes": attributes}
    rendered = render.prepare(letter()).render(values)
    for part in (rendered.html, rendered.text):
        assert all(word in part for word in words_of_it)
        assert "c=u%201" in part


def test_the_letter_greets_who_has_no_name() -> None:
    rendered = render.prepare(letter()).render({"User": {"UserId": "u"}})
    assert rendered.subject == "tea friend, the new season is here"
    assert "{" not in rendered.text
