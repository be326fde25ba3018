"""The plain-text part of a mail, made from its HTML."""

import re
from html.parser import HTMLParser
from typing import Final

_SKIPPED: Final = frozenset({"head", "script", "style", "title", "template"})
_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "center", "div", "dl", "dt", "dd", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_APART: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "hr"})
_JINJA: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: stands for the n-th Jinja2 tag while the HTML is read; from Unicode's private area, which no mail uses
_MARK: Final = re.compile("\ue000([0-9]+)\ue001")
_LITERAL: Final = re.compile(r"\{(?=[{%#])")


def from_html(html: str) -> str:
    """Readable text of an HTML message: links as `text (address)`, items as `- item`, no more than one empty line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def tidy(text: str) -> str:
    """No more than one empty line at a time: statements between blocks leave theirs behind."""
    return _EMPTY.sub("\n\n", text) if "\n\n\n" in text else text


_EMPTY: Final = re.compile(r"\n{3,}")


def from_template(html: str) -> str:
    """The same for a template: its `{{ … }}` and `{% … %}` stand where they stood, ready to be filled as text."""
    tags: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        tags.append(match[0])
        return f"\ue000{len(tags) - 1}\ue001"

    text = from_html(_JINJA.sub(put_aside, html))
    # What the HTML showed as a literal brace must not become a tag of the text.
    text = _LITERAL.sub("{{ '{' }}", text)
    return _MARK.sub(lambda match: tags[int(match[1])], text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._skipping = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        known = dict(attrs)
        match tag:
            case "br":
                self._pieces.append("\n")
            case "li":
                self._pieces.append("\n- ")
            case "td" | "th":
                self._pieces.append(" ")
            case "img" if known.get("alt"):
                self.handle_data(str(known["alt"]))
            case "a":
                self._links.append((known.get("href") or "", len(self._pieces)))
            case _ if tag in _BLOCKS:
                self._pieces.append("\n\n" if tag in _APART else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            label = "".join(self._pieces[start:]).strip()
            plain = address.removeprefix("mailto:")
            if plain and not plain.startswith("#") and plain != label:
                self._pieces.append(f" ({plain})" if label else plain)
        elif tag in _BLOCKS:
            self._pieces.append("\n\n" if tag in _APART else "\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._pieces.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        """What was read, tidied."""
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self._pieces))
        text = re.sub(r"[ \t]{2,}", " ", text)
        return tidy(text).strip() + "\n"
