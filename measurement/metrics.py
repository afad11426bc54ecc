"""All metrics by name: a function of counts, or a money ratio that `money.per_unit` makes.

Rows of the documentation's table of metrics are held against this.
"""

from __future__ import annotations

from collections.abc import Callable

from measurement import counts, money, people, performance, rates
from measurement.measured import Measured
from measurement.money import Ratio

METRICS: dict[str, Callable[..., Measured] | Ratio] = {
    "impressions": counts.impressions,
    "views": counts.views,
    "reach": counts.reach,
    "hook_rate": rates.hook_rate,
    "hold_rate": rates.hold_rate,
    "view_through_rate": rates.view_through_rate,
    "completion_rate": rates.completion_rate,
    "average_watch_s": rates.average_watch_s,
    "engagement_rate_by_views": rates.engagement_rate_by_views,
    "engagement_rate_with_saves": rates.engagement_rate_with_saves,
    "engagement_rate_by_followers": rates.engagement_rate_by_followers,
    "like_rate": rates.like_rate,
    "comment_rate": rates.comment_rate,
    "share_rate": rates.share_rate,
    "save_rate": rates.save_rate,
    "click_through_rate": rates.click_through_rate,
    "session_s": rates.session_s,
    "conversion_rate": rates.conversion_rate,
    "cpm": money.CPM,
    "cpm_of_views": money.CPM_OF_VIEWS,
    "cpv": money.CPV,
    "cpe": money.CPE,
    "cpc": money.CPC,
    "cpa": money.CPA,
    "cpi": money.CPI,
    "cpl": money.CPL,
    "cost_per_trial": money.COST_PER_TRIAL,
    "roas": money.ROAS,
    "iroas": money.incremental_roas,
    "revenue_per_view": money.REVENUE_PER_VIEW,
    "rpm": money.RPM,
    "emv": money.earned_media_value,
    "new_customer_share": people.new_customer_share,
    "repeat_rate": people.repeat_rate,
    "subscription_conversion": people.subscription_conversion,
    "lead_score": counts.lead_score,
    "qualified_reach": people.qualified_reach,
    "brand_lift": people.brand_lift,
    "net_sentiment": people.net_sentiment,
    "incremental_orders": counts.incremental_orders,
    "survey_share": counts.survey_share,
    "code_leakage": counts.code_leakage,
    "follower_growth": people.follower_growth,
    "ugc_volume": people.ugc_volume,
    "relative_performance": performance.relative_performance,
    "winner_rate": performance.winner_rate,
}
LOWER_IS_BETTER = frozenset(
    {"cpm", "cpm_of_views", "cpv", "cpe", "cpc", "cpa", "cpi", "cpl", "cost_per_trial"}
)
