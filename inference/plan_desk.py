"""Plans for a door that remembers nothing between requests: the last ones made stay at hand."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime

from inference.plan import Fees, Plan, ceiling, totals
from inference.planner import Planner
from inference.roster import choose
from reelcast.errors import TooLargeError
from reelcast.rosters import Ceiling, Chosen, FrozenPlan, Metric, RosterPlan, RosterTotals

MOST_POSTS = 1000  # slots of all candidates together
_MOST_BYTES = 300_000_000  # of samples that stay at hand
_STEP_S = 600  # a plan asked again within this time is the one made before

Key = tuple[str, str, int]


class PlanDesk:
    """Answers what-if questions on plans; the same plan asked again is not drawn again."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._making = threading.Lock()
        self._made: OrderedDict[Key, Plan] = OrderedDict()

    def choose(self, asked: RosterPlan, now: datetime) -> Chosen:
        """The best roster under the plan's budget and target."""
        return choose(self._plan(asked, now))

    def totals(
        self, asked: RosterPlan, choice: Mapping[str, int], now: datetime, fees: Fees | None
    ) -> RosterTotals:
        """What this choice of posts would bring, under these fees."""
        return totals(self._plan(asked, now), choice, fees)

    def ceilings(
        self, asked: RosterPlan, metric: Metric, cost_per_result: float, now: datetime
    ) -> list[Ceiling]:
        """The highest fee of each candidate at which a result costs as asked."""
        plan = self._plan(asked, now)
        return [ceiling(plan, name, metric, cost_per_result) for name in plan.names]

    def freeze(
        self, asked: RosterPlan, choice: Mapping[str, int], now: datetime, fees: Fees | None
    ) -> FrozenPlan:
        """The plan as decided, kept in the ledger."""
        return self._planner.freeze(self._plan(asked, now), choice, now, fees)

    def _plan(self, asked: RosterPlan, now: datetime) -> Plan:
        posts = sum(one.slots for one in asked.candidates)
        if posts > MOST_POSTS:
            raise TooLargeError(
                f"{posts:,} slots in one plan, at most {MOST_POSTS:,}: plan with fewer candidates"
            )
        digest = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
        key = (self._planner.model, digest, int(now.timestamp()) // _STEP_S)
        with self._making:
            plan = self._made.pop(key, None) or self._planner.make(asked, now)
            self._made[key] = plan
            while len(self._made) > 1 and sum(map(_size, self._made.values())) > _MOST_BYTES:
                self._made.popitem(last=False)
        return plan


def _size(plan: Plan) -> int:
    return sum(of.nbytes for of in plan.samples.values())
