"""One run being sent now: its couriers, from their start to their end."""

import asyncio
import os
import secrets as chance
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter

from workbench.channels import folder
from workbench.channels.crew import CourierProcess
from workbench.channels.sandbox import SandboxError
from workbench.engine import definitions
from workbench.engine.desk import Desk, NotFoundError
from workbench.engine.feed import Feed
from workbench.engine.folding import Folding, folder_of
from workbench.plan.channel import Channel, FolderChannel, SandboxChannel, SmtpChannel
from workbench.plan.render import prepare
from workbench.plan.sandbox import RenderError
from workbench.plan.template import Template
from workbench.plan.words import tr
from workbench.store.ledger import SendingRun

_CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)
#: messages in a batch at most, and seconds of a channel's rate that one holds
_BATCH, _BATCH_SECONDS = 1_000, 5.0
#: messages that are worth another courier, and a rate that one courier keeps up with easily
_PER_COURIER, _ONE_COURIER_RATE = 500, 500.0
#: seconds between two folds while much is to be sent, and while the last replies are awaited
_FOLD, _FOLD_AT_END = 0.25, 0.1
#: seconds that the rate of the moment is taken over: at least, and at most
_RATE_OVER: Final = (1.0, 5.0)


class SendingFault(Exception):  # noqa: N818 - it names what is at fault
    """The run cannot be sent as things are; the text is for people."""


class Session:
    """Sends one run until nothing is due, or until it is told to stop.

    Attributes:
        fault: why the account cannot send; empty where it can.
        bereft: whether a courier ended without being told to.
    """

    def __init__(self, desk: Desk, run: SendingRun, schedule: tuple[float, ...], told: Callable[[], None]) -> None:
        self.run = run
        self.fault = ""
        self._desk = desk
        self._schedule = schedule
        self._told = told
        self._couriers: list[CourierProcess] = []
        self._stopping = False
        self.bereft = False
        self._passed: deque[tuple[float, int]] = deque()

    @property
    def journals(self) -> tuple[str, ...]:
        """Names of its couriers' journals."""
        return tuple(courier.journal.name for courier in self._couriers)

    @property
    def rate(self) -> float:
        """Messages settled per second, over the last seconds."""
        now = time.monotonic()
        shortest, longest = _RATE_OVER
        recent = [(at, count) for at, count in self._passed if now - at <= longest]
        if not recent:
            return 0.0
        since = min(at for at, _ in self._passed)
        return sum(count for _, count in recent) / max(shortest, min(longest, now - since + shortest))

    async def send(self) -> None:
        """Start couriers, feed them, write down what they report, end them. Raises `SendingFault`."""
        job, limits = await self._job()
        feed = Feed(self._desk, self.run, tuple(job["fields"]))
        await feed.begin()
        folding = Folding(self._desk, self.run.run, feed, self._schedule)
        feeders: list[asyncio.Task[None]] = []
        try:
            if not self._stopping:
                feeders += await self._hire(job, folding, feed, limits)
            await self._watch(feed, folding)
        finally:
            for task in feeders:
                task.cancel()
            await asyncio.gather(*feeders, return_exceptions=True)
            await self._end(folding)
            self._told()
        if self.fault:
            raise SendingFault(self.fault)

    async def stop(self) -> None:
        """Begin nothing more; `send` returns when the replies that are due have come."""
        self._stopping = True
        for courier in self._couriers:
            await courier.stop()

    def abandon(self) -> None:
        """End the couriers now; what is handed over and has no reply becomes unknown."""
        for courier in self._couriers:
            courier.kill()

    async def _hire(
        self, job: dict[str, Any], folding: Folding, feed: Feed, limits: "_Limits"
    ) -> list[asyncio.Task[None]]:
        """Start all couriers at once; where one does not start, those that did are ended by `send`."""
        starts = (self._start(job, folding) for _ in range(limits.couriers))
        started = await asyncio.gather(*starts, return_exceptions=True)
        for each in started:
            if isinstance(each, BaseException):
                raise each
        couriers = (each for each in started if not isinstance(each, BaseException))
        return [asyncio.create_task(self._feed(courier, feed, limits.batch)) for courier in couriers]

    async def _start(self, job: dict[str, Any], folding: Folding) -> CourierProcess:
        folder = folder_of(self._desk.store.path)
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.run.run}-{chance.token_hex(6)}.journal"
        courier = await CourierProcess.start(job, path)
        self._couriers.append(courier)
        await folding.open(path, courier.pid)
        if self._stopping:
            await courier.stop()
        return courier

    async def _feed(self, courier: CourierProcess, feed: Feed, size: int) -> None:
        while await courier.hungry() and not self._stopping:
            rows = await feed.batch(courier.journal.name, size)
            if rows:
                await courier.feed(rows)
            else:
                await asyncio.sleep(_FOLD_AT_END)

    async def _watch(self, feed: Feed, folding: Folding) -> None:
        """Fold until nothing is left to do."""
        quiet = False
        while not self._stopping:
            await asyncio.sleep(_FOLD_AT_END if quiet else _FOLD)
            folded = await folding.fold()
            if folded:
                self._passed.append((time.monotonic(), folded))
                while len(self._passed) > 100:  # noqa: PLR2004 - enough for the seconds that count
                    self._passed.popleft()
                self._told()
            quiet = len(feed.in_hand) <= _BATCH
            if await self._has_trouble(folding) or await feed.is_empty():
                return

    async def _has_trouble(self, folding: Folding) -> bool:
        for courier in tuple(self._couriers):
            if courier.fault:
                self.fault = courier.fault
                return True
            if courier.is_gone:
                self._couriers.remove(courier)
                await folding.close(courier.journal)
                self.bereft = True
                # What it had is planned again or unknown; a new session takes it up.
                return True
        return False

    async def _end(self, folding: Folding) -> None:
        for courier in self._couriers:
            await (courier.stop() if self._stopping or self.fault else courier.end())
        for courier in self._couriers:
            await courier.gone()
            await folding.close(courier.journal)
            self.fault = self.fault or courier.fault
        self._couriers.clear()
        folding.release()

    # --- what the couriers need to know

    async def _job(self) -> "tuple[dict[str, Any], _Limits]":
        run = self.run
        try:
            template = Template.from_json(
                await definitions.body(self._desk, "template", run.template_id, run.template_version)
            )
            channel = _CHANNEL.validate_json(
                await definitions.body(self._desk, "channel", run.channel_id, run.channel_version)
            )
            fields = prepare(template).fields
        except (NotFoundError, RenderError) as error:
            raise SendingFault(str(error)) from error
        connections = 1 if isinstance(channel, FolderChannel) else channel.connections
        limits = _limits(run.planned, channel.rate, connections)
        domain = run.from_address.rpartition("@")[2] or "localhost"
        job: dict[str, Any] = {
            "subject": template.subject, "html": template.html, "text": template.text, "fields": fields,
            "from_name": run.from_name, "from_address": run.from_address, "reply_to": run.reply_to,
            "message_id": f"{run.run}.{{}}.{self._desk.store.workspace_id}@{domain}",
            "rate": channel.rate / limits.couriers, "connections": -(-connections // limits.couriers),
            "timeout": 30.0, "patience": 60.0, "patience_at_end": 600.0,
            **await self._target(channel),
        }  # fmt: skip
        return job, limits

    async def _target(self, channel: Channel) -> dict[str, Any]:
        match channel:
            case FolderChannel():
                return {"kind": "folder", "path": channel.path, "prefix": folder.prefix(self.run.run)}
            case SandboxChannel():
                try:
                    port = await self._desk.sandbox.start()
                except (SandboxError, OSError) as error:
                    raise SendingFault(str(error)) from error
                plain = SmtpChannel(host="127.0.0.1", port=port, security="none")
                return {**_server(plain), "secret": ""}
            case SmtpChannel():
                secret = None
                if channel.user:
                    secret = await self._desk.secrets.get(self._desk.store.workspace_id, self.run.channel_id)
                    if not secret:
                        raise SendingFault(tr("There is no password for the channel."))
                return {**_server(channel), "secret": secret or ""}


class _Limits:
    """How many couriers, and how many messages each is given at once."""

    def __init__(self, couriers: int, batch: int) -> None:
        self.couriers = couriers
        self.batch = batch


def _limits(planned: int, rate: float, connections: int) -> _Limits:
    couriers = min(os.cpu_count() or 1, connections, -(-planned // _PER_COURIER) or 1)
    if 0 < rate <= _ONE_COURIER_RATE:
        couriers = 1
    batch = _BATCH if not rate else max(10, min(_BATCH, round(rate / couriers * _BATCH_SECONDS)))
    return _Limits(couriers, batch)


def _server(channel: SmtpChannel) -> dict[str, Any]:
    return {
        "kind": "smtp", "host": channel.host.strip(), "port": channel.port, "security": channel.security,
        "user": channel.user, "verify": channel.verify,
    }  # fmt: skip
