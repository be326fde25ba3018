"""What a column can become, in words."""

from typing import Final

from workbench.gui.parts.names import field_name
from workbench.gui.parts.picker import Choice
from workbench.plan.endpoint import ATTRIBUTE, METRIC, USER_ATTRIBUTE
from workbench.plan.mapping import Kind, SourceColumn, is_target, targets
from workbench.plan.words import tr

#: targets that hold a moment
TIMES: Final = ("Timestamp", "EffectiveDate", "CreationDate")
DATE_FORMATS: Final = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y%m%d", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%s",
)  # fmt: skip
LEAVE_OUT: Final = "-"
"""Key of the choice that leaves the column out."""


def words_of(target: str) -> str:
    """A target as the form says it."""
    if not target:
        return tr("Leave out")
    for prefix, words in (
        (ATTRIBUTE, tr("Attribute “{name}”")),
        (METRIC, tr("Number “{name}”")),
        (USER_ATTRIBUTE, tr("About the person: “{name}”")),
    ):
        if target.startswith(prefix) and len(target) > len(prefix):
            return words.format(name=target.removeprefix(prefix))
    return field_name(target)


def choices(kind: Kind, column: SourceColumn | None, *, leave_out: bool) -> list[Choice]:
    """Everything that the column can become; its own name as attribute and number first."""
    found = [Choice(LEAVE_OUT, tr("Leave out"))] if leave_out else []
    if column is not None:
        prefixes = [METRIC, ATTRIBUTE] if column.type == "number" else [ATTRIBUTE, METRIC]
        if kind == "endpoints":
            prefixes.append(USER_ATTRIBUTE)
        found += [Choice(f"{prefix}{column.name}", words_of(f"{prefix}{column.name}")) for prefix in prefixes]
    found += [Choice(target, field_name(target), target) for target in targets(kind)]
    return found


def typed_target(kind: Kind, text: str) -> str:
    """The target that typed words mean: a dotted name as it is, any other word as an attribute of that name."""
    return text if is_target(kind, text) else f"{ATTRIBUTE}{text}"


def date_choices() -> list[Choice]:
    """The usual ways to write a moment, and the automatic one first."""
    return [Choice(LEAVE_OUT, tr("As recognised")), *(Choice(way, date_words(way)) for way in DATE_FORMATS)]


def date_words(way: str) -> str:
    """A date format by its look: `%d.%m.%Y` is "31.12.2026"."""
    if not way:
        return tr("As recognised")
    if way == "%s":
        return tr("Seconds since 1970")
    shown = way
    for mark, look in (
        ("%Y", "2026"), ("%y", "26"), ("%m", "12"), ("%d", "31"), ("%H", "18"), ("%M", "05"), ("%S", "09"),
    ):  # fmt: skip
        shown = shown.replace(mark, look)
    return shown
