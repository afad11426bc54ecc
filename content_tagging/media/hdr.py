"""HDR pictures -> the range and colours of a plain screen, by a curve and a matrix.

Light is decoded as ITU-R BT.2100 says (PQ, or HLG on a screen of 1,000 nits), brought to SDR by
Reinhard's curve with paper white at 203 nits (BT.2408), and coded with gamma 2.2. The matrix from
BT.2020 to BT.709 is applied to coded values: near enough to read text and find faces, and
many times faster than a table of all colours.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from content_tagging.media.frame import U8
from reelcast.packages import require

PQ, HLG = 16, 18  # FFmpeg's numbers of SMPTE ST 2084 and ARIB STD-B67
PAPER_WHITE_NITS = 203.0
PEAK_NITS = 1000.0
GAMMA = 2.2
TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
F64 = npt.NDArray[np.float64]


def is_hdr(transfer: int) -> bool:
    """Whether a transfer characteristic, by FFmpeg's number, is one of HDR."""
    return transfer in (PQ, HLG)


def to_sdr(picture: U8, transfer: int) -> U8:
    """The picture, (height, width, 3) RGB in BT.2020 as coded, for a plain screen."""
    cv2 = require("cv2")
    plain: U8 = cv2.transform(cv2.LUT(picture, curve(transfer)), TO_BT709)
    return plain


@cache
def curve(transfer: int) -> U8:
    """(256,) uint8: the plain code of each HDR code; in PQ, code 130 is 100 nits and 148 is 203.

    >>> [int(curve(PQ)[code]) for code in (0, 130, 148, 255)]
    [0, 156, 189, 255]
    """
    codes = np.arange(256) / 255
    nits = _pq_nits(codes) if transfer == PQ else _hlg_nits(codes)
    light = np.minimum(nits, PEAK_NITS) / PAPER_WHITE_NITS
    peak = PEAK_NITS / PAPER_WHITE_NITS
    mapped = light * (1 + light / peak**2) / (1 + light)
    table: U8 = np.round(255 * mapped ** (1 / GAMMA)).astype(np.uint8)
    return table


def _pq_nits(codes: F64) -> F64:
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = codes ** (1 / m2)
    nits: F64 = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return nits


def _hlg_nits(codes: F64) -> F64:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - c) / a) + b) / 12)
    nits: F64 = PEAK_NITS * scene**1.2
    return nits
