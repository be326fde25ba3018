from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.store.conftest import NOW, Open
from tests.store.test_workspace import event, people
from workbench.plan.event import Event
from workbench.store import catalogue, events


def test_an_event_is_appended_once(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    assert workspace.write(events.append, (event(1, NOW), event(2, NOW), event(1, NOW))) == 2
    assert workspace.write(events.append, (event(2, NOW), event(3, NOW))) == 1
    assert workspace.rows("SELECT count(*), count(DISTINCT id) FROM events") == [(3, 3)]


def test_an_event_of_nobody_is_passed_over(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    assert workspace.write(events.append, (event(1, NOW, "stranger"), event(2, NOW))) == 1
    assert workspace.write(events.append, ()) == 0


def test_what_events_carry_is_in_its_columns(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    local = datetime(2025, 5, 1, 14, 0, 0, 123456, tzinfo=UTC)
    carried = Event(id="x", endpoint_id="p1", type="buy", at=local, attributes={"item": "lamp"}, metrics={"price": 9.5})
    bare = Event(id="y", endpoint_id="p1", type="look", at=local)
    workspace.write(events.append, (carried, bare))
    columns = workspace.read(catalogue.load)
    item, price = columns.event_attributes["item"], columns.event_metrics["price"]
    assert workspace.rows(f'SELECT key, "at", type, {item}, {price} FROM events ORDER BY type') == [
        (2, local.replace(tzinfo=None), "buy", "lamp", 9.5),
        (2, local.replace(tzinfo=None), "look", None, None),
    ]
    assert workspace.rows("SELECT kind, name, event_type FROM names WHERE event_type <> '' ORDER BY name") == [
        ("event_attribute", "item", "buy"),
        ("event_metric", "price", "buy"),
    ]


def test_more_names_than_spare_columns_get_columns(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    many = {f"a{number}": str(number) for number in range(20)}
    workspace.write(events.append, (Event(id="x", endpoint_id="p0", type="t", at=NOW, attributes=many),))
    columns = workspace.read(catalogue.load).event_attributes
    assert list(columns) == sorted(many, key=lambda name: int(name[1:]))
    assert workspace.rows(f"SELECT {columns['a0']}, {columns['a19']} FROM events") == [("0", "19")]


def test_the_roll_ups_go_with_the_events(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    workspace.write(events.append, (event(1, NOW), event(2, NOW + timedelta(days=1)), event(3, NOW, "p2")))
    workspace.write(events.append, (event(4, NOW), event(1, NOW)))
    day = date(2025, 6, 1)
    assert workspace.rows("SELECT day, type, sum(n)::INTEGER FROM rollup_events GROUP BY ALL ORDER BY day") == [
        (day, "visit", 3),
        (day + timedelta(days=1), "visit", 1),
    ]
    masks = "SELECT day, block, bit_or(mask)::INTEGER FROM rollup_active GROUP BY ALL ORDER BY day"
    assert workspace.rows(masks) == [(day, 0, 0b1010), (day + timedelta(days=1), 0, 0b10)]
    assert workspace.rows('SELECT key, max("at") FROM rollup_latest GROUP BY key ORDER BY key') == [
        (1, (NOW + timedelta(days=1)).replace(tzinfo=None)),
        (3, NOW.replace(tzinfo=None)),
    ]
