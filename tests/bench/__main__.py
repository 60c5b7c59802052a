"""`make bench`: a table to read, then the same as JSON lines."""

from tests.bench import engine, requests


def main() -> None:
    figures = []
    for part in (engine, requests):
        for figure in part.figures():
            figure.show()
            figures.append(figure)
    print()
    for figure in figures:
        print(figure.line)


main()
