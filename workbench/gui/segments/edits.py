"""Edits of a tree of rules: each takes the root group and gives a new one.

A place is a tuple of item numbers from the root: `(1, 0)` is the first item of the second item; `()` is the root.
"""

from itertools import pairwise

from workbench.plan.segment import Group, Rule, walk

Place = tuple[int, ...]


def place_of(path: str) -> Place:
    """`"items.1.items.0"` or `"root.items.1.items.0.name"` as a place; what is no item number ends it."""
    parts = path.removeprefix("root.").split(".")
    numbers: list[int] = []
    for word, number in zip(parts[::2], parts[1::2], strict=False):
        if word != "items" or not number.isdigit():
            break
        numbers.append(int(number))
    return tuple(numbers)


def path_of(place: Place) -> str:
    """A place as the path that `Count.rules` uses: `"items.1.items.0"`; the root's is empty."""
    return ".".join(f"items.{number}" for number in place)


def at(root: Group, place: Place) -> Rule | Group:
    """The item at the place; raises IndexError where there is none."""
    item: Rule | Group = root
    for number in place:
        if not isinstance(item, Group):
            raise IndexError(place)
        item = item.items[number]
    return item


def group_at(root: Group, place: Place) -> Group:
    """The group at the place; raises IndexError where something else is."""
    item = at(root, place)
    if not isinstance(item, Group):
        raise IndexError(place)
    return item


def replaced(root: Group, place: Place, item: Rule | Group) -> Group:
    """Another item at the place; the root itself must be replaced by a group."""
    if not place:
        if not isinstance(item, Group):
            raise TypeError("the root of a segment is a group")
        return item
    head, *rest = place
    inner = root.items[head]
    new = item if not rest else replaced(inner, tuple(rest), item) if isinstance(inner, Group) else None
    if new is None:
        raise IndexError(place)
    return root.model_copy(update={"items": (*root.items[:head], new, *root.items[head + 1 :])})


def inserted(root: Group, place: Place, item: Rule | Group) -> Group:
    """The item put before what stands at the place; past the end it is appended."""
    *above, number = place
    group = group_at(root, tuple(above))
    items = (*group.items[:number], item, *group.items[number:])
    return replaced(root, tuple(above), group.model_copy(update={"items": items}))


def removed(root: Group, place: Place) -> Group:
    """The tree without the item at the place."""
    *above, number = place
    group = group_at(root, tuple(above))
    items = (*group.items[:number], *group.items[number + 1 :])
    return replaced(root, tuple(above), group.model_copy(update={"items": items}))


def moved(root: Group, source: Place, target: Place) -> tuple[Group, Place]:
    """The item of `source` put before what stands at `target` now; gives the tree and where the item is then.

    Moving an item into itself, or to where it is, changes nothing.
    """
    beside = source[:-1] == target[:-1] and target[-1] in {source[-1], source[-1] + 1}
    if target[: len(source)] == source or beside:
        return root, source
    item = at(root, source)
    after = _after_removal(target, source)
    return inserted(removed(root, source), after, item), after


def _after_removal(target: Place, source: Place) -> Place:
    """Where `target` is once `source` is gone: one less at the level where they share a group, if it came later."""
    level = len(source) - 1
    if len(target) > level and target[:level] == source[:level] and target[level] > source[level]:
        return (*target[:level], target[level] - 1, *target[level + 1 :])
    return target


def outdented(root: Group, place: Place) -> tuple[Group, Place]:
    """Out of its group, to stand after it; what stands in the root stays."""
    parent = place[:-1]
    return moved(root, place, (*parent[:-1], parent[-1] + 1)) if parent else (root, place)


def indented(root: Group, place: Place) -> tuple[Group, Place]:
    """Into the next group beside it, or the one before; a rule that has none beside it gets a group of its own."""
    if not place:
        return root, place
    parent = group_at(root, place[:-1])
    groups = [number for number, item in enumerate(parent.items) if isinstance(item, Group) and number != place[-1]]
    if groups:
        later = [number for number in groups if number > place[-1]]
        beside = (*place[:-1], later[0] if later else groups[-1])
        return moved(root, place, (*beside, 0 if later else len(group_at(root, beside).items)))
    item = at(root, place)
    if isinstance(item, Group):
        return root, place
    fresh = Group(mode="any" if parent.mode == "all" else "all", items=(item,))
    return replaced(root, place, fresh), (*place, 0)


def shown_order(group: Group) -> tuple[int, ...]:
    """Item numbers in the order of the page: the rules of a group first, then the groups inside it."""
    rules = [number for number, item in enumerate(group.items) if not isinstance(item, Group)]
    groups = [number for number, item in enumerate(group.items) if isinstance(item, Group)]
    return (*rules, *groups)


def groups_in_order(root: Group) -> tuple[Place, ...]:
    """Every group as it comes on the page, the root first."""
    return ((), *(place_of(path) for path, item in walk(root) if isinstance(item, Group)))


def shifted(root: Group, place: Place, step: int) -> tuple[Group, Place]:
    """One line up (-1) or down (1) on the page.

    A rule passes its neighbour, and at the edge of its group goes over into the group above or below on the page. A
    group passes its sibling groups.
    """
    if not place:
        return root, place
    item = at(root, place)
    parent = group_at(root, place[:-1])
    same = [n for n in shown_order(parent) if isinstance(parent.items[n], Group) == isinstance(item, Group)]
    where = same.index(place[-1]) + step
    if 0 <= where < len(same):
        target = same[where] + (1 if step > 0 else 0)
        return moved(root, place, (*place[:-1], target))
    if isinstance(item, Group):
        return root, place
    return _into_neighbour(root, place, step)


def _into_neighbour(root: Group, place: Place, step: int) -> tuple[Group, Place]:
    order = groups_in_order(root)
    for above, below in pairwise(order):
        if step < 0 and below == place[:-1]:
            return moved(root, place, (*above, len(group_at(root, above).items)))
        if step > 0 and above == place[:-1]:
            return moved(root, place, (*below, 0))
    return root, place
