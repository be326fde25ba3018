"""The sender: takes due runs from the outbox to the couriers and their outcomes back to the ledger."""

from workbench.engine.desk import Desk


class Sender:
    """Sends what is due, in the background of one open workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def recover(self) -> None:
        """Settle what an earlier process left behind; called before anything is sent."""

    def start(self) -> None:
        """Begin to send what is due."""

    async def stop(self) -> None:
        """Send no more, and write down what is known."""
