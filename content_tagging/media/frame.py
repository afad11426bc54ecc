"""The frame that all extractors of pictures see, and what an extractor is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame: small always, whole where it is one of the sampled few."""

    index: int
    time_s: float
    small: U8  # (height, width, 3) RGB, as displayed, its longer side SMALL_PX at most
    picture: U8 | None  # (height, width, 3) RGB, as displayed; None where not sampled


class Extractor(Protocol[T_co]):
    """Sees every frame in order, once, and says at the end what it saw."""

    def see(self, frame: Frame) -> None: ...

    def result(self) -> T_co: ...
