"""`segment list|put|show|count|members|why|of|versions|diff|freeze|sql|delete`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.definitions import found, give_list, parsed, refuse_blocking, version_of
from workbench.cli.failure import Code, Failure
from workbench.cli.output import csv_text, emit_json, pairs, say, table
from workbench.cli.session import Connection, Session, refuse_two_forms
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.plan.segment import Segment

DefinitionFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("JSON of the definition; - is standard input."))
]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="ID", help=N_("Make a new version of this one, whatever its name."))
]
Reference = Annotated[str, typer.Argument(metavar="SEGMENT", help=N_("Name or id."))]
MaybeReference = Annotated[str | None, typer.Argument(metavar="SEGMENT", help=N_("Name or id."))]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help=N_("A definition that is not stored; - is standard input.")),
]
ColumnsOption = Annotated[
    str, typer.Option("--columns", metavar="FIELDS", help=N_("Fields to show, separated by commas."))
]
OffsetOption = Annotated[int, typer.Option("--offset", metavar="N", min=0, help=N_("Rows to pass over."))]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1_000_000, help=N_("Rows at most."))]
ForOption = Annotated[str, typer.Option("--for", metavar="ID", help=N_("Id of the endpoint."))]
OfArgument = Annotated[str, typer.Argument(metavar="ID", help=N_("Id of the endpoint."))]
RulesOption = Annotated[
    bool, typer.Option("--rules", help=N_("Count each rule too, and what it changes in its group."))
]
FirstVersion = Annotated[int, typer.Argument(metavar="V1", min=1, help=N_("Number of a version."))]
SecondVersion = Annotated[int, typer.Argument(metavar="V2", min=1, help=N_("Number of a version."))]
NameOption = Annotated[str, typer.Option("--name", metavar="NAME", help=N_("Name of the new segment."))]
CsvOption = Annotated[bool, typer.Option("--csv", help=N_("Print CSV."))]


def list_(session: Session) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        give_list(session, connection.ask(segments.listed))


def put(session: Session, file: DefinitionFile, segment_id: IdOption = None) -> None:
    from workbench.engine import endpoints, segments
    from workbench.plan.segment import Segment, check

    segment = parsed(file, Segment.from_json, "segment")
    with session.connected() as connection:
        own = version_of(connection.ask(segments.listed), segment_id, segment.name, "segment")
        refuse_blocking(check(segment, connection.ask(endpoints.catalogue), own or ""))
        saved = connection.ask(segments.save, segment, own)
    session.give({"id": saved, "name": segment.name}, lambda: say(saved))


def show(session: Session, segment: Reference) -> None:
    with session.connected() as connection:
        definition = _chosen(connection, segment, None)
    if session.as_json:
        emit_json(definition)
    else:
        say(definition.to_json())


def count(session: Session, segment: MaybeReference = None, file: FileOption = None, each: RulesOption = False) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        chosen = _chosen(connection, segment, file)
        answer = connection.ask(segments.count, chosen, rules=each)
    shown = tr("{matching} of {total}").format(matching=f"{answer.matching:,}", total=f"{answer.total:,}")
    words = _rules(chosen)
    rows = [
        (f"{_indent(path)}{words[path]}", f"{alone:,}", f"{-answer.removes[path]:+,}")
        for path, alone in answer.rules.items()
    ]

    def tell() -> None:
        say(shown)
        if rows:
            table((tr("rule"), tr("alone"), tr("change to its group")), rows)

    session.give(answer, tell)


def members(
    session: Session,
    segment: MaybeReference = None,
    file: FileOption = None,
    columns: ColumnsOption = "Address,ChannelType,User.UserId",
    offset: OffsetOption = 0,
    limit: LimitOption = 100,
    as_csv: CsvOption = False,
) -> None:
    from workbench.engine import segments

    refuse_two_forms(session, as_csv=as_csv)
    chosen = tuple(name.strip() for name in columns.split(",") if name.strip())
    with session.connected() as connection:
        _refuse_unknown(connection, chosen)
        page = connection.ask(segments.members, _chosen(connection, segment, file), chosen, offset, limit)
    titles = ("Id", *chosen)
    if as_csv:
        say(csv_text(titles, page.rows).removesuffix("\n"))
    else:
        session.give([dict(zip(titles, row, strict=True)) for row in page.rows], lambda: table(titles, page.rows))


def _refuse_unknown(connection: Connection, fields: tuple[str, ...]) -> None:
    from workbench.engine import endpoints

    catalogue = connection.ask(endpoints.catalogue)
    for field in fields:
        if not catalogue.has(field):
            text = tr("There is no field {name}.").format(name=field)
            close = catalogue.suggestion(field)
            more = tr("Did you mean “{name}”?").format(name=close) if close else ""
            raise Failure(Code.NOT_FOUND, f"{text} {more}".strip())


def sql(session: Session, segment: MaybeReference = None, file: FileOption = None) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        text = connection.ask(segments.sql, _chosen(connection, segment, file))
    session.give({"sql": text}, lambda: say(text))


def why(session: Session, endpoint_id: ForOption, segment: MaybeReference = None, file: FileOption = None) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        chosen = _chosen(connection, segment, file)
        truths = connection.ask(segments.why, chosen, endpoint_id)
    rules = _rules(chosen)
    titles = (tr("rule"), tr("true"), tr("facts"))
    rows = [
        (
            f"{_indent(truth.path)}{rules[truth.path]}",
            tr("yes") if truth.true else tr("no"),
            ", ".join(f"{name} {value}" for name, value in truth.facts.items()),
        )
        for truth in truths
    ]
    session.give([truth.model_dump() for truth in truths], lambda: table(titles, rows))


def of(session: Session, endpoint_id: OfArgument) -> None:
    from workbench.engine import endpoints, segments

    with session.connected() as connection:
        connection.ask(endpoints.person, endpoint_id, 0, 1)
        found = [each for each in connection.ask(segments.memberships, endpoint_id) if each.member]
    rows = [(each.id, each.name) for each in found]
    session.give([each.model_dump(exclude={"member"}) for each in found], lambda: table((tr("id"), tr("name")), rows))


def versions(session: Session, segment: Reference) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        stored = found(connection.ask(segments.listed), segment, "segment")
        every = connection.ask(segments.versions, stored.id)
    rows = [(str(each.version), f"{each.saved:%Y-%m-%d %H:%M} UTC", each.name) for each in every]
    titles = (tr("version"), tr("saved"), tr("name"))
    session.give([each.model_dump(mode="json", exclude={"json_text"}) for each in every], lambda: table(titles, rows))


def diff(session: Session, segment: Reference, first: FirstVersion, second: SecondVersion) -> None:
    from workbench.engine import segments
    from workbench.plan.segment_diff import differences

    with session.connected() as connection:
        stored = found(connection.ask(segments.listed), segment, "segment")
        before, after = (connection.ask(segments.get, stored.id, number) for number in (first, second))
        answer = connection.ask(segments.compare, before, after)
    rules = {"-": _rules(before), "+": _rules(after)}
    changes = [
        {"sign": sign, "path": path, "rule": rules[sign][path]}
        for gone, come in differences(before, after)
        for sign, path in (("-", gone), ("+", come))
        if path is not None
    ]
    shown = [
        (tr("members before"), f"{answer.before:,}"),
        (tr("members after"), f"{answer.after:,}"),
        (tr("come"), f"{answer.come:,}"),
        (tr("go"), f"{answer.go:,}"),
    ]

    def tell() -> None:
        for change in changes:
            say(f"{change['sign']} {_indent(change['path'])}{change['rule']}")
        pairs(shown)

    session.give(answer.model_dump() | {"changes": changes}, tell)


def _indent(path: str) -> str:
    return "  " * len(path.split(".items.")) if path else ""


def freeze(session: Session, segment: Reference, name: NameOption = "") -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        source = found(connection.ask(segments.listed), segment, "segment")
        made = name or tr("{name}, static").format(name=source.name)
        frozen = connection.ask(segments.freeze, source.id, made)
    session.give({"id": frozen, "name": made}, lambda: say(frozen))


def _rules(segment: "Segment") -> dict[str, str]:
    """Every rule and group in a few words of its JSON, by path."""
    from workbench.plan.segment import Group, walk

    words: dict[str, str] = {"": segment.root.mode}
    for path, item in walk(segment.root):
        if isinstance(item, Group):
            words[path] = item.mode
        else:
            told = item.model_dump(mode="json", exclude_defaults=True, exclude={"kind"})
            words[path] = f"{item.kind} {' '.join(f'{part}={value}' for part, value in told.items())}".strip()
    return words


def delete(session: Session, segment: Reference) -> None:
    from workbench.engine import segments

    with session.connected() as connection:
        gone = found(connection.ask(segments.listed), segment, "segment")
        connection.ask(segments.delete, gone.id)
    session.give({"id": gone.id, "name": gone.name}, lambda: pairs([(tr("deleted"), gone.name)]))


def _chosen(connection: Connection, reference: str | None, file: Path | None) -> "Segment":
    from workbench.engine import segments
    from workbench.plan.segment import Segment, check

    if (reference is None) == (file is None):
        raise Failure(Code.USAGE, tr("Name a stored segment, or give a definition with --file: one of the two."))
    if file is not None:
        segment = parsed(file, Segment.from_json, "segment")
        refuse_blocking(problem for problem in check(segment) if problem.where != "name")
        return segment
    return connection.ask(segments.get, found(connection.ask(segments.listed), str(reference), "segment").id)
