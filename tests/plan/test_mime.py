"""Mails as bytes, read back with the standard library."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plan.mime import AddressError, Sender, Skeleton, envelope_address, header_text, mailbox, stuffed

DATE = "Tue, 24 Nov 2026 20:31:59 +0000"


def parsed(parts: tuple[str, str, str], *, eight_bit: bool = True, sender: Sender | None = None) -> EmailMessage:
    skeleton = Skeleton(sender or Sender("shop@example.com", "Shop"), "=_b", "1.{}.w@example.com", eight_bit=eight_bit)
    source = skeleton.fill(7, "anna@example.com", DATE, parts)
    assert all(len(line) <= 998 for line in source.split(b"\r\n"))
    assert b"\n" not in source.replace(b"\r\n", b"")
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert not message.defects
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("eight_bit", [True, False])
def test_parts_come_back(eight_bit: bool) -> None:  # noqa: FBT001 - a parameter of the test
    # The last line end belongs to what separates the parts, RFC 2046 5.1.1.
    text = "Grüße 😀\n.dot\n\n" + "x" * 3000 + "\nFrom me"
    message = parsed(("Grüße an Änne", f"<p>{text}</p>", text), eight_bit=eight_bit)
    assert message["Subject"] == "Grüße an Änne"
    assert (message["To"], message["From"]) == ("anna@example.com", "Shop <shop@example.com>")
    assert message["Date"].datetime.year == 2026
    assert message["Message-ID"] == "<1.7.w@example.com>"
    assert body(message, "plain") == text
    assert body(message, "html") == f"<p>{text}</p>"


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_comes_back(subject: str, text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    plain = plain.encode("utf-8", "replace").decode()
    skeleton = Skeleton(Sender("a@b.example"), "=_boundary", "{}@b", eight_bit=True)
    source = skeleton.fill(1, "c@d.example", DATE, (subject, "", plain))
    head = source.partition(b"\r\n\r\n")[0]
    assert [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")] == [
        b"Date", b"To", b"Subject", b"Message-ID", b"From", b"MIME-Version", b"Content-Type",
    ]  # fmt: skip
    part = email.message_from_bytes(source).get_payload(0)
    content = part.get_payload(decode=True)  # type: ignore[union-attr]  # it is multipart
    assert isinstance(content, bytes)
    assert content.decode().replace("\r\n", "\n").rstrip("\n") == plain.rstrip("\n")


def test_headers_cannot_be_added() -> None:
    message = parsed(("Hi\r\nBcc: x@y.example", "", "t"), sender=Sender("a@b.example", "A\r\nBcc: x", "r@b.example"))
    assert message["Bcc"] is None
    assert message["Reply-To"] == "r@b.example"
    assert message["Subject"] == "Hi Bcc: x@y.example"


def test_names_are_quoted_or_encoded() -> None:
    assert mailbox('Shop, "The"', "a@b.example") == '"Shop, \\"The\\"" <a@b.example>'
    assert mailbox("Магазин", "a@b.example").startswith("=?utf-8?b?")
    assert all(len(line) <= 76 for line in header_text("ж" * 300).split("\r\n"))


def test_dots_are_doubled() -> None:
    assert stuffed(b".a\r\n..b\r\nc.\r\n") == b"..a\r\n...b\r\nc.\r\n.\r\n"


def test_envelope_addresses() -> None:
    assert envelope_address("a@bücher.example", smtputf8=False) == "a@xn--bcher-kva.example"
    assert envelope_address("änne@bücher.example", smtputf8=True) == "änne@xn--bcher-kva.example"
    for bad in ("änne@example.com", "a b@example.com", "a>@example.com", "a\r\n@example.com"):
        with pytest.raises(AddressError):
            envelope_address(bad, smtputf8=False)
