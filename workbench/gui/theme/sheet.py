"""The one style sheet, written once and filled from a token table.

Widgets choose a rule by dynamic properties: `role` on labels, `kind` on buttons and pills, `surface` on frames.
"""

from dataclasses import asdict
from pathlib import Path
from string import Template

from workbench.gui.theme.tokens import Measure, Tokens


def style_sheet(tokens: Tokens, icons: Path) -> str:
    """QSS for the whole application.

    Args:
        tokens: the colour table.
        icons: folder of the small pictures that QSS can only take from files.
    """
    values: dict[str, object] = {key: value for key, value in asdict(tokens).items() if isinstance(value, str)}
    values |= {f"series{number}": colour for number, colour in enumerate(tokens.series, start=1)}
    values |= {f"m_{key}": value for key, value in vars(Measure).items() if not key.startswith("_")}
    values["icons"] = icons.as_posix()
    return _SHEET.substitute(values)


_SHEET = Template("""
* { font-size: ${m_body}px; }
QWidget { color: $text; }
QMainWindow, QWidget[surface="page"] { background: $background; }
QWidget[surface="side"] { background: $side; }
QWidget[surface="panel"] { background: $panel; }
QWidget#sidebar { background: $side; border: none; border-right: 1px solid $line; }
QWidget#status_bar { background: $side; border: none; border-top: 1px solid $line; }
QWidget[surface="inspector"] { background: $panel; border: none; border-left: 1px solid $line; }
QFrame[surface="card"] { background: $panel; border: 1px solid $line; border-radius: ${m_radius_card}px; }
QFrame[surface="card"][chosen="true"] { border-color: $accent; }
QFrame[surface="raised"] { background: $raised; border: 1px solid $line; border-radius: ${m_radius_card}px; }
QFrame[surface="notice"] { background: $warn_soft; border: none; border-radius: ${m_radius_button}px; }
QFrame[surface="trouble"] { background: $bad_soft; border: none; border-radius: ${m_radius_button}px; }
QFrame[surface="rail"] { background: $panel; border: 1px solid $line; border-left: ${m_rail}px solid $series1;
  border-radius: ${m_radius_card}px; }
QFrame[surface="rail"][kind="none"] { border-left-color: $series4; }
QFrame[surface="rail"][kind="any"] { border-left-color: $series2; }
QWidget[surface="rule"] { background: transparent; border: none; }
QWidget[surface="rule"]:hover { background: $background; }
QWidget[surface="rule"][focused="true"] { background: $accent_soft; }
QFrame[surface="drop_mark"] { background: $accent; border: none; border-radius: 1px; }
QFrame[surface="drop"] { background: $accent_soft; border: 2px dashed $accent; border-radius: ${m_radius_card}px; }
QFrame[surface="drop_here"] { background: $panel; border: 1px dashed $hint; border-radius: ${m_radius_card}px; }
QFrame[surface="drop_here"][hot="true"] { background: $accent_soft; border-color: $accent; }
QFrame[surface="veil"] { background: $shade; border: none; }
QFrame[surface="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[surface="line-soft"] { background: $line_soft; border: none; max-height: 1px; min-height: 1px; }

QLabel { background: transparent; border: none; }
QLabel[role="title"] { font-size: ${m_title}px; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="strong"] { font-weight: 500; }
QLabel[role="hero"] { font-size: ${m_hero}px; font-weight: 600; }
QLabel[role="stat"] { font-size: ${m_stat}px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="hint"] { color: $hint; }
QLabel[role="status"] { color: $muted; font-size: ${m_small}px; }
QLabel[role="note"] { color: $hint; font-size: ${m_small}px; }
QLabel[role="section"] { color: $hint; font-size: ${m_note}px; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="problem"] { color: $bad; font-size: ${m_small}px; }
QLabel[role="advice"] { color: $warn; font-size: ${m_small}px; }
QLabel[role="mono"], QPlainTextEdit[role="mono"], QTextEdit[role="mono"] { font-family: monospace; }
QLabel[role="badge"] { background: $accent; color: $on_accent; border-radius: ${m_radius_field}px; font-weight: 600;
  font-size: ${m_small}px; min-width: 22px; max-width: 22px; min-height: 22px; max-height: 22px; }
QLabel[role="step"] { border-radius: 11px; font-size: ${m_small}px; font-weight: 600; border: 1px solid $line;
  color: $muted; }
QLabel[role="step"][kind="current"] { background: $accent_soft; border-color: $accent_soft; color: $accent; }
QLabel[role="step"][kind="done"] { background: $good_soft; border-color: $good_soft; }
QLabel[role="key"] { color: $muted; border: 1px solid $line; border-radius: 4px; padding: 1px 5px;
  font-size: ${m_note}px; }
QLabel[role="pill"] { border-radius: 10px; padding: 2px 9px; font-size: ${m_small}px; min-height: 16px;
  max-height: 16px; }
QLabel[role="pill"][kind="neutral"] { background: $chip; color: $muted; }
QLabel[role="pill"][kind="accent"] { background: $accent_soft; color: $accent; }
QLabel[role="pill"][kind="good"] { background: $good_soft; color: $good; }
QLabel[role="pill"][kind="warn"] { background: $warn_soft; color: $warn; }
QLabel[role="pill"][kind="bad"] { background: $bad_soft; color: $bad; }
QWidget[dimmed="true"] QLabel, QLabel[dimmed="true"] { color: $hint; }

QPushButton, QToolButton { background: $panel; border: 1px solid $line; border-radius: ${m_radius_button}px;
  padding: 0 12px; min-height: 28px; font-weight: 500; color: $text; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $hint; background: $background; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $chip; color: $hint; border-color: $chip; }
QPushButton[kind="danger"] { color: $bad; }
QPushButton[kind="danger"]:hover { background: $bad_soft; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent;
  color: $muted; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border: 1px solid $accent; }
QPushButton[kind="quiet"]:checked { background: $panel; border-color: $line; color: $text; }
QLineEdit > QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QPushButton[kind="crumb"] { background: transparent; border: 1px solid transparent; border-radius: 4px; color: $hint;
  padding: 0 2px; min-height: 20px; font-weight: 400; }
QPushButton[kind="crumb"]:hover { color: $text; }
QPushButton[kind="crumb"]:focus { border-color: $accent; }
QToolButton[kind="icon"] { background: transparent; border: 1px solid transparent; padding: 0; min-height: 26px;
  min-width: 26px; }
QToolButton[kind="icon"]:hover { background: $hover; }
QToolButton[kind="icon"]:focus { border-color: $accent; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; padding: 0 2px; min-height: 18px;
  color: $accent; border-radius: 4px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="chip"] { background: $chip; border: 1px solid $chip; border-radius: ${m_radius_field}px;
  padding: 0 7px; min-height: 24px; }
QPushButton[kind="chip"]:hover { background: $hover; border-color: $line; }
QPushButton[kind="chip"]:focus, QPushButton[kind="chip"]:checked { border-color: $accent; }
QPushButton[kind="chip"][accented="true"] { background: $accent_soft; color: $accent; border-color: $accent_soft; }
QPushButton[kind="chip"][accented="true"]:focus { border-color: $accent; }
QPushButton[kind="chip"][faulty="true"] { background: $bad_soft; color: $bad; border-color: $bad_soft; }
QPushButton[kind="chip"][faulty="true"]:focus { border-color: $bad; }
QPushButton[kind="chip"]:disabled { color: $muted; }
QPushButton[kind="word"] { background: transparent; border: 1px solid transparent; border-radius: ${m_radius_field}px;
  padding: 0; min-height: 24px; font-weight: 400; }
QPushButton[kind="word"][quiet="true"] { color: $hint; }
QPushButton[kind="word"]:hover { background: $hover; color: $text; }
QPushButton[kind="word"]:focus, QPushButton[kind="word"]:checked { border-color: $accent; }
QPushButton[kind="nav"] { background: transparent; border: 1px solid transparent; color: $muted; text-align: left;
  padding: 0 8px; min-height: 28px; font-weight: 400; }
QPushButton[kind="nav"]:hover { background: $hover; }
QPushButton[kind="nav"]:checked { background: $raised; border-color: $line; color: $text; font-weight: 500; }
QPushButton[kind="nav"]:focus { border-color: $accent; }
QPushButton[kind="status"] { background: transparent; border: 1px solid transparent; color: $muted; padding: 0 6px;
  min-height: 20px; font-size: ${m_small}px; font-weight: 400; border-radius: 4px; }
QPushButton[kind="status"]:hover { background: $hover; }
QPushButton[kind="status"]:focus { border-color: $accent; }
QPushButton[kind="switch"] { background: $panel; border: 1px solid $line; border-left-width: 0; border-radius: 0;
  color: $muted; padding: 0 9px; min-height: 20px; font-size: ${m_small}px; font-weight: 400; }
QPushButton[kind="switch"][place="first"] { border-left-width: 1px; border-top-left-radius: ${m_radius_field}px;
  border-bottom-left-radius: ${m_radius_field}px; }
QPushButton[kind="switch"][place="last"] { border-top-right-radius: ${m_radius_field}px;
  border-bottom-right-radius: ${m_radius_field}px; }
QPushButton[kind="switch"][place="only"] { border-left-width: 1px; border-radius: ${m_radius_field}px; }
QPushButton[kind="switch"]:hover { background: $hover; }
QPushButton[kind="switch"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[kind="switch"]:focus { border: 1px solid $accent; }
QPushButton[kind="pick"] { text-align: left; padding: 0 9px; font-weight: 400; border-radius: ${m_radius_field}px; }
QPushButton[kind="pick"][faulty="true"] { border-color: $bad; }
QPushButton[kind="pick"][quiet="true"] { color: $hint; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; text-align: left;
  padding: 0 8px; min-height: 30px; font-weight: 400; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border-color: $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit, QComboBox {
  background: $panel; border: 1px solid $line; border-radius: ${m_radius_field}px; padding: 0 9px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit, QComboBox { min-height: 28px; }
QPlainTextEdit, QTextEdit { padding: 6px 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus,
QDateTimeEdit:focus, QTimeEdit:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QComboBox:disabled { background: $background; color: $muted; }
QLineEdit:read-only { background: $background; }
QLineEdit[faulty="true"], QPlainTextEdit[faulty="true"], QTextEdit[faulty="true"], QSpinBox[faulty="true"],
QDoubleSpinBox[faulty="true"], QComboBox[faulty="true"] { border-color: $bad; }
QLineEdit[title="true"] { font-size: ${m_title}px; font-weight: 600; background: transparent; border-color: transparent;
  padding: 0 5px; min-height: 32px; }
QLineEdit[title="true"]:hover { border-color: $line; }
QLineEdit[title="true"]:focus { background: $panel; border-color: $accent; }
QLineEdit[title="true"][faulty="true"] { border-color: $bad; }
QLineEdit[bare="true"], QPlainTextEdit[bare="true"] { border: none; background: transparent; padding: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$icons/caret-$name.svg"); width: 12px; height: 12px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QDateEdit::up-button, QDateTimeEdit::up-button, QTimeEdit::up-button {
  border: none; width: 18px; subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button, QDateEdit::down-button, QDateTimeEdit::down-button,
QTimeEdit::down-button { border: none; width: 18px; subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url("$icons/caret-up-$name.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$icons/caret-$name.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: 4px; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 22px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $hint; background: $panel;
  border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/check-$name.svg"); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url("$icons/dash-$name.svg"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/dot-$name.svg"); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $hint; }

QTableView, QListView, QTreeView { background: $panel; border: 1px solid $line; border-radius: ${m_radius_card}px;
  gridline-color: transparent; outline: none; selection-background-color: $accent_soft; selection-color: $text;
  alternate-background-color: $panel; }
QTableView[bare="true"], QListView[bare="true"], QTreeView[bare="true"] { border: none; border-radius: 0;
  background: transparent; }
QTableView::item { border: none; border-bottom: 1px solid $line_soft; padding: 0 9px; }
QTableView::item:hover { background: $background; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border-color: $accent; }
QTableView[bare="true"]:focus, QListView[bare="true"]:focus { border: none; }
QListView::item, QTreeView::item { min-height: 30px; padding: 0 8px; border-radius: ${m_radius_field}px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $panel; color: $hint; border: none; border-bottom: 1px solid $line;
  padding: 0 12px; min-height: 30px; font-size: ${m_note}px; font-weight: 400; }
QHeaderView::section:first { border-top-left-radius: ${m_radius_card}px; }
QHeaderView::section:last { border-top-right-radius: ${m_radius_card}px; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$icons/caret-up-$name.svg"); width: 10px; subcontrol-position: center right;
  right: 2px; }
QHeaderView::down-arrow { image: url("$icons/caret-$name.svg"); width: 10px; subcontrol-position: center right;
  right: 2px; }
QTableCornerButton::section { background: $panel; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[surface="scroll"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $hint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent;
  border: none; width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QProgressBar { background: $line_soft; border: none; border-radius: 3px; min-height: ${m_bar_thick}px;
  max-height: ${m_bar_thick}px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[kind="good"]::chunk { background: $good; }
QProgressBar[kind="bad"]::chunk { background: $bad; }

QMenuBar { background: $side; border: none; border-bottom: 1px solid $line; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: ${m_radius_field}px; color: $muted; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $raised; border: 1px solid $line; border-radius: ${m_radius_button}px; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: ${m_radius_field}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $hint; }
QMenu::separator { height: 1px; background: $line_soft; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::right-arrow { image: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; font-size: ${m_small}px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QTabBar::tab { background: transparent; color: $muted; padding: 5px 12px; border: 1px solid transparent;
  border-radius: ${m_radius_button}px; font-weight: 500; }
QTabBar::tab:selected { background: $panel; border-color: $line; color: $text; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { border-color: $accent; }
QTabWidget::pane { border: none; }
QCalendarWidget QWidget { alternate-background-color: $panel; }
""")
