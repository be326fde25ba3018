"""Fields of endpoints as columns of a table."""

from functools import partial

from workbench.gui.parts.names import cell_words, country_name, field_name
from workbench.gui.parts.table_model import Column
from workbench.plan.catalogue import is_number
from workbench.plan.endpoint import FIELDS

_WIDE = {
    "Id": 22,
    "Address": 28,
    "User.UserId": 18,
    "ChannelType": 12,
    "EndpointStatus": 10,
    "EffectiveDate": 16,
    "Location.Country": 10,
}
_USUAL = 14


def column_of(field: str, *, sortable: bool = True, wide: str = "") -> Column:
    """A column for a dotted field: numbers to the right, moments relative, channels and states in words.

    A country is its code, with the name in the tooltip. The field named by `wide` takes the room that the others leave.
    """
    words = partial(cell_words, field) if field in {"ChannelType", "EndpointStatus", "OptOut"} else None
    kind = "number" if is_number(field) else "time" if FIELDS.get(field) == "time" else "text"
    return Column(
        key=field,
        title=field_name(field),
        kind=kind,  # type: ignore[arg-type]  # one of the three literals above
        width=0 if field == wide else _WIDE.get(field, _USUAL),
        sortable=sortable,
        show=words,
        tip=country_name if field == "Location.Country" else None,
    )
