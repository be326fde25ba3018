"""The two shapes of data that travel between rooms: definitions, which people edit, and answers, which they read."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.plan.problem import Problem
from workbench.plan.words import Words


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
        Problem(".".join(str(part) for part in fault["loc"]), Words("{text}", {"text": fault["msg"]}))
        for fault in error.errors(include_url=False)
    )
