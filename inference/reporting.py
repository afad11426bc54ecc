"""Reports made from the lake and written as HTML or PDF."""

from __future__ import annotations

from pathlib import Path

from inference.documents import Document
from inference.documents_html import html_of
from inference.documents_pdf import pdf_of
from inference.report_campaign import campaign_report
from inference.report_findings import findings_of
from inference.tagged import primary_labels
from measurement import learnings
from measurement.benchmarks import By, Usual, benchmarks
from measurement.results import CampaignMeasured
from reelcast.errors import InputError
from reelcast.store import Lake

GROUPS: tuple[By, ...] = ("all", "creator", "platform", "tier", "format", "theme")


def report_on(lake: Lake, measured: CampaignMeasured) -> Document:
    """A measured campaign's report; its findings go to the library, each once."""
    keep_findings(lake, measured)
    return report_of(lake, measured)


def report_of(lake: Lake, measured: CampaignMeasured) -> Document:
    """A measured campaign's report with its findings, kept or not; nothing is written."""
    usual = [of for by in GROUPS for of in _usual(lake, by, measured)]
    kept = learnings.search(lake, campaign_id=measured.campaign.campaign_id)
    known = {one.id for one in kept}
    new = [
        learnings.Found(id=one.learning_id, at=measured.measured_at, **one.model_dump())
        for one in findings_of(measured)
        if one.learning_id not in known
    ]
    return campaign_report(measured, usual, (*kept, *new))


def _usual(lake: Lake, by: By, measured: CampaignMeasured) -> list[Usual]:
    """What is usual in each group; of formats and themes, in those of the campaign's own posts."""
    found = benchmarks(lake, by)
    if by not in ("format", "theme"):
        return found
    labels = primary_labels(lake, by)
    own = {labels.get(post.post_id) for post in measured.posts if post.post_id is not None}
    return [of for of in found if of.name in own]


def keep_findings(lake: Lake, measured: CampaignMeasured) -> int:
    """How many findings of a measured campaign are new in the library, where all are kept now."""
    return learnings.add(lake, findings_of(measured), measured.measured_at).inserted


def write_document(document: Document, path: Path) -> Path:
    """The document as a file; its suffix says as what.

    Raises InputError for a suffix that is neither .html nor .pdf.
    """
    match path.suffix.lower():
        case ".html":
            data = html_of(document).encode()
        case ".pdf":
            data = pdf_of(document)
        case _:
            raise InputError(f"{path.name}: a report is .html or .pdf, not {path.suffix!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
