"""The collections in which the same videos were counted repeatedly, as panels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from features.panel import Panel, panel_from
from reelcast.tables import TABLES


@dataclass(frozen=True, slots=True)
class Repeated:
    """A file, and the ages between which its task lies; a count `within_days` starts a forecast."""

    file: str
    platform: str
    from_days: float
    within_days: float
    horizon_days: float
    by_time: bool = True


COLLECTIONS = {
    "bilibili": Repeated("bilibili_daily_views.parquet", "bilibili", 1.5, 0.25, 7.5),
    "youtube_retracked": Repeated(
        "youtube_retracked_snapshots.parquet", "youtube", 2.0, 0.5, 7.0, False
    ),
    "youtube_trending": Repeated("youtube_trending_snapshots.parquet", "youtube", 1.0, 0.25, 7.0),
}


def panel_of(collection: Repeated, folder: Path) -> Panel:
    """The collection's videos and counts; durations where the file has them, no followers."""
    rows = pd.read_parquet(folder / collection.file)
    rows = rows.rename(columns={"channel_id": "creator_id", "published_on": "published_at"})
    if "age_h" in rows:
        rows = _dated(rows)
    else:
        rows["published_at"] = pd.to_datetime(rows["published_at"], utc=True)
        rows["observed_at"] = pd.to_datetime(rows["observed_at"], utc=True)
    rows["post_id"] = collection.platform + ":" + rows["video_id"].astype(str)
    rows["creator_id"] = rows["creator_id"].astype(str)
    rows = rows[rows["observed_at"] >= rows["published_at"]]
    first = rows.sort_values("observed_at").drop_duplicates("post_id")
    rows = rows.drop_duplicates(["post_id", "observed_at"])
    return panel_from(
        _table("posts", first.assign(duration_s=_seconds(first))),
        _table("post_observations", rows),
        TABLES["creator_observations"].schema.empty_table(),
    )


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Times of a file that has ages: published the median of (noon of the chart's day less age).

    The age is exact; the time of day of a chart's snapshot is not in the file.
    """
    noon = pd.to_datetime(rows["date"], format="%Y%m%d", utc=True) + pd.Timedelta(hours=12)
    age = pd.to_timedelta(rows["age_h"], unit="h")
    published = (noon - age).groupby(rows["video_id"]).transform("median").dt.floor("s")
    observed = (published + age).dt.floor("s")
    return rows.assign(published_at=published, observed_at=observed)


def _seconds(rows: pd.DataFrame) -> pd.Series:
    """Durations such as PT1M1S in seconds, NaN where unknown."""
    if "duration" not in rows:
        return pd.Series(np.nan, rows.index)
    parts = rows["duration"].str.extract(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?").astype(float)
    seconds = parts.fillna(0) @ np.array([3600.0, 60.0, 1.0])
    return seconds.where(seconds > 0)


def _table(name: str, rows: pd.DataFrame) -> pa.Table:
    """The canonical table of the columns that the frame has, the others null."""
    schema = TABLES[name].schema
    columns = {}
    for field in schema:
        if field.name in rows:
            cells = rows[field.name]
            if isinstance(cells.dtype, pd.DatetimeTZDtype):  # UTC, as the canonical tables
                cells = cells.dt.tz_convert(None)
            values = pa.Array.from_pandas(cells)
            columns[field.name] = values.cast(field.type, safe=False)
        else:
            columns[field.name] = pa.nulls(len(rows), field.type)
    return pa.table(columns, schema=schema)
