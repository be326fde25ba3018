from pathlib import Path

from tests.store.conftest import NOW, Open
from workbench.plan.segment import AttributeRule, Group, ListRule, Reference, Segment, SegmentRule, check
from workbench.store import definitions, endpoints, segments, static

PRO = Segment(name="Pro", root=Group(items=(AttributeRule(name="plan", values=("pro",)),)))


def people(workspace: Open, folder: Path, plans: str) -> None:
    rows = [f"e{n},EMAIL,e{n}@example.com,{plan}" for n, plan in enumerate(plans.split())]
    path = folder / "people.csv"
    path.write_text("\n".join(["Id,ChannelType,Address,Attributes.plan", *rows]) + "\n", encoding="utf-8")
    workspace.bring(path)


def counted(workspace: Open, segment: Segment) -> int:
    return workspace.read(segments.count, segment, NOW, rules_too=False).matching


def test_a_list_keeps_its_members_when_they_change(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path, "pro free pro")
    list_id, size = workspace.write(static.freeze, PRO, NOW, "Pro, 1 June")
    assert size == 2
    people(workspace, tmp_path, "free free free")
    frozen = Segment(name="Then", root=Group(items=(ListRule(list_id=list_id),)))
    assert (counted(workspace, PRO), counted(workspace, frozen)) == (0, 2)
    known = workspace.read(endpoints.catalogue)
    assert [(each.id, each.name, each.count) for each in known.lists] == [(list_id, "Pro, 1 June", 2)]
    assert check(frozen, known) == ()
    assert [each.where for each in check(Segment(name="?", root=Group(items=(ListRule(list_id="x"),))), known)] == [
        "root.items.0.list_id"
    ]


def test_a_segment_of_segments_follows_them_and_a_circle_is_named(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path, "pro free pro")
    pro = workspace.write(definitions.save, "segment", None, "Pro", PRO.to_json(), NOW)

    def of(*ids: str, mode: str = "all") -> Segment:
        rule = SegmentRule.model_validate({"mode": mode, "segments": [Reference(id=each) for each in ids]})
        return Segment(name="Of", root=Group(items=(rule,)))

    assert counted(workspace, of(pro)) == 2
    assert counted(workspace, of(pro, mode="none")) == 1
    outer = workspace.write(definitions.save, "segment", None, "Outer", of(pro).to_json(), NOW)
    known = workspace.read(endpoints.catalogue)
    assert check(of(outer), known, own_id="new") == ()
    problems = check(of(outer), known, own_id=pro)
    assert [(each.where, each.blocks) for each in problems] == [("root.items.0.segments", True)]
    assert str(problems[0].text) == "“Outer” contains this segment itself."
    workspace.write(definitions.set_deleted, "segment", pro, deleted=True)
    assert (counted(workspace, of(pro)), counted(workspace, of(pro, mode="none"))) == (0, 3)
    assert [each.where for each in check(of(pro), workspace.read(endpoints.catalogue))] == ["root.items.0.segments"]
