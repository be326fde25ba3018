"""The text part made from HTML, before and after filling."""

from workbench.plan import plaintext
from workbench.plan.render import prepare
from workbench.plan.template import Template


def test_structure_is_kept() -> None:
    html = (
        "<html><head><title>No</title><style>p{}</style></head><body><h1>Hello</h1><p>One<br>two &amp; three</p>"
        "<ul><li>a</li><li>b</li></ul><a href='https://x.example'>Shop</a> <img src=x alt='A picture'></body></html>"
    )
    assert plaintext.from_html(html) == (
        "Hello\n\nOne\ntwo & three\n\n- a\n- b\n\nShop (https://x.example) A picture\n"
    )


def test_a_link_that_shows_its_address_is_not_repeated() -> None:
    assert plaintext.from_html("<a href='https://x.example'>https://x.example</a>") == "https://x.example\n"


def text_of(html: str, values: dict[str, object]) -> str:
    return prepare(Template(name="T", subject="S", html=html)).render(values).text


def test_statements_stay_where_they_stood() -> None:
    html = "<p>a</p>{% if Metrics.x > 1 %}<p>b</p>{% endif %}<p>{{ Id }}</p><a href='https://x/{{ Id }}'>c</a>"
    assert text_of(html, {"Id": "7", "Metrics": {"x": 0}}) == "a\n\n7\n\nc (https://x/7)\n"
    assert text_of(html, {"Id": "7", "Metrics": {"x": 2}}) == "a\n\nb\n\n7\n\nc (https://x/7)\n"


def test_literal_braces_do_not_become_statements() -> None:
    assert text_of("<p>&#123;&#123; Id }}</p>", {"Id": "7"}) == "{{ Id }}\n"


def test_statements_inside_what_is_dropped_may_unbalance_and_are_read_from_the_result() -> None:
    html = "{% if Id %}<style>{% endif %}p{}</style><p>x</p>"
    assert text_of(html, {"Id": "7"}) == "x\n"
