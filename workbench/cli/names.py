"""What states and decisions are called where a person reads; in JSON, and as options take them, they keep theirs."""

from typing import Final

from workbench.plan.words import N_, tr

_RUNS: Final = {
    "waiting": N_("waiting"),
    "sending": N_("sending"),
    "paused": N_("paused"),
    "cancelled": N_("cancelled"),
    "finished": N_("finished"),
}
_MESSAGES: Final = {
    "left_out": N_("left out"),
    "planned": N_("planned"),
    "claimed": N_("being sent"),
    "retrying": N_("to be tried again"),
    "accepted": N_("accepted"),
    "failed": N_("failed"),
    "unknown": N_("unknown"),
    "cancelled": N_("cancelled"),
    "render_failed": N_("not filled in"),
}
_DECISIONS: Final = {
    "planned": N_("planned"),
    "inactive": N_("inactive"),
    "opted_out": N_("opted out"),
    "no_address": N_("no address"),
    "wrong_channel": N_("another channel"),
    "duplicate_address": N_("the same address again"),
    "bad_address": N_("not a mail address"),
}
_LINES: Final = {
    "sent": N_("sent"),
    "delivered": N_("delivered"),
    "failed": N_("failed"),
    "active_endpoints": N_("active endpoints"),
}


def run_state(state: str) -> str:
    """Where a run stands."""
    return _named(_RUNS, state)


def message_state(state: str) -> str:
    """Where a message stands."""
    return _named(_MESSAGES, state)


def decision(decided: str) -> str:
    """Why somebody gets a message, or does not."""
    return _named(_DECISIONS, decided)


def line(name: str) -> str:
    """A line of a report; a type of events is called as it came."""
    return _named(_LINES, name)


def _named(words: dict[str, str], name: str) -> str:
    return tr(words[name]) if name in words else name
