"""How often readers of the words alone give each answer, in percent: a judgement, written down.

The corpus holds every hook in about equal number, formats that words hardly show (slides, footage
under a voice), and many calls to action. In the world a question opens more videos than a deadline
does, what is called a slideshow or a meme is decided by what can be read, and most videos ask for
nothing. Heads learn on the corpus' shares and answer by these. They are no counts of any
collection; they stand for short videos of all themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from content_tagging.tags.taxonomy import ONE_ANSWER

PERCENT: dict[str, dict[str, float]] = {
    "hook": {
        "question": 9, "bold_claim": 9, "shocking": 4, "pattern_interrupt": 1.5,
        "contrarian_myth": 3.5, "curiosity_gap": 6, "problem_agitate": 4, "how_to": 6,
        "explainer_why": 4, "listicle": 6, "storytime": 9, "confession": 5, "pov_relatable": 14,
        "direct_address": 9, "social_proof": 2, "authority": 1.5, "statistic": 1.5,
        "before_after": 1.5, "contrast_versus": 4, "challenge": 5, "negative_warning": 4,
        "offer_first": 2, "urgency_fomo": 1, "trend_sound": 2, "none": 2.5,
    },
    "format": {
        "talking_head": 20, "tutorial_how_to": 9, "demo": 7, "grwm": 1.5, "day_in_life_vlog": 4,
        "unboxing": 1.5, "haul": 1.5, "review": 3, "testimonial": 1.5, "before_after": 1,
        "comparison": 2.5, "listicle": 5, "storytime": 5, "skit": 6, "reaction": 2,
        "comment_reply": 1.5, "green_screen": 1, "street_interview": 1.5, "podcast": 1.5,
        "expert_explainer": 8, "founder_story": 1.5, "behind_the_scenes": 1.5, "try_on": 2,
        "asmr": 1, "voiceover_broll": 3, "time_lapse": 1, "slideshow": 1.5, "text_meme": 20,
        "trend_performance": 3, "other": 1,
    },
    "theme": {
        "beauty_skincare": 5, "fashion": 5, "fitness_wellness": 5, "food_drink": 6,
        "home_garden": 4.5, "parenting_family": 5, "tech_gadgets": 5, "gaming": 4,
        "personal_finance": 4, "business_career": 6, "education": 7, "travel": 4.5,
        "entertainment_comedy": 11, "music_dance": 4, "pets": 4, "auto": 3.5,
        "relationships_lifestyle": 8, "sports": 4, "news_politics": 3.5, "health_medical": 5,
        "other": 2,
    },
    "cta": {
        "shop_now": 3, "use_code": 1.5, "link_in_bio": 3, "comment_keyword": 1.5, "follow": 4,
        "save": 3, "share_tag": 2, "download_app": 1.5, "sign_up": 2, "learn_more": 1.5,
        "visit_store": 1, "watch_next": 3, "none": 78,
    },
}  # fmt: skip


def shifts(group: str, labels: Sequence[str], shares: Sequence[float]) -> list[float]:
    """What to add to each label's log odds, so that answers follow `PERCENT` and no longer the
    shares of the labels in what was learned from; zeros for groups without a prior.

    In groups of one answer the odds are against each other, in `cta` against the label's absence.

    >>> shifts("offer", ["gift"], [0.5])
    [0.0]
    """
    if group not in PERCENT:
        return [0.0] * len(labels)
    wanted = world_shares(group, labels)
    bounded = [min(max(share, 1e-4), 1 - 1e-4) for share in shares]
    if group in ONE_ANSWER:
        return [log(w / s) for w, s in zip(wanted, bounded, strict=True)]
    return [log(w / (1 - w) * (1 - s) / s) for w, s in zip(wanted, bounded, strict=True)]


def world_shares(group: str, labels: Sequence[str]) -> list[float]:
    """`PERCENT` as shares, which sum to 1 in groups of one answer."""
    given = PERCENT[group]
    total = sum(given.values()) if group in ONE_ANSWER else 100
    return [given[label] / total for label in labels]


def row_importance(has: bool, share: float, wanted: float) -> float:
    """What a row with or without a label counts where the label has another share.

    >>> row_importance(True, 0.5, 0.1), row_importance(False, 0.5, 0.1)
    (0.2, 1.8)
    """
    return wanted / share if has else (1 - wanted) / (1 - share)
