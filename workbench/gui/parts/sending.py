"""What decisions, messages and runs are called on the page, and how good or bad each is."""

from typing import Final

from workbench.plan.words import N_, tr

_DECISIONS: Final = {
    "planned": N_("Will get it"),
    "inactive": N_("Inactive"),
    "opted_out": N_("Opted out"),
    "no_address": N_("No e-mail address"),
    "wrong_channel": N_("Not reached by e-mail"),
    "duplicate_address": N_("Same address twice"),
    "bad_address": N_("Address is malformed"),
}
#: The same of one message that was decided about: what became of it is its state.
_DECIDED: Final = {
    "planned": N_("Planned"),
    "inactive": N_("Left out: inactive"),
    "opted_out": N_("Left out: opted out"),
    "no_address": N_("Left out: no e-mail address"),
    "wrong_channel": N_("Left out: not reached by e-mail"),
    "duplicate_address": N_("Left out: same address twice"),
    "bad_address": N_("Left out: malformed address"),
}
_STATES: Final = {
    "left_out": N_("Left out"),
    "planned": N_("Not begun"),
    "claimed": N_("Being sent"),
    "retrying": N_("To be tried again"),
    "accepted": N_("Accepted"),
    "failed": N_("Failed"),
    "unknown": N_("Unknown"),
    "cancelled": N_("Cancelled"),
    "render_failed": N_("Could not be filled in"),
}
_RUNS: Final = {
    "": N_("Draft"),
    "waiting": N_("About to send"),
    "sending": N_("Sending"),
    "paused": N_("Paused"),
    "cancelled": N_("Cancelled"),
    "finished": N_("Sent"),
}
_KINDS: Final = {
    "accepted": "good", "finished": "good", "sending": "accent", "claimed": "accent", "waiting": "accent",
    "retrying": "warn", "unknown": "warn", "paused": "warn", "failed": "bad", "render_failed": "bad",
}  # fmt: skip

DECISIONS: Final = tuple(_DECISIONS)
STATES: Final = tuple(_STATES)


def decision_words(decision: object) -> str:
    """Why somebody gets the message or not; an unknown decision as it is."""
    return _words(_DECISIONS, decision)


def decided_words(decision: object) -> str:
    """What was decided about a message, whatever became of it; an unknown decision as it is."""
    return _words(_DECIDED, decision)


def state_words(state: object) -> str:
    """Where a message stands."""
    return _words(_STATES, state)


def run_words(state: object) -> str:
    """Where a run stands; empty is a campaign that was never launched."""
    return _words(_RUNS, state)


def kind(state: object) -> str:
    """The kind of pill for a state of a message or a run."""
    return _KINDS.get(str(state), "neutral")


def _words(table: dict[str, str], key: object) -> str:
    return tr(table[str(key)]) if str(key) in table else str(key)
