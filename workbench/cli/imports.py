"""`import`, `mapping`, `export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli.definitions import found, parsed
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, say, table, tell
from workbench.cli.session import Connection, Session, absolute
from workbench.plan.words import N_, tr, trn

if TYPE_CHECKING:
    from workbench.plan.mapping import ImportReport, Mapping, Preview
    from workbench.plan.problem import Problem

KindName = Literal["endpoints", "events"]
Sources = Annotated[
    list[Path], typer.Argument(metavar="SOURCE...", help=N_("CSV, TSV, Parquet, NDJSON, or .gz of these."))
]
Source = Annotated[Path, typer.Argument(metavar="SOURCE", help=N_("CSV, TSV, Parquet, NDJSON, or .gz of these."))]
KindOption = Annotated[KindName | None, typer.Option("--as", help=N_("What the rows are; else it is guessed."))]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help=N_("JSON that says which column goes where; - is stdin.")),
]
EncodingOption = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help=N_("How the text is written, such as windows-1251."))
]
PreviewOption = Annotated[bool, typer.Option("--preview", help=N_("Show what would be read; import nothing."))]
RejectsOption = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help=N_("Where rejected rows go, with the reason of each."))
]
ExportTarget = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("A .csv, .ndjson or .parquet file, or .gz of it."))
]
SegmentOption = Annotated[
    str | None, typer.Option("--segment", metavar="SEGMENT", help=N_("Only its members; name or id."))
]

ForceOption = Annotated[bool, typer.Option("--force", help=N_("Replace a file that is there already."))]


def import_(
    session: Session,
    sources: Sources,
    kind: KindOption = None,
    mapping: MappingOption = None,
    preview: PreviewOption = False,
    rejects: RejectsOption = None,
    encoding: EncodingOption = "",
) -> None:
    given = _written(_given_mapping(mapping, kind), encoding)
    paths = absolute(sources)
    if rejects is not None and len(paths) > 1:
        raise Failure(Code.USAGE, tr("--rejects takes one source at a time."))
    _refuse_missing(paths)
    target = absolute([rejects])[0] if rejects is not None else ""
    with session.connected() as connection:
        for path in paths:
            seen = _seen(connection, path, kind, given, encoding)
            plan = given or seen.mapping
            if preview:
                _preview(session, seen, plan)
            else:
                _import(session, connection, seen, plan, target)


def mapping(session: Session, source: Source, kind: KindOption = None, encoding: EncodingOption = "") -> None:
    path = absolute([source])
    _refuse_missing(path)
    with session.connected() as connection:
        suggested = _seen(connection, path[0], kind, None, encoding).mapping
    session.give(suggested, lambda: say(suggested.to_json()))


def export(session: Session, file: ExportTarget, segment: SegmentOption = None, force: ForceOption = False) -> None:
    from workbench.engine import imports, segments

    if file.expanduser().exists() and not force:
        text = tr("{file} already exists. Replace it with --force.").format(file=file.name)
        raise Failure(Code.REFUSED, text)
    with session.connected() as connection:
        chosen = found(connection.ask(segments.listed), segment, "segment").id if segment else ""
        path = absolute([file])[0]
        count = connection.ask(imports.export, path, chosen)
    words = trn("{n} endpoint written to {file}.", "{n} endpoints written to {file}.", count)
    session.give({"path": path, "endpoints": count}, lambda: say(words.format(n=f"{count:,}", file=path)))


def _import(session: Session, connection: Connection, seen: "Preview", mapping: "Mapping", rejects: str) -> None:
    from workbench.engine import imports

    for problem in _problems(seen, mapping):
        if not problem.blocks:
            tell(f"{_place(mapping, problem)}: {plain(problem)}")
    report = connection.ask(imports.run, seen.path, mapping, rejects)
    session.give(report, lambda: _show_report(report))
    if report.read and report.rejected == report.read:
        raise Failure(Code.REFUSED, tr("Every row was rejected; {file} says why.").format(file=report.rejects))


def _show_report(report: "ImportReport") -> None:
    rows = (
        (tr("read"), report.read),
        (tr("added"), report.added),
        (tr("updated"), report.updated),
        (tr("unchanged"), report.unchanged),
        (tr("rejected"), report.rejected),
        (tr("seconds"), f"{report.seconds:.1f}"),
    )
    say(plain(Path(report.path).name))
    pairs((f"  {name}", f"{value:,}" if isinstance(value, int) else value) for name, value in rows)
    if report.rejects:
        tell(tr("Rejected rows, with the reason of each: {file}").format(file=report.rejects))
    for note in report.notes:
        tell(plain(note))


def _problems(seen: "Preview", plan: "Mapping") -> "tuple[Problem, ...]":
    from workbench.plan import mapping as mappings

    return mappings.check(plan, tuple(column.name for column in seen.columns))


def _place(plan: "Mapping", problem: "Problem") -> str:
    """Where a problem is, with the target in place of the number of a column."""
    _, _, number = problem.where.partition(".")
    number = number.partition(".")[0]
    return plan.columns[int(number)].target if number.isdigit() else problem.where


def _preview(session: Session, seen: "Preview", plan: "Mapping") -> None:
    from workbench.engine.calls import pack_problems

    problems = _problems(seen, plan)
    answer = {**seen.model_dump(), "mapping": plan, "problems": pack_problems(problems)}
    session.give(answer, lambda: _show_preview(seen, plan, problems))
    blocking = [problem for problem in problems if problem.blocks]
    if blocking:
        raise Failure(Code.REFUSED, str(blocking[0]), problems)


def _show_preview(seen: "Preview", plan: "Mapping", problems: "tuple[Problem, ...]") -> None:
    say(f"{plain(Path(seen.path).name)}: {seen.dialect.format} {seen.dialect.delimiter!r} {seen.dialect.encoding}")
    targets = {column.source: column.target for column in plan.columns if column.source}
    rows = [
        (column.name, column.type, targets.get(column.name, ""), ", ".join(column.samples[:3]))
        for column in seen.columns
    ]
    table((tr("Column"), tr("Type"), tr("Goes to"), tr("For example")), rows)
    for column in plan.columns:
        if column.value:
            say(tr("{target} is made as {pattern}").format(target=column.target, pattern=plain(column.value)))
    for problem in problems:
        tell(f"{problem.where}: {plain(problem)}")


def _given_mapping(source: Path | None, kind: KindName | None) -> "Mapping | None":
    if source is None:
        return None
    from workbench.plan.mapping import Mapping

    mapping = parsed(source, Mapping.from_json, "mapping")
    if kind is not None and kind != mapping.kind:
        text = tr("The mapping is for {has}, but --as says {wants}.").format(has=mapping.kind, wants=kind)
        raise Failure(Code.USAGE, text)
    return mapping


def _written(mapping: "Mapping | None", encoding: str) -> "Mapping | None":
    """The mapping for a file that is written otherwise."""
    if mapping is None or not encoding:
        return mapping
    return mapping.model_copy(update={"dialect": mapping.dialect.model_copy(update={"encoding": encoding})})


def _seen(
    connection: Connection, path: str, kind: KindName | None, mapping: "Mapping | None", encoding: str
) -> "Preview":
    from workbench.engine import imports
    from workbench.plan.mapping import Dialect

    dialect = mapping.dialect if mapping else Dialect(encoding=encoding) if encoding else None
    return connection.ask(imports.preview, path, mapping.kind if mapping else kind, dialect)


def _refuse_missing(paths: list[str]) -> None:
    for path in paths:
        if Path(path).is_dir():
            raise Failure(Code.REFUSED, tr("{file} is a folder. Name the files in it.").format(file=path))
        if not Path(path).exists():
            raise Failure(Code.NOT_FOUND, tr("There is no file {file}.").format(file=path))
