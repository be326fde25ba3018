"""What is known of a person: the endpoint in front, its attributes and numbers, and the person's other endpoints."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.names import cell_words, channel_name, field_name
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.tokens import space
from workbench.plan.endpoint import Endpoint, Person, full_name
from workbench.plan.words import tr


def called(person: Person) -> str:
    """The person's name where an attribute tells it, else the address, else the id."""
    known = {name: values[0] for name, values in person.endpoint.user_attributes.items() if values}
    return full_name(known) or person.endpoint.address or person.endpoint.id


class Facts(QWidget):
    """Sections below each other; empty ones are left out.

    Args:
        heading: say the name at the top, for the inspector; the person page has it in its header.
    """

    endpoint_wanted = Signal(str)

    def __init__(self, *, heading: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("facts")
        self._heading = heading
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(4))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_person(self, person: Person) -> None:
        """Replace everything."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        endpoint = person.endpoint
        if self._heading:
            self._column.addWidget(_head(person))
        self._add(tr("Endpoint"), _fixed(endpoint), "fixed")
        self._add(tr("Attributes"), _listed(endpoint.attributes), "attributes")
        self._add(tr("Numbers"), _numbers(endpoint.metrics), "metrics")
        self._add(tr("About the person"), _listed(endpoint.user_attributes), "user_attributes")
        if len(person.endpoints) > 1:
            self._column.addWidget(self._siblings(person))

    def _add(self, title: str, entries: Sequence[Entry], name: str) -> None:
        if not entries:
            return
        section = QWidget(self)
        section.setObjectName(f"section_{name}")
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addWidget(Text(title, "heading"))
        column.addWidget(KeyValueTable(entries, name=name))
        self._column.addWidget(section)

    def _siblings(self, person: Person) -> QWidget:
        section = QWidget(self)
        section.setObjectName("section_endpoints")
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        column.addWidget(Text(tr("All endpoints of this person"), "heading"))
        for number, endpoint in enumerate(person.endpoints):
            column.addWidget(self._sibling(endpoint, number, here=endpoint.id == person.endpoint.id))
        return section

    def _sibling(self, endpoint: Endpoint, number: int, *, here: bool) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        name = Elided(endpoint.address or endpoint.id, "strong" if here else "")
        row.addWidget(name, 1)
        if not here:
            show = Button(tr("Show"), "link", name=f"endpoint_{number}")
            show.clicked.connect(partial(self._want, endpoint.id))
            row.addWidget(show)
        row.addWidget(Text(channel_name(endpoint.channel_type), "muted"))
        return line

    def _want(self, endpoint_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's own argument
        self.endpoint_wanted.emit(endpoint_id)


def state_pill(endpoint: Endpoint) -> tuple[str, str]:
    """Words and kind of the pill that tells whether the endpoint may be written to."""
    if endpoint.opt_out == "ALL":
        return tr("Opted out"), "warn"
    active = endpoint.status == "ACTIVE"
    return cell_words("EndpointStatus", endpoint.status), "good" if active else "neutral"


def _head(person: Person) -> QWidget:
    head = QWidget()
    column = QVBoxLayout(head)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(space(1.5))
    name = Elided(called(person), "title", name="person_name")
    column.addWidget(name)
    row = QHBoxLayout()
    row.setSpacing(space(1.5))
    row.addWidget(Pill(channel_name(person.endpoint.channel_type), "neutral"))
    row.addWidget(Pill(*state_pill(person.endpoint)))
    row.addStretch(1)
    row.setAlignment(Qt.AlignmentFlag.AlignLeft)
    column.addLayout(row)
    return head


def _fixed(endpoint: Endpoint) -> list[Entry]:
    entries = [
        Entry(tr("Address"), endpoint.address),
        Entry(tr("ID"), endpoint.id),
        Entry(tr("Person ID"), endpoint.user_id or ""),
        _activity(endpoint.activity),
        Entry(tr("Added"), fmt.relative(endpoint.created), tip=fmt.exact(endpoint.created)),
    ]
    entries += [
        Entry(field_name(field), cell_words(field, value) if isinstance(value, str) else fmt.number(value, 4))
        for field, value in endpoint.fields.items()
    ]
    return [entry for entry in entries if entry.value]


def _activity(moment: datetime | None) -> Entry:
    name = tr("Last activity")
    return Entry(name, tr("never")) if moment is None else Entry(name, fmt.relative(moment), tip=fmt.exact(moment))


def _listed(values: Mapping[str, Sequence[str]]) -> list[Entry]:
    return [Entry(name, ", ".join(several)) for name, several in sorted(values.items()) if several]


def _numbers(values: Mapping[str, float]) -> list[Entry]:
    return [Entry(name, fmt.measured(value)) for name, value in sorted(values.items())]
