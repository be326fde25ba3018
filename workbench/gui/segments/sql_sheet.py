"""The SQL behind a count, to read and to copy."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure
from workbench.plan.words import tr


def show_sql(owner: QWidget, sql: str) -> Sheet:
    """Open a sheet with the statement over the owner's window."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(sql)

    sheet = Sheet(
        owner.window(), tr("How it is counted"), tr("Copy"), copy, cancel=tr("Close"), width=Measure.text_column,
        name="sql_sheet",
    )  # fmt: skip
    sheet.body.addWidget(Text(tr("The statement that the workspace runs, with its values filled in."), "muted"))
    text = QPlainTextEdit(sql)
    text.setObjectName("sql")
    text.setAccessibleName(tr("SQL"))
    text.setReadOnly(True)
    text.setMinimumHeight(Measure.popover)
    mark(text, role="mono")
    sheet.body.addWidget(text)
    sheet.open()
    return sheet
