"""The training table as a file, for people who want to look at it or learn on it themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from features.dataset import Dataset
from features.state import TIER_NAMES
from reelcast.table_spec import TIME
from reelcast.tables import TARGETS

_COMPONENTS = 8


def write_features(dataset: Dataset, path: Path) -> dict[str, Any]:
    """Write one row per observed post to a Parquet file and return its size.

    The state (priors, text components) is fitted on all rows: right for looking, not for tests.
    """
    asked, outcomes = dataset.ask()
    rows = dataset.rows(asked, dataset.fit(asked, outcomes, _COMPONENTS))
    panel = dataset.panel
    columns = {
        "post_id": [panel.post_ids[i] for i in outcomes.post],
        "creator_id": [panel.creator_ids[i] for i in asked.creator],
        "published_at": pa.array(asked.post_s * 1_000_000, pa.int64()).cast(TIME),
        "tier": [TIER_NAMES[t] for t in rows.tier],
        "n_history": rows.n_history,
        "hindsight_share": rows.stand_in,
        **{f"outcome_{t}": _nullable(outcomes.counts[:, i]) for i, t in enumerate(TARGETS)},
        **{name: _nullable(rows.values[:, i]) for i, name in enumerate(rows.names)},
    }
    table = pa.table(columns).replace_schema_metadata(
        {"history": dataset.history, "data_version": dataset.data_version}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return {
        "file": str(path),
        "rows": table.num_rows,
        "columns": table.num_columns,
        "history": dataset.history,
        "data_version": dataset.data_version,
    }


def _nullable(values: Any) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)
