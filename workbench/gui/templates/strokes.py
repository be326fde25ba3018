"""Which edits belong together as one step of undo: a word typed, a run of deletions."""

from itertools import count

_RUNS = count(1)


class Strokes:
    """Follows the changes of one text and names the stroke of each.

    A stroke goes on while characters are typed next to each other up to the beginning of the next word, or deleted
    next to each other; everything else (a paste, a jump, a completion) is a stroke of its own.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._run = next(_RUNS)
        self._kind = ""
        self._edge = -1
        self._space = False
        self._pending: tuple[int, int, int] | None = None

    def changed(self, position: int, removed: int, added: int) -> None:
        """Qt's `contentsChange`, just before the text is told."""
        self._pending = (position, removed, added)

    def cut(self) -> None:
        """The next change is a stroke of its own."""
        self._kind = ""
        self._edge = -1

    def key(self, text: str) -> str:
        """The key of the stroke of the last change; `text` is the text after it."""
        position, removed, added = self._pending or (0, 0, 0)
        kind = "type" if added == 1 and removed == 0 else "delete" if removed == 1 and added == 0 else ""
        typed = text[position : position + 1]
        goes_on = kind and kind == self._kind and self._touches(kind, position)
        if goes_on and kind == "type" and self._space and not typed.isspace():
            goes_on = False
        if not goes_on:
            self._run = next(_RUNS)
        self._kind = kind
        self._space = kind == "type" and typed.isspace()
        self._edge = position + added
        return f"{self._name}:{self._run}"

    def _touches(self, kind: str, position: int) -> bool:
        return position == self._edge if kind == "type" else position in (self._edge, self._edge - 1)
