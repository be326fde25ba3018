"""The two shapes of data that travel between rooms: definitions, which people edit, and answers, which they read."""

from typing import TYPE_CHECKING, Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NUMBER: Final = N_("A number belongs here.")
_OBJECT: Final = N_("An object belongs here.")
_LIST: Final = N_("A list belongs here.")
_TRUTH: Final = N_("true or false belongs here.")
#: the parser's most frequent complaints, by its name for them; the places are those of its context
_COMPLAINTS: Final = {
    "missing": N_("The field is missing."),
    "extra_forbidden": N_("There is no such field."),
    "json_invalid": N_("This is not JSON: {error}."),
    "literal_error": N_("It is one of {expected}."),
    "union_tag_invalid": N_("There is no kind “{tag}”; it is one of {expected_tags}."),
    "union_tag_not_found": N_("The field “kind” is missing."),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "string_type": N_("A text belongs here."),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "greater_than_equal": N_("It is {ge} at least."),
    "less_than_equal": N_("It is {le} at most."),
}


class Definition(BaseModel):
    """A frozen definition: unknown fields are refused, so that a typing error is found where it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    def to_json(self) -> str:
        """The definition as JSON text, ready to be stored or compared line by line."""
        return self.model_dump_json(indent=2)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Parse JSON text; raises `pydantic.ValidationError`, which `problems_of` turns into problems."""
        return cls.model_validate_json(text)


class Answer(BaseModel):
    """A frozen answer of the engine; readable as JSON, which is what `--json` prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """A parser's complaints as problems at their fields."""
    return tuple(
        Problem(".".join(str(part) for part in fault["loc"]), _complaint(fault))
        for fault in error.errors(include_url=False)
    )


def _complaint(fault: "ErrorDetails") -> Words:
    """What is wrong, in words of our own; the parser's English for what is rare."""
    words = _COMPLAINTS.get(fault["type"])
    return Words("{text}", {"text": fault["msg"]}) if words is None else Words(words, fault.get("ctx", {}))
