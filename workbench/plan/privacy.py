"""What people may ask for: everything known of them, and to be forgotten."""

from workbench.plan.definition import Answer
from workbench.plan.endpoint import Endpoint, TimelineEntry, View


class Dossier(Answer):
    """Everything that the workspace knows of one person.

    Attributes:
        endpoints: all endpoints of the user, with the attributes of the endpoint and of the user.
        timeline: every event and every message, the newest first.
        lists: names of the lists that an endpoint is on.
    """

    endpoints: tuple[Endpoint, ...]
    timeline: tuple[TimelineEntry, ...]
    lists: tuple[str, ...] = ()


class Whom(Answer):
    """Which people are meant; where several of these are given, all of them.

    Attributes:
        named: ids of endpoints or of users, or addresses (those of mail in any case).
        segment_id: the members of this stored segment.
        view: whom the audience table shows; it must narrow.
    """

    named: tuple[str, ...] = ()
    segment_id: str = ""
    view: View | None = None

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is named in any way, or everybody: a view that does not narrow."""
        narrows = self.view is not None and any(
            (self.view.search, self.view.channel, self.view.status, self.view.segment_id)
        )
        return not (self.named or self.segment_id or narrows) or (self.view is not None and not narrows)


class Erased(Answer):
    """What was erased, or would be.

    Attributes:
        people: users, and endpoints without a user.
        endpoints: endpoints deleted.
        events: events deleted.
        messages: rows of the outbox whose address was blanked; that somebody got them stays in the figures.
        mails: letters deleted from the sandbox's mailbox and from folders of `.eml`.
        rejected: rows blanked in the lists of rejected rows.
        unknown: what was named and is not there.
    """

    people: int = 0
    endpoints: int = 0
    events: int = 0
    messages: int = 0
    mails: int = 0
    rejected: int = 0
    unknown: tuple[str, ...] = ()
