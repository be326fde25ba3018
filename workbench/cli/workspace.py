"""`new`, `workspace show|set|compact`, `backup`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, say, tell
from workbench.cli.session import Session, absolute, asked_secret
from workbench.plan.words import N_, tr

NameOption = Annotated[str | None, typer.Option("--name", metavar="NAME", help=N_("Name of the project."))]
ZoneOption = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help=N_("Time zone of its days, such as Europe/Berlin."))
]
SenderOption = Annotated[str | None, typer.Option("--sender", metavar="ADDRESS", help=N_("Sender's mail address."))]
SenderNameOption = Annotated[
    str | None, typer.Option("--sender-name", metavar="NAME", help=N_("Sender's name beside the address."))
]
PostalOption = Annotated[
    str | None, typer.Option("--postal-address", metavar="TEXT", help=N_("Postal address for the foot of mails."))
]
NewFile = Annotated[str, typer.Argument(metavar="FILE", help=N_("The file to make; .workbench is added."))]
PerUserOption = Annotated[
    int | None,
    typer.Option("--endpoints-per-user", metavar="N", min=1, max=1000, help=N_("How many endpoints may share a user.")),
]
EncryptOption = Annotated[
    bool, typer.Option("--encrypt", help=N_("Encrypt the file; the key is asked for, or taken from WORKBENCH_KEY."))
]
Target = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("Where the copy goes; .workbench is added. It must not exist."))
]


def new(
    session: Session,
    file: NewFile,
    name: NameOption = None,
    timezone: ZoneOption = None,
    sender: SenderOption = None,
    sender_name: SenderNameOption = None,
    postal_address: PostalOption = None,
    encrypt: EncryptOption = False,
) -> None:
    from workbench.engine import opening, workspace

    path = opening.whole_path(file)
    key = _new_key() if encrypt else None
    changes = _changes(name, timezone, sender, sender_name, postal_address)
    _check(changes)
    try:
        engine = opening.open_now(opening.Wish(path, create=True, key=key, sending=False))
    except opening.StoreError as error:
        raise Failure(Code.WORKSPACE, str(error)) from error
    try:
        if changes:
            settings = engine.ask(workspace.settings).result()
            engine.ask(workspace.save_settings, settings.model_copy(update=changes)).result()
        overview = engine.ask(workspace.overview).result()
    finally:
        engine.stop()
    if key and not os.environ.get(opening.KEY_VARIABLE) and not opening.keep_key(path, key):
        tell(tr("There is no keyring on this machine: keep the key yourself, nobody can recover it."))
    session.give(overview, lambda: say(tr("Made {file}.").format(file=path)))


def show(session: Session) -> None:
    from workbench.engine import workspace

    with session.connected() as connection:
        overview = connection.ask(workspace.overview)
        settings = connection.ask(workspace.settings)
    both = {**overview.model_dump(), **settings.model_dump()}
    session.give(both, lambda: pairs(list(both.items())))


def set_(
    session: Session,
    name: NameOption = None,
    timezone: ZoneOption = None,
    sender: SenderOption = None,
    sender_name: SenderNameOption = None,
    postal_address: PostalOption = None,
    endpoints_per_user: PerUserOption = None,
) -> None:
    from workbench.engine import workspace

    changes: dict[str, str | int] = {**_changes(name, timezone, sender, sender_name, postal_address)}
    changes |= {"endpoints_per_user": endpoints_per_user} if endpoints_per_user is not None else {}
    if not changes:
        raise Failure(Code.USAGE, tr("Nothing to set. See: workbench workspace set --help"))
    with session.connected() as connection:
        settings = connection.ask(workspace.settings).model_copy(update=changes)
        connection.ask(workspace.save_settings, settings)
    session.give(settings, lambda: pairs(list(settings.model_dump().items())))


def compact(session: Session) -> None:
    from workbench.engine import workspace

    with session.connected() as connection:
        path = Path(connection.ask(workspace.overview).path)
        before = path.stat().st_size
        connection.ask(workspace.rewrite)
        after = path.stat().st_size
    text = tr("Written anew: {before} bytes before, {after} now.")
    session.give({"before": before, "after": after}, lambda: say(text.format(before=f"{before:,}", after=f"{after:,}")))


def back_up(session: Session, file: Target) -> None:
    from workbench.engine import opening, workspace

    with session.connected() as connection:
        written = connection.ask(workspace.back_up, absolute([opening.whole_path(str(file))])[0])
    session.give({"path": written}, lambda: say(tr("Copied to {file}.").format(file=written)))


def _changes(
    name: str | None, timezone: str | None, sender: str | None, sender_name: str | None, postal_address: str | None
) -> dict[str, str]:
    given = {
        "name": name,
        "timezone": timezone,
        "sender_address": sender,
        "sender_name": sender_name,
        "postal_address": postal_address,
    }
    return {field: value for field, value in given.items() if value is not None}


def _check(changes: dict[str, str]) -> None:
    """Refuse before a file is made."""
    from workbench.plan.workspace import Workspace, check

    problems = check(Workspace().model_copy(update=changes))
    if problems:
        raise Failure(Code.REFUSED, str(problems[0]), problems)


def _new_key() -> str:
    from workbench.engine.opening import KEY_VARIABLE

    key = os.environ.get(KEY_VARIABLE) or asked_secret(tr("New key"))
    if not key:
        raise Failure(Code.USAGE, tr("An encrypted workspace needs a key that is not empty."))
    typed = not os.environ.get(KEY_VARIABLE) and sys.stdin.isatty()
    if typed and asked_secret(tr("The same key again")) != key:
        raise Failure(Code.USAGE, tr("The two keys differ."))
    return key
