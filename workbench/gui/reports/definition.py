"""How a number was counted: definition, time zone, SQL."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure
from workbench.plan.report import Series
from workbench.plan.words import tr


def definition_sheet(host: QWidget, title: str, series: Series) -> Sheet:
    """The sheet, filled and not yet open."""
    sheet = Sheet(host, title, cancel=tr("Close"), width=Measure.text_column, name="definition_sheet")
    sheet.body.addWidget(Text(series.definition, wrap=True, selectable=True, name="definition"))
    zone = KeyValueTable((Entry(tr("Time zone"), series.timezone),), name="definition_zone")
    zone.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    sheet.body.addWidget(zone)
    sql = QPlainTextEdit(series.sql.strip())
    sql.setObjectName("definition_sql")
    sql.setAccessibleName(tr("SQL"))
    sql.setReadOnly(True)
    sql.setTabChangesFocus(True)
    sql.setMinimumHeight(Measure.chart)
    mark(sql, role="mono")
    sheet.body.addWidget(Text(tr("SQL"), "heading"))
    sheet.body.addWidget(sql)
    copy = Button(tr("Copy SQL"), on_click=lambda: QGuiApplication.clipboard().setText(series.sql), name="copy_sql")
    sheet.buttons.insertWidget(0, copy)
    return sheet
