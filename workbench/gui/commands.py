"""The window's own actions: the table's first entries, beside those that the page in front adds."""

from collections.abc import Callable, Sequence
from typing import Final

from workbench.gui.actions import ActionEntry
from workbench.gui.language import LANGUAGES
from workbench.gui.page import PageEntry
from workbench.gui.shell import Shell
from workbench.gui.theme.theme import Scheme, Theme
from workbench.plan.words import tr

_MOST_NUMBERED: Final = 9


def window_entries(window: Shell, pages: Sequence[PageEntry]) -> list[ActionEntry]:
    """Every action of the window itself."""
    return [*_file(window), *_edit(window), *_view(window, pages), *_help(window)]


def _file(window: Shell) -> list[ActionEntry]:
    available = window.files.available
    return [
        ActionEntry(
            "file.new", lambda: tr("New workspace…"), window.files.new, "file", "Ctrl+Shift+N", "file-plus",
            enabled=available,
        ),
        ActionEntry(
            "file.open", lambda: tr("Open workspace…"), window.files.open, "file", "Ctrl+O", "folder-open",
            enabled=available,
        ),
        ActionEntry("file.backup", lambda: tr("Back up…"), window.files.back_up, "file", glyph="copy", section=1),
        ActionEntry(
            "file.settings", lambda: tr("Workspace settings"), lambda: window.show_page("workspace"), "file", "Ctrl+,",
            "gear-six", enabled=lambda: window.has_page("workspace"), section=2,
        ),
        ActionEntry(
            "file.close", lambda: tr("Close workspace"), window.files.close, "file", "Ctrl+W", "x",
            enabled=available, section=3,
        ),
        ActionEntry("file.quit", lambda: tr("Quit"), window.quit, "file", "Ctrl+Q", "sign-out", section=3),
    ]  # fmt: skip


def _edit(window: Shell) -> list[ActionEntry]:
    def undo_words() -> str:
        stack = window.undo_stack()
        step = stack.undoText() if stack is not None else ""
        return tr("Undo: {step}").format(step=step) if step else tr("Undo")

    def redo_words() -> str:
        stack = window.undo_stack()
        step = stack.redoText() if stack is not None else ""
        return tr("Redo: {step}").format(step=step) if step else tr("Redo")

    return [
        ActionEntry(
            "edit.undo", undo_words, window.undo, "edit", "Ctrl+Z", "arrow-counter-clockwise", enabled=window.can_undo
        ),
        ActionEntry(
            "edit.redo", redo_words, window.redo, "edit", "Ctrl+Shift+Z", "arrow-clockwise", enabled=window.can_redo
        ),
        ActionEntry(
            "edit.find",
            lambda: tr("Find anything…"),
            window.show_palette,
            "edit",
            "Ctrl+K",
            "magnifying-glass",
            section=1,
        ),
    ]


def _view(window: Shell, pages: Sequence[PageEntry]) -> list[ActionEntry]:
    entries = []
    for at, page in enumerate(pages):
        shortcut = f"Ctrl+{at + 1}" if at < _MOST_NUMBERED else ""
        entries.append(
            ActionEntry(
                f"view.page.{page.key}", page.text, _shower(window, page.key), "view", shortcut, page.glyph,
                checked=_is_front(window, page.key),
            )
        )  # fmt: skip
    entries.append(
        ActionEntry("view.refresh", lambda: tr("Refresh"), window.refresh, "view", "F5", "arrow-clockwise", section=1)
    )
    words: dict[Scheme, Callable[[], str]] = {
        Scheme.SYSTEM: lambda: tr("As the system"),
        Scheme.LIGHT: lambda: tr("Light"),
        Scheme.DARK: lambda: tr("Dark"),
    }
    entries += [
        ActionEntry(
            f"view.theme.{scheme}", text, _forcer(window, scheme), "view/theme", glyph="palette",
            checked=_is_scheme(scheme),
        )
        for scheme, text in words.items()
    ]  # fmt: skip
    entries += [
        ActionEntry(
            f"view.language.{code}", _named(name), _speaker(window, code), "view/language", glyph="translate",
            checked=_is_language(window, code),
        )
        for code, name in LANGUAGES.items()
    ]  # fmt: skip
    entries.append(
        ActionEntry(
            "view.calm", lambda: tr("Less motion"), window.toggle_calm, "view", checked=window.is_calm, section=3
        )
    )
    return entries


def _help(window: Shell) -> list[ActionEntry]:
    return [
        ActionEntry(
            "help.shortcuts", lambda: tr("Keyboard shortcuts"), window.show_shortcuts, "help", "F1", "keyboard"
        ),
        ActionEntry("help.about", lambda: tr("About the workbench"), window.show_about, "help", glyph="info"),
    ]


def _shower(window: Shell, key: str) -> Callable[[], None]:
    return lambda: window.show_page(key)


def _is_front(window: Shell, key: str) -> Callable[[], bool]:
    return lambda: window.current_key() == key


def _forcer(window: Shell, scheme: Scheme) -> Callable[[], None]:
    return lambda: window.force_scheme(scheme)


def _is_scheme(scheme: Scheme) -> Callable[[], bool]:
    return lambda: Theme.current().scheme is scheme


def _named(name: str) -> Callable[[], str]:
    return lambda: name


def _speaker(window: Shell, code: str) -> Callable[[], None]:
    return lambda: window.speak(code)


def _is_language(window: Shell, code: str) -> Callable[[], bool]:
    return lambda: window.language() == code
