"""Names of an endpoint's fields. They stand apart from the definitions, so that couriers need not load those."""

from typing import Final, Literal

#: Fixed fields of an endpoint as dotted names, with the type each value has.
FIELDS: Final[dict[str, Literal["text", "number", "time"]]] = {
    "Id": "text",
    "Address": "text",
    "ChannelType": "text",
    "EndpointStatus": "text",
    "OptOut": "text",
    "EffectiveDate": "time",
    "CreationDate": "time",
    "CohortId": "text",
    "RequestId": "text",
    "Demographic.AppVersion": "text",
    "Demographic.Locale": "text",
    "Demographic.Make": "text",
    "Demographic.Model": "text",
    "Demographic.ModelVersion": "text",
    "Demographic.Platform": "text",
    "Demographic.PlatformVersion": "text",
    "Demographic.Timezone": "text",
    "Location.City": "text",
    "Location.Country": "text",
    "Location.Latitude": "number",
    "Location.Longitude": "number",
    "Location.PostalCode": "text",
    "Location.Region": "text",
    "User.UserId": "text",
}
ATTRIBUTE: Final = "Attributes."
METRIC: Final = "Metrics."
USER_ATTRIBUTE: Final = "User.UserAttributes."
OPEN_PREFIXES: Final = (ATTRIBUTE, METRIC, USER_ATTRIBUTE)


def is_field(name: str) -> bool:
    """Whether the dotted name is a field that an endpoint can have."""
    return name in FIELDS or any(name.startswith(prefix) and len(name) > len(prefix) for prefix in OPEN_PREFIXES)
