"""Accounts through which messages leave. Secrets are not here: the keyring holds them under the channel's id."""

from typing import Annotated, Final, Literal

from pydantic import Field

from workbench.plan.definition import Answer, Definition
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

Security = Literal["starttls", "tls", "none"]


class SmtpChannel(Definition):
    """A mail server account.

    Attributes:
        security: STARTTLS after connecting, TLS from the first byte, or none (only sensible on this machine).
        user: login name; empty for a server that asks for none. The secret is kept in the keyring.
        rate: messages per second at most; 0 for no limit of ours.
        connections: connections held open at the same time.
        from_address: sender address; empty for the workspace's own.
        verify: check the server's certificate.
    """

    kind: Literal["smtp"] = "smtp"
    name: str = ""
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Security = "starttls"
    user: str = ""
    rate: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    from_address: str = ""
    from_name: str = ""
    verify: bool = True


class SandboxChannel(Definition):
    """The built-in mail server on this machine: real SMTP, but nothing leaves; the mailbox page shows what arrived."""

    kind: Literal["sandbox"] = "sandbox"
    name: str = "Sandbox"
    rate: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    from_address: str = ""
    from_name: str = ""


class FolderChannel(Definition):
    """A folder that receives one `.eml` file per message."""

    kind: Literal["folder"] = "folder"
    name: str = "Folder"
    path: str = ""
    rate: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    from_address: str = ""
    from_name: str = ""


Channel = Annotated[SmtpChannel | SandboxChannel | FolderChannel, Field(discriminator="kind")]


class Preset(Answer):
    """The public settings of a well-known provider, to start a channel from."""

    key: str
    name: str
    host: str
    port: int
    security: Security
    user_hint: str = ""


PRESETS: Final = (
    Preset(key="ses", name="Amazon SES", host="email-smtp.eu-west-1.amazonaws.com", port=587, security="starttls"),
    Preset(key="gmail", name="Gmail", host="smtp.gmail.com", port=587, security="starttls", user_hint="you@gmail.com"),
    Preset(key="microsoft365", name="Microsoft 365", host="smtp.office365.com", port=587, security="starttls"),
    Preset(key="mailgun", name="Mailgun", host="smtp.mailgun.org", port=587, security="starttls"),
    Preset(
        key="sendgrid", name="SendGrid", host="smtp.sendgrid.net", port=587, security="starttls", user_hint="apikey"
    ),
    Preset(key="postmark", name="Postmark", host="smtp.postmarkapp.com", port=587, security="starttls"),
    Preset(key="brevo", name="Brevo", host="smtp-relay.brevo.com", port=587, security="starttls"),
    Preset(key="mailjet", name="Mailjet", host="in-v3.mailjet.com", port=587, security="starttls"),
    Preset(key="fastmail", name="Fastmail", host="smtp.fastmail.com", port=465, security="tls"),
    Preset(key="yandex", name="Yandex 360", host="smtp.yandex.ru", port=465, security="tls"),
    Preset(key="mailru", name="Mail.ru", host="smtp.mail.ru", port=465, security="tls"),
)


class ChannelTest(Answer):
    """What a try of the account gave: each step with the server's own words (plain text)."""

    works: bool
    steps: tuple[tuple[str, str], ...]
    problem: str = ""


class MailboxEntry(Answer):
    """One message that arrived at the sandbox."""

    id: str
    at: str
    sender: str
    recipient: str
    subject: str
    size: int


class MailboxMessage(Answer):
    """One sandbox message opened: its parts and its source as it came over the wire."""

    entry: MailboxEntry
    html: str
    text: str
    source: str


def check(channel: SmtpChannel | SandboxChannel | FolderChannel) -> tuple[Problem, ...]:
    """Problems of the account at its fields."""
    found = []
    if not channel.name.strip():
        found.append(Problem("name", Words(N_("The channel has no name.")), Words(N_("Type one."))))
    match channel:
        case SmtpChannel():
            found += _check_smtp(channel)
        case FolderChannel() if not channel.path:
            found.append(Problem("path", Words(N_("No folder is chosen.")), Words(N_("Choose one."))))
        case _:
            pass
    if channel.from_address and not is_address(channel.from_address):
        found.append(bad_address("from_address", channel.from_address))
    return tuple(found)


def _check_smtp(channel: SmtpChannel) -> list[Problem]:
    found = []
    if not channel.host.strip() or any(blank in channel.host.strip() for blank in " \t\r\n/"):
        found.append(
            Problem("host", Words(N_("The host is not a server name.")), Words(N_("For example smtp.example.com.")))
        )
    if channel.user and channel.security == "none" and channel.host not in {"localhost", "127.0.0.1", "::1"}:
        found.append(
            Problem(
                "security",
                Words(N_("The password would cross the network unprotected.")),
                Words(N_("Choose STARTTLS or TLS.")),
            )
        )
    return found


def is_address(text: str) -> bool:
    """Whether the text has the form of one mail address: one at-sign, both sides filled, no blanks or line ends.

    A full check of the syntax belongs to the import; this one keeps a header from being broken.
    """
    local, at, domain = text.rpartition("@")
    plain = not any(mark.isspace() or ord(mark) < ord(" ") or mark in "<>,;" for mark in text)
    return bool(local and at and domain) and plain and not domain.startswith(".") and not domain.endswith(".")


def bad_address(where: str, text: str) -> Problem:
    """The problem of a malformed mail address."""
    return Problem(
        where,
        Words(N_("“{address}” is not a mail address."), {"address": text}),
        Words(N_("For example news@example.com.")),
    )
