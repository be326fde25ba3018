"""Dynamic properties that the style sheet reads, and the repaint that makes a change of them visible."""

from PySide6.QtWidgets import QWidget


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set style properties and restyle, for example `mark(label, role="hint")` or `mark(edit, faulty=True)`."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
