"""What one source may cost in one run."""

from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class Budget:
    """pages, bytes: still to be had. until: on the clock of ``time.monotonic``."""

    pages: int
    bytes: int
    until: float
    _since: float = field(default_factory=monotonic)

    def take_page(self) -> bool:
        """Take one page out of the budget; False when nothing is left of it."""
        if self.pages <= 0 or self.is_spent:
            return False
        self.pages -= 1
        return True

    def take_bytes(self, size: int) -> None:
        """Count what was downloaded."""
        self.bytes -= size

    @property
    def is_spent(self) -> bool:
        """Whether bytes or time have run out."""
        return self.bytes <= 0 or monotonic() > self.until

    @property
    def seconds(self) -> float:
        """Seconds since the source was opened."""
        return monotonic() - self._since
