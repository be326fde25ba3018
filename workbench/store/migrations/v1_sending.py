"""The tables of sending: runs, the outbox, and what was appended to it.

All instants are UTC without a zone. `run` numbers the runs of this workspace from 1; `ordinal` numbers the rows of one
run: 0 .. planned-1 are the people who get the message, in the order of their `key`, and those left out follow.

    runs      one row per launch, with the versions that it pinned. state, reason, finished and tally are updated in
              place (one writer). left_out: JSON {decision: count}. tally: JSON {message state: count}, filled when the
              run ends (finished or cancelled), NULL before.
    outbox    the decision for every member of the audience, written once by the launch and never touched again.
              key: the endpoint's; address: the one the decision was made on.
    claims    messages handed to a courier process: first .. last, or the list `ordinals` where it is not NULL.
              settled becomes true when every one of them has a newer outcome.
    journals  one row per courier process: the file it writes, how much of it is folded (bytes), whose boot and process.
    outcomes  appended, never changed. The state of a message is its newest outcome (greatest seq); without one it is
              planned, or claimed if an open claim covers it.
                accepted       the server took it; `at` is when, code and words are its reply. At most once a message.
                failed         given up, by the server's words or after the last try. At most once a message.
                render_failed  the template could not be filled for this person (words say why). At most once.
                retrying       a temporary fault; next_try says when it is tried again.
                unknown        handed over, no reply known; only a person may decide what it counts as.
                cancelled      not sent on purpose: the person opted out, or was deleted, after the launch.
                planned        handed back unsent by a courier that ended; it is claimed again.
              attempt counts hand-overs from 1. `seq` numbers claims and outcomes in one order.
"""

import duckdb

_TABLES = """
CREATE SEQUENCE sending_run;
CREATE SEQUENCE sending_seq;
CREATE TABLE runs (
    run INTEGER NOT NULL, campaign_id VARCHAR NOT NULL, campaign_version INTEGER NOT NULL, name VARCHAR NOT NULL,
    segment_id VARCHAR NOT NULL, segment_version INTEGER,
    template_id VARCHAR NOT NULL, template_version INTEGER NOT NULL,
    channel_id VARCHAR NOT NULL, channel_version INTEGER NOT NULL,
    from_name VARCHAR NOT NULL, from_address VARCHAR NOT NULL, reply_to VARCHAR NOT NULL,
    created TIMESTAMP NOT NULL, starts TIMESTAMP NOT NULL, finished TIMESTAMP,
    state VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    matching BIGINT NOT NULL, planned BIGINT NOT NULL, left_out VARCHAR NOT NULL, tally VARCHAR
);
CREATE TABLE outbox (
    run INTEGER NOT NULL, ordinal INTEGER NOT NULL, key BIGINT NOT NULL, address VARCHAR NOT NULL,
    decision VARCHAR NOT NULL
);
CREATE TABLE claims (
    seq BIGINT NOT NULL, run INTEGER NOT NULL, journal VARCHAR NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    ordinals INTEGER[], "at" TIMESTAMP NOT NULL, settled BOOLEAN NOT NULL
);
CREATE TABLE journals (
    journal VARCHAR NOT NULL, run INTEGER NOT NULL, boot VARCHAR NOT NULL, pid BIGINT NOT NULL, folded BIGINT NOT NULL,
    gone BOOLEAN NOT NULL, "at" TIMESTAMP NOT NULL
);
CREATE TABLE outcomes (
    seq BIGINT NOT NULL, run INTEGER NOT NULL, ordinal INTEGER NOT NULL, state VARCHAR NOT NULL,
    attempt SMALLINT NOT NULL, "at" TIMESTAMP NOT NULL, code SMALLINT NOT NULL, words VARCHAR NOT NULL,
    next_try TIMESTAMP
);
"""


def create(cursor: duckdb.DuckDBPyConnection) -> None:
    """Create the tables; called once, by the first migration, inside its transaction."""
    cursor.execute(_TABLES)
