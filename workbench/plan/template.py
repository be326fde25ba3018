"""A message with merge fields, and its rendering for one person."""

from typing import Literal

from workbench.plan.definition import Answer, Definition


class Template(Definition):
    """An e-mail. Subject, HTML and text are Jinja2 with Pinpoint's field names: `{{ User.UserAttributes.FirstName }}`.

    `text` may be empty: then the plain-text part is made from the HTML.
    """

    kind: Literal["email"] = "email"
    name: str = ""
    subject: str = ""
    html: str = ""
    text: str = ""


class Rendered(Answer):
    """A message for one person; `problem` says why it could not be rendered, and is empty if it could."""

    subject: str
    html: str
    text: str
    problem: str = ""
