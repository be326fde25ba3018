"""Templates filled for one person: Jinja2 in its immutable sandbox, with an allow-list, a step and a size limit.

Three things keep a template from doing more than filling in text: only the statements, filters and tests named here
compile; nothing can be called; and every turn of a loop and every repeated or joined text is counted. Values that a
person lacks are empty.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import Template as Compiled

from workbench.plan import plaintext
from workbench.plan.catalogue import Catalogue
from workbench.plan.endpoint import FIELDS, OPEN_PREFIXES
from workbench.plan.merge import Value, values_for
from workbench.plan.problem import Problem
from workbench.plan.sandbox import Budget, RenderError, counted, environment, forbidden, uses
from workbench.plan.template import Rendered, Template
from workbench.plan.words import N_, Words, tr

#: characters of one rendered part
MAX_SIZE: Final = 2_000_000
#: Jinja2's own message parts that tell nothing to a marketer
_PARTS: Final = ("subject", "html", "text")


class Prepared:
    """A compiled template; `parts` and `render` may be called any number of times.

    Attributes:
        fields: dotted names of the values it uses, in alphabetical order; a container's bare name (`Attributes`) means
            all that is in it.
    """

    def __init__(self, template: Template) -> None:
        self._subject, in_subject = _compile(template.subject, html=False)
        self._html, in_html = _compile(template.html, html=True)
        self._text, in_text = _compile_text(template)
        self._made = not template.text.strip()
        self.fields: tuple[str, ...] = tuple(sorted(in_subject | in_html | in_text))

    def parts(self, values: Mapping[str, Value]) -> tuple[str, str, str]:
        """Subject (one line), HTML and text for one person; raises `RenderError` with words for people."""
        budget = Budget()
        context = {**values_for(values), Budget.NAME: budget}
        html = _fill(self._html, context)
        text = _fill(self._text, context) if self._text is not None else plaintext.from_html(html)
        if self._made:
            text = plaintext.tidy(text)
        return one_line(_fill(self._subject, context)), html, text

    def render(self, values: Mapping[str, Value]) -> Rendered:
        """The same as an answer; a fault is told in `problem`."""
        try:
            subject, html, text = self.parts(values)
        except RenderError as error:
            return Rendered(subject="", html="", text="", problem=str(error))
        return Rendered(subject=subject, html=html, text=text)


@lru_cache(maxsize=16)
def prepare(template: Template) -> Prepared:
    """Compile a template; raises `RenderError` where it has a fault that `check` tells in detail."""
    return Prepared(template)


def one_line(text: str) -> str:
    """The text without line ends and control characters, runs of blanks made one: fit for a header."""
    return _BREAKS.sub(" ", text).strip()


_BREAKS: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


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
    try:
        tree = environment(html=where == "html").parse(source)
    except TemplateSyntaxError as error:
        line = Words(N_("Line {line}: {text}"), {"line": error.lineno, "text": error.message or ""})
        return [
            Problem(where, line, Words(N_("Look for an unclosed or misspelt {tag}."), {"tag": "{{ … }} / {% … %}"}))
        ]
    refused = [
        Problem(where, Words(N_("Line {line}: {text}"), {"line": line, "text": words}))
        for line, words in forbidden(tree)
    ]
    return refused or _check_names(where, tree, catalogue)


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


def _compile(source: str, *, html: bool) -> tuple[Compiled, set[str]]:
    env = environment(html=html)
    try:
        tree = env.parse(source)
        refused = forbidden(tree)
        if refused:
            line, words = refused[0]
            raise RenderError(str(Words(N_("Line {line}: {text}"), {"line": line, "text": words})))
        used = set(uses(tree))
        return Compiled.from_code(env, env.compile(counted(tree)), {}), used
    except TemplateSyntaxError as error:
        raise RenderError(tr("Line {line}: {text}").format(line=error.lineno, text=error.message)) from error


def _compile_text(template: Template) -> tuple[Compiled | None, set[str]]:
    """The text part's own template; made of the HTML's where it is empty, and None where that does not compile."""
    if template.text.strip():
        return _compile(template.text, html=False)
    try:
        return _compile(plaintext.from_template(template.html), html=False)
    except RenderError:
        return None, set()


def _fill(compiled: Compiled, context: dict[str, Value]) -> str:
    try:
        text = "".join(compiled.root_render_func(compiled.new_context(context, shared=True)))
    except RenderError:
        raise
    except TemplateError as error:
        raise RenderError(str(error)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        raise RenderError(tr("The message cannot be filled: {text}").format(text=error)) from error
    if len(text) > MAX_SIZE:
        raise RenderError(tr("The message is larger than {n} characters.").format(n=MAX_SIZE))
    return text
