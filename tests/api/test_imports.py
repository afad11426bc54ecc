"""An export from its upload over its preview into the lake."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from api.client.models import ImportAsked
from api.uploads import uploads_of
from reelcast.settings import Settings
from reelcast.store import Lake
from tests.api.doors import ended, reelcast_of

FIXTURES = Path(__file__).parents[1] / "ingest" / "fixtures"


@pytest.fixture(scope="module")
def reelcast(shelf_client: TestClient) -> Reelcast:
    return reelcast_of(shelf_client)


def upload(reelcast: Reelcast, name: str) -> str:
    with (FIXTURES / name).open("rb") as file:
        return reelcast.upload_export((name, file)).import_id


def posts(settings: Settings) -> int:
    return Lake(settings.lake_root).read("posts").num_rows


def test_a_preview_says_what_was_recognised_and_imports_nothing(
    reelcast: Reelcast, shelf: Settings
) -> None:
    before = posts(shelf)
    seen = reelcast.preview_import(upload(reelcast, "tiktok_apify.json"), ImportAsked())
    assert (seen.format, seen.rows_read, seen.rows_failed) == ("tiktok_apify", 2, 0)
    assert len(seen.tables["posts"]) == 2
    assert "has columns" in seen.why
    assert posts(shelf) == before


def test_a_run_imports_it_once(reelcast: Reelcast, shelf: Settings) -> None:
    before = posts(shelf)
    import_id = upload(reelcast, "tiktok_apify.json")
    job = ended(reelcast, reelcast.run_import(import_id, ImportAsked()).job_id)
    assert job.problem is None
    assert job.result is not None
    assert (job.result["rows_read"], job.result["rows_failed"]) == (2, 0)
    assert posts(shelf) == before + 2
    assert not list((uploads_of(shelf) / import_id).glob("*"))
    with pytest.raises(ProblemError, match=r"404 .*POST /v1/imports first"):
        reelcast.run_import(import_id, ImportAsked())


def test_an_export_that_names_no_account_asks_for_it(reelcast: Reelcast) -> None:
    import_id = upload(reelcast, "tiktok_studio_overview.csv")
    with pytest.raises(ProblemError, match=r"422 .*names no account"):
        reelcast.preview_import(import_id, ImportAsked())
    seen = reelcast.preview_import(import_id, ImportAsked(creator="@me", year=2026))
    assert seen.format == "tiktok_studio_overview"


def test_a_file_of_no_known_kind_is_told(reelcast: Reelcast) -> None:
    import_id = reelcast.upload_export(("x.csv", b"a,b\n1,2\n")).import_id
    with pytest.raises(ProblemError, match=r"415 Not a known export") as refused:
        reelcast.preview_import(import_id, ImportAsked())
    assert "The nearest is" in refused.value.detail


def test_bad_cells_are_shown_before_they_are_imported(reelcast: Reelcast) -> None:
    export = (FIXTURES / "tiktok_apify_points.csv").read_text()
    header, first, *rest = export.splitlines()
    bad = first.split(",")
    bad[header.split(",").index("playCount")] = "abc"
    text = "\n".join([header, ",".join(bad), *rest]).encode()
    seen = reelcast.preview_import(reelcast.upload_export(("a.csv", text)).import_id, ImportAsked())
    (failure,) = seen.failures
    assert (failure["column"], failure["value"]) == ("playCount", "abc")


@pytest.mark.parametrize("mapping", ["../../etc/passwd", "a.yaml"])
def test_a_mapping_is_a_name_and_no_path(reelcast: Reelcast, mapping: str) -> None:
    import_id = upload(reelcast, "generic.csv")
    with pytest.raises(ProblemError, match=r"422 .*mapping: String should match pattern"):
        reelcast.preview_import(import_id, ImportAsked(mapping=mapping))
