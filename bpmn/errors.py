"""One family of errors: each carries a sentence an officer can read."""


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name for "translate this later")
    """Mark a sentence for the translators; it is translated where it is shown."""
    return sentence


class AlurError(Exception):
    """Something Alur refuses, with the sentence that says what is wrong and what to do."""

    sentence = N_("Permintaan ini tidak dapat dikerjakan.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence % self.facts
