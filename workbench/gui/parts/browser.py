"""The browser inside `HtmlView`, with everything off that is not needed to look at a letter."""

from typing import Final

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from workbench.gui.theme.tokens import LIGHT

_WEB: Final = QWebEngineSettings.WebAttribute
_OFF: Final = (
    _WEB.JavascriptEnabled,
    _WEB.JavascriptCanOpenWindows,
    _WEB.JavascriptCanAccessClipboard,
    _WEB.LocalContentCanAccessFileUrls,
    _WEB.LocalContentCanAccessRemoteUrls,
    _WEB.LocalStorageEnabled,
    _WEB.PluginsEnabled,
    _WEB.PdfViewerEnabled,
    _WEB.WebGLEnabled,
    _WEB.FullScreenSupportEnabled,
    _WEB.ScreenCaptureEnabled,
    _WEB.DnsPrefetchEnabled,
    _WEB.HyperlinkAuditingEnabled,
    _WEB.NavigateOnDropEnabled,
    _WEB.ErrorPageEnabled,
    _WEB.FocusOnNavigationEnabled,
    _WEB.AllowRunningInsecureContent,
    _WEB.AllowGeolocationOnInsecureOrigins,
)


class NoNetwork(QWebEngineUrlRequestInterceptor):
    """Refuses every request but the page itself and pictures inside it, which are `data:` addresses.

    Attributes:
        refused: how many were refused since the last page.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.refused = 0

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Block whatever would leave this process."""
        if info.requestUrl().scheme() != "data":
            info.block(True)  # noqa: FBT003 - Qt's own signature
            self.refused += 1


class _Page(QWebEnginePage):
    """One page that leads nowhere: a pressed link, a form or a refresh is not followed."""

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's own name
        isMainFrame: bool,  # noqa: N803, FBT001 - Qt's own
    ) -> bool:
        """Only what this program itself puts in."""
        del url, isMainFrame
        return type == QWebEnginePage.NavigationType.NavigationTypeTyped

    def javaScriptConsoleMessage(self, *_message: object) -> None:
        """Whatever a page has to say about its blocked script is of no use to anybody."""


class Browser(QWebEngineView):
    """A view with its own profile in memory, which is gone with the view."""

    def __init__(self, parent: QWidget, label: str) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        profile = QWebEngineProfile()
        profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        profile.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
        self.network = NoNetwork(profile)
        profile.setUrlRequestInterceptor(self.network)
        page = _Page(profile, self)
        # A later child than its page, so that the page is gone before it.
        profile.setParent(self)
        for attribute in _OFF:
            page.settings().setAttribute(attribute, False)  # noqa: FBT003 - Qt's own signature
        page.setBackgroundColor(QColor(LIGHT.panel))
        self.setPage(page)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)

    def show_html(self, html: str) -> None:
        """Show a page whose address is nothing at all."""
        self.network.refused = 0
        self.setHtml(html, QUrl("about:blank"))
