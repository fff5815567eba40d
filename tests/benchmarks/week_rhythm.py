"""When the sites of a compressed week publish: nights, weekends, chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, pi, sin

from tests.benchmarks.health_world import poisson

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``daily``: pages on a weekday; ``wakes``: hour of the day; ``depth``: of the night.

    ``weekend``: share of a weekday's pages; ``turns``: when the output becomes ``output`` times what it was.
    """

    daily: float
    wakes: float
    depth: float
    weekend: float
    turns: datetime | None = None
    output: float = 1.0

    def usual(self, moment: datetime) -> float:
        """Pages an hour, as if nothing had changed."""
        share = self.weekend if moment.weekday() >= 5 else 1.0
        return self.daily * share * self._shape(moment.hour) / sum(map(self._shape, range(24)))

    def moments(self, since: datetime, until: datetime, chance: random.Random) -> Iterator[datetime]:
        """When each page is published, in order."""
        hour = since
        while hour < until:
            changed = self.output if self.turns and hour >= self.turns else 1.0
            yield from sorted(hour + chance.random() * HOUR for _ in range(poisson(self.usual(hour) * changed, chance)))
            hour += HOUR

    def _shape(self, hour: int) -> float:
        return exp(self.depth * sin(2 * pi * (hour - self.wakes) / 24))


def rhythm(daily: float, chance: random.Random, turns: datetime | None, output: float) -> Rhythm:
    """One of many."""
    return Rhythm(daily, chance.uniform(0, 24), chance.uniform(0.3, 1.8), chance.choice([0.3, 0.6, 1.0]), turns, output)
