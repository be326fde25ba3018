"""A message's three templates compiled once and filled for each person; what couriers do, with nothing else loaded.

Three things keep a template from doing more than filling in text: only the statements, filters and tests that
`plan.sandbox` names compile; nothing can be called; and every turn of a loop, every item of a list and every repeated
or joined text is counted. Values that a person lacks are empty.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.environment import Template as Compiled

from workbench.plan import plaintext
from workbench.plan.faults import explained
from workbench.plan.merge import Value, values_for
from workbench.plan.sandbox import Budget, RenderError, counted, environment, forbidden, uses
from workbench.plan.words import N_, Words, tr

#: characters of one rendered part
MAX_SIZE: Final = 2_000_000
#: pieces of a part between two looks at its size: the whole of it might not fit into memory
_AT_ONCE: Final = 64
#: what filling a sound template may raise for the values of one person
_UNFILLABLE: Final = (
    TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError,
)  # fmt: skip
TOO_DEEP: Final = N_("Something in the message is too long, or too deeply nested.")


class Filling:
    """Subject, HTML and text of a message, compiled; raises `RenderError` where one has a fault.

    Attributes:
        fields: dotted names of the values it uses, in alphabetical order; a container's bare name (`Attributes`) means
            all that is in it.
    """

    def __init__(self, subject: str, html: str, text: str) -> None:
        self._subject, in_subject = compiled(subject, html=False)
        self._html, in_html = compiled(html, html=True)
        self._text, in_text = _compile_text(html, text)
        self._made = not text.strip()
        self.fields: tuple[str, ...] = tuple(sorted(in_subject | in_html | in_text))

    def parts(self, values: Mapping[str, Value]) -> tuple[str, str, str]:
        """Subject (one line), HTML and text for one person; raises `RenderError` with words for people."""
        context = {**values_for(values), Budget.NAME: Budget()}
        html = _fill(self._html, context)
        text = _fill(self._text, context) if self._text is not None else plaintext.from_html(html)
        if self._made:
            text = plaintext.tidy(text)
        return one_line(_fill(self._subject, context)), html, text


def one_line(text: str) -> str:
    """The text without line ends and control characters, runs of blanks made one: fit for a header."""
    return _BREAKS.sub(" ", text).strip()


_BREAKS: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@lru_cache(maxsize=16)  # what is checked while it is written is shown, too
def compiled(source: str, *, html: bool) -> tuple[Compiled, frozenset[str]]:
    """A part ready to be filled, and the fields that it uses; raises `RenderError` with words for people."""
    env = environment(html=html)
    try:
        tree = env.parse(source)
        refused = forbidden(tree)
        if refused:
            line, words = refused[0]
            raise RenderError(str(Words(N_("Line {line}: {text}"), {"line": line, "text": words})))
        used = frozenset(uses(tree))
        return Compiled.from_code(env, env.compile(counted(tree)), {}), used
    except TemplateSyntaxError as error:
        raise RenderError(str(explained(error))) from error
    except (SyntaxError, RecursionError, MemoryError) as error:  # what Python says of code that is nested too deeply
        raise RenderError(tr(TOO_DEEP)) from error


def _compile_text(html: str, text: str) -> tuple[Compiled | None, frozenset[str]]:
    """The text part's own template; made of the HTML's where it is empty, and None where that does not compile."""
    if text.strip():
        return compiled(text, html=False)
    try:
        return compiled(plaintext.from_template(html), html=False)
    except RenderError:
        return None, frozenset()


def _fill(part: Compiled, context: dict[str, Value]) -> str:
    text = ""
    try:
        pieces = part.root_render_func(part.new_context(context, shared=True))
        for piece in pieces:
            text += "".join((piece, *islice(pieces, _AT_ONCE)))
            if len(text) > MAX_SIZE:
                raise RenderError(tr("The message is larger than {n} characters.").format(n=MAX_SIZE))
    except _UNFILLABLE as error:
        raise RenderError(tr("The message cannot be filled: {text}").format(text=error)) from error
    return text
