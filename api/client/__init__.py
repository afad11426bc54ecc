"""A typed client of the web API, generated from its OpenAPI document.

from api.client import Reelcast

with Reelcast("http://127.0.0.1:8000", key="rc_...") as reelcast:
    page = reelcast.list_creators(tier="micro", sort="-median_views")
"""

from __future__ import annotations

from api.client.calls import Reelcast
from api.client.transport import ProblemError

__all__ = ["ProblemError", "Reelcast"]
