"""What is taken out of everyone at once: attributes by name, events by type and age; and who still asks for them."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from jinja2 import TemplateSyntaxError

from workbench.plan.definition import Answer
from workbench.plan.endpoint import ATTRIBUTE, METRIC, USER_ATTRIBUTE
from workbench.plan.sandbox import environment, uses
from workbench.plan.segment import Segment, walk
from workbench.plan.segment_rules import (
    AttributeRule,
    BehaviourRule,
    DateRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
)
from workbench.plan.template import Template

#: types of events that message rules read
_READ_BY_MESSAGES = {"opened": "_email.open", "clicked": "_email.click"}


class Removed(Answer):
    """A dotted field, or a type of events, and how many endpoints, users or events lose it."""

    name: str
    count: int


class Removal(Answer):
    """What is, or would be, removed.

    Attributes:
        removed: each thing.
        segments: names of the segments that ask for one of them.
        templates: names of the templates that show one of them.
    """

    removed: tuple[Removed, ...]
    segments: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


class EventFilter(Answer):
    """Which events are meant: those of the types (`*` stands for any text; none: of all) before the day.

    The day begins at midnight in the workspace's time zone; None: however new. One of the two must be given.
    """

    types: tuple[str, ...] = ()
    before: date | None = None


def chosen(patterns: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """The names that one of the patterns fits, in which `*` stands for any text, in the names' order."""
    fitting = re.compile("|".join(_expression(pattern) for pattern in patterns) or "(?!)")
    return tuple(name for name in names if fitting.fullmatch(name))


def _expression(pattern: str) -> str:
    return f"(?:{'.*'.join(re.escape(part) for part in pattern.split('*'))})"


def asked_fields(segment: Segment) -> set[str]:
    """The attributes and metrics of people, dotted, that a segment's rules name."""
    return set(_fields(segment))


def _fields(segment: Segment) -> Iterator[str]:
    for _, item in walk(segment.root):
        match item:
            case AttributeRule(scope="user", name=name):
                yield USER_ATTRIBUTE + name
            case AttributeRule(name=name):
                yield ATTRIBUTE + name
            case MetricRule(name=name):
                yield METRIC + name
            case DateRule(field=field):
                yield field
            case _:
                pass


def asked_events(segment: Segment) -> set[str]:
    """The types of events that a segment's rules name."""
    return set(_events(segment))


def _events(segment: Segment) -> Iterator[str]:
    for _, item in walk(segment.root):
        match item:
            case BehaviourRule(event=event) | MeasureRule(event=event) | MomentRule(event=event):
                yield event
            case MessageRule(did=did) if did in _READ_BY_MESSAGES:
                yield _READ_BY_MESSAGES[did]
            case _:
                pass


def shown_fields(template: Template) -> set[str]:
    """The dotted fields that a template shows; of a part that cannot be read, none."""
    found: set[str] = set()
    for source, html in ((template.subject, False), (template.html, True), (template.text, False)):
        try:
            found |= uses(environment(html=html).parse(source)).keys()
        except (TemplateSyntaxError, RecursionError):
            continue
    return found
