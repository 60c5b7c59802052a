"""`make bench`: a table to read, then the same as JSON lines. `PART=engine` takes one part."""

import sys

from tests.bench import chaos, clock, engine, line, night, reports, requests, scale

PARTS = {
    "engine": engine,
    "requests": requests,
    "line": line,
    "reports": reports,
    "clock": clock,
    "night": night,
    "chaos": chaos,
    "scale": scale,
}


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
