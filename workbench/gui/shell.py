"""What the window's own actions need of the window; a protocol, so that the table does not import the window."""

from typing import Protocol

from PySide6.QtGui import QUndoStack

from workbench.gui.files import Files
from workbench.gui.theme.theme import Scheme


class Shell(Protocol):
    """The window as its actions see it."""

    @property
    def files(self) -> Files:
        """The File menu's acts."""
        ...

    def has_page(self, key: str) -> bool:
        """Whether the registry has this page."""
        ...

    def current_key(self) -> str:
        """The key of the page in front."""
        ...

    def show_page(self, key: str, thing: str = "") -> None:
        """Bring a page to the front, and there a thing by its id."""
        ...

    def refresh(self) -> None:
        """Ask everything on screen anew."""
        ...

    def undo_stack(self) -> QUndoStack | None:
        """The steps of the document in front."""
        ...

    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        ...

    def can_redo(self) -> bool:
        """Whether a step can be done again."""
        ...

    def undo(self) -> None:
        """Take the last step back."""
        ...

    def redo(self) -> None:
        """Do a step again."""
        ...

    def show_palette(self) -> None:
        """Open the palette."""
        ...

    def show_shortcuts(self) -> None:
        """Every action that has a shortcut."""
        ...

    def show_about(self) -> None:
        """Name, version, file."""
        ...

    def force_scheme(self, scheme: Scheme) -> None:
        """Light, dark, or as the system."""
        ...

    def language(self) -> str:
        """The language spoken."""
        ...

    def speak(self, code: str) -> None:
        """Another language."""
        ...

    def is_calm(self) -> bool:
        """Whether motion is reduced."""
        ...

    def toggle_calm(self) -> None:
        """Reduce motion, or not."""
        ...

    def quit(self) -> None:
        """Close the window."""
        ...
