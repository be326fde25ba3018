"""Widgets by their object names."""

from typing import TypeVar

from PySide6.QtCore import QObject

T = TypeVar("T", bound=QObject)


def find(parent: QObject, kind: type[T], name: str) -> T:
    """The one child of this class and name; fails where there is none."""
    found = parent.findChild(kind, name)
    assert found is not None, f"no {kind.__name__} named {name}"
    return found
