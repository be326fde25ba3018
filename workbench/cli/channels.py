"""`channel list|set|show|secret|test|send-test|delete`."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.definitions import found, give_list, parsed, version_of
from workbench.cli.failure import Code, Failure
from workbench.cli.output import emit_json, pairs, plain, say
from workbench.cli.segments import DefinitionFile, IdOption
from workbench.cli.session import Session, asked_secret
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.plan.channel import ChannelTest

Reference = Annotated[str, typer.Argument(metavar="CHANNEL", help=N_("Name or id."))]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help=N_("Who gets the test message."))]


def list_(session: Session) -> None:
    from workbench.engine import channels

    with session.connected() as connection:
        give_list(session, connection.ask(channels.listed))


def set_(session: Session, file: DefinitionFile, channel_id: IdOption = None) -> None:
    from pydantic import TypeAdapter

    from workbench.engine import channels
    from workbench.plan.channel import Channel

    adapter: TypeAdapter[Channel] = TypeAdapter(Channel)
    channel = parsed(file, adapter.validate_json, "channel")
    with session.connected() as connection:
        stored = connection.ask(channels.listed)
        saved = connection.ask(channels.save, channel, version_of(stored, channel_id, channel.name, "channel"))
    session.give({"id": saved, "name": channel.name}, lambda: say(saved))


def show(session: Session, channel: Reference) -> None:
    from workbench.engine import channels

    with session.connected() as connection:
        chosen = found(connection.ask(channels.listed), channel, "channel")
        definition = connection.ask(channels.get, chosen.id)
        has_secret = connection.ask(channels.has_secret, chosen.id)
    data = {"id": chosen.id, **definition.model_dump(), "has_secret": has_secret}
    if session.as_json:
        emit_json(data)
    else:
        pairs(list(data.items()))


def secret(session: Session, channel: Reference) -> None:
    from workbench.engine import channels

    with session.connected() as connection:
        chosen = found(connection.ask(channels.listed), channel, "channel")
        typed = asked_secret(tr("Secret of {name}; empty removes it").format(name=chosen.name))
        connection.ask(channels.save, connection.ask(channels.get, chosen.id), chosen.id, typed)
    words = tr("The keyring has the secret of {name}.") if typed else tr("The secret of {name} is removed.")
    session.give({"id": chosen.id, "has_secret": bool(typed)}, lambda: say(words.format(name=chosen.name)))


def test(session: Session, channel: Reference) -> None:
    from workbench.engine import channels

    with session.connected() as connection:
        chosen = found(connection.ask(channels.listed), channel, "channel")
        answer = connection.ask(channels.test, connection.ask(channels.get, chosen.id), chosen.id)
    _give_test(session, answer)


def send_test(session: Session, channel: Reference, address: Address) -> None:
    from workbench.engine import channels
    from workbench.plan.channel import bad_address, is_address

    if not is_address(address):
        problem = bad_address("address", address)
        raise Failure(Code.REFUSED, str(problem), (problem,))
    with session.connected() as connection:
        chosen = found(connection.ask(channels.listed), channel, "channel")
        answer = connection.ask(channels.send_test, chosen.id, address)
    _give_test(session, answer)


def delete(session: Session, channel: Reference) -> None:
    from workbench.engine import channels

    with session.connected() as connection:
        gone = found(connection.ask(channels.listed), channel, "channel")
        connection.ask(channels.delete, gone.id)
    session.give({"id": gone.id, "name": gone.name}, lambda: pairs([(tr("deleted"), gone.name)]))


def _give_test(session: Session, answer: "ChannelTest") -> None:
    session.give(answer, lambda: pairs(answer.steps))
    if not answer.works:
        raise Failure(Code.SENDING, plain(answer.problem) or tr("The account does not work."))
