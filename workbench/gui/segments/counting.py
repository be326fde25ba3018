"""What is counted while a segment is being edited: the finished part of it, step by step, and by channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from workbench.gui.parts.names import channel_name
from workbench.gui.segments.edits import Place, path_of, place_of
from workbench.gui.segments.sentence import text_of
from workbench.plan.catalogue import Catalogue
from workbench.plan.problem import Problem
from workbench.plan.segment import ChannelRule, Group, Rule, Segment
from workbench.plan.words import tr

_T = TypeVar("_T")

#: the channels whose reach is told beside the count
REACHES: Final = ("EMAIL", "SMS", "PUSH")


@dataclass(frozen=True, slots=True)
class Countable:
    """The finished part of a segment.

    Attributes:
        segment: without the rules that are not finished yet.
        shown: the path of each counted item on the page, by its path in `segment`.
        unfinished: how many rules were left out.
    """

    segment: Segment
    shown: dict[str, str]
    unfinished: int

    def as_shown(self, found: Mapping[str, _T]) -> dict[str, _T]:
        """Counts or truths by the path on the page."""
        return {self.shown[path]: each for path, each in found.items() if path in self.shown}


def countable(segment: Segment, problems: Sequence[Problem]) -> Countable:
    """Leave out rules with a problem that blocks; a group that holds nothing but such rules goes with them."""
    wrong = {place_of(problem.where) for problem in problems if problem.blocks} - {()}
    shown: dict[str, str] = {}
    root = _finished(segment.root, (), (), wrong, shown)
    return Countable(segment.model_copy(update={"root": root or Group()}), shown, len(wrong))


def _finished(group: Group, here: Place, new: Place, wrong: set[Place], shown: dict[str, str]) -> Group | None:
    kept: list[Rule | Group] = []
    for number, item in enumerate(group.items):
        place, target = (*here, number), (*new, len(kept))
        left = item if not isinstance(item, Group) else _finished(item, place, target, wrong, shown)
        if place not in wrong and left is not None:
            shown[path_of(target)] = path_of(place)
            kept.append(left)
    if group.items and not kept:
        return None
    return group.model_copy(update={"items": tuple(kept)})


def steps(segment: Segment, known: Catalogue | None = None) -> Iterator[tuple[str, Segment]]:
    """Each item of an All segment added to those before: what it is called, and the segment so far.

    Any other segment, and one with a single item, has no steps to tell.
    """
    root = segment.root
    if root.mode != "all" or len(root.items) < 2:  # noqa: PLR2004 - one step is the whole
        return
    for number, item in enumerate(root.items):
        so_far = root.model_copy(update={"items": root.items[: number + 1]})
        yield step_name(item, known), segment.model_copy(update={"root": so_far})


def step_name(item: Rule | Group, known: Catalogue | None = None) -> str:
    """A rule as its sentence, a group by its mode and first rule."""
    if not isinstance(item, Group):
        return text_of(item, known)
    inner = next((rule for rule in item.items), None)
    first = "…" if inner is None else step_name(inner, known)
    if len(item.items) > 1:
        first = f"{first} …"
    word = {"all": tr("all of: {rules}"), "any": tr("any of: {rules}"), "none": tr("none of: {rules}")}[item.mode]
    return word.format(rules=first)


def by_channel(segment: Segment) -> Iterator[tuple[str, Segment]]:
    """The members who have an address on each of the channels."""
    for channel in REACHES:
        both = Group(items=(segment.root, ChannelRule(values=(channel,))))
        yield channel_name(channel), segment.model_copy(update={"root": both})
