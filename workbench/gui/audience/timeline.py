"""What happened to a person, newest first: events and messages, by day, with more at the end of the list."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.sending import state_words
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.endpoint import TimelineEntry
from workbench.plan.words import tr, trn

_GLYPHS = {"event": ("lightning", "muted"), "message": ("envelope-simple", "accent")}


class Timeline(QWidget):
    """Entries by day; `more_wanted` when the end of what was brought is not the end."""

    more_wanted = Signal(int)
    """How many entries are shown already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self._shown = 0
        self._day = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(1))
        self.title = Text(tr("Timeline"), "heading")
        self._nothing = Text(tr("Nothing has happened yet."), "muted", name="nothing_happened")
        self._list = QVBoxLayout()
        self._list.setSpacing(space(1.5))
        self.more = Button("", "quiet", name="more", on_click=lambda: self.more_wanted.emit(self._shown))
        self._column.addWidget(self.title)
        self._column.addWidget(self._nothing)
        self._column.addLayout(self._list)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def shown(self) -> int:
        """How many entries are shown."""
        return self._shown

    def begin(self, entries: Sequence[TimelineEntry], total: int) -> None:
        """Another person's newest entries."""
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._shown = 0
        self._day = ""
        self._nothing.setVisible(total == 0)
        self.append(entries, total)

    def append(self, entries: Sequence[TimelineEntry], total: int) -> None:
        """Older entries below."""
        for entry in entries:
            today = fmt.local(entry.at).date()
            if today.isoformat() != self._day:
                self._day = today.isoformat()
                day = Text(fmt.day(today), "section")
                day.setContentsMargins(0, space(2), 0, 0)
                self._list.addWidget(day)
            self._list.addWidget(_line(entry))
        self._shown += len(entries)
        left = total - self._shown
        self.more.setVisible(left > 0)
        text = trn("Show more: {n} older entry", "Show more: {n} older entries", left)
        self.more.set_text(text.format(n=fmt.number(left)))


def _line(entry: TimelineEntry) -> QWidget:
    line = QWidget()
    line.setObjectName("timeline_entry")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(space(2))
    glyph, colour = _GLYPHS[entry.kind]
    picture = QLabel()
    picture.setPixmap(icon(glyph, colour).pixmap(Measure.icon, Measure.icon))
    picture.setAccessibleName(tr("Message") if entry.kind == "message" else tr("Event"))
    time = Text(fmt.clock(entry.at), "hint")
    time.setToolTip(fmt.exact(entry.at))
    row.addWidget(picture)
    row.addWidget(time)
    words = QHBoxLayout()
    words.setSpacing(space(2))
    name = Text(entry.name)
    name.setMaximumWidth(Measure.inspector // 2)
    words.addWidget(name)
    words.addWidget(Elided(details(entry), "muted"), 1)
    row.addLayout(words, 1)
    line.setAccessibleName(f"{entry.name}, {fmt.exact(entry.at)}")
    return line


def details(entry: TimelineEntry) -> str:
    """What is known about the entry, in one line: of a message where it stands, where to, and what was said."""
    if entry.kind == "message":
        state, address, words = (str(entry.details.get(name, "")) for name in ("state", "address", "words"))
        return " · ".join(part for part in (state_words(state), address, words) if part)
    return " · ".join(
        f"{name} {value if isinstance(value, str) else fmt.measured(value)}" for name, value in entry.details.items()
    )
