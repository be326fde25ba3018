"""How many endpoints may share a user, and which gives way to one more: Pinpoint's rule, over any number of rows.

Endpoints join in the order of their places. A user who is full takes an endpoint of the types of `GIVING_WAY` in
exchange for that of these types which was used longest ago; no other. Who moves from one user to another counts with
both while the batch lasts: the move may be refused.

Of a user's exchanges, one after the other, those who go are the ones used longest ago among all but the last to join:
each exchange takes the oldest of those there, so nobody younger goes while an older one stays, and who joins last is
not there yet when anybody goes.
"""

from typing import Final

import duckdb

from workbench.plan.edit import GIVING_WAY
from workbench.plan.words import tr
from workbench.store.queries import literal

_SEATS: Final = "per_user_seats"
_KIND: Final = ", ".join(literal(each) for each in GIVING_WAY)


def reason(limit: int) -> str:
    """Why an endpoint cannot join; the words are Pinpoint's."""
    return tr("Exceeded maximum endpoint per user count: {limit}").format(limit=limit)


def judge(cursor: duckdb.DuckDBPyConnection, batch: str, limit: int, *, refused: str, going: str) -> None:
    """Make the temporary tables `refused(place)`, who cannot join, and `going(id)`, who makes room.

    `batch` is a relation (place, id, joins, user_id, channel_type, effective), each id once, of endpoints as they will
    be; `joins` where the endpoint does not belong to this user yet.
    """
    cursor.execute(
        f"""CREATE TEMP TABLE {_SEATS} AS
            WITH batch AS (SELECT * FROM {batch}),
                there AS (
                    SELECT NULL::BIGINT AS place, id, FALSE AS joins, user_id,
                        CASE WHEN id NOT IN (SELECT id FROM batch) THEN channel_type END AS channel_type,
                        effective, key
                    FROM endpoints WHERE user_id IN (SELECT user_id FROM batch WHERE joins)
                        AND id NOT IN (SELECT id FROM batch WHERE NOT joins)
                    UNION ALL
                    SELECT place, id, joins, user_id, channel_type, effective, NULL FROM batch
                    WHERE user_id IN (SELECT user_id FROM batch WHERE joins)),
                counted AS (
                    SELECT *, coalesce(channel_type IN ({_KIND}), FALSE) AS swaps,
                        count(*) FILTER (NOT joins) OVER (PARTITION BY user_id) AS had,
                        CASE WHEN joins
                            THEN row_number() OVER (PARTITION BY user_id, joins ORDER BY place) END AS turn
                    FROM there)
            SELECT *, joins AND had + turn > {limit} AS late FROM counted
            WHERE user_id IN (SELECT user_id FROM counted GROUP BY user_id HAVING count(*) > {limit})"""
    )
    cursor.execute(
        f"""CREATE TEMP TABLE {refused} AS
            SELECT place FROM {_SEATS} WHERE late AND (NOT swaps OR user_id NOT IN (
                SELECT user_id FROM {_SEATS} WHERE swaps AND NOT late AND user_id IS NOT NULL))"""
    )
    cursor.execute(
        f"""CREATE TEMP TABLE {going} AS
            WITH swapping AS (
                    SELECT *, count(*) FILTER (late) OVER (PARTITION BY user_id) AS swapped,
                        late AND row_number() OVER (PARTITION BY user_id, late ORDER BY place DESC) = 1 AS is_last
                    FROM {_SEATS} WHERE swaps AND (place IS NULL OR place NOT IN (SELECT place FROM {refused})))
            SELECT id FROM swapping WHERE NOT is_last
            QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY effective, key NULLS LAST, place) <= swapped"""
    )
    cursor.execute(f"DROP TABLE {_SEATS}")
