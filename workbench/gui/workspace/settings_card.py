"""What the workspace says of itself: name, time zone, sender; saved while typing."""

from functools import partial
from zoneinfo import available_timezones

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from workbench.engine import workspace
from workbench.engine.desk import AskError
from workbench.gui.document import Document
from workbench.gui.page import Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.completer import CompleterEdit
from workbench.gui.parts.field import Field, show_problems
from workbench.gui.parts.pill import Pill
from workbench.gui.theme.tokens import space
from workbench.plan.problem import Problem
from workbench.plan.words import tr
from workbench.plan.workspace import Workspace, check

_LINES = 3


class SettingsCard(Card):
    """The form; its document is the workspace's settings."""

    def __init__(self, page: Page, pill: Pill, parent: QWidget | None = None) -> None:
        super().__init__(tr("This workspace"), name="settings_card", parent=parent)
        self._page = page
        self._pill = pill
        self._loaded = False
        self.document: Document[Workspace] = Document(Workspace(), self._save, self)
        self.document.changed.connect(self._show)
        self.name = _line("name")
        self.timezone = CompleterEdit(sorted(available_timezones()), placeholder="Europe/Berlin", name="timezone")
        self.sender_name = _line("sender_name")
        self.sender_address = _line("sender_address", "news@example.com")
        self.postal = QPlainTextEdit()
        self.postal.setObjectName("postal_address")
        self.postal.setTabChangesFocus(True)
        self.postal.setFixedHeight(self.postal.fontMetrics().lineSpacing() * _LINES + space(5))
        self.fields = (
            Field(tr("Name"), self.name, "name"),
            Field(
                tr("Time zone"),
                self.timezone,
                "timezone",
                hint=tr("Days in reports begin and end at midnight here."),
            ),
            Field(tr("Sender name"), self.sender_name, "sender_name", hint=tr("What people read beside your address.")),
            Field(
                tr("Sender address"),
                self.sender_address,
                "sender_address",
                hint=tr("Used where a channel or a campaign names no other."),
            ),
            Field(
                tr("Postal address"),
                self.postal,
                "postal_address",
                hint=tr("Many countries want it at the end of each letter."),
            ),
        )
        self.body.setSpacing(space(4))
        for field in self.fields:
            self.add(field)
        for part, edit in (
            ("name", self.name),
            ("timezone", self.timezone),
            ("sender_name", self.sender_name),
            ("sender_address", self.sender_address),
        ):
            edit.textEdited.connect(partial(self._edit, part))
            edit.editingFinished.connect(self.document.settle)
        self.timezone.chosen.connect(partial(self._edit, "timezone"))
        self.postal.textChanged.connect(lambda: self._edit("postal_address", self.postal.toPlainText()))

    def refresh(self) -> None:
        """Read the settings, unless they are just being edited."""
        if not self._loaded or (self.document.is_saved and not self.isAncestorOf(self._page.focusWidget() or self)):
            self._page.ask(workspace.settings, then=self._load, slot="settings")

    def _load(self, settings: Workspace) -> None:
        self._loaded = True
        if settings != self.document.definition:
            self.document.load(settings)
        else:
            self._show(settings)

    def _edit(self, part: str, value: str) -> None:
        if self._loaded:
            after = self.document.definition.model_copy(update={part: value})
            self.document.replace(after, tr("Change settings"), part)

    def _show(self, settings: Workspace) -> None:
        for part, edit in (
            ("name", self.name),
            ("timezone", self.timezone),
            ("sender_name", self.sender_name),
            ("sender_address", self.sender_address),
        ):
            if edit.text() != getattr(settings, part):
                edit.setText(getattr(settings, part))
        if self.postal.toPlainText() != settings.postal_address:
            self.postal.setPlainText(settings.postal_address)
        show_problems(self.fields, check(settings))
        self._pill.show_state(tr("Saved") if self.document.is_saved else tr("Saving"))

    def _save(self, settings: Workspace) -> None:
        if any(problem.blocks for problem in check(settings)):
            self.document.unsaved()
            self._pill.show_state(tr("Not saved"), "warn")
            return
        ask = partial(self._page.ask, workspace.save_settings, settings, slot="settings-save")
        ask(then=lambda _nothing: self._saved(settings), failed=self._refused)

    def _saved(self, settings: Workspace) -> None:
        fmt.set_zone(settings.timezone)
        self._pill.show_state(tr("Saved"))

    def _refused(self, error: Exception) -> None:
        self.document.unsaved()
        self._pill.show_state(tr("Not saved"), "bad")
        problems = error.problems if isinstance(error, AskError) else ()
        known = [problem for problem in problems if isinstance(problem, Problem)]
        if known:
            show_problems(self.fields, known, reveal=True)
        else:
            self.fields[0].set_problem(str(error))
            self.fields[0].reveal()


def _line(name: str, placeholder: str = "") -> QLineEdit:
    edit = QLineEdit()
    edit.setObjectName(name)
    edit.setPlaceholderText(placeholder)
    return edit
