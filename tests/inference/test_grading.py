"""A grade says what keeps it from an A."""

from __future__ import annotations

import pytest

from inference.grading import grade


@pytest.mark.parametrize(
    ("asked", "letter", "lacks"),
    [
        ((40, 10.0, 0.80), "A", None),
        ((40, 10.0, 0.90), "B", "intervals too wide there (over 87% held)"),
        ((40, 10.0, 0.60), "B", "intervals too narrow there (under 73% held)"),
        ((40, 10.0, None), "B", "intervals not measured there"),
        ((12, 10.0, 0.80), "B", "fewer than 20 posts"),
        ((40, 90.0, 0.80), "B", "the last more than 60 days ago"),
        ((3, 10.0, 0.80), "C", "fewer than 20 posts"),
    ],
)
def test_a_grade_below_a_says_why(
    asked: tuple[int, float, float | None], letter: str, lacks: str | None
) -> None:
    made = grade(asked[0], asked[1], "micro", asked[2])
    assert made.grade == letter
    if lacks is None:
        assert "not A" not in made.reason
    else:
        assert made.reason.endswith(f"{letter}, not A: {lacks}")


def test_a_coverage_just_outside_is_not_shown_as_the_bound() -> None:
    assert "held 87.4% of" in grade(40, 1.0, "micro", 0.874).reason
    assert "held 87% of" in grade(40, 1.0, "micro", 0.87).reason
