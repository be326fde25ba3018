"""What every engine function finds on its desk."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.engine.clock import Clock
from workbench.engine.jobs import Jobs
from workbench.engine.news import NewsDesk
from workbench.store.database import Database

if TYPE_CHECKING:
    from workbench.channels.sandbox import Sandbox
    from workbench.channels.secrets import Secrets
    from workbench.engine.sender import Sender


@dataclass
class Desk:
    """The store, the accounts' secrets, the clock, the news and the jobs of one open workspace."""

    store: Database
    secrets: "Secrets"
    clock: Clock
    news: NewsDesk
    jobs: Jobs
    sandbox: "Sandbox"
    sender: "Sender" = field(init=False)


class AskError(Exception):
    """An expected refusal with words for people; doors show it as it is.

    Attributes:
        problems: where the fault is tied to fields of a definition, as `Problem`s; else empty.
    """

    def __init__(self, text: str, problems: tuple[object, ...] = ()) -> None:
        super().__init__(text)
        self.problems = problems


class NotFoundError(AskError):
    """What was asked for does not exist."""
