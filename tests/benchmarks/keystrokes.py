"""Typing ten characters into a rule of a segment over a million people: the answers shown, and the window's stalls."""

import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.benchmarks import everyone, table
from tests.benchmarks.measure import Figure
from workbench.engine import segments
from workbench.engine.loop import Engine
from workbench.gui.segments.figures import Figures
from workbench.gui.segments.page import SegmentsPage
from workbench.plan.segment import BehaviourRule, Count, CountryRule, Group, MetricRule, Segment

PEOPLE: Final = 1_000_000
EVENTS: Final = 5_000_000
STALL_MS: Final = 10.0
#: a quick typist's pause between two keys
_KEY_MS: Final = 60
_TYPED: Final = "100.123456"


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """How many counts are shown after ten keys, and the longest stall from the first key to the answer."""
    people, events = (size // 100 if quick else size for size in (PEOPLE, EVENTS))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        workspace = Path(name) / "everyone.workbench"
        everyone.fill(workspace, people, events)
        table.keep_settings(Path(name))
        with table.running(workspace) as engine, table.sweeping() as sweeper:
            sweeper.settle()
            shown, last, probe = _type(engine)
    if not last:
        raise RuntimeError("what was shown is not the count of the last text")
    size = f"{people:,} endpoints, {events:,} events"
    note = f"a key each {_KEY_MS} ms; the window's own work took at most {probe.own:.0f} ms at a time"
    return [
        Figure(f"answers shown for ten keys, {size}", shown, 1, "answers", 1.0, "one"),
        Figure(f"longest stall while typing, {size}", probe.longest, STALL_MS, "ms", 1.0, "limit", note=note),
    ]


def _type(engine: Engine) -> tuple[int, bool, table.Probe]:
    """Answers shown, whether the last is that of the whole text, and the stalls."""
    rules = (MetricRule(name="spent", value=1), CountryRule(values=("DE", "FR")), BehaviourRule(event="purchase"))
    segment_id = engine.ask(segments.save, Segment(name="Typed", root=Group(items=rules))).result()
    with table.opened(engine) as shown:
        shown.show_page("segments", segment_id)
        page = shown.page("segments")
        assert isinstance(page, SegmentsPage)
        table.until(lambda: page.editor.segment_id == segment_id and bool(page.editor.figures.hero.number()))
        # the first answers of the page, and what follows them, are no answers to keys
        table.wait_ms(2000)
        table.until(lambda: shown.bridge.waiting() == 0)
        page.editor.tree.open_token((0,), "value")
        table.until(lambda: QApplication.activePopupWidget() is not None)
        popup = QApplication.activePopupWidget()
        line = popup.findChild(QLineEdit, "token_number") if popup is not None else None
        assert line is not None
        line.selectAll()
        answers = _Answers(page.editor.figures)
        probe = table.Probe(shown)
        probe.begin()
        for letter in _TYPED:
            QTest.keyClicks(line, letter)
            table.wait_ms(_KEY_MS)
        table.until(lambda: bool(answers.counts))
        table.wait_ms(1000)
        probe.end()
        expected = engine.ask(segments.count, page.editor.document.definition, False).result()  # noqa: FBT003 - by position
        return len(answers.counts), answers.counts[-1].matching == expected.matching, probe


class _Answers:
    """Keeps what is shown as the count of the whole, on its way there."""

    def __init__(self, figures: Figures) -> None:
        self.counts: list[Count] = []
        self._show = figures.show_count
        figures.show_count = self._keep  # type: ignore[method-assign]  # to see what is shown, and how often

    def _keep(self, count: Count) -> None:
        self.counts.append(count)
        self._show(count)
