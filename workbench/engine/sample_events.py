"""The sample's events: visits to the shop, and what people looked at, put in the cart and bought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from workbench.engine.sample_names import COUNTRIES
from workbench.engine.sample_people import DAY, INTERESTS, Floats, Ints, People, endpoint_ids

#: (name, category, price)
PRODUCTS: Final = (
    ("Darjeeling First Flush", "tea", 14.5), ("Assam Breakfast", "tea", 9.9), ("Sencha Yabukita", "tea", 12.9),
    ("Earl Grey Blue Flower", "tea", 8.9), ("Rooibos Vanilla", "tea", 7.5), ("Jasmine Pearls", "tea", 16.9),
    ("Peppermint Leaves", "tea", 5.9), ("Matcha Ceremonial", "tea", 29.0), ("Iced Tea Peach", "tea", 6.9),
    ("Ethiopia Yirgacheffe", "coffee", 13.9), ("Colombia Huila", "coffee", 12.5), ("House Espresso", "coffee", 11.9),
    ("Decaf Sugarcane", "coffee", 12.9), ("Cold Brew Bags", "coffee", 8.5), ("Kenya Nyeri", "coffee", 15.9),
    ("Gooseneck Kettle", "brewing", 69.0), ("Glass Teapot 1 l", "brewing", 34.9), ("Hand Grinder", "brewing", 89.0),
    ("Pour-over Dripper", "brewing", 24.9), ("Paper Filters 100", "brewing", 5.5), ("Matcha Whisk", "brewing", 17.9),
    ("Kitchen Scale", "brewing", 39.9), ("Stoneware Mug", "cups", 16.5), ("Double-wall Glass", "cups", 12.0),
    ("Travel Tumbler", "cups", 27.9), ("Espresso Cup Set", "cups", 31.5), ("Tasting Box Tea", "gifts", 24.0),
    ("Tasting Box Coffee", "gifts", 26.0), ("Breakfast Hamper", "gifts", 59.0), ("Gift Card", "gifts", 25.0),
)  # fmt: skip
SOURCES: Final = (("direct", 0.34), ("search", 0.27), ("newsletter", 0.19), ("social", 0.14), ("partner", 0.06))
#: Monday to Sunday
_WEEK: Final = np.array([0.86, 0.84, 0.9, 1.0, 1.12, 1.3, 1.24])
#: midnight to 23 o'clock, where the people are
_HOURS: Final = np.array(
    [1.2, 0.6, 0.3, 0.2, 0.2, 0.4, 1.2, 2.6, 4.0, 4.8, 5.2, 5.4, 6.2, 5.6, 4.8, 4.6, 4.9, 5.6, 6.8, 8.4, 9.4, 8.8, 6, 3]
)  # fmt: skip
#: events that a person has in 90 days, on the average
_EVENTS_EACH: Final = 15.0
#: events of a visit, on the average
_EVENTS_A_VISIT: Final = 3.3
#: seconds from the start of a visit to its end, at most
_LONGEST: Final = 1_200
_TYPES: Final = ("_session.start", "product.viewed", "cart.added", "purchase")
_START, _VIEWED, _ADDED, _BOUGHT = range(4)


@dataclass(frozen=True)
class Happened:
    """The file of events, and by person: when last seen (seconds since 1970; 0: never), orders and money spent."""

    table: pa.Table
    seen: Ints
    orders: Ints
    spent: Floats


@dataclass(frozen=True)
class _Visits:
    """By visit: number of the person, and when it began."""

    person: Ints
    start: Ints


@dataclass(frozen=True)
class _Log:
    """By event: number of its kind in `_TYPES`, number of its visit, and when it happened."""

    kind: Ints
    visit: Ints
    moment: Ints


def events(chance: np.random.Generator, who: People, days: int, now: datetime) -> Happened:
    """Visits of the last days, each with a start and what followed from it."""
    visits = _visits(chance, who, days, int(now.timestamp()))
    log = _log(chance, visits)
    wares = _wares(chance, who, visits, log)
    person = visits.person[log.visit]
    bought = log.kind == _BOUGHT
    seen = np.zeros(len(who), np.int64)
    np.maximum.at(seen, person, log.moment)
    before = chance.poisson(0.9, len(who))
    return Happened(
        table=_table(chance, who, visits, log, wares),
        seen=seen,
        orders=np.bincount(person[bought], minlength=len(who)) + before,
        spent=np.bincount(person[bought], wares.amount[bought], len(who)) + before * chance.gamma(2.0, 14.0, len(who)),
    )


def _log(chance: np.random.Generator, visits: _Visits) -> _Log:
    """A start for each visit, some looks, for a third something in the cart, and for half of these a purchase."""
    size = len(visits.person)
    views = np.minimum(1 + chance.poisson(0.75, size), 6)
    added = chance.random(size) < 0.36  # noqa: PLR2004 - a share reads best where it is used
    bought = added & (chance.random(size) < 0.52)  # noqa: PLR2004 - the same
    parts = [
        _part(_START, np.arange(size), 0),
        _part(_VIEWED, np.repeat(np.arange(size), views), chance.integers(10, 600, int(views.sum()))),
        _part(_ADDED, np.flatnonzero(added), 620),
        _part(_BOUGHT, np.flatnonzero(bought), 620 + chance.integers(40, 500, int(bought.sum()))),
    ]
    kind, visit, after = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Log(kind, visit, visits.start[visit] + after)


def _part(kind: int, visit: Ints, after: Ints | int) -> tuple[Ints, Ints, Ints]:
    """Events of a kind: their visit, and seconds after its start."""
    return np.full(len(visit), kind), visit, np.broadcast_to(after, visit.shape)


def _visits(chance: np.random.Generator, who: People, days: int, end: int) -> _Visits:
    """Oldest first; more of them at weekends and in the evening, and a little more each week."""
    wanted = int(len(who) * _EVENTS_EACH * days / 90 / _EVENTS_A_VISIT)
    today = end // DAY
    dates = np.arange(today - days + 1, today + 1)
    weights = _WEEK[(dates + 3) % 7] * np.linspace(0.85, 1.15, days)  # 1970 began on a Thursday
    person = np.empty(0, np.int64)
    at = np.empty(0, np.int64)
    while len(at) < wanted:
        some = chance.choice(len(who), 2 * wanted, p=who.keen / who.keen.sum())
        local = chance.choice(dates, len(some), p=weights / weights.sum()) * DAY + _clock(chance, len(some))
        east = np.array([each.hours for each in COUNTRIES])[who.country[some]]
        when = local - east * 3_600
        when = np.where(when > end - _LONGEST, when - 7 * DAY, when)
        there = (when >= who.joined[some]) & (when <= who.quiet[some]) & (when > end - days * DAY)
        person, at = np.concatenate([person, some[there]]), np.concatenate([at, when[there]])
        if not there.any():
            break
    person, at = person[:wanted], at[:wanted]
    order = np.argsort(at, kind="stable")
    return _Visits(person[order], at[order])


def _clock(chance: np.random.Generator, count: int) -> Ints:
    return np.asarray(chance.choice(24, count, p=_HOURS / _HOURS.sum()) * 3_600 + chance.integers(0, 3_600, count))


@dataclass(frozen=True)
class _Wares:
    """By event: number of the product, how many, and the money."""

    product: Ints
    quantity: Ints
    amount: Floats


def _wares(chance: np.random.Generator, who: People, visits: _Visits, log: _Log) -> _Wares:
    """What it was about: mostly something of the favourite category; what is bought is what was put in the cart."""
    category = np.array([INTERESTS.index(each) for _, each, _ in PRODUCTS])
    by_taste = np.where(category == np.arange(len(INTERESTS))[:, None], 6.0, 1.0)
    by_taste /= by_taste.sum(axis=1, keepdims=True)
    taste = who.favourite[visits.person]
    chosen = _drawn(chance, by_taste, taste)
    product = np.where(log.kind == _VIEWED, _drawn(chance, by_taste, taste[log.visit]), chosen[log.visit])
    quantity = np.minimum(chance.geometric(0.72, len(visits.person)), 5)[log.visit]
    price = np.array([each for _, _, each in PRODUCTS])
    return _Wares(product, quantity, np.round(price[product] * quantity, 2))


def _drawn(chance: np.random.Generator, shares: npt.NDArray[np.float64], row: Ints) -> Ints:
    """A column for each row number, by the shares of that row."""
    edges = shares.cumsum(axis=1)
    edges[:, -1] = 1.0
    return np.asarray((chance.random(len(row))[:, None] > edges[row]).sum(axis=1))


def _table(chance: np.random.Generator, who: People, visits: "_Visits", log: "_Log", wares: _Wares) -> pa.Table:
    """Oldest first, as a log is."""
    about, counted = log.kind > _START, log.kind >= _ADDED
    name, category = (np.array([product[each] for product in PRODUCTS], object) for each in (0, 1))
    source = np.array([each for each, _ in SOURCES], object)[
        chance.choice(len(SOURCES), len(visits.person), p=[share for _, share in SOURCES])
    ]
    session = np.array([f"v{number}" for number in range(len(visits.person))], object)
    endpoint = endpoint_ids(who, visits.person, _through(chance, who, visits.person))
    columns = {
        "EventId": _ids(chance, len(log.kind)),
        "EndpointId": endpoint[log.visit],
        "EventType": np.array(_TYPES, object)[log.kind],
        "Timestamp": pa.array(log.moment * 1_000_000, pa.timestamp("us", "UTC")),
        "Session.Id": session[log.visit],
        "Attributes.source": pa.array(source[log.visit], mask=about),
        "Attributes.product": pa.array(name[wares.product], mask=~about),
        "Attributes.category": pa.array(category[wares.product], mask=~about),
        "Metrics.amount": pa.array(wares.amount, mask=~counted),
        "Metrics.quantity": pa.array(wares.quantity.astype(np.float64), mask=~counted),
    }
    return pa.table(columns).take(pa.array(np.argsort(log.moment, kind="stable")))


def _through(chance: np.random.Generator, who: People, person: Ints) -> npt.NDArray[np.object_]:
    """The endpoint that a visit is known by: the app for who has it, most of the time, else the mail address."""
    app = (who.push[person] >= 0) & (chance.random(len(person)) < 0.6)  # noqa: PLR2004 - a share
    return np.where(app, "APP", "EMAIL").astype(object)


def _ids(chance: np.random.Generator, count: int) -> npt.NDArray[np.object_]:
    text = chance.bytes(16 * count).hex()
    return np.array([text[32 * number : 32 * number + 32] for number in range(count)], object)
