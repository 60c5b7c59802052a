"""What a field offers to be chosen: values, and the words that people know them by."""

from collections.abc import Iterable

from engine.colleagues import Colleague


def people(colleagues: Iterable[Colleague]) -> list[tuple[int, str]]:
    """By name, each with her posts: two may bear one name."""
    return [(each.id, f"{each.name} ({', '.join(each.posts)})") for each in colleagues]
