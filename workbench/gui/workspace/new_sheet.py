"""A new workspace: where its file will be, and whether it is encrypted."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from workbench.engine.opening import Wish
from workbench.gui.parts.field import Field
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr


class NewSheet(Sheet):
    """Asks what a new file should be like; nothing is made before it is accepted.

    Args:
        host: the window that it covers.
        path: where the file shall be.
        make: gets the wish.
    """

    def __init__(self, host: QWidget, path: Path, make: Callable[[Wish], object]) -> None:
        super().__init__(host, tr("New workspace"), tr("Make it"), self._make, name="new_sheet")
        self._path = path
        self._wish = make
        self.encrypt = QCheckBox(tr("Encrypt the file"))
        self.encrypt.setObjectName("encrypt")
        self.secret = _secret("key")
        self.again = _secret("key_again")
        self.remember = QCheckBox(tr("Keep the key in this machine's keyring"))
        self.remember.setObjectName("remember_key")
        self.remember.setChecked(True)
        self._field = Field(tr("Key"), self.secret, hint=tr("Who loses it loses the file: it cannot be recovered."))
        self._repeat = Field(tr("Key once more"), self.again)
        self._more = QWidget()
        column = QVBoxLayout(self._more)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        for widget in (self._field, self._repeat, self.remember):
            column.addWidget(widget)
        self.body.addWidget(Text(str(path), "muted", wrap=True, name="new_path"))
        self.body.addWidget(Text(tr("One file holds everything: people, events, letters, results."), wrap=True))
        self.body.addWidget(self.encrypt)
        self.body.addWidget(self._more)
        self._more.hide()
        self.encrypt.toggled.connect(self._show_more)

    def _show_more(self, on: bool) -> None:  # noqa: FBT001 - a Qt signal's argument
        self._more.setVisible(on)
        self.fit()
        if on:
            self.secret.setFocus()

    def _make(self) -> bool:
        """Whether the sheet may close: without a key, or with two equal ones."""
        if not self.encrypt.isChecked():
            self._wish(Wish(self._path, create=True))
            return True
        self._field.set_problem(None if self.secret.text() else tr("Type a key, or leave the file open."))
        equal = self.secret.text() == self.again.text()
        self._repeat.set_problem(None if equal else tr("The two keys differ."))
        for field in (self._field, self._repeat):
            field.reveal()
        if not self.secret.text() or not equal:
            self.fit()
            return False
        remember = self.remember.isChecked()
        self._wish(Wish(self._path, create=True, key=self.secret.text(), remember_key=remember))
        return True


def _secret(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setObjectName(name)
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit
