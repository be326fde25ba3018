"""A mail as bytes on the wire: the headers that all messages of a run share are written once, the rest is filled in.

RFC 5322 (form), 2045-2047 (parts, encodings, words in headers), 5321 (line ends, lengths, leading dots).
"""

import base64
import re
from binascii import b2a_qp
from dataclasses import dataclass
from email.utils import formataddr
from typing import Final

from workbench.plan.words import tr

#: octets of a line without its end, RFC 5321 4.5.3.1.6
_LONGEST: Final = 998
_LONG_LINE: Final = re.compile(rb"[^\n]{998}")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: octets of UTF-8 in one encoded word of at most 75 characters, RFC 2047 section 2
_WORD: Final = 45
_PLAIN_SUBJECT: Final = 200


class AddressError(ValueError):
    """An address that this server cannot be given."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a run is from: `address` is also the envelope's sender."""

    address: str
    name: str = ""
    reply_to: str = ""


class Skeleton:
    """Builds the messages of one run.

    Args:
        sender: From and Reply-To.
        boundary: what separates the parts; a text that recipients' data cannot hold, from chance.
        message_id: pattern of the Message-ID with one `{}` for the ordinal, without its angle brackets.
        eight_bit: the server takes 8-bit text as it is (8BITMIME); else it is made quoted-printable.
    """

    def __init__(self, sender: Sender, boundary: str, message_id: str, *, eight_bit: bool) -> None:
        self._eight_bit = eight_bit
        self._message_id = message_id
        reply = f"Reply-To: {mailbox('', sender.reply_to)}\r\n" if sender.reply_to else ""
        self._top = (
            f"From: {mailbox(sender.name, sender.address)}\r\n{reply}MIME-Version: 1.0\r\n"
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'
        )
        self._open = (
            f"--{boundary}\r\nContent-Type: text/{{}}; charset=utf-8\r\nContent-Transfer-Encoding: {{}}\r\n\r\n"
        )
        self._plain = {name: self._open.format("plain", name).encode() for name in _ENCODINGS}
        self._html = {name: self._open.format("html", name).encode() for name in _ENCODINGS}
        self._close = f"--{boundary}--\r\n".encode()

    def fill(self, ordinal: int, to: str, date: str, parts: tuple[str, str, str]) -> bytes:
        """One message, CRLF line ends, leading dots not yet doubled.

        `date` is in RFC 5322's form; `parts` are subject, HTML (may be empty) and text.
        """
        subject, html, text = parts
        head = (
            f"Date: {date}\r\nTo: {to}\r\nSubject: {header_text(subject)}\r\n"
            f"Message-ID: <{self._message_id.format(ordinal)}>\r\n{self._top}\r\n"
        )
        plain_as, plain = self._encoded(text)
        if not html:
            return b"".join((head.encode(), self._plain[plain_as], plain, self._close))
        html_as, rich = self._encoded(html)
        pieces = (head.encode(), self._plain[plain_as], plain, self._html[html_as], rich, self._close)
        return b"".join(pieces)

    def _encoded(self, text: str) -> tuple[str, bytes]:
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.endswith("\n"):
            text += "\n"
        if "\0" in text:
            text = text.replace("\0", "")
        body = text.encode("utf-8", "replace")
        plain = text.isascii()
        if (plain or self._eight_bit) and not _LONG_LINE.search(body):
            return "7bit" if plain else "8bit", body.replace(b"\n", b"\r\n")
        return "quoted-printable", b2a_qp(body.replace(b"\n", b"\r\n"), istext=True)


_ENCODINGS: Final = ("7bit", "8bit", "quoted-printable")


def stuffed(message: bytes) -> bytes:
    """The message as DATA wants it: a dot at the start of a line is doubled, and the final dot stands at the end."""
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    return b"".join((b"." if message.startswith(b".") else b"", message, b".\r\n"))


def header_text(text: str) -> str:
    """Text for a header: as it is where it is short ASCII, else as encoded words on folded lines."""
    text = _CONTROL.sub(" ", text)
    if text.isascii() and len(text) <= _PLAIN_SUBJECT and "=?" not in text:
        return text
    return "\r\n ".join(_words(text))


def _words(text: str) -> list[str]:
    words, piece = [], b""
    for mark in text:
        octets = mark.encode("utf-8", "replace")
        if len(piece) + len(octets) > _WORD:
            words.append(piece)
            piece = b""
        piece += octets
    words.append(piece)
    return [f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words]


def mailbox(name: str, address: str) -> str:
    """`name <address>` for a header, the name quoted or encoded as it needs."""
    name = _CONTROL.sub(" ", name).strip()
    address = _CONTROL.sub("", address)
    if not name:
        return address
    return formataddr((name, address)) if name.isascii() else f"{header_text(name)} <{address}>"


def envelope_address(address: str, *, smtputf8: bool) -> str:
    """The address for MAIL and RCPT: its domain in ASCII; raises `AddressError` where the server cannot take it."""
    if address.isascii():
        if _UNSAFE.search(address):
            raise AddressError(tr("The address has characters that are not allowed."))
        return address
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressError(tr("The address's domain is not valid.")) from error
    if not local.isascii() and not smtputf8:
        raise AddressError(tr("The mail server does not take addresses with such letters."))
    if _UNSAFE.search(local + ascii_domain):
        raise AddressError(tr("The address has characters that are not allowed."))
    return f"{local}@{ascii_domain}"


_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f<>]")
