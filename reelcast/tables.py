"""The canonical tables: one pyarrow schema, one key and one sentence each.

Times are UTC with microseconds. A null means unknown, never zero.
"""

from __future__ import annotations

import pyarrow as pa

from reelcast.table_spec import TIME, TableSpec
from reelcast.table_spec import schema_of as _schema
from reelcast.tables_campaign import CAMPAIGN_TABLES

TARGETS = ("views", "likes", "comments", "shares", "saves")
_COUNTS = {
    f"{count}{part}": pa.int64()
    for count in (*TARGETS, "reach")
    for part in ("", "_organic", "_paid")
}

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        *CAMPAIGN_TABLES,
        TableSpec(
            "creators",
            "One row per creator account; the id is a salted hash of platform and handle.",
            ("creator_id",),
            _schema(
                creator_id=pa.string(),
                platform=pa.string(),
                language=pa.string(),
                niche=pa.string(),
            ),
        ),
        TableSpec(
            "creator_observations",
            "What an account counted at a time.",
            ("creator_id", "observed_at"),
            _schema(
                creator_id=pa.string(),
                observed_at=TIME,
                followers=pa.int64(),
                following=pa.int64(),
                total_likes=pa.int64(),
                videos=pa.int64(),
                source=pa.string(),
            ),
        ),
        TableSpec(
            "creator_days",
            "What an account counted in one day, from its own analytics, over several exports.",
            ("creator_id", "day"),
            _schema(
                creator_id=pa.string(),
                day=pa.date32(),
                views=pa.int64(),
                reach=pa.int64(),
                profile_views=pa.int64(),
                likes=pa.int64(),
                comments=pa.int64(),
                shares=pa.int64(),
                website_clicks=pa.int64(),
                net_followers=pa.int64(),
                new_viewers=pa.int64(),
                returning_viewers=pa.int64(),
            ),
        ),
        TableSpec(
            "audiences",
            "Shares of an account's audience (0 to 1) by a dimension: gender, country, city.",
            ("creator_id", "observed_at", "dimension", "value"),
            _schema(
                creator_id=pa.string(),
                observed_at=TIME,
                dimension=pa.string(),
                value=pa.string(),
                share=pa.float64(),
                source=pa.string(),
            ),
        ),
        TableSpec(
            "posts",
            "One row per published post.",
            ("post_id",),
            _schema(
                post_id=pa.string(),
                creator_id=pa.string(),
                platform=pa.string(),
                published_at=TIME,
                caption=pa.string(),
                hashtags=pa.list_(pa.string()),
                duration_s=pa.float64(),
                sound_id=pa.string(),
                language=pa.string(),
                is_sponsored=pa.bool_(),
                is_boosted=pa.bool_(),
                campaign_id=pa.string(),
                media_uri=pa.string(),
            ),
        ),
        TableSpec(
            "post_observations",
            "What a post counted at a time: totals, and organic and paid apart where known.",
            ("post_id", "observed_at"),
            _schema(
                post_id=pa.string(),
                observed_at=TIME,
                **_COUNTS,
                avg_watch_s=pa.float64(),
                completion_rate=pa.float64(),
                basis=pa.string(),
                collection=pa.string(),
                source=pa.string(),
            ),
        ),
        TableSpec(
            "contents",
            "What was seen and heard in a video file, by the sha256 of its bytes; `name` is the "
            "file's name without folder and suffix.",
            ("content_id",),
            _schema(
                content_id=pa.string(),
                name=pa.string(),
                caption=pa.string(),
                brand=pa.string(),
                product=pa.string(),
                duration_s=pa.float64(),
                width_px=pa.int64(),
                height_px=pa.int64(),
                signals=pa.string(),
                versions=pa.string(),
            ),
        ),
        TableSpec(
            "taggings",
            "How a content is read now: the version of its present tags, and its measures (JSON).",
            ("content_id",),
            _schema(
                content_id=pa.string(),
                version=pa.string(),
                taxonomy_version=pa.string(),
                measures=pa.string(),
            ),
        ),
        TableSpec(
            "tags",
            "Labels read from a content's signals, with evidence; those of earlier versions stay: "
            "`taggings` names the present. `rank` is the place in the tagger's answer.",
            ("content_id", "version", "rank"),
            _schema(
                content_id=pa.string(),
                version=pa.string(),
                rank=pa.int64(),
                taxonomy_version=pa.string(),
                detector=pa.string(),
                group=pa.string(),
                label=pa.string(),
                modality=pa.string(),
                probability=pa.float64(),
                primary=pa.bool_(),
                start_s=pa.float64(),
                end_s=pa.float64(),
                evidence=pa.string(),
            ),
        ),
        TableSpec(
            "post_contents",
            "Which content a post shows, from a manifest.",
            ("post_id",),
            _schema(post_id=pa.string(), content_id=pa.string()),
        ),
        TableSpec(
            "tag_corrections",
            "What a person says the labels of a group are: the latest wins over the tags.",
            ("content_id", "group", "corrected_at"),
            _schema(
                content_id=pa.string(),
                group=pa.string(),
                corrected_at=TIME,
                labels=pa.list_(pa.string()),
                reason=pa.string(),
            ),
        ),
        TableSpec(
            "failures",
            "Input that could not be used: where it stands, its value, and why.",
            ("file_sha256", "line", "column"),
            _schema(
                file_sha256=pa.string(),
                line=pa.int64(),
                column=pa.string(),
                file=pa.string(),
                format=pa.string(),
                value=pa.string(),
                reason=pa.string(),
            ),
        ),
    )
}
