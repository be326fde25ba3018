"""The registry: every page of the window, in the order of the sidebar; each is imported when it is first shown."""

from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any

from workbench.gui.page import Frame, Group, Page, PageEntry
from workbench.plan.words import tr


def page_entries() -> tuple[PageEntry, ...]:
    """All pages."""
    return (
        _entry("start", "", "house", lambda: tr("Start"), "StartPage"),
        _entry(
            "people",
            "audience",
            "users",
            lambda: tr("People"),
            "PeoplePage",
            folder="audience",
            count="endpoints",
            lists=False,
        ),
        _entry("segments", "audience", "chart-pie-slice", lambda: tr("Segments"), "SegmentsPage", count="segments"),
        _entry("imports", "audience", "download-simple", lambda: tr("Imports"), "ImportsPage"),
        _entry("templates", "content", "layout", lambda: tr("Templates"), "TemplatesPage", count="templates"),
        _entry("campaigns", "sending", "megaphone", lambda: tr("Campaigns"), "CampaignsPage", count="campaigns"),
        _entry(
            "outbox", "sending", "paper-plane-tilt", lambda: tr("Outbox"), "OutboxPage", count="outbox", lists=False
        ),
        _entry(
            "mailbox", "sending", "tray", lambda: tr("Sandbox mailbox"), "MailboxPage", count="mailbox", lists=False
        ),
        _entry("reports", "results", "chart-bar", lambda: tr("Reports"), "ReportsPage"),
        _entry("channels", "settings", "share-network", lambda: tr("Channels"), "ChannelsPage", count="channels"),
        _entry("workspace", "settings", "gear-six", lambda: tr("Workspace"), "WorkspacePage"),
    )


def _entry(
    key: str,
    group: Group,
    glyph: str,
    text: Callable[[], str],
    class_name: str,
    *,
    folder: str = "",
    count: str = "",
    lists: bool = True,
) -> PageEntry:
    """An entry by convention: `gui/<folder>/page.py` holds the class; `engine/<key>.py` has `listed`.

    Args:
        key: the page's key.
        group: the heading in the sidebar.
        glyph: its icon.
        text: its word.
        class_name: the page's class.
        folder: where it lives, when not under its key.
        count: the overview's field with its figure; empty for none.
        lists: whether the palette finds the noun's definitions.
    """

    def make(frame: Frame) -> Page:
        made: Page = getattr(import_module(f"workbench.gui.{folder or key}.page"), class_name)(frame)
        return made

    def listed() -> Callable[..., Awaitable[Sequence[Any]]]:
        function: Callable[..., Awaitable[Sequence[Any]]] = import_module(f"workbench.engine.{key}").listed
        return function

    def figure(overview: object) -> int:
        return int(getattr(overview, count))

    return PageEntry(key, group, glyph, text, make, figure if count else None, listed if count and lists else None)
