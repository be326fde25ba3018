"""Python's collector of cyclic garbage, on the GUI thread only.

Left to itself it runs on whichever thread happens to make the next object. On the engine's it would destroy Qt objects
that belong to this thread, which takes the process down; on this one it would go through everything that was ever
loaded, and hold the window up for as long.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

#: milliseconds between two looks at how much has come up
_LOOK_MS: Final = 500
#: milliseconds after which what is there counts as there for good: modules, and the first page
_SETTLED_MS: Final = 4000
#: objects since the last sweep that make one worth while
_MANY: Final = 2000
#: sweeps of what is new until everything since the start is gone through
_WHOLE: Final = 60


class Sweeper(QObject):
    """Sweeps while it lives; `stop` leaves it to Python again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sweeps = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        gc.disable()
        self._timer.start()
        QTimer.singleShot(_SETTLED_MS, self, self.settle)

    def settle(self) -> None:
        """From now on nothing that is there is gone through."""
        if self._timer.isActive():
            gc.freeze()

    def stop(self) -> None:
        """Sweep no more."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        if gc.get_count()[0] < _MANY:
            return
        self._sweeps += 1
        gc.collect(2 if self._sweeps % _WHOLE == 0 else 1)
