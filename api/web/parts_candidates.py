"""The candidates of a plan as HTML: those found in the lake, those taken up with fee and posts."""

from __future__ import annotations

from collections.abc import Mapping

from api.web.markup import Column, attribute, paragraph, table, text
from inference.plan_document import Names, name_in
from inference.ranking import Ranking
from inference.wording import count, interval80, window
from reelcast.rosters import Candidate


def candidate_table(candidates: Mapping[str, Candidate], names: Names, currency: str) -> str:
    """The candidates with what can be set of each."""
    rows = [
        (
            f'<span class="who">{text(name_in(name, names))}</span>',
            _box("fee", name, f"{one.fee:g}", "Fee of one post", names),
            _box("slots", name, str(one.slots), "Posts at most", names),
            _box("must", name, str(one.must), "Posts that must be", names),
            f'<button type="button" data-act="remove" data-value="{attribute(name)}">Remove'
            f'<span class="unseen"> {text(name_in(name, names))}</span></button>',
        )
        for name, one in candidates.items()
    ]
    columns = (
        Column("Creator"),
        Column(f"Fee of one post, {currency}"),
        Column("Posts at most"),
        Column("Posts that must be", source="Posts that are signed already: they stay in."),
        Column("Take out"),
    )
    return table("Candidates", columns, rows)


def _box(what: str, name: str, value: str, label: str, names: Names) -> str:
    step = "any" if what == "fee" else "1"
    said = f"{label}, {name_in(name, names)}"
    return (
        f'<input class="short" type="number" min="0" step="{step}" value="{attribute(value)}" '
        f'data-set="{what}" data-value="{attribute(name)}" aria-label="{attribute(said)}">'
    )


def found_table(made: Ranking, most: int, candidates: Mapping[str, Candidate]) -> str:
    """Creators of the lake that match, with a button to add each."""
    rows = []
    for row in made.rows[:most]:
        name = row.label or name_in(row.creator_id, {})
        is_in = row.creator_id in candidates
        button = (
            f'<button type="button" data-act="add" data-value="{attribute(row.creator_id)}"'
            f"{' disabled' if is_in else ''}>{'Added' if is_in else 'Add'}"
            f'<span class="unseen"> {text(name)}</span></button>'
        )
        who = f'<a href="/creators/{attribute(row.creator_id)}">{text(name)}</a>'
        middle = count(row.forecast.quantiles["q50"])
        rows.append(
            (
                f"{who}<small>{text(row.platform)}</small>",
                f"{text(row.tier)}<small>{count(row.followers)} followers</small>",
                f"{middle}<small>{text(interval80(row.forecast.quantiles))}</small>",
                f'<span class="grade {row.grade.grade}">{row.grade.grade}</span>',
                button,
            )
        )
    if not rows:
        return paragraph("No creator matches: write fewer words, or import their posts.")
    columns = (
        Column("Creator"),
        Column("Tier"),
        Column(
            f"Median {made.target}, {window(made.horizon_days)}",
            source="Of one post; beneath it the 80% interval.",
        ),
        Column("Data", source="The data grade: A is the best known, D not at all."),
        Column("Add"),
    )
    left = made.matched - len(rows)
    more = paragraph(f"{left:,} more match: search for less", "soft") if left > 0 else ""
    return table("Creators found", columns, rows) + more
