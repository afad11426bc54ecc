"""1,000,000 orders x 500 links joined and attributed through the lake: seconds and memory.

    python -m benchmarks.attribution_scale

A campaign of 250 creators with two posts each in a lake of a million orders over 300 days; 44%
carry a link or code of it. `attribute` is timed as called, then `measure` with all metrics,
each in a process of its own. Both read the Delta tables; writing them is not timed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import evidence
from benchmarks.evidence import target
from measurement.attribute import attribute
from measurement.campaigns import save
from measurement.run import measure
from reelcast.campaigns import Campaign
from reelcast.simulate_sales import SalesSettings, simulate_sales
from reelcast.store import Lake
from reelcast.tables import TABLES

ORDERS, CREATORS, POSTS_EACH = 1_000_000, 250, 2
LINKED, CODED = 0.25, 0.25
DAYS_BEFORE, DAYS = 240, 60
START = datetime(2026, 3, 2, tzinfo=UTC)
NOW = START + timedelta(days=DAYS)
MAX_S, MAX_MB = 60.0, 4000.0


def main() -> None:
    started = time.monotonic()
    if "--child" in sys.argv:
        print(evidence.as_line(_child(sys.argv[-2], Path(sys.argv[-1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        one = evidence.in_child("benchmarks.attribution_scale", "attribute", folder)
        whole = evidence.in_child("benchmarks.attribution_scale", "measure", folder)
    goals = [
        target("1,000,000 orders x 500 links attributed", one["seconds"], "s", "< 60",
               one["seconds"] < MAX_S),
        target("its memory", one["peak_mb"], "MB", "< 4,000", one["peak_mb"] < MAX_MB),
    ]  # fmt: skip
    figures = {"attribute": one, "measure": whole, "targets": goals}
    print("wrote", evidence.write("attribution_scale", figures, started))


def _child(what: str, folder: Path) -> dict[str, Any]:
    lake = Lake(folder / "lake")
    began, cpu_began = time.perf_counter(), time.process_time()
    if what == "attribute":
        made = attribute(lake, "spring", NOW)
    else:
        made = measure(lake, "spring", NOW).attribution
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    total = made.to_this_campaign + made.to_other_campaigns + made.to_nobody
    return {
        "seconds": seconds,
        "cpu_s": cpu_s,
        "peak_mb": evidence.peak_mb(),
        "orders": made.orders,
        "credited": made.to_this_campaign,
        "credits_sum_to_orders": total == made.orders,
        "methods": [one.method for one in made.methods if one.total is not None],
    }


def _fill(folder: Path) -> None:
    settings = SalesSettings(
        n_creators=CREATORS, posts_each=POSTS_EACH, days_before=1, days=DAYS, organic_a_day=0
    )
    sold = simulate_sales(settings, START)
    lake = Lake(folder / "lake")
    save(lake, sold.campaign, START - timedelta(days=5))
    for name in ("posts", "post_observations", "creators"):
        lake.merge(name, pa.Table.from_pylist(sold.rows[name], schema=TABLES[name].schema))
    lake.merge("orders", _orders(sold.campaign))


def _orders(campaign: Campaign) -> pa.Table:
    """A million orders; those with a link or code come in the two weeks after their post."""
    rng = np.random.default_rng(5)
    planned = campaign.deliverables
    slot = rng.integers(0, len(planned), ORDERS)
    has_link, has_code = rng.random(ORDERS) < LINKED, rng.random(ORDERS) < CODED
    opens = np.array([one.planned_at.timestamp() for one in planned if one.planned_at])
    spread = rng.uniform(-DAYS_BEFORE, DAYS, ORDERS) * 86_400 + START.timestamp()
    after = opens[slot] + rng.exponential(4.0, ORDERS) * 86_400 + 3600
    at = np.where(has_link | has_code, after, spread)
    contents = np.array([f"{one.creator_id}_{one.slot}" for one in planned], object)
    codes = np.array([one.promo_code for one in planned], object)
    listed = [[codes[s]] if has else [] for s, has in zip(slot, has_code, strict=True)]
    columns: dict[str, Any] = {
        "order_hash": [f"o{i:08d}" for i in range(ORDERS)],
        "at": pa.array((at * 1e6).astype(np.int64)).cast(TABLES["orders"].schema.field("at").type),
        "type": ["purchase"] * ORDERS,
        "value": np.round(rng.lognormal(3.7, 0.4, ORDERS), 2),
        "currency": ["USD"] * ORDERS,
        "codes": pa.array(listed, pa.list_(pa.string())),
        "utm_source": np.where(has_link, "tiktok", None),
        "utm_campaign": np.where(has_link, campaign.campaign_id, None),
        "utm_content": np.where(has_link, contents[slot], None),
        "customer_hash": [f"c{i % 400_000:07d}" for i in range(ORDERS)],
        "is_new": rng.random(ORDERS) < 0.5,
    }
    schema = TABLES["orders"].schema
    arrays = [
        pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(ORDERS, f.type)
        for f in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


if __name__ == "__main__":
    main()
