"""The form of one channel: which fields each kind has, and what they say."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.parts.button import Button
from workbench.gui.parts.field import Field, show_problems
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.channel import FolderChannel, SandboxChannel, SmtpChannel
from workbench.plan.problem import Problem
from workbench.plan.words import tr

AnyChannel = SmtpChannel | SandboxChannel | FolderChannel
#: Usual ports of each way to secure the connection; a port that is none of them is left alone.
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


class ChannelForm(QWidget):
    """Edits a channel of any kind; `edited` tells the new definition with a label and a merge key.

    The secret is no part of the definition: `secret_given` tells that one was typed, `secret()` reads it, and once it
    is kept it is never shown again.
    """

    edited = Signal(object, str, str)
    secret_given = Signal()

    def __init__(self, *, name: str = "channel_form", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._channel: AnyChannel = SandboxChannel()
        self._showing = False
        self._given: str | None = None
        self.name = _line("channel_name")
        self.host = _line("host", "smtp.example.com")
        self.port = QSpinBox()
        self.port.setRange(1, 65535)
        self.port.setGroupSeparatorShown(False)
        self.security = QComboBox()
        for key, word in (("starttls", "STARTTLS"), ("tls", "TLS"), ("none", tr("No encryption"))):
            self.security.addItem(word, key)
        self.user = _line("user")
        self.secret_line = _line("secret")
        self.secret_line.setEchoMode(QLineEdit.EchoMode.Password)
        self.path = _line("path")
        self.from_name = _line("from_name")
        self.from_address = _line("from_address", "news@example.com")
        self.rate = QDoubleSpinBox()
        self.rate.setRange(0, 100_000)
        self.rate.setDecimals(1)
        self.rate.setSpecialValueText(tr("no limit"))
        self.rate.setSuffix(tr(" a second"))
        self.connections = QSpinBox()
        self.connections.setRange(1, 200)
        for widget, key in (
            (self.port, "port"), (self.security, "security"), (self.rate, "rate"), (self.connections, "connections"),
        ):  # fmt: skip
            widget.setObjectName(key)
            widget.setFixedHeight(Measure.control)
            if isinstance(widget, QAbstractSpinBox):
                widget.lineEdit().setTextMargins(space(1.5), 0, 0, 0)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fields = self._make_fields()
        self._arrange()
        self._connect()

    def channel(self) -> AnyChannel:
        """What the form shows."""
        return self._channel

    def show_channel(self, channel: AnyChannel, *, fresh: bool = False) -> None:
        """Show another definition; `fresh` forgets which fields were left and what was typed as secret."""
        self._showing = True
        self._channel = channel
        for key, widget in self._editors().items():
            if hasattr(channel, key):
                _put(widget, getattr(channel, key))
        smtp, folder = isinstance(channel, SmtpChannel), isinstance(channel, FolderChannel)
        for key in ("host", "port", "security", "user", "secret"):
            self.fields[key].setVisible(smtp)
        self.fields["connections"].setVisible(not folder)
        self.fields["path"].setVisible(folder)
        if fresh:
            self.secret_line.clear()
            self._given = None
            for field in self.fields.values():
                field.settle()
        self._showing = False

    def secret(self) -> str | None:
        """What was typed as secret; None where nothing was."""
        return self.secret_line.text() or None

    def give_secret(self) -> None:
        """Tell that a secret was typed, once for each; one that was refused is told again."""
        if self.secret() != self._given:
            self._given = self.secret()
            if self._given:
                self.secret_given.emit()

    def forget_secret(self) -> None:
        """The keyring has what was typed."""
        self.secret_line.clear()
        self._given = None
        self.say_secret(stored=True)

    def say_secret(self, *, stored: bool, trouble: str = "") -> None:
        """What is known of the secret: in the keyring, not there yet, or there is no keyring."""
        self.secret_line.setPlaceholderText(tr("stored in the keyring") if stored else "")
        self.fields["secret"].set_hint(
            tr("Type a new one to replace it.")
            if stored
            else tr("Kept in the system's keyring, never in the workspace file.")
        )
        self.fields["secret"].set_problem(trouble or None)
        if trouble:
            self._given = None
            self.fields["secret"].reveal()

    def show_problems(self, problems: tuple[Problem, ...], *, reveal: bool = False) -> Field | None:
        """Put each problem at its field; gives the first that blocks."""
        fields = [field for key, field in self.fields.items() if key != "secret"]
        return show_problems(fields, problems, reveal=reveal)

    def _editors(self) -> dict[str, QWidget]:
        return {
            "name": self.name, "host": self.host, "port": self.port, "security": self.security, "user": self.user,
            "path": self.path, "from_name": self.from_name, "from_address": self.from_address, "rate": self.rate,
            "connections": self.connections,
        }  # fmt: skip

    def _make_fields(self) -> dict[str, Field]:
        browse = QWidget()
        row = QHBoxLayout(browse)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.path, 1)
        row.addWidget(Button(tr("Choose"), on_click=self._browse, name="browse"))
        browse.setFocusProxy(self.path)
        self.path.setAccessibleName(tr("Folder"))
        folder = Field(tr("Folder"), browse, "path", hint=tr("One .eml file for each message."))
        self.path.editingFinished.connect(folder.reveal)
        return {
            "name": Field(tr("Name"), self.name, "name"),
            "host": Field(tr("Server"), self.host, "host"),
            "port": Field(tr("Port"), self.port, "port"),
            "security": Field(tr("Encryption"), self.security, "security"),
            "user": Field(tr("User"), self.user, "user"),
            "secret": Field(tr("Password or key"), self.secret_line, "secret"),
            "path": folder,
            "from_name": Field(tr("Sender name"), self.from_name, "from_name"),
            "from_address": Field(
                tr("Sender address"), self.from_address, "from_address", hint=tr("Empty: the workspace's own.")
            ),
            "rate": Field(tr("Rate, at most"), self.rate, "rate"),
            "connections": Field(tr("Connections at a time"), self.connections, "connections"),
        }

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        for keys, stretches in (
            (("name",), (1,)),
            (("host", "port", "security"), (4, 2, 2)),
            (("user", "secret"), (1, 1)),
            (("path",), (1,)),
            (("from_name", "from_address"), (1, 1)),
            (("rate", "connections"), (1, 1)),
        ):
            column.addLayout(self._row(keys, stretches))
        self.setMaximumWidth(Measure.text_column)

    def _row(self, keys: tuple[str, ...], stretches: tuple[int, ...]) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing(space(3))
        for at, (key, stretch) in enumerate(zip(keys, stretches, strict=True)):
            row.addWidget(self.fields[key], 0, at, Qt.AlignmentFlag.AlignTop)
            row.setColumnStretch(at, stretch)
        return row

    def _connect(self) -> None:
        for key in ("name", "host", "user", "path", "from_name", "from_address"):
            line = self._editors()[key]
            assert isinstance(line, QLineEdit)  # noqa: S101 - by the table above
            line.textEdited.connect(lambda text, key=key: self._edit(key, text))
        self.port.valueChanged.connect(lambda value: self._edit("port", value))
        self.rate.valueChanged.connect(lambda value: self._edit("rate", value))
        self.connections.valueChanged.connect(lambda value: self._edit("connections", value))
        self.security.activated.connect(lambda _at: self._secure())
        self.secret_line.editingFinished.connect(self.give_secret)

    def _edit(self, key: str, value: object) -> None:
        if not self._showing and hasattr(self._channel, key):
            self._tell({key: value}, key)

    def _secure(self) -> None:
        security = self.security.currentData()
        changes: dict[str, object] = {"security": security}
        if isinstance(self._channel, SmtpChannel) and self._channel.port in _PORTS.values():
            changes["port"] = _PORTS[security]
        self._tell(changes, "security")

    def _browse(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Folder for messages"), self.path.text())
        if path:
            self._tell({"path": path}, "path")

    def _tell(self, changes: dict[str, object], key: str) -> None:
        self._channel = self._channel.model_copy(update=changes)
        label = tr("Change {field}").format(field=self.fields[key].label.text().lower())
        self.edited.emit(self._channel, label, f"channel:{key}")


def _line(name: str, example: str = "") -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setPlaceholderText(example)
    return line


def _put(widget: QWidget, value: object) -> None:
    match widget:
        case QLineEdit():
            if widget.text() != value:
                widget.setText(str(value))
        case QSpinBox():
            widget.setValue(int(str(value)))
        case QDoubleSpinBox():
            widget.setValue(float(str(value)))
        case QComboBox():
            widget.setCurrentIndex(max(widget.findData(value), 0))
        case _:
            raise TypeError(widget)
