"""Karaoke captions: short texts that follow each other in one place, folded into sentences."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.picture.text_tracks import Box
from content_tagging.records import TextLine

BRIEF_S = 1.6  # a caption of a run shows no longer
FEW_WORDS = 5  # and has no more words
PAUSE_S = 0.45  # between two captions of a run
LEAST = 3  # captions that make a run
LONGEST_S = 6.0  # a folded line is cut at the next caption after that
SENTENCE_ENDS = (".", "!", "?", "…", "。")  # full-width marks are read as plain ones


def fold_runs(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, each run of brief captions in one place folded, sentence by sentence."""
    brief = sorted((line for line in lines if _is_brief(line)), key=_order)
    folded = [line for line in lines if not _is_brief(line)]
    for run in _runs(_blocks(brief)):
        if len(run) < LEAST:
            folded += [line for block in run for line in block]
        else:
            folded += [_joined(sentence) for sentence in _sentences(run)]
    return folded


Block = list[TextLine]  # lines that show together, top to bottom


def _order(line: TextLine) -> tuple[float, float, float]:
    return line.start_s, line.box[1], line.box[0]


def _is_brief(line: TextLine) -> bool:
    brief = line.end_s - line.start_s <= BRIEF_S and len(line.text.split()) <= FEW_WORDS
    return brief and line.kind == "overlay"


def _blocks(lines: Sequence[TextLine]) -> list[Block]:
    """Lines that begin together and stand under each other."""
    blocks: list[Block] = []
    for line in lines:
        block = next((of for of in reversed(blocks) if _under(of[-1], line)), None)
        if block is None:
            blocks.append([line])
        else:
            block.append(line)
    return blocks


def _under(upper: TextLine, line: TextLine) -> bool:
    gap = line.box[1] - upper.box[1] - upper.box[3]
    return upper.start_s == line.start_s and abs(gap) < upper.box[3] and _centred(upper, line)


def _centred(a: TextLine, b: TextLine) -> bool:
    return abs(a.box[0] + a.box[2] / 2 - b.box[0] - b.box[2] / 2) < 0.15


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that follow each other in one place."""
    runs: list[list[Block]] = []
    for block in blocks:
        run = next((of for of in reversed(runs) if _follows(of[-1], block)), None)
        if run is None:
            runs.append([block])
        else:
            run.append(block)
    return runs


def _follows(before: Block, block: Block) -> bool:
    pause_s = block[0].start_s - max(line.end_s for line in before)
    a, b = _around(before), _around(block)
    near = abs(a[1] + a[3] / 2 - b[1] - b[3] / 2) < 1.5 * max(before[0].box[3], block[0].box[3])
    alike = 0.6 < before[0].box[3] / block[0].box[3] < 1.7
    return -PAUSE_S <= pause_s <= PAUSE_S and near and alike and _centred(before[0], block[0])


def _sentences(run: Sequence[Block]) -> list[list[Block]]:
    """A run cut after sentences, and where a sentence takes too long."""
    sentences: list[list[Block]] = [[]]
    for block in run:
        if sentences[-1] and block[-1].end_s - sentences[-1][0][0].start_s > LONGEST_S:
            sentences.append([])
        sentences[-1].append(block)
        if block[-1].text.endswith(SENTENCE_ENDS):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _joined(sentence: Sequence[Block]) -> TextLine:
    lines = [line for block in sentence for line in block]
    return TextLine(
        start_s=lines[0].start_s,
        end_s=max(line.end_s for line in lines),
        text=" ".join(line.text for line in lines),
        box=_around(lines),
        confidence=sum(line.confidence for line in lines) / len(lines),
        kind="overlay",
    )


def _around(lines: Sequence[TextLine]) -> Box:
    left = min(line.box[0] for line in lines)
    top = min(line.box[1] for line in lines)
    right = max(line.box[0] + line.box[2] for line in lines)
    bottom = max(line.box[1] + line.box[3] for line in lines)
    return left, top, right - left, bottom - top
