"""`make bench`: a table to read, then the same as JSON lines. `PART=engine` takes one part."""

import sys

from tests.bench import engine, line, reports, requests, scale

PARTS = {"engine": engine, "requests": requests, "line": line, "scale": scale, "reports": reports}


def main(chosen: list[str]) -> None:
    figures = []
    for name in chosen or PARTS:
        for figure in PARTS[name].figures():
            figure.show()
            figures.append(figure)
    print()
    for figure in figures:
        print(figure.line)


main(sys.argv[1:])
