"""A file before its import: its first rows, how it is written, and what each column becomes."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from workbench.engine import imports
from workbench.gui.document import Document
from workbench.gui.imports import edits
from workbench.gui.imports.dialect_line import DialectLine
from workbench.gui.imports.first_rows import FirstRows
from workbench.gui.imports.form import MappingForm
from workbench.gui.page import Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.theme.tokens import space
from workbench.plan.mapping import Dialect, Mapping, Preview, Trial, check
from workbench.plan.words import tr, trn

#: of an estimate
_DIGITS: Final = 2


class MappingView(QWidget):
    """Edits the mapping of one file as a document; `import_wanted` when it is ready."""

    back = Signal()
    import_wanted = Signal(str, object)
    """Path and mapping."""
    failed = Signal(str)
    """The file could not be read: why."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.setObjectName("mapping_view")
        self._page = page
        self._path = ""
        self._preview: Preview | None = None
        self._revealed = False
        self.document: Document[Mapping] = Document(Mapping(), None, self)
        self.document.changed.connect(lambda _mapping: self._show())
        self.header = PageHeader("", tr("Imports"))
        self.header.back.connect(self.back)
        self._primary = self.header.set_primary(tr("Import"), self._import, name="run_import")
        for words, run, name in (
            (tr("Load mapping…"), self._load, "load_mapping"),
            (tr("Save mapping…"), self._save, "save_mapping"),
        ):
            action = QAction(words, self)
            action.setObjectName(name)
            action.triggered.connect(lambda _checked=False, run=run: run())
            self.header.add_more(action)
        self.kind = SegmentedSwitch(
            (("endpoints", tr("People")), ("events", tr("Events"))), label=tr("What the file holds"), name="kind"
        )
        self.kind.changed.connect(lambda kind: self._ask(kind, self.document.definition.dialect))
        self.dialect = DialectLine(self)
        self.dialect.changed.connect(lambda dialect: self._ask(self.document.definition.kind, dialect))
        self.form = MappingForm(self)
        self.form.edited.connect(self.document.replace)
        self.problem = ProblemLine(name="preview_problem")
        self.rows = FirstRows(self)
        self._lay_out()

    @property
    def path(self) -> str:
        """The file."""
        return self._path

    def open(self, path: str) -> None:
        """Look at another file."""
        self._path = path
        self._preview = None
        self._revealed = False
        self.problem.show_problem(None)
        self._body.hide()
        self._primary.setEnabled(False)
        self._primary.set_text(tr("Import"))
        self.dialect.show_dialect(Dialect())
        self.header.set_title(Path(path).name)
        self._page.ask(imports.preview, path, then=self._opened, failed=self._refused, slot="import-preview")

    def load_mapping(self, path: str) -> None:
        """Take the mapping of a file written before, as of now: no undo leads back; on a problem nothing changes."""
        try:
            mapping = Mapping.from_json(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            words = tr("{file} is no mapping: {reason}")
            self.problem.show_problem(words.format(file=Path(path).name, reason=str(error).splitlines()[0]))
            return
        self.problem.show_problem(None)
        self._page.ask(
            imports.preview, self._path, mapping.kind, mapping.dialect,
            then=lambda preview: self._reread(preview, mapping), failed=self._refused, slot="import-preview",
        )  # fmt: skip

    def save_mapping(self, path: str) -> None:
        """Write the mapping to a file that the command line reads too."""
        try:
            Path(path).write_text(self.document.definition.to_json() + "\n", encoding="utf-8")
        except OSError as error:
            self.problem.show_problem(str(error))
            return
        self._page.frame.say(tr("Mapping saved as {file}").format(file=Path(path).name))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        scroll = Scroll(name="mapping_scroll")
        column.addWidget(scroll, 1)
        self._body = scroll
        self._first = Card(tr("First rows"), name="preview_card", flush=True)
        self._first.head.insertWidget(0, self.kind)
        self._first.head.insertWidget(1, self._first.title)
        self._first.head.addWidget(self.dialect)
        self._first.title.hide()
        self._first.add(self.problem)
        self._first.add(self.rows)
        self.problem.setContentsMargins(space(4), 0, space(4), space(2))
        scroll.column.addWidget(self._first)
        scroll.column.addWidget(self.form)
        scroll.column.addStretch(1)

    def _ask(self, kind: str, dialect: Dialect) -> None:
        known = self._preview is not None
        ask = partial(self._page.ask, imports.preview, self._path, kind if known else None, dialect)
        then = self._reread if known else self._opened
        ask(then=then, failed=self._refused, slot="import-preview")

    def _opened(self, preview: Preview) -> None:
        self._keep(preview)
        self.document.load(edits.as_patterns(preview.mapping.model_copy(update={"dialect": preview.dialect})))
        self._page.set_document(self.document)
        self._page.set_title(Path(preview.path).name)

    def _reread(self, preview: Preview, loaded: Mapping | None = None) -> None:
        known = [column.name for column in self._preview.columns] if self._preview is not None else []
        names = [column.name for column in preview.columns]
        self._keep(preview)
        merged = edits.kept(loaded or self.document.definition, preview.mapping, known, names)
        self.document.load(edits.as_patterns(merged.model_copy(update={"dialect": preview.dialect})))

    def _keep(self, preview: Preview) -> None:
        self._preview = preview
        self.problem.show_problem(None)
        for part in (self._body, self.form, self.rows, self.kind):
            part.show()
        self._primary.setEnabled(True)
        self._primary.set_text(_import_words(preview))
        self.rows.show_preview(preview)

    def _refused(self, error: Exception) -> None:
        """A text file may be read once its encoding is put right; any other that cannot be read is no use."""
        if self._preview is None and Path(self._path).suffix.lower() == ".parquet":
            self.failed.emit(str(error))
            return
        self.problem.show_problem(str(error))
        if self._preview is not None:
            self.dialect.show_dialect(self.document.definition.dialect)
            return
        self.dialect.show_dialect(self.dialect.dialect().model_copy(update={"format": "csv"}))
        for part in (self.form, self.rows, self.kind):
            part.hide()
        self._body.show()

    def _show(self) -> None:
        if self._preview is None:
            return
        mapping = self.document.definition
        self.kind.set_value(mapping.kind)
        self.dialect.show_dialect(mapping.dialect)
        problems = check(mapping, tuple(column.name for column in self._preview.columns))
        self.form.show_mapping(self._preview.columns, mapping, problems, reveal=self._revealed)
        if any(problem.blocks for problem in problems):
            self.rows.show_preview(self._preview)
            return
        self._page.ask(imports.trial, self._path, mapping, then=self._tried, failed=self._untried, slot="import-trial")

    def _tried(self, trial: Trial) -> None:
        if self._preview is not None:
            self.rows.show_trial(trial)

    def _untried(self, error: Exception) -> None:
        """The file went, or changed, since it was looked at; the import will say so."""
        del error
        if self._preview is not None:
            self.rows.show_preview(self._preview)

    def _import(self) -> None:
        if self._preview is None:
            return
        problems = check(self.document.definition, tuple(column.name for column in self._preview.columns))
        if any(problem.blocks for problem in problems):
            self._revealed = True
            self._show()
            self.form.focus_fault()
            return
        self.import_wanted.emit(self._path, self.document.definition)

    def _load(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Load mapping"), "", tr("Mappings (*.json)"))
        if path:
            self.load_mapping(path)

    def _save(self) -> None:
        name = str(Path(self._path).with_suffix(".mapping.json"))
        path, _ = QFileDialog.getSaveFileName(self, tr("Save mapping"), name, tr("Mappings (*.json)"))
        if path:
            self.save_mapping(path)


def _import_words(preview: Preview) -> str:
    """What the button says; an estimate is rounded to two digits, so that it looks like one."""
    if not preview.total:
        return tr("Import")
    if preview.exact:
        return trn("Import {n} row", "Import {n} rows", preview.total).format(n=fmt.number(preview.total))
    rough = round(preview.total, _DIGITS - len(str(preview.total)))
    return trn("Import about {n} row", "Import about {n} rows", rough).format(n=fmt.number(rough))
