"""What is wrong with a definition, where, and what to do about it."""

from dataclasses import dataclass, field

from workbench.plan.words import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault that a person can mend.

    Attributes:
        where: path of the field inside the definition, dotted: `"host"`, `"root.items.2.values"`, `"columns.4.target"`.
        text: what is wrong.
        fix: what to do; may be empty.
        blocks: a blocking problem prevents a launch or an import; the others are advice.
    """

    where: str
    text: Words
    fix: Words = field(default_factory=lambda: Words(""))
    blocks: bool = True

    def __str__(self) -> str:
        return f"{self.text} {self.fix}".strip()
