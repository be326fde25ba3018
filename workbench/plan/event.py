"""Something that happened: an event of an endpoint."""

from datetime import datetime

from workbench.plan.definition import Answer


class Event(Answer):
    """One event. Attributes are text, metrics numbers; both are open maps. `id` is unique within the workspace."""

    id: str
    endpoint_id: str
    type: str
    at: datetime
    attributes: dict[str, str] = {}
    metrics: dict[str, float] = {}
