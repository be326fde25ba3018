"""What is counted beside the whole: step by step, and by channel."""

from collections.abc import Callable

from workbench.engine import segments
from workbench.gui.page import Page
from workbench.gui.segments.counting import by_channel, steps
from workbench.gui.segments.figures import Figures
from workbench.plan.catalogue import Catalogue
from workbench.plan.segment import Count, Segment


class LesserFigures:
    """Asks for the lesser figures, one after the other once the count is there, so that they never hold it up."""

    def __init__(self, page: Page, figures: Figures) -> None:
        self._page = page
        self._figures = figures
        self._round = 0

    def ask(self, segment: Segment, count: Count, known: Catalogue) -> None:
        """Begin anew; what is still on its way of an earlier round is not shown."""
        self._round += 1
        show = self._figures.show_steps
        self._each(list(steps(segment, known)), "segment-steps", lambda found: show(found, count.total))
        self._each(list(by_channel(segment)) if count.matching else [], "segment-reach", self._figures.show_reach)

    def _each(
        self, wanted: list[tuple[str, Segment]], slot: str, show: Callable[[list[tuple[str, int]]], None]
    ) -> None:
        """Count each of the named segments; `show` gets names and counts at the end, unless a newer round began."""
        number = self._round
        found: list[tuple[str, int]] = []

        def next_one() -> None:
            if len(found) == len(wanted):
                show(found)
                return
            self._page.ask(segments.count, wanted[len(found)][1], False, then=keep, slot=slot)  # noqa: FBT003

        def keep(count: Count) -> None:
            if number != self._round:
                return
            found.append((wanted[len(found)][0], count.matching))
            next_one()

        next_one()
