"""Look one step ahead, and no further.

The library foresees every way that may come: where branches meet, each of them foresees all that
follows, so that twenty meetings in a row are a million futures.
"""

from typing import Any

from SpiffWorkflow.task import Task as Token
from SpiffWorkflow.util.task import TaskState


class LooksOneAhead:
    """Lays its ways on only when it is run."""

    outputs: list[Any]

    def _predict_hook(self, token: Token) -> None:
        """Nothing is foreseen."""

    def _run_hook(self, token: Token) -> Any:
        result = super()._run_hook(token)  # type: ignore[misc]
        lay_on(token, self._ways())
        return result

    def _ways(self) -> list[Any]:
        return self.outputs


def lay_on(token: Token, ways: list[Any]) -> None:
    """The tokens that come next; an activity's comes with those of the events at its border."""
    token._sync_children(ways, TaskState.FUTURE)
    for child in token.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
