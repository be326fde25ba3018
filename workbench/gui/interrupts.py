"""Ctrl+C and a service manager's stop end the application as closing its windows does."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def quitting_on_signals(app: QApplication) -> Iterator[None]:
    """While inside, a signal closes the windows; their drafts are saved. Only for the main thread.

    Python runs its handlers between two steps of Python, and Qt's loop takes none while nothing happens: the byte that
    a signal writes into a socket wakes it up.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)  # noqa: FBT003 - the standard library takes it so
        writer.setblocking(False)  # noqa: FBT003 - the same
        woken = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, lambda *_: app.quit()) for number in _SIGNALS}
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, app)
        notifier.activated.connect(lambda *_: reader.recv(64))
        try:
            yield
        finally:
            notifier.setEnabled(False)
            notifier.deleteLater()
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
