"""Clocks that are killed at random leave nothing undone, nothing done twice, nothing taken."""

from tests.bench import chaos


def test_three_clocks_killed_at_random_escalate_each_step_once() -> None:
    outcome = chaos.strike(timers=200, kills=8)
    assert outcome.kills == 8
    assert outcome.timers >= 200
    assert outcome.escalations == outcome.lines == outcome.timers
    assert (outcome.told_twice, outcome.left) == (0, 0)
    assert outcome.notices >= outcome.timers
