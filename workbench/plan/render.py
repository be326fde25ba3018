"""Templates as definitions: compiled, rendered for one person, checked."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from workbench.plan.catalogue import Catalogue
from workbench.plan.faults import explained
from workbench.plan.fields import FIELDS, OPEN_PREFIXES
from workbench.plan.filling import TOO_DEEP, Filling, compiled
from workbench.plan.merge import Value
from workbench.plan.problem import Problem
from workbench.plan.sandbox import RenderError, environment, forbidden, uses
from workbench.plan.template import Rendered, Template
from workbench.plan.words import N_, Words

_PARTS: Final = ("subject", "html", "text")


class Prepared(Filling):
    """A compiled template; `parts` and `render` may be called any number of times."""

    def __init__(self, template: Template) -> None:
        super().__init__(template.subject, template.html, template.text)

    def render(self, values: Mapping[str, Value]) -> Rendered:
        """The parts as an answer; a fault is told in `problem`."""
        try:
            subject, html, text = self.parts(values)
        except RenderError as error:
            return Rendered(subject="", html="", text="", problem=str(error))
        return Rendered(subject=subject, html=html, text=text)


@lru_cache(maxsize=16)
def prepare(template: Template) -> Prepared:
    """Compile a template; raises `RenderError` where it has a fault that `check` tells in detail."""
    return Prepared(template)


def check(template: Template, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Problems at `name`, `subject`, `html` and `text`; an unknown merge field is advice, since it may come later."""
    found: list[Problem] = []
    if not template.name.strip():
        found.append(Problem("name", Words(N_("The message has no name.")), Words(N_("Type one."))))
    if not template.subject.strip():
        found.append(Problem("subject", Words(N_("The message has no subject.")), Words(N_("Type one."))))
    if not template.html.strip() and not template.text.strip():
        found.append(Problem("html", Words(N_("The message is empty.")), Words(N_("Write something."))))
    for where in _PARTS:
        found += _check_part(where, getattr(template, where), catalogue)
    return tuple(found)


def _check_part(where: str, source: str, catalogue: Catalogue) -> list[Problem]:
    html = where == "html"
    try:
        tree = environment(html=html).parse(source)
        refused = [
            Problem(where, Words(N_("Line {line}: {text}"), {"line": line, "text": words}))
            for line, words in forbidden(tree)
        ]
        if not refused:
            compiled(source, html=html)
        return refused or _check_names(where, tree, catalogue)
    except TemplateSyntaxError as error:
        return [
            Problem(
                where,
                explained(error),
                Words(N_("Look for an unclosed or misspelt {tag}."), {"tag": "{{ … }} / {% … %}"}),
            )
        ]
    except (RecursionError, RenderError):
        return [Problem(where, Words(TOO_DEEP), Words(N_("Make it simpler.")))]


def _check_names(where: str, tree: nodes.Template, catalogue: Catalogue) -> list[Problem]:
    found = []
    for name, line in sorted(uses(tree).items(), key=lambda use: use[1]):
        if name in _CONTAINERS or catalogue.has(name):
            continue
        suggestion = catalogue.suggestion(name) or _by_last_part(name, catalogue)
        fix = (
            Words(N_("Did you mean {name}?"), {"name": suggestion})
            if suggestion
            else Words(N_("Nobody has it so far."))
        )
        text = Words(N_("Line {line}: the field “{name}” is not known."), {"line": line, "name": name})
        found.append(Problem(where, text, fix, blocks=False))
    return found


def _by_last_part(name: str, catalogue: Catalogue) -> str | None:
    """The known field whose last part is the name's last part: `FirstName` means `User.UserAttributes.FirstName`."""
    last = name.rpartition(".")[2].lower()
    return next((field for field in catalogue.fields() if field.rpartition(".")[2].lower() == last), None)


_CONTAINERS: Final = frozenset(
    {prefix.rstrip(".") for prefix in OPEN_PREFIXES} | {field.rpartition(".")[0] for field in FIELDS} - {""}
)
