"""A made-up shop behind a scripted engine: definitions that can be edited, people, a campaign's runs, mails, series."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.gui.scripted import ScriptedEngine, overview
from workbench.engine.definitions import Stored
from workbench.engine.desk import NotFoundError
from workbench.engine.news import Changed, Noun
from workbench.plan import render
from workbench.plan.campaign import Campaign, LaunchSheet, OutboxPage, OutboxRow, Recipient, RunState, RunStatus
from workbench.plan.campaign import check as check_campaign
from workbench.plan.catalogue import Catalogue, Known
from workbench.plan.channel import ChannelTest, FolderChannel, MailboxEntry, MailboxMessage, SandboxChannel, SmtpChannel
from workbench.plan.definition import Definition
from workbench.plan.endpoint import TablePage, View
from workbench.plan.report import Line, Question, Series
from workbench.plan.sandbox import RenderError
from workbench.plan.segment import Segment
from workbench.plan.template import Rendered, Template

NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = (
    ("Anna", "Berger", "Berlin"), ("Иван", "Соколов", "Kazan"), ("Marta", "Lindqvist", "Lund"),
    ("Luis", "Pereira", "Recife"), ("Chen", "Wei", "Chengdu"),
)  # fmt: skip
LETTER = """<!doctype html>
<html>
<head><style>
  body { margin: 0; font-family: Arial, Helvetica, sans-serif; color: #222; background: #f4f3ef; }
  .sheet { max-width: 560px; margin: 24px auto; background: #fff; }
  .picture { height: 120px; background: linear-gradient(120deg, #2c4a70, #7fa3bd, #e0c79c); }
  .words { padding: 28px 32px; line-height: 1.6; }
  .button { display: inline-block; padding: 12px 22px; border-radius: 6px; background: #2c4a70; color: #fff; }
</style></head>
<body>
<div class="sheet">
  <div class="picture"></div>
  <div class="words">
    <!-- the greeting -->
    <h1>{{ User.UserAttributes.FirstName }}, a warm welcome</h1>
    <p>You chose the <b>{{ Attributes.plan }}</b> plan. Three small things to
    start with, made for people in <b>{{ Location.City }}</b>&nbsp;.</p>
    {% if Metrics.spent > 100 %}<p>Thank you for being with us.</p>{% endif %}
    <p><a class="button" href="https://example.com/start">Show me around</a></p>
  </div>
</div>
</body>
</html>
"""


def person(number: int) -> dict[str, Any]:
    """What a template may say of the person of this number."""
    first, _last, city = NAMES[number % len(NAMES)]
    return {
        "Id": f"e{number}",
        "Address": f"{first.lower()}.{number}@example.com",
        "ChannelType": "EMAIL",
        "Attributes": {"plan": ("pro",)},
        "Metrics": {"spent": 120.0 + number},
        "Demographic": {},
        "Location": {"City": city, "Country": "DE"},
        "User": {"UserId": f"u{number}", "UserAttributes": {"FirstName": (first,)}},
    }


class Shop(ScriptedEngine):
    """Definitions live in `stored`; `people` is how many there are; a launch makes a run that the test moves on."""

    def __init__(self, people: int = 5) -> None:
        super().__init__()
        self.people = people
        self.stored: dict[str, dict[str, tuple[Stored, bool]]] = {
            noun: {} for noun in ("templates", "channels", "campaigns", "segments")
        }
        self.all_runs: list[RunStatus] = []
        self.mails: list[MailboxMessage] = []
        self.rows: list[OutboxRow] = []
        self.secrets: dict[str, str] = {}
        self._numbers = iter(range(1, 10_000))
        for noun in self.stored:
            self._serve(noun)
        self.answers |= {
            "catalogue": self._catalogue, "endpoints.page": self._page, "endpoints.count": lambda _view: self.people,
            "templates.check": lambda template: render.check(template, self._catalogue()),
            "templates.preview": self._preview,
            "templates.send_test": ChannelTest(works=True, steps=(("Hand over", "250 OK"),)),
            "has_secret": lambda channel_id: channel_id in self.secrets,
            "test": ChannelTest(works=True, steps=(("Connect", "220 mail.example.com ESMTP"), ("Ready", "250 OK"))),
            "channels.send_test": ChannelTest(works=True, steps=(("Hand over", "250 queued as 4F1"),)),
            "mailbox": self._mailbox, "message": self._message, "empty_mailbox": self.mails.clear,
            "overview": self._overview,
            "campaigns.check": check_campaign, "sheet": self._sheet, "launch": self._launch, "runs": self._runs,
            "undo": lambda run: self.move(run, "cancelled"), "pause": lambda run: self.move(run, "paused"),
            "resume": lambda run: self.move(run, "sending"), "cancel": lambda run: self.move(run, "cancelled"),
            "settle_unknown": self._settle, "outbox": self._outbox, "series": self._series,
        }  # fmt: skip

    def put(self, noun: str, definition: Definition, known_as: str = "") -> str:
        """Store a definition without anybody asking."""
        return self._save(noun)(definition, known_as or None)

    def get(self, noun: str, known_as: str) -> str:
        """The JSON text of a stored definition."""
        return self.stored[noun][known_as][0].json_text

    def changed(self, *nouns: Noun) -> None:
        """Tell that these nouns have changed."""
        self.tell(Changed(frozenset(nouns)))

    def move(self, run_id: str, state: RunState, reason: str = "", **states: int) -> RunStatus:
        """Move a run on."""
        at = next(at for at, run in enumerate(self.all_runs) if run.run_id == run_id)
        update: dict[str, Any] = {"state": state, "reason": reason}
        if states:
            update["states"] = states
        if state in ("finished", "cancelled"):
            update["finished"] = datetime.now(UTC)
        self.all_runs[at] = self.all_runs[at].model_copy(update=update)
        return self.all_runs[at]

    def mail(
        self, subject: str, *, html: str = "<p>Hello</p>", text: str = "Hello", to: str = "anna@example.com"
    ) -> None:
        """A mail arrives."""
        number = len(self.mails)
        entry = MailboxEntry(
            id=f"m{number}", at=(NOW - timedelta(minutes=number)).isoformat(), sender="Northwind <news@example.com>",
            recipient=to, subject=subject, size=2000 + number,
        )  # fmt: skip
        self.mails.insert(
            0, MailboxMessage(entry=entry, html=html, text=text, source=f"Subject: {subject}\r\n\r\n{text}")
        )

    def run(self, campaign_id: str, state: RunState = "sending", planned: int = 152_355, **states: int) -> RunStatus:
        """A run begins."""
        left_out = {"no_address": 8234, "opted_out": 2011, "duplicate_address": 40}
        status = RunStatus(
            run_id=str(len(self.all_runs) + 1), campaign_id=campaign_id, name="Autumn letter", state=state, reason="",
            created=datetime.now(UTC), starts=datetime.now(UTC) + timedelta(seconds=10), finished=None,
            matching=planned + 10_285, planned=planned, left_out=left_out, states=states or {"planned": planned},
            rate=4120.0 if state == "sending" else 0.0,
        )  # fmt: skip
        self.all_runs.insert(0, status)
        return status

    def _serve(self, noun: str) -> None:
        self.answers |= {
            f"{noun}.listed": lambda: tuple(stored for stored, gone in self.stored[noun].values() if not gone)[::-1],
            f"{noun}.get": lambda known_as: self._parsed(noun, known_as),
            f"{noun}.save": self._save(noun),
            f"{noun}.delete": lambda known_as: self._mark(noun, known_as, gone=True),
            f"{noun}.restore": lambda known_as: self._mark(noun, known_as, gone=False),
        }

    def _save(self, noun: str) -> Callable[..., str]:
        def save(
            definition: Any,  # noqa: ANN401 - any kind
            known_as: str | None = None,
            secret: Any = None,  # noqa: ANN401 - channels have one, the others what they amend
            amends: Any = None,  # noqa: ANN401 - any kind
        ) -> str:
            if noun != "channels":
                secret, amends = None, secret
            known_as = known_as or f"{noun[:2]}{next(self._numbers)}"
            before = self.stored[noun].get(known_as)
            same = [one.to_json() for one in (definition, amends) if one is not None]
            stays = before is not None and before[0].json_text in same
            version = before[0].version + (not stays) if before else 1
            line = Stored(id=known_as, name=definition.name, version=version, saved=NOW, json_text=definition.to_json())
            self.stored[noun][known_as] = (line, False)
            if secret:
                self.secrets[known_as] = secret
            return known_as

        return save

    def _parsed(self, noun: str, known_as: str) -> Definition:
        kinds: dict[str, type[Definition]] = {"templates": Template, "campaigns": Campaign, "segments": Segment}
        if known_as not in self.stored[noun]:
            raise NotFoundError(f"There is no {known_as}.")
        return kinds[noun].from_json(self.get(noun, known_as))

    def _mark(self, noun: str, known_as: str, *, gone: bool) -> None:
        self.stored[noun][known_as] = (self.stored[noun][known_as][0], gone)
        for listener in tuple(self.listeners):
            listener(Changed(frozenset({noun})))  # type: ignore[arg-type]  # one of the four nouns served

    def _catalogue(self) -> Catalogue:
        return Catalogue(
            attributes=(Known(name="plan", kind="attribute"), Known(name="favourite colour", kind="attribute")),
            metrics=(Known(name="spent", kind="metric"),),
            user_attributes=(Known(name="FirstName", kind="user_attribute"),),
        )

    def _page(self, view: View, offset: int, limit: int) -> TablePage:
        everyone = [(f"e{at}", person(at)["Address"], f"u{at}") for at in range(self.people)]
        found = [row for row in everyone if view.search.lower() in row[1]]
        return TablePage(offset=offset, rows=tuple(found[offset : offset + limit]))

    def _preview(self, template: Template, endpoint_id: str = "") -> Rendered:
        try:
            return render.prepare(template).render(person(int(endpoint_id.removeprefix("e") or 0)))
        except RenderError as error:
            return Rendered(subject="", html="", text="", problem=str(error))

    def _overview(self) -> object:
        counts = {noun: len(found) for noun, found in self.stored.items()}
        return overview(endpoints=self.people, mailbox=len(self.mails), outbox=len(self.rows), **counts)

    def _mailbox(self, search: str = "", offset: int = 0, limit: int = 100) -> tuple[MailboxEntry, ...]:
        found = [
            mail.entry
            for mail in self.mails
            if search.lower() in f"{mail.entry.subject} {mail.entry.recipient}".lower()
        ]
        return tuple(found[offset : offset + limit])

    def _message(self, known_as: str) -> MailboxMessage:
        return next(mail for mail in self.mails if mail.entry.id == known_as)

    def _sheet(self, campaign_id: str) -> LaunchSheet:
        campaign = Campaign.from_json(self.get("campaigns", campaign_id))
        problems = tuple(
            (fault.where, str(fault.text), str(fault.fix), fault.blocks) for fault in check_campaign(campaign)
        )
        first = tuple(
            Recipient(endpoint_id=f"e{at}", address=person(at)["Address"], subject=f"{NAMES[at][0]}, the quiet light")
            for at in range(5)
        )
        return LaunchSheet(
            matching=184_442, planned=174_157,
            left_out={"no_address": 8234, "opted_out": 2011, "duplicate_address": 40},
            sender="Northwind <news@example.com>", channel="Sandbox", problems=problems, first=first, seconds=42.0,
        )  # fmt: skip

    def _launch(self, campaign_id: str, undo_seconds: float = 10.0) -> RunStatus:
        del undo_seconds
        return self.run(campaign_id, "waiting", planned=174_157)

    def _runs(self, campaign_id: str = "") -> tuple[RunStatus, ...]:
        return tuple(run for run in self.all_runs if campaign_id in ("", run.campaign_id))

    def _settle(self, run_id: str, as_sent: bool) -> int:  # noqa: FBT001 - as the engine's
        run = next(run for run in self.all_runs if run.run_id == run_id)
        states = dict(run.states)
        count = states.pop("unknown", 0)
        states["accepted" if as_sent else "planned"] = states.get("accepted" if as_sent else "planned", 0) + count
        self.move(run_id, run.state, "", **states)
        return count

    def _outbox(self, run_id: str, state: str, search: str, offset: int, limit: int) -> OutboxPage:
        found = [
            row
            for row in self.rows
            if run_id in ("", row.run_id) and state in ("", row.state) and search.lower() in row.address.lower()
        ]
        return OutboxPage(offset=offset, total=len(found), rows=tuple(found[offset : offset + limit]))

    def _series(self, question: Question) -> Series:
        days = [date(2026, 10, 26) + timedelta(days=at) for at in range(30)]
        waves = [round(400 + 180 * ((at * 7) % 11) / 11 + at * 6) for at in range(30)]
        lines = {
            "messages": [
                ("sent", [0] * 20 + [18_200, 4100, 900] + [0] * 7),
                ("delivered", [0] * 20 + [18_200, 4100, 900] + [0] * 7),
                ("failed", [0] * 20 + [88, 12, 3] + [0] * 7),
            ],
            "active_endpoints": [("active", waves)],
            "events": [
                (kind, [value // part for value in waves])
                for kind, part in (("visit", 1), ("search", 2), ("purchase", 7))
            ],
        }[question.measure]
        if not self.people:
            lines, days = [], []
        return Series(
            question=question.model_copy(update={"bucket": "day"}),
            timezone="Europe/Berlin", buckets=tuple(day.isoformat() for day in days),
            lines=tuple(Line(name=name, values=tuple(map(float, values))) for name, values in lines),
            definition="Distinct endpoints with at least one event on the day.",
            sql="SELECT day, count(DISTINCT endpoint) FROM daily GROUP BY day",
        )  # fmt: skip


def furnished() -> Shop:
    """A shop with a bit of everything."""
    shop = Shop()
    welcome = Template(name="Welcome", subject="{{ User.UserAttributes.FirstName }}, a warm welcome", html=LETTER)
    shop.put("templates", Template(name="Autumn letter", subject="The quiet light", html="<p>Hello</p>"))
    template_id = shop.put("templates", welcome)
    shop.put("channels", FolderChannel(name="Folder on disk", path="/tmp/mails"))  # noqa: S108 - a made-up path
    shop.put(
        "channels",
        SmtpChannel(name="Northwind mail", host="smtp.example.com", user="news", from_address="news@example.com"),
    )
    channel_id = shop.put("channels", SandboxChannel())
    segment_id = shop.put("segments", Segment(name="Loyal, quiet this week"))
    shop.put(
        "campaigns",
        Campaign(name="Autumn letter", segment_id=segment_id, template_id=template_id, channel_id=channel_id),
        "autumn",
    )
    shop.put("campaigns", Campaign(name="Win back"), "winback")
    for first, last, _city in NAMES:
        shop.mail(
            f"{first}, a warm welcome",
            html=LETTER.replace("{{ User.UserAttributes.FirstName }}", first),
            to=f"{first.lower()}.{last.lower()}@example.com",
        )
    states = ("accepted", "retrying", "failed", "unknown", "left_out", "claimed")
    words = ("250 2.0.0 OK", "451 4.7.1 try again later", "550 5.1.1 <b>no such user</b>", "", "", "")
    for at in range(400):
        state = states[at % 6] if at % 5 == 0 else "accepted"
        decision = "opted_out" if state == "left_out" else "planned"
        said = words[states.index(state)]
        shop.rows.append(
            OutboxRow(
                run_id="1", ordinal=at, endpoint_id=f"e{at}", address=person(at)["Address"], decision=decision,
                state=state, attempts=1, at=NOW - timedelta(minutes=at), words=said, code=int(said[:3] or 0),
                name=" ".join(NAMES[at % len(NAMES)][:2]) if at % 2 == 0 else "",
                next_try=NOW + timedelta(minutes=4) if state == "retrying" else None,
            )
        )  # fmt: skip
    return shop
