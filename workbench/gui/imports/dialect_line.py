"""How the text file is written: delimiter, header, encoding; sniffed, and to be put right by hand."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.mapping import Dialect
from workbench.plan.words import N_, tr

_DELIMITERS: Final = (
    (",", N_("Comma")),
    (";", N_("Semicolon")),
    ("\t", N_("Tab")),
    ("|", N_("Bar")),
    ("blanks", N_("Blanks")),
)
_ENCODINGS: Final = (
    "utf-8",
    "utf-16",
    "windows-1252",
    "windows-1251",
    "iso-8859-1",
    "iso-8859-2",
    "koi8-r",
    "shift_jis",
)
_LETTERS: Final = 10
_FORMATS: Final = {"csv": "CSV", "ndjson": "NDJSON", "parquet": "Parquet"}


class DialectLine(QWidget):
    """One line of small choices; for Parquet and NDJSON there is nothing to choose."""

    changed = Signal(object)
    """The dialect that the person wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialect")
        self._dialect = Dialect()
        self.format = Text("", "muted", name="format")
        self.delimiter = _box("delimiter", tr("Columns are parted by"))
        for mark, words in _DELIMITERS:
            self.delimiter.addItem(tr(words), mark)
        self.encoding = _box("encoding", tr("Encoding"))
        self.encoding.setEditable(True)
        self.encoding.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.encoding.setMinimumContentsLength(_LETTERS)
        self.encoding.addItems(_ENCODINGS)
        self.header = QCheckBox(tr("Header row"), self)
        self.header.setObjectName("header_row")
        self.header.setAccessibleName(tr("Header row"))
        row = FlowLayout(self, gap=space(2))
        row.addWidget(self.format)
        self._label = Text(tr("Encoding"), "muted", name="encoding_label")
        for widget in (self.delimiter, self._label, self.encoding, self.header):
            row.addWidget(widget)
        self.delimiter.activated.connect(lambda _at: self._tell())
        self.encoding.activated.connect(lambda _at: self._tell())
        line = self.encoding.lineEdit()
        if line is not None:
            line.setObjectName("encoding_line")
            line.editingFinished.connect(self._tell)
        self.header.clicked.connect(lambda _on: self._tell(header_too=True))

    def dialect(self) -> Dialect:
        """What is shown."""
        return self._dialect

    def show_dialect(self, dialect: Dialect) -> None:
        """Show what was sniffed or chosen."""
        self._dialect = dialect
        self.format.setText(_FORMATS.get(dialect.format, ""))
        with QSignalBlocker(self.delimiter), QSignalBlocker(self.encoding), QSignalBlocker(self.header):
            if self.delimiter.findData(dialect.delimiter) < 0 and dialect.delimiter:
                self.delimiter.addItem(dialect.delimiter, dialect.delimiter)
            self.delimiter.setCurrentIndex(self.delimiter.findData(dialect.delimiter))
            self.encoding.setCurrentText(dialect.encoding)
            self.header.setChecked(bool(dialect.header))
        sniffed = bool(dialect.delimiter) or dialect.header is not None
        is_csv = dialect.format == "csv"
        self._label.setVisible(is_csv)
        self.encoding.setVisible(is_csv)
        self.delimiter.setVisible(is_csv and sniffed)
        self.header.setVisible(is_csv and sniffed)

    def _tell(self, *, header_too: bool = False) -> None:
        """Tell what is wanted; a header that was neither found nor chosen yet stays to be found."""
        found = header_too or self._dialect.header is not None
        wanted = self._dialect.model_copy(
            update={
                "delimiter": self.delimiter.currentData() or "",
                "encoding": self.encoding.currentText().strip() or "utf-8",
                "header": self.header.isChecked() if found else None,
            }
        )
        if wanted != self._dialect:
            self._dialect = wanted
            self.changed.emit(wanted)


def _box(name: str, label: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(label)
    box.setToolTip(label)
    return box
