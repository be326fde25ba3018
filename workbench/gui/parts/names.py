"""What fields, channels and states are called on the page; the stored names stay as they are."""

import json
from functools import cache
from typing import Final

from PySide6.QtCore import QCollator, QLocale

from workbench.gui.theme.theme import resources
from workbench.plan.endpoint import OPEN_PREFIXES
from workbench.plan.words import N_, tr

_FIELDS: Final = {
    "Id": N_("ID"),
    "Address": N_("Address"),
    "ChannelType": N_("Channel"),
    "EndpointStatus": N_("Status"),
    "OptOut": N_("Opted out of"),
    "EffectiveDate": N_("Last activity"),
    "CreationDate": N_("Added"),
    "CohortId": N_("Cohort"),
    "RequestId": N_("Request ID"),
    "Demographic.AppVersion": N_("App version"),
    "Demographic.Locale": N_("Language"),
    "Demographic.Make": N_("Device make"),
    "Demographic.Model": N_("Device model"),
    "Demographic.ModelVersion": N_("Model version"),
    "Demographic.Platform": N_("Platform"),
    "Demographic.PlatformVersion": N_("Platform version"),
    "Demographic.Timezone": N_("Time zone"),
    "Location.City": N_("City"),
    "Location.Country": N_("Country"),
    "Location.Latitude": N_("Latitude"),
    "Location.Longitude": N_("Longitude"),
    "Location.PostalCode": N_("Postal code"),
    "Location.Region": N_("Region"),
    "User.UserId": N_("Person ID"),
    "EventId": N_("Event ID"),
    "EventType": N_("Event type"),
    "Timestamp": N_("Time"),
    "EndpointId": N_("Endpoint ID"),
    "UserId": N_("Person ID"),
    "Session.Id": N_("Session ID"),
}
_CHANNELS: Final = {
    "EMAIL": N_("E-mail"),
    "SMS": N_("SMS"),
    "VOICE": N_("Voice"),
    "PUSH": N_("Push"),
    "GCM": N_("Push, Android"),
    "APNS": N_("Push, Apple"),
    "APNS_SANDBOX": N_("Push, Apple test"),
    "APNS_VOIP": N_("VoIP, Apple"),
    "APNS_VOIP_SANDBOX": N_("VoIP, Apple test"),
    "ADM": N_("Push, Amazon"),
    "BAIDU": N_("Push, Baidu"),
    "CUSTOM": N_("Custom"),
    "IN_APP": N_("In-app"),
}
_STATES: Final = {"ACTIVE": N_("Active"), "INACTIVE": N_("Inactive")}
_OPT_OUTS: Final = {"ALL": N_("everything"), "NONE": N_("nothing")}


def field_name(field: str) -> str:
    """A dotted field in words: `Location.Country` is "Country", `Attributes.plan` is "plan"."""
    for prefix in OPEN_PREFIXES:
        if field.startswith(prefix) and len(field) > len(prefix):
            return field.removeprefix(prefix)
    return tr(_FIELDS[field]) if field in _FIELDS else field


def channel_name(channel: str) -> str:
    """A channel type in words: `EMAIL` is "E-mail"; an unknown one as it is."""
    return tr(_CHANNELS[channel]) if channel in _CHANNELS else channel


def cell_words(field: str, value: str) -> str:
    """The text of a cell: channel, country, status and opt-out in words, everything else as it is stored."""
    if field == "ChannelType":
        return channel_name(value)
    if field == "Location.Country":
        return country_name(value)
    table = {"EndpointStatus": _STATES, "OptOut": _OPT_OUTS}.get(field, {})
    return tr(table[value]) if value in table else value


def country_name(code: str) -> str:
    """`DE` as "Germany (DE)", in the language of the window; what is no code of a country as it is."""
    name = _countries().get(code.upper(), "")
    return f"{name} ({code})" if name else code


def all_countries() -> list[str]:
    """The codes of all countries, in the order of their names in the language of the window."""
    collator = QCollator(QLocale())
    names = _countries()
    return sorted(names, key=lambda code: collator.sortKey(names[code]))


def _countries() -> dict[str, str]:
    """Names by code, ISO 3166-1 alpha-2, in the language of the window."""
    return _known_countries().get(QLocale().name().partition("_")[0], {})


@cache
def _known_countries() -> dict[str, dict[str, str]]:
    # Qt knows the names in English and in each country's own language only.
    known: dict[str, dict[str, str]] = json.loads((resources() / "languages" / "countries.json").read_bytes())
    return known
