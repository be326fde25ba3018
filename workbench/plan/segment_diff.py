"""What changed between two versions of a segment, rule by rule."""

from workbench.plan.segment import Group, Item, Segment, walk


def differences(before: Segment, after: Segment) -> tuple[tuple[str | None, str | None], ...]:
    """Pairs (path in `before`, path in `after`) of what is not the same; None where one side has nothing to show.

    A rule is the same where an equal one stands in the other version, wherever that is: each counts once. What is left
    over is paired by its place, so that a changed rule stands beside what it was, and the rest came or went. A group
    counts by All, Any or None alone, since its rules are told themselves.
    """
    old, new = _items(before), _items(after)
    for path, item in list(new.items()):
        same = next((one for one in (path, *old) if one in old and old[one] == item), None)
        if same is not None:
            del old[same], new[path]
    paths = dict.fromkeys(sorted((*old, *new), key=_order))
    return tuple((path if path in old else None, path if path in new else None) for path in paths)


def _items(segment: Segment) -> dict[str, Item]:
    items = {"": segment.root, **dict(walk(segment.root))}
    return {path: Group(mode=item.mode) if isinstance(item, Group) else item for path, item in items.items()}


def _order(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split(".") if part.isdigit())
