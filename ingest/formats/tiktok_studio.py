"""TikTok Studio's CSV files: days of an account, its audience, its posts.

No file names the account (give --creator), apart from the posts' links. Dates come without a year.
"""

from __future__ import annotations

from ingest.export_format import ExportFormat
from ingest.mapping import Mapping

_DATE = ("Date", "Fecha")
_DAY = {"from": _DATE, "kind": "yearless_date"}

OVERVIEW = ExportFormat(
    title="TikTok Studio, Overview.csv",
    files=("csv",),
    marks=(
        _DATE,
        ("Video Views", "Visualizaciones de videos"),
        ("Profile Views", "Vistas del perfil"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_studio_overview",
            "grain": "days",
            "constants": {"platform": "tiktok"},
            "columns": {
                "day": _DAY,
                "views": ("Video Views", "Visualizaciones de videos"),
                "reach": ("Reached audience", "Público alcanzado"),
                "profile_views": ("Profile Views", "Vistas del perfil"),
                "likes": ("Likes", "Me gusta"),
                "comments": ("Comments", "Comentarios"),
                "shares": ("Shares", "Veces compartido", "Compartidos"),
                "website_clicks": ("Website clicks", "Clics en el sitio web"),
                "followers": ("Followers", "Seguidores"),
                "net_followers": ("Net growth", "Net followers", "Crecimiento neto"),
            },
        }
    ),
)

FOLLOWERS = ExportFormat(
    title="TikTok Studio, FollowerHistory.csv",
    files=("csv",),
    marks=(
        _DATE,
        ("Followers", "Seguidores"),
        (
            "Difference in followers from previous day",
            "Diferencia de seguidores con el día anterior",
        ),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_studio_followers",
            "grain": "days",
            "constants": {"platform": "tiktok"},
            "columns": {
                "day": _DAY,
                "followers": ("Followers", "Seguidores"),
                "net_followers": (
                    "Difference in followers from previous day",
                    "Diferencia de seguidores con el día anterior",
                ),
            },
        }
    ),
)

VIEWERS = ExportFormat(
    title="TikTok Studio, Viewers.csv",
    files=("csv",),
    marks=(
        _DATE,
        ("Total Viewers", "Espectadores totales"),
        ("New Viewers", "Espectadores nuevos"),
        ("Returning Viewers", "Espectadores recurrentes"),
    ),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_studio_viewers",
            "grain": "days",
            "constants": {"platform": "tiktok"},
            "columns": {
                "day": _DAY,
                "reach": ("Total Viewers", "Espectadores totales"),
                "new_viewers": ("New Viewers", "Espectadores nuevos"),
                "returning_viewers": ("Returning Viewers", "Espectadores recurrentes"),
            },
        }
    ),
)


def _audience(name: str, dimension: str, title: str, value: tuple[str, ...]) -> ExportFormat:
    share = ("Distribution", "Distribución")
    return ExportFormat(
        title=f"TikTok Studio, {title}",
        files=("csv",),
        marks=(value, share),
        mapping=Mapping.model_validate(
            {
                "name": name,
                "grain": "audience",
                "constants": {"platform": "tiktok", "dimension": dimension},
                "columns": {"value": value, "share": share},
            }
        ),
    )


GENDER = _audience(
    "tiktok_studio_gender", "gender", "FollowerGender.csv", ("Gender", "Género", "Sexo")
)
TERRITORIES = _audience(
    "tiktok_studio_territories",
    "country",
    "FollowerTopTerritories.csv",
    ("Top territories", "Principales territorios"),
)

_LINK = ("Video link", "Post link", "Enlace del video")
_POSTED = ("Post time", "Posted on", "Hora de publicación")

CONTENT = ExportFormat(
    title="TikTok Studio, Content.csv",
    files=("csv",),
    marks=(_LINK, _POSTED, ("Total views", "Views", "Visualizaciones totales", "Video views")),
    mapping=Mapping.model_validate(
        {
            "name": "tiktok_studio_content",
            "constants": {"platform": "tiktok"},
            "columns": {
                "post_id": {"from": _LINK, "kind": "link_id", "prefix": "tiktok:"},
                "creator": {"from": _LINK, "kind": "link_handle"},
                "published_at": {"from": _POSTED, "kind": "yearless_date"},
                "caption": ("Video title", "Título del video"),
                "duration_s": ("Video duration", "Duración del video"),
                "views": ("Total views", "Visualizaciones totales", "Video views", "Views"),
                "likes": ("Total likes", "Me gusta totales", "Likes"),
                "comments": ("Total comments", "Comentarios totales", "Comments"),
                "shares": ("Total shares", "Veces compartido totales", "Shares"),
                "saves": (
                    "Add to favorites",
                    "Total bookmarks",
                    "Añadidos a favoritos",
                    "Favorites",
                ),
                "reach": ("Reached audience", "Público alcanzado"),
                "avg_watch_s": ("Average watch time", "Tiempo medio de reproducción"),
                "completion_rate": ("Watched full video", "Vieron el video completo"),
            },
        }
    ),
)
