"""Collect every visible string into resources/languages/ru.po and compile the catalogues: `python packaging/words.py`.

The names of countries come out of the Unicode CLDR, as Babel has it, and go to resources/languages/countries.json.
With `--check` nothing is written; the exit code is 1 where a string has no Russian, or a catalogue is out of date.
"""

import io
import json
import re
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ROOT / "resources" / "languages"
KEYWORDS = {"tr": None, "N_": None, "trn": (1, 2)}
#: codes of two letters that name no country: unions, the unknown, and what tests use
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def collected() -> Catalog:
    """Every string that the code shows, without places: those would change at each edit."""
    template = Catalog(project="marketing-workbench", charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT / "workbench", method_map=[("**.py", "python")], keywords=KEYWORDS)
    for _, _, message, _, _ in sorted(found, key=lambda row: row[2][0] if isinstance(row[2], tuple) else row[2]):
        template.add(message)
    return template


def read(language: str) -> Catalog:
    """The catalogue as it stands; an empty one where there is none yet."""
    path = LANGUAGES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="marketing-workbench", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as a .mo file: the same catalogue gives the same bytes, whenever it is compiled."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def countries() -> bytes:
    """The names of all countries by language and ISO 3166-1 alpha-2 code, as JSON."""
    names = {
        language: {
            code: name
            for code, name in sorted(Locale(language).territories.items())
            if re.fullmatch("[A-Z]{2}", code) and code not in NO_COUNTRIES
        }
        for language in ("en", "ru")
    }
    return json.dumps(names, ensure_ascii=False, indent=1).encode() + b"\n"


def fields(text: str) -> set[str]:
    """Names of the values that a text has places for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def faults(language: str) -> list[str]:
    """What is missing or wrong in a catalogue, a line each."""
    found = []
    catalogue = read(language)
    for message in collected():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        known = catalogue.get(key)
        if known is None or known.fuzzy or not _filled(known):
            found.append(f"no {language} for: {key!r}")
        elif isinstance(known.id, tuple) != isinstance(message.id, tuple):
            found.append(f"plural in one, not in the other: {key!r}")
        else:
            found += _field_faults(language, known)
    mo = LANGUAGES / f"{language}.mo"
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        found.append(f"{mo.name} is not the compiled {language}.po; run packaging/words.py")
    kept = LANGUAGES / "countries.json"
    if not kept.exists() or kept.read_bytes() != countries():
        found.append(f"{kept.name} has not Babel's names of countries; run packaging/words.py")
    return found


def _filled(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _texts(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _field_faults(language: str, message: Message) -> list[str]:
    sources = _texts(message.id)
    wanted = set().union(*(fields(text) for text in sources))
    plural = len(sources) > 1
    return [
        f"places differ in {language}: {text!r} for {sources[0]!r}"
        for text in _texts(message.string)
        if (fields(text) - wanted) or (not plural and fields(text) != wanted)
    ]


def update(language: str) -> None:
    """Bring the .po up to the code, keep translations, drop what is gone, and compile it."""
    LANGUAGES.mkdir(parents=True, exist_ok=True)
    catalogue = read(language)
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        # Nothing is guessed here; the mark is set on every new plural, whose forms English has fewer of.
        message.flags.discard("fuzzy")
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, sort_output=True, no_location=True)
    text = re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator): [^"]*"\n', b"", buffer.getvalue()
    )
    (LANGUAGES / f"{language}.po").write_bytes(text)
    (LANGUAGES / f"{language}.mo").write_bytes(compiled(read(language)))
    (LANGUAGES / "countries.json").write_bytes(countries())


def main() -> int:
    """Update, or with `--check` only look."""
    if "--check" not in sys.argv:
        update("ru")
    found = faults("ru")
    print("\n".join(found) if found else "every string has its Russian")  # noqa: T201 - this is what the command is for
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
