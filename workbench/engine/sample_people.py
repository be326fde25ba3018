"""The sample's people: who they are, how they can be reached, and how keen they are. Made column by column."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from workbench.engine.sample_names import COUNTRIES, forms

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

DAY: Final = 86_400
INTERESTS: Final = ("tea", "coffee", "brewing", "cups", "gifts")
_PLANS: Final = (("free", 0.72), ("club", 0.21), ("club plus", 0.07))
_PUSH: Final = (("GCM", "Android"), ("APNS", "iOS"))


@dataclass(frozen=True)
class People:
    """Arrays with a place per person; times in seconds since 1970, UTC.

    Attributes:
        country: number of the country in `COUNTRIES`.
        joined, quiet: between these moments a person may be in the shop.
        keen: how often, relative to the others.
        push: 0 and 1 for the service of who has the app, else -1.
        sms: whether a phone number is known.
        favourite: number of the category in `INTERESTS` that a person likes most.
    """

    user_id: Texts
    first: Texts
    last: Texts
    address: Texts
    country: Ints
    city: Texts
    plan: Texts
    favourite: Ints
    joined: Ints
    quiet: Ints
    keen: Floats
    push: Ints
    sms: npt.NDArray[np.bool_]
    opted_out: npt.NDArray[np.bool_]
    inactive: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.user_id)


def people(chance: np.random.Generator, count: int, days: int, now: datetime) -> People:
    """So many people who came over the last three years, a third of whom were lost on the way."""
    end = int(now.timestamp())
    country = chance.choice(len(COUNTRIES), count, p=np.array([each.share for each in COUNTRIES]) / 100)
    first, last, latin = _names(chance, country)
    joined = end - (chance.power(0.7, count) * 3 * 365 * DAY).astype(np.int64) - 3_600
    lost = chance.random(count) < 0.3  # noqa: PLR2004 - shares of the sample read best where they are used
    lifetime = (chance.exponential(0.5 * days, count) * DAY).astype(np.int64)
    quiet = np.where(lost, np.maximum(joined, end - days * DAY) + lifetime, end)
    numbers = np.arange(1, count + 1)
    ending = np.where(chance.random(count) < 0.5, "@example.com", "@example.org")  # noqa: PLR2004 - the same
    return People(
        user_id=_texts(f"c{number:06d}" for number in numbers),
        first=first,
        last=last,
        address=_texts(f"{name}{number}{end}" for name, number, end in zip(latin, numbers, ending, strict=True)),
        country=country,
        city=_cities(chance, country),
        plan=_chosen(chance, count, _PLANS),
        favourite=chance.choice(len(INTERESTS), count, p=[0.34, 0.3, 0.16, 0.12, 0.08]),
        joined=joined,
        quiet=np.minimum(quiet, end),
        keen=chance.lognormal(0.0, 1.0, count),
        push=np.where(chance.random(count) < 0.24, chance.integers(0, len(_PUSH), count), -1),  # noqa: PLR2004 - the same
        sms=chance.random(count) < 0.14,  # noqa: PLR2004 - the same
        opted_out=chance.random(count) < 0.045,  # noqa: PLR2004 - the same
        inactive=chance.random(count) < 0.02,  # noqa: PLR2004 - the same
    )


def _names(chance: np.random.Generator, country: Ints) -> tuple[Texts, Texts, list[str]]:
    """Given name, family name and `given.family.` in Latin letters."""
    first = np.empty(len(country), object)
    last = np.empty(len(country), object)
    latin = np.empty(len(country), object)
    for number, place in enumerate(COUNTRIES):
        for gender, given in enumerate((place.women, place.men)):
            here = np.flatnonzero((country == number) & (np.arange(len(country)) % 2 == gender))
            one, two = np.array(forms(given, gender), object), np.array(forms(place.family, gender), object)
            mine = one[chance.integers(0, len(one), len(here))]
            family = two[chance.integers(0, len(two), len(here))]
            first[here], last[here] = mine[:, 0], family[:, 0]
            latin[here] = mine[:, 1] + "." + family[:, 1] + "."
    return first, last, latin.tolist()


def _cities(chance: np.random.Generator, country: Ints) -> Texts:
    """The larger a city, the more of the people live there."""
    city = np.empty(len(country), object)
    for number, place in enumerate(COUNTRIES):
        here = np.flatnonzero(country == number)
        cities = np.array(place.cities.split(", "), object)
        weights = 1 / np.arange(1, len(cities) + 1)
        city[here] = chance.choice(cities, len(here), p=weights / weights.sum())
    return city


def endpoints(chance: np.random.Generator, who: People, seen: Ints, orders: Ints, spent: Floats) -> pa.Table:
    """The file of endpoints: mail for everyone, a phone and an app for some. `seen` 0: not in the last days."""
    everyone = np.arange(len(who))
    mail, sms, push = everyone, np.flatnonzero(who.sms), np.flatnonzero(who.push >= 0)
    person = np.concatenate([mail, sms, push])
    service = np.array([name for name, _ in _PUSH], object)
    channel = np.concatenate([
        np.full(len(mail), "EMAIL", object), np.full(len(sms), "SMS", object), service[who.push[push]],
    ])  # fmt: skip
    address = np.concatenate([who.address, _phones(sms), _tokens(chance, len(push))])
    platform = np.concatenate([
        np.full(len(mail) + len(sms), None, object), np.array([name for _, name in _PUSH], object)[who.push[push]],
    ])  # fmt: skip
    effective = np.where(seen > 0, seen, np.minimum(who.quiet, who.joined + 90 * DAY))[person]
    return pa.table({
        "Id": endpoint_ids(who, person, channel),
        "ChannelType": channel,
        "Address": address,
        "EndpointStatus": np.where(who.inactive[person], "INACTIVE", "ACTIVE"),
        "OptOut": np.where(who.opted_out[person], "ALL", "NONE"),
        "EffectiveDate": pa.array(effective * 1_000_000, pa.timestamp("us", "UTC")),
        "Location.Country": _of_country(who, "code")[person],
        "Location.City": who.city[person],
        "Demographic.Locale": _of_country(who, "locale")[person],
        "Demographic.Timezone": _of_country(who, "zone")[person],
        "Demographic.Platform": platform,
        "User.UserId": who.user_id[person],
        "User.UserAttributes.FirstName": who.first[person],
        "User.UserAttributes.LastName": who.last[person],
        "Attributes.plan": who.plan[person],
        "Attributes.interests": _interests(chance, who, person),
        "Metrics.orders": orders[person].astype(np.float64),
        "Metrics.spent": np.round(spent, 2)[person],
    })  # fmt: skip


def endpoint_ids(who: People, person: Ints, channel: Texts) -> Texts:
    """`c000001-email`, `c000001-sms`, `c000001-app`."""
    ending = {"EMAIL": "-email", "SMS": "-sms"}
    endings = _texts(ending.get(name, "-app") for name in channel)
    return np.asarray(who.user_id[person] + endings, object)


def _interests(chance: np.random.Generator, who: People, person: Ints) -> pa.Array:
    """The favourite, and for some one or two of the others; the same on all endpoints of a person."""
    more = np.where(chance.random(len(who)) < 0.4, chance.integers(1, 3, len(who)), 0)  # noqa: PLR2004 - a share
    turned = (who.favourite[:, None] + np.arange(3) * (1 + who.favourite[:, None] % 2)) % len(INTERESTS)
    listed = np.array(INTERESTS, object)[turned][person]
    wanted = np.arange(3) <= more[person][:, None]
    offsets = np.concatenate([[0], np.cumsum(wanted.sum(axis=1))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(listed[wanted], pa.string()))


def _phones(sms: Ints) -> Texts:
    """Numbers 555-0100 to 555-0199, which are kept for stories in every area of North America."""
    return _texts(f"+1{200 + number // 100 % 800}55501{number % 100:02d}" for number in range(len(sms)))


def _tokens(chance: np.random.Generator, count: int) -> Texts:
    text = chance.bytes(32 * count).hex()
    return _texts(text[64 * number : 64 * number + 64] for number in range(count))


def _of_country(who: People, field: str) -> Texts:
    return np.array([getattr(each, field) for each in COUNTRIES], object)[who.country]


def _chosen(chance: np.random.Generator, count: int, shares: tuple[tuple[str, float], ...]) -> Texts:
    names, weights = zip(*shares, strict=True)
    return np.array(names, object)[chance.choice(len(names), count, p=weights)]


def _texts(values: Iterable[str]) -> Texts:
    return np.array(list(values), object)
