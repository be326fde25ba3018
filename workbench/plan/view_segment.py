"""What narrows the table of people, as a segment."""

from workbench.plan.endpoint import View
from workbench.plan.segment import ChannelRule, FieldRule, Group, Reference, Rule, SearchRule, Segment, SegmentRule


def segment_of(view: View, name: str) -> Segment:
    """The same people as in the view, whatever its columns and order; a segment in it is referred to."""
    rules: list[Rule] = []
    if view.segment_id:
        rules.append(SegmentRule(segments=(Reference(id=view.segment_id),)))
    if view.channel:
        rules.append(ChannelRule(values=(view.channel,)))
    if view.status:
        rules.append(FieldRule(field="EndpointStatus", values=(view.status,)))
    if view.search.strip():
        rules.append(SearchRule(text=view.search.strip()))
    return Segment(name=name, root=Group(items=tuple(rules)))
