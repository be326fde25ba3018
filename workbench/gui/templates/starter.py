"""The letter that a new template begins as."""

from workbench.gui.templates.merge import expression
from workbench.plan.catalogue import Catalogue
from workbench.plan.template import Template
from workbench.plan.words import tr

_HTML = """\
<!doctype html>
<html>
<body style="margin: 0; padding: 32px 24px; background: #ffffff;">
  <div style="max-width: 560px; margin: 0 auto; font-family: Arial, Helvetica, sans-serif; color: #222222;">
    <h1 style="font-size: 24px; line-height: 1.3; margin: 0 0 16px;">{greeting}</h1>
    <p style="font-size: 16px; line-height: 1.6; margin: 0 0 16px;">{body}</p>
    <p style="font-size: 16px; line-height: 1.6; margin: 0;">{closing}</p>
  </div>
</body>
</html>
"""


def starter(catalogue: Catalogue) -> Template:
    """A plain letter that greets people by their first name where the catalogue knows one."""
    first_name = next((field for field in catalogue.fields() if field.rpartition(".")[2].lower() in _FIRST_NAMES), "")
    if first_name:
        written = f"{{{{ {expression(first_name)} }}}}"
        greeting = tr("Hello {name},").format(name=written)
    else:
        greeting = tr("Hello,")
    return Template(
        name=tr("New template"),
        subject=tr("A word from us"),
        html=_HTML.format(greeting=greeting, body=tr("Write here what you have to say."), closing=tr("Yours")),
    )


_FIRST_NAMES = frozenset({"firstname", "first_name", "first name", "givenname", "given_name", "name"})
