"""Stretches of sound around speech, cut from a stream: what recognisers hear, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from content_tagging.records import Span

F32 = npt.NDArray[np.float32]
SAMPLES_PER_S = 16_000
PAD_S = 0.2  # heard before and after each stretch
QUIET_S = 0.1  # a long block is cut where this much is quietest


@dataclass(frozen=True, slots=True)
class Windows:
    """How a recogniser wants its sound: blocks no longer than `longest_s`, speech at most
    `gap_s` apart in one block."""

    longest_s: float
    gap_s: float


@dataclass(frozen=True, slots=True)
class Block:
    """Sound from `start_s` of the file: (n_samples,) float32, 16 kHz mono."""

    start_s: float
    samples: F32

    @property
    def duration_s(self) -> float:
        return len(self.samples) / SAMPLES_PER_S


def grouped(spans: Sequence[Span], windows: Windows) -> tuple[Span, ...]:
    """Speech that lies close together as one span, padded; only single long spans are longer.

    >>> grouped([(1.0, 2.0), (2.5, 3.0), (9.0, 9.5)], Windows(longest_s=20, gap_s=1))
    ((0.8, 3.2), (8.8, 9.7))
    """
    found: list[Span] = []
    for start_s, end_s in spans:
        near = bool(found) and start_s - found[-1][1] <= windows.gap_s
        if near and end_s - found[-1][0] <= windows.longest_s - 2 * PAD_S:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return tuple(_padded(found))


def _padded(spans: Sequence[Span]) -> Iterator[Span]:
    """Each span and its pads; between near spans, half of what lies between."""
    for i, (start_s, end_s) in enumerate(spans):
        before_s = start_s - spans[i - 1][1] if i else 2 * start_s
        after_s = spans[i + 1][0] - end_s if i + 1 < len(spans) else 2 * PAD_S
        yield (
            round(start_s - min(PAD_S, before_s / 2), 3),
            round(end_s + min(PAD_S, after_s / 2), 3),
        )


def cut(chunks: Iterable[F32], spans: Sequence[Span], windows: Windows) -> Iterator[Block]:
    """The sound of each span; one longer than a block may be is split where it is quietest.

    Only the sound from the start of the current span on is held.
    """
    held, held_from = np.zeros(0, np.float32), 0
    stream = iter(chunks)
    for start_s, end_s in spans:
        start, end = round(start_s * SAMPLES_PER_S), round(end_s * SAMPLES_PER_S)
        held, held_from = held[max(0, start - held_from) :], max(start, held_from)
        for chunk in stream:
            held = np.concatenate([held, chunk])
            ahead = max(0, start - held_from)
            held, held_from = held[ahead:], held_from + min(ahead, len(held))
            if held_from + len(held) >= end:
                break
        yield from _split(Block(start_s, held[: end - held_from]), windows.longest_s)


def _split(block: Block, longest_s: float) -> Iterator[Block]:
    """The block in parts no longer than allowed, cut in the quietest tenth of a second of each
    part's second half."""
    size = int(longest_s * SAMPLES_PER_S)
    rest, start_s = block.samples, block.start_s
    while len(rest) > size:
        at = _quietest(rest, size // 2, size)
        yield Block(start_s, rest[:at])
        rest, start_s = rest[at:], start_s + at / SAMPLES_PER_S
    if len(rest):
        yield Block(start_s, rest)


def _quietest(samples: F32, low: int, high: int) -> int:
    """The sample between `low` and `high` around which it is quietest."""
    width = int(QUIET_S * SAMPLES_PER_S)
    energy = np.cumsum(np.square(samples[low:high], dtype=np.float64))
    return low + int(np.argmin(energy[width:] - energy[:-width])) + width // 2
