"""What a parser complains of, in words of our own."""

import pytest
from pydantic import TypeAdapter, ValidationError

from workbench.plan.channel import Channel
from workbench.plan.definition import problems_of


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("{", "", "This is not JSON: EOF while parsing an object at line 1 column 1."),
        ("[]", "", "An object belongs here."),
        ("{}", "", "The field “kind” is missing."),
        ('{"kind": "fax"}', "", "There is no kind “fax”; it is one of 'smtp', 'sandbox', 'folder'."),
        ('{"kind": "smtp", "hots": "x"}', "smtp.hots", "There is no such field."),
        ('{"kind": "smtp", "host": 1}', "smtp.host", "A text belongs here."),
        ('{"kind": "smtp", "port": "a"}', "smtp.port", "A number belongs here."),
        ('{"kind": "smtp", "security": "ssl"}', "smtp.security", "It is one of 'starttls', 'tls' or 'none'."),
        ('{"kind": "smtp", "connections": 0}', "smtp.connections", "It is 1 at least."),
        ('{"kind": "smtp", "verify": "perhaps"}', "smtp.verify", "true or false belongs here."),
    ],
)
def test_a_complaint_is_told_in_words_of_our_own(text: str, where: str, words: str) -> None:
    adapter: TypeAdapter[Channel] = TypeAdapter(Channel)
    with pytest.raises(ValidationError) as caught:
        adapter.validate_json(text)
    assert [(problem.where, str(problem)) for problem in problems_of(caught.value)] == [(where, words)]
