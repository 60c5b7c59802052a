"""Bring the English catalogue up to date with the sentences of the code: `make words`.

Sorted, without places or dates, so that two people's additions do not meet in one line.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "web/translations/en/LC_MESSAGES/messages.po"
HEAD = """\
# English for Alur. The keys are the Indonesian sentences of the code.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main() -> None:
    known = read()
    catalogue = Catalog(locale="en", charset="utf-8")
    for sentence in spoken():
        catalogue.add(sentence, known.get(_key(sentence)))
    body = BytesIO()
    write_po(body, catalogue, sort_output=True, omit_header=True, no_location=True, width=100)
    CATALOGUE.write_bytes(HEAD.encode() + body.getvalue())
    for message in catalogue:
        if message.id and is_missing(message):
            print(f"no English yet: {_key(message.id)}")


def spoken() -> set[str | tuple[str, ...]]:
    """Every sentence that a page can say."""
    with (ROOT / "web/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options)
    return {sentence for _file, _line, sentence, _comments, _context in found}


def read() -> dict[str, str | tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        return {_key(message.id): message.string for message in read_po(file, locale="en")}


def is_missing(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return not all(texts)


def _key(sentence: str | tuple[str, ...]) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]


if __name__ == "__main__":
    main()
