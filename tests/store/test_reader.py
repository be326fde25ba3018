import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.store.conftest import Open
from workbench.plan.mapping import Column, Dialect, Kind, Preview, check
from workbench.store import reader
from workbench.store.database import FileMissingError, SourceError, StoreError

CDNOW = (
    " customer_id  date number_of_cds  dollar_value\r\n"
    " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n"
)
PINPOINT = (
    "ChannelType,Address,Location.Country,User.UserId, User.UserAttributes.hobby, User.UserAttributes.hobby\n"
    "SMS,+16045550182,CA,u1,ski,chess\nEmail,wang@example.com,CN,u3,,\n"
)


def look(workspace: Open, path: Path, kind: Kind | None = None, dialect: Dialect | None = None) -> Preview:
    return workspace.read(reader.preview, path, kind, dialect or Dialect())


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def targets(preview: Preview) -> dict[str, str]:
    return {column.source or column.value: column.target for column in preview.mapping.columns}


def test_a_listing_with_runs_of_blanks_is_a_table_of_events(workspace: Open, tmp_path: Path) -> None:
    found = look(workspace, write(tmp_path, "CDNOW.txt", CDNOW))
    assert (found.dialect.delimiter, found.dialect.header, found.mapping.kind) == ("blanks", True, "events")
    assert [(column.name, column.type) for column in found.columns] == [
        ("customer_id", "text"),
        ("date", "time"),
        ("number_of_cds", "number"),
        ("dollar_value", "number"),
    ]
    assert found.rows[0] == ("00001", "19970101", "1", "11.77")
    assert found.mapping.columns == (
        Column(target="UserId", source="customer_id"),
        Column(target="Timestamp", source="date", date_format="%Y%m%d"),
        Column(target="Metrics.number_of_cds", source="number_of_cds"),
        Column(target="Metrics.dollar_value", source="dollar_value"),
        Column(target="EventType", value="purchase"),
    )
    assert check(found.mapping, tuple(column.name for column in found.columns)) == ()


@pytest.mark.parametrize("note", ['"never closed', "n" * 200_000])
def test_a_cell_may_be_long_and_a_quote_open(note: str, workspace: Open, tmp_path: Path) -> None:
    rows = "".join(f"b{n},b{n}@example.com,{'n' * 900}\n" for n in range(300))
    path = write(tmp_path, "p.csv", f"Id,Address,note\na,a@example.com,ok\nc,c@example.com,{note}\n{rows}")
    found = look(workspace, path)
    assert [column.name for column in found.columns] == ["Id", "Address", "note"]
    assert found.rows[0] == ("a", "a@example.com", "ok")
    assert workspace.bring(path).added == 1


@pytest.mark.parametrize("dialect", [Dialect(delimiter="::"), Dialect(quote="''")])
def test_a_mark_of_two_characters_is_said(dialect: Dialect, workspace: Open, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="one character each"):
        look(workspace, write(tmp_path, "p.csv", "Id::Address\na::a@example.com\n"), dialect=dialect)


def test_pinpoints_own_columns_need_no_mapping(workspace: Open, tmp_path: Path) -> None:
    found = look(workspace, write(tmp_path, "people.csv", PINPOINT))
    assert found.mapping.kind == "endpoints"
    assert targets(found) == {
        "ChannelType": "ChannelType",
        "Address": "Address",
        "Location.Country": "Location.Country",
        "User.UserId": "User.UserId",
        "User.UserAttributes.hobby": "User.UserAttributes.hobby",
        "User.UserAttributes.hobby (2)": "User.UserAttributes.hobby",
    }
    assert check(found.mapping, tuple(column.name for column in found.columns)) == ()


@pytest.mark.parametrize(("delimiter", "name"), [(",", "a.csv"), (";", "b.csv"), ("\t", "c.tsv"), ("|", "d.txt")])
def test_delimiters_are_sniffed(delimiter: str, name: str, workspace: Open, tmp_path: Path) -> None:
    text = 'email;first name\n"a@example.com";"Ann; Marie"\nb@example.com;Bob\n'.replace(";", delimiter)
    found = look(workspace, write(tmp_path, name, text))
    assert found.dialect.delimiter == delimiter
    assert found.rows == (("a@example.com", f"Ann{delimiter} Marie"), ("b@example.com", "Bob"))


def test_english_and_russian_names_are_recognised(workspace: Open, tmp_path: Path) -> None:
    english = (
        "E-mail,First Name,Last name,Phone number,Country,user_id,Sign-up\na@example.com,A,B,+49,DE,1,2024-01-05\n"
    )
    russian = "Почта;Имя;Фамилия;Страна;Город;Скидка, %\nanna@example.ru;Анна;Иванова;RU;Омск;12,5\n"
    assert targets(look(workspace, write(tmp_path, "e.csv", english))) == {
        "E-mail": "Address",
        "First Name": "User.UserAttributes.FirstName",
        "Last name": "User.UserAttributes.LastName",
        "Phone number": "Attributes.Phone number",
        "Country": "Location.Country",
        "user_id": "User.UserId",
        "Sign-up": "Attributes.Sign-up",
        "EMAIL": "ChannelType",
    }
    assert targets(look(workspace, write(tmp_path, "r.csv", russian))) == {
        "Почта": "Address",
        "Имя": "User.UserAttributes.FirstName",
        "Фамилия": "User.UserAttributes.LastName",
        "Страна": "Location.Country",
        "Город": "Location.City",
        "Скидка, %": "Metrics.Скидка, %",
        "EMAIL": "ChannelType",
        "{Почта}": "User.UserId",
    }
    events = "Клиент;Дата;Событие;Сумма\n7;05.03.2024;покупка;12,50\n"
    found = look(workspace, write(tmp_path, "s.csv", events))
    assert found.mapping.kind == "events"
    assert targets(found) == {
        "Клиент": "UserId", "Дата": "Timestamp", "Событие": "EventType", "Сумма": "Metrics.Сумма",
    }  # fmt: skip
    assert found.mapping.columns[1].date_format == "%d.%m.%Y"


def test_phone_numbers_are_for_sms(workspace: Open, tmp_path: Path) -> None:
    found = look(workspace, write(tmp_path, "p.csv", "Phone,Name\n+4917012345,Ann\n+4917012346,Bob\n"))
    assert targets(found)["SMS"] == "ChannelType"


def test_a_file_without_a_header(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", "a@example.com,12\nb@example.com,13\n")
    found = look(workspace, path)
    assert found.dialect.header is False
    assert [column.name for column in found.columns] == ["column1", "column2"]
    assert len(found.rows) == 2
    assert look(workspace, path, dialect=Dialect(header=True)).columns[0].name == "a@example.com"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(encoding: str, workspace: Open, tmp_path: Path) -> None:
    found = look(workspace, write(tmp_path, "p.csv", "email,имя\na@example.com,Анна\n", encoding))
    assert [column.name for column in found.columns] == ["email", "имя"]
    assert found.rows == (("a@example.com", "Анна"),)


def test_another_encoding_is_named_by_its_user(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", "почта,имя\na@example.com,Анна\n", "cp1251")
    with pytest.raises(SourceError, match=r"is not shift_jis"):
        look(workspace, path, dialect=Dialect(encoding="shift_jis"))
    assert look(workspace, path, dialect=Dialect(encoding="windows-1251")).rows == (("a@example.com", "Анна"),)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("почта;имя;город\na@example.com;Анна;Санкт-Петербург\n", "windows-1251"),
        ("email;plan;note\na@example.com;pro;спасибо\n", "windows-1251"),
        ("email;prénom;ville\na@example.com;Zoé;Orléans à côté\n", "windows-1252"),
        ("email;Straße\na@example.com;Köln, Bär 5 €\n", "windows-1252"),
    ],
)
def test_what_windows_writes_is_recognised(text: str, encoding: str, workspace: Open, tmp_path: Path) -> None:
    found = look(workspace, write(tmp_path, "p.csv", text, encoding))
    assert found.dialect.encoding == encoding
    assert found.dialect.delimiter == ";"
    first, second = text.splitlines()
    assert [column.name for column in found.columns] == first.split(";")
    assert found.rows == (tuple(second.split(";")),)
    assert workspace.bring(tmp_path / "p.csv").added == 1


def test_utf_8_with_a_damaged_letter_is_told_by_its_line(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("email,имя\na@example.com,Анна\nb@example.com,".encode() + b"\xff\n")
    with pytest.raises(SourceError, match=r"is not utf-8 \(line 3\)"):
        look(workspace, path)


@pytest.mark.parametrize(
    "name",
    ["utf-16", "utf-32", "utf-7", "base64", "rot13", "zlib", "punycode", "idna", "undefined", "none such", "a\0b"],
)
def test_a_wrong_encoding_is_said_in_words(name: str, workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", "почта,имя\na@example.com,Анна\n", "cp1251")
    with pytest.raises(SourceError, match="is not"):
        look(workspace, path, dialect=Dialect(encoding=name))


@pytest.mark.parametrize("header", ["???,x", "колонка,x"])
def test_a_column_is_known_by_its_values_where_its_name_says_nothing(
    header: str, workspace: Open, tmp_path: Path
) -> None:
    mail = look(workspace, write(tmp_path, "m.csv", f"{header}\nann@example.com,1\nbo@example.com,2\n"))
    assert list(targets(mail).values()) == ["Address", "Metrics.x", "ChannelType"]
    phone = look(workspace, write(tmp_path, "t.csv", f"{header}\n+7 495 123-45-67,1\n"))
    assert targets(phone)["SMS"] == "ChannelType"
    named = look(workspace, write(tmp_path, "n.csv", "email,Attributes.second\na@example.com,b@example.com\n"))
    assert targets(named)["Attributes.second"] == "Attributes.second"
    assert targets(look(workspace, write(tmp_path, "h.csv", "a@example.com,12\n")))["column1"] == "Address"


@pytest.mark.parametrize("name", ["p.csv", "p.ndjson", "p.parquet"])
def test_packed_files_are_read_as_they_are(name: str, workspace: Open, tmp_path: Path) -> None:
    plain = tmp_path / name
    if name.endswith("parquet"):
        duckdb.sql(f"COPY (SELECT 'a@example.com' AS email, 7 AS n) TO '{plain}'")
    else:
        rows = {"p.csv": "email,n\na@example.com,7\n", "p.ndjson": '{"email": "a@example.com", "n": 7}\n'}
        plain.write_text(rows[name], encoding="utf-8")
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    first, second = look(workspace, plain), look(workspace, packed)
    assert (first.rows, first.columns, first.mapping) == (second.rows, second.columns, second.mapping)
    assert first.rows == (("a@example.com", "7"),)


def test_nested_objects_become_dotted_names(workspace: Open, tmp_path: Path) -> None:
    lines = (
        '{"ChannelType":"SMS","Address":"+16045550182","Attributes":{"ride":["Bus","Tram"]},"User":{"UserId":"u1"}}\n'
        '{"ChannelType":"EMAIL","Address":"j@example.com","Attributes":{"ride":"Bike"},"Metrics":{"trips":3.5}}\n'
    )
    found = look(workspace, write(tmp_path, "p.ndjson", lines))
    assert found.dialect.format == "ndjson"
    assert {column.name: column.type for column in found.columns} == {
        "ChannelType": "text",
        "Address": "text",
        "Attributes.ride": "list",
        "User.UserId": "text",
        "Metrics.trips": "number",
    }
    assert found.rows[0][2:4] == ("Bus, Tram", "u1")
    assert set(targets(found).values()) == {column.name for column in found.columns}


def test_a_record_of_the_event_stream_is_an_event(workspace: Open, tmp_path: Path) -> None:
    line = (
        '{"event_type":"_email.send","event_timestamp":1564618621380,"client":{"client_id":"9a311b17"},'
        '"session":{},"attributes":{"feedback":"received"},"metrics":{"size":12}}\n'
    )
    found = look(workspace, write(tmp_path, "p.ndjson", line))
    assert found.rows == (("_email.send", "1564618621380", "9a311b17", None, "received", "12"),)
    assert found.mapping.kind == "events"
    assert found.mapping.columns == (
        Column(target="EventType", source="event_type"),
        Column(target="Timestamp", source="event_timestamp", date_format="epoch"),
        Column(target="EndpointId", source="client.client_id"),
        Column(target="Attributes.feedback", source="attributes.feedback"),
        Column(target="Metrics.size", source="metrics.size"),
    )


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", ["one after the other", "one list"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_json_over_several_lines_is_read(
    indent: int | None, shape: str, encoding: str, workspace: Open, tmp_path: Path
) -> None:
    people = [{"ChannelType": "EMAIL", "Address": f"{n}@example.com", "Attributes": {"note": "a\nb"}} for n in range(3)]
    text = (
        json.dumps(people, indent=indent)
        if shape == "one list"
        else "\n".join(json.dumps(one, indent=indent) for one in people)
    )
    path = write(tmp_path, "p.json", text, encoding)
    found = look(workspace, path)
    assert (found.dialect.format, len(found.rows)) == ("ndjson", 3)
    assert found.rows[2] == ("EMAIL", "2@example.com", "a\nb")
    assert workspace.bring(path).added == 3


def test_parquet_has_its_own_types(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    duckdb.sql(
        f"""COPY (SELECT 'x' AS "Id", {{'plan': ['pro'], 'n': 1}} AS "Attributes", MAP(['spent'], [1.5]) AS "Metrics",
                TIMESTAMPTZ '2024-01-05 10:00:00+00' AS "EffectiveDate", DATE '2024-01-05' AS joined) TO '{path}'"""
    )
    found = look(workspace, path)
    assert {column.name: column.type for column in found.columns} == {
        "Id": "text",
        "Attributes.plan": "list",
        "Attributes.n": "number",
        "Metrics.spent": "number",
        "EffectiveDate": "time",
        "joined": "time",
    }


def empty(path: Path) -> None:
    path.write_bytes(b"")


def json_cut(path: Path) -> None:
    path.write_text('[{"a": 1},\n {"b"', encoding="utf-8")


def json_of_numbers(path: Path) -> None:
    path.write_text("[1, 2]", encoding="utf-8")


def no_objects(path: Path) -> None:
    path.write_text("{nothing\n{here\n", encoding="utf-8")


def picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def broken_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(b"a,b\n" * 10000)[:30])


def noise(lines: int) -> str:
    numbers = random.Random(1)  # noqa: S311 - no secret: numbers that hardly pack, the same each time
    return "".join(f'{{"Id": "p{n}", "size": {numbers.random()}}}\n' for n in range(lines))


def broken_objects(path: Path) -> None:
    packed = bytearray(gzip.compress(noise(20_000).encode()))
    packed[-100_000] ^= 0x55
    path.write_bytes(packed)


def cut_objects(path: Path) -> None:
    path.write_bytes(gzip.compress(noise(20_000).encode())[:-100_000])


def cut_utf_16(path: Path) -> None:
    path.write_bytes(gzip.compress(noise(20_000).encode("utf-16"))[:-100_000])


def cut_parquet(path: Path) -> None:
    plain = path.with_suffix(".parquet")
    duckdb.sql(f"COPY (SELECT random() AS x FROM range(50000)) TO '{plain}'")
    path.write_bytes(gzip.compress(plain.read_bytes())[:-10_000])


def broken_parquet(path: Path) -> None:
    path.write_bytes(b"PAR1" + b"\x00" * 100)


@pytest.mark.parametrize("make", [broken_gzip, broken_objects, cut_objects, cut_utf_16, cut_parquet])
def test_a_damaged_archive_is_said(make: Callable[[Path], None], workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "thing.gz"
    make(path)
    with pytest.raises(SourceError, match=r"thing\.gz is a damaged archive"):
        look(workspace, path)


@pytest.mark.parametrize("make", [empty, json_cut, json_of_numbers, no_objects, picture, broken_parquet, Path.mkdir])
def test_what_is_no_table_is_said_with_the_files_name(make: object, workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "thing.dat"
    make(path)  # type: ignore[operator]  # each makes one kind of wrong file
    with pytest.raises(StoreError, match="thing"):
        look(workspace, path)


def test_a_missing_file_is_said(workspace: Open, tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        look(workspace, tmp_path / "no.csv")


def test_rows_are_counted_ragged_ones_too_and_estimated_in_archives(workspace: Open, tmp_path: Path) -> None:
    text = "email,note\n" + 'a@example.com,"two\nlines"\n' * 3 + "short\n" + "\n" + "b@example.com,x,long\n"
    for _ in range(2):  # the reader remembers the ragged rows of files before
        found = look(workspace, write(tmp_path, "p.csv", text))
        assert (found.total, found.exact) == (5, True)
    packed = tmp_path / "p.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert not look(workspace, packed).exact


def test_the_preview_has_fifty_rows_and_five_samples(workspace: Open, tmp_path: Path) -> None:
    rows = "".join(f"p{number}@example.com\n" for number in range(500))
    found = look(workspace, write(tmp_path, "p.csv", "email\n" + rows))
    assert (len(found.rows), len(found.columns[0].samples)) == (50, 5)
    assert found.size == (tmp_path / "p.csv").stat().st_size
