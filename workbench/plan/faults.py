"""What is wrong with a template's text, in our words: those of Jinja2's parser are English, and about its own insides.

The patterns are those of Jinja2 3.1; a sentence that none of them knows is quoted as it is.
"""

import re
from collections.abc import Callable
from typing import Final

from jinja2 import TemplateSyntaxError

from workbench.plan.words import N_, Words

#: the parser's names of signs
_SIGNS: Final = {
    "begin of print statement": "{{",
    "end of print statement": "}}",
    "begin of statement block": "{%",
    "end of statement block": "%}",
    "begin of comment": "{#",
    "end of comment": "#}",
}
#: the parser's names of what is no sign
_KINDS: Final = {
    "name": N_("a name"),
    "integer": N_("a number"),
    "float": N_("a number"),
    "string": N_("a text in quotes"),
    "end of template": N_("the end of the message"),
    "template data / text": N_("plain text"),
}
_END: Final = "end of template"
#: what Python's `repr` makes of a word, without its quotes; the pattern has the number of the pair of quotes
_QUOTED: Final = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"


def explained(error: TemplateSyntaxError) -> Words:
    """The line, and what is wrong there."""
    return Words(N_("Line {line}: {text}"), {"line": error.lineno, "text": fault(error.message or "")})


def fault(message: str) -> Words:
    """The parser's sentence in our words."""
    for pattern, words in _KNOWN:
        if found := pattern.match(message):
            return words(found)
    return Words(N_("The template cannot be read: {text}"), {"text": message})


def _plain(template: str, **signs: str) -> Callable[[re.Match[str]], Words]:
    return lambda _: Words(template, signs)


def _named(template: str) -> Callable[[re.Match[str]], Words]:
    return lambda found: Words(template, {"name": _bare(found[1])})


def _expected(found: re.Match[str]) -> Words:
    wanted, got = _bare(found[1]), _bare(found[2])
    if got == _END:
        return _missing(wanted)
    values = {"found": _thing(got), "wanted": _thing(wanted)}
    return Words(N_("{wanted} is expected here, not {found}."), values)


def _missing(wanted: str) -> Words:
    return Words(N_("{wanted} is missing: the message ends before it."), {"wanted": _thing(wanted)})


def _unexpected(found: re.Match[str]) -> Words:
    got = _bare(found[1])
    if got == _END:
        return Words(N_("The message ends too early."))
    if got in {"'", '"'}:
        return Words(N_("A text in quotes is not closed."))
    return Words(N_("{found} cannot stand here."), {"found": _thing(got)})


def _closed_otherwise(found: re.Match[str]) -> Words:
    values = {"found": _sign(found[1]), "wanted": _sign(found[2])}
    return Words(N_("{wanted} is expected here, not {found}."), values)


def _unclosed(found: re.Match[str]) -> Words:
    """The message ends inside a block."""
    tags = re.findall(_QUOTED, found["wanted"] or "")
    opened = re.search(rf"needs to be closed is ({_QUOTED})", found.string)
    if opened is None or not tags:
        return Words(N_("The message ends too early."))
    values = {"opened": _tag(opened[1]), "wanted": _tag(tags[-1])}
    return Words(N_("{opened} is not closed: {wanted} is missing."), values)


def _unknown_tag(found: re.Match[str]) -> Words:
    name = _tag(found[1])
    opened = re.search(rf"needs to be closed is ({_QUOTED})", found.string)
    if not _bare(found[1]).startswith("end") and "nesting mistake" not in found.string:
        return Words(N_("There is no {name}."), {"name": name})
    if opened is None:
        return Words(N_("{name} closes nothing: nothing is open here."), {"name": name})
    return Words(N_("{name} cannot stand here: {opened} is still open."), {"name": name, "opened": _tag(opened[1])})


def _thing(name: str) -> Words:
    return Words(_KINDS[name]) if name in _KINDS else _sign(_SIGNS.get(name, name))


def _sign(sign: str) -> Words:
    return Words(N_("“{sign}”"), {"sign": sign})


def _tag(quoted: str) -> str:
    return f"{{% {_bare(quoted)} %}}"


def _bare(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1])


_KNOWN: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Words]], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (rf"unexpected end of template, expected ({_QUOTED})", lambda found: _missing(_bare(found[1]))),
        (rf"expected token ({_QUOTED}), got ({_QUOTED})", _expected),
        (rf"Expected an expression, got ({_QUOTED})", lambda found: _no_value(_bare(found[1]))),
        (r"unexpected '([\])}])', expected '([\])}])'", _closed_otherwise),
        (rf"unexpected char ({_QUOTED}) at", _unexpected),
        (rf"unexpected ({_QUOTED})", _unexpected),
        (r"Unexpected end of template\.(?: Jinja was looking for the following tags: (?P<wanted>.*?)\.)?", _unclosed),
        (rf"Encountered unknown tag ({_QUOTED})", _unknown_tag),
        (r"tag name expected", _plain(N_("After {tag} comes a word such as if, for or set."), tag="{%")),
        (rf"can't assign to ({_QUOTED})", _plain(N_("A value can be set under a name only."))),
        (r"expected name or number|expected subscript expression", _plain(N_("After a dot comes a name."))),
        (r"Invalid character in identifier", _plain(N_("A name has a sign that names cannot have."))),
        (r"invalid syntax for function call", _plain(N_("Functions cannot be called in a message."))),
        (r"You cannot chain multiple tests", _plain(N_("Only one “is” can stand here; join two by “and”."))),
        (
            r"Missing end of comment tag",
            _plain(N_("{opened} is not closed: {wanted} is missing."), opened="{#", wanted="#}"),
        ),
        (
            r"Missing end of raw directive",
            _plain(N_("{opened} is not closed: {wanted} is missing."), opened="{% raw %}", wanted="{% endraw %}"),
        ),
        (r"Can't assign to special loop variable", _plain(N_("The name “loop” is taken."))),
        (rf"No (?:filter|test) named ({_QUOTED})", _named(N_("There is no filter “{name}”."))),
    )
)


def _no_value(got: str) -> Words:
    return Words(N_("A value is missing before {found}."), {"found": _thing(got)})
