"""A video from its upload to its tags, its page, and a correction."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from api.client.models import Job, LabelsAsked, Uploaded
from reelcast.settings import ApiSettings, JobSettings
from tests.api.doors import client_of, ended, problem, reelcast_of
from tests.support import fast_settings


@pytest.fixture(scope="module")
def reelcast(shelf_client: TestClient) -> Reelcast:
    return reelcast_of(shelf_client)


@pytest.fixture(scope="module")
def uploaded(reelcast: Reelcast, clip: Path) -> Uploaded:
    with clip.open("rb") as file:
        return reelcast.upload_content(("dir/my @draft.mp4", file), brand="Save20")


@pytest.fixture(scope="module")
def job(reelcast: Reelcast, uploaded: Uploaded) -> Job:
    return ended(reelcast, uploaded.job.job_id)


def test_an_upload_is_known_by_its_bytes(uploaded: Uploaded, clip: Path) -> None:
    assert uploaded.content_id == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert (uploaded.job.kind, uploaded.job.done) == ("tag", 0)


def test_the_job_ends_in_the_content(job: Job, uploaded: Uploaded) -> None:
    assert job.problem is None
    assert job.result == {"content_id": uploaded.content_id, "made": 1, "known": 0}
    assert (job.status, job.done, job.total) == ("done", 1, 1)


def test_the_content_has_tags_with_evidence(
    reelcast: Reelcast, job: Job, uploaded: Uploaded
) -> None:
    found = reelcast.get_content(uploaded.content_id[:12])
    assert found.content.content_id == uploaded.content_id
    assert found.content.brand == "Save20"
    assert found.has_report
    quotes = [tag.evidence or "" for tag in found.content.tags]
    assert any("SAVE20" in quote.upper() for quote in quotes)
    assert found.fixes


def test_the_list_finds_it_by_name(reelcast: Reelcast, job: Job, uploaded: Uploaded) -> None:
    page = reelcast.list_contents(q="MY @US")
    assert [row.content_id for row in page.items] == [uploaded.content_id]
    assert page.items[0].name == "my @user"
    assert reelcast.list_contents(q="none such").total == 0


def test_its_page_shows_the_film(reelcast: Reelcast, job: Job, uploaded: Uploaded) -> None:
    page = reelcast.get_content_report(uploaded.content_id)
    assert "<h1>my @user</h1>" in page
    assert "data:image/" in page


def test_a_correction_wins_and_filters(reelcast: Reelcast, job: Job, uploaded: Uploaded) -> None:
    asked = LabelsAsked(labels={"hook": ["listicle", "question"]}, reason="three tips")
    made = reelcast.correct_content(uploaded.content_id, asked)
    said = [tag.label for tag in made.content.tags if tag.group == "hook"]
    assert said == ["listicle", "question"]
    page = reelcast.list_contents(label="hook:listicle")
    assert page.items[0].labels["hook"] == ["listicle", "question"]
    assert page.items[0].is_corrected
    assert reelcast.list_contents(label="hook:challenge").total == 0


def test_an_unknown_label_is_refused(reelcast: Reelcast, job: Job, uploaded: Uploaded) -> None:
    with pytest.raises(ProblemError, match=r"422 .*hook has no label nonsense"):
        reelcast.correct_content(uploaded.content_id, LabelsAsked(labels={"hook": ["nonsense"]}))


def test_the_same_video_again_is_not_watched_again(
    reelcast: Reelcast, job: Job, uploaded: Uploaded, clip: Path
) -> None:
    with clip.open("rb") as file:
        again = reelcast.upload_content(("other.mp4", file))
    result = ended(reelcast, again.job.job_id).result
    assert result == {"content_id": uploaded.content_id, "made": 0, "known": 1}


def test_a_file_that_is_no_video_ends_in_words_without_a_path(
    reelcast: Reelcast, shelf_client: TestClient
) -> None:
    made = reelcast.upload_content(("holiday.mp4", b"not a video"))
    failed = ended(reelcast, made.job.job_id)
    assert failed.status == "failed"
    assert failed.problem is not None
    assert failed.problem.status == 422
    assert failed.problem.detail.startswith("holiday.mp4: ")


def test_another_kind_of_file_is_refused(shelf_client: TestClient) -> None:
    answer = shelf_client.post("/v1/contents", files={"file": ("a.exe", b"x")})
    assert "a file called *.exe is no video or sound file" in problem(answer, 422)


def test_an_empty_file_is_refused(shelf_client: TestClient) -> None:
    answer = shelf_client.post("/v1/contents", files={"file": ("a.mp4", b"")})
    assert "the file is empty" in problem(answer, 422)


def test_a_request_without_a_file_is_refused(shelf_client: TestClient) -> None:
    answer = shelf_client.post("/v1/contents", data={"brand": "x"})
    assert "file: Field required" in problem(answer, 422)


def test_a_file_beyond_the_limit_is_refused_told_or_not_told_its_length(tmp_path: Path) -> None:
    settings = fast_settings(
        tmp_path, api=ApiSettings(max_upload_bytes=1000), jobs=JobSettings(workers=0)
    )
    with client_of(settings) as client:
        large = {"file": ("a.mp4", b"x" * 1001)}
        assert "larger than 1,000 bytes" in problem(client.post("/v1/contents", files=large), 413)
        form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        headers = {"content-type": "multipart/form-data; boundary=b"}
        whole = form + b"x" * 200_000 + b"\r\n--b--\r\n"
        parts = (whole[at : at + 9_999] for at in range(0, len(whole), 9_999))
        answer = client.post("/v1/contents", content=parts, headers=headers)
        assert "larger than 101,000 bytes" in problem(answer, 413)
        told = client.post("/v1/contents", content=whole, headers=headers)
        assert "larger than 101,000 bytes" in problem(told, 413)
    assert not [each for each in (tmp_path / "uploads").iterdir() if each.is_file()]


def test_a_content_whose_file_is_elsewhere_has_no_page(shelf_client: TestClient) -> None:
    answer = shelf_client.get("/v1/contents/0123456789/report")
    assert "no content is called '0123456789'" in problem(answer, 404)


@pytest.mark.parametrize("label", ["hook", ":x", "hook:"])
def test_a_label_without_its_group_is_refused(shelf_client: TestClient, label: str) -> None:
    answer = shelf_client.get("/v1/contents", params={"label": label})
    assert "is not GROUP:LABEL" in problem(answer, 422)
