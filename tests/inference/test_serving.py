"""The predictor of a server: renewed after a coronation or an import, kept where that fails."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from content_tagging.sentences import SentenceEncoder
from inference.predictor import Predictor
from inference.registry import bundle_folder
from inference.serving import Renewal, Serving
from reelcast.errors import MissingPackageError, NotFoundError
from reelcast.settings import Settings
from reelcast.store import Lake
from tests.inference.homes import SALT, Home
from tests.support import NOW, fast_settings, table_of
from training.tracking import Tracker

# mlflow and what it imports warn of their own deprecations
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture
def settings(home: Home, tmp_path: Path) -> Settings:
    """A home with its own copy of the lake, and the shared models."""
    shutil.copytree(home.folder / "lake", tmp_path / "lake")
    return fast_settings(tmp_path, salt=SALT, tracking_uri=home.settings.resolved_tracking_uri)


@pytest.fixture
def crown(home: Home) -> Iterator[Tracker]:
    """A tracker to crown with; the first version is the champion again afterwards."""
    tracker = Tracker(home.settings)
    yield tracker
    tracker.crown(home.champion.tracked.version)


def bundle_kept(settings: Settings) -> Path:
    """Where the champion's bundle is fetched to."""
    return bundle_folder(settings.model, settings)


def import_creator(settings: Settings) -> None:
    lake = Lake(settings.lake_root)
    lake.merge(
        "creator_observations",
        table_of(
            "creator_observations", [{"creator_id": "new", "observed_at": NOW, "followers": 5}]
        ),
    )
    lake.merge(
        "posts", table_of("posts", [{"post_id": "n1", "creator_id": "new", "published_at": NOW}])
    )


def test_before_the_first_load_there_is_no_model_yet(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match="no model is loaded yet"):
        Serving(settings).current()


def test_nothing_is_loaded_anew_where_nothing_is_new(settings: Settings) -> None:
    serving = Serving(settings)
    serving.renew()
    first = serving.current()
    serving.renew()
    assert serving.current() is first


def test_an_import_is_served_without_a_restart(settings: Settings) -> None:
    serving = Serving(settings)
    serving.renew()
    assert "new" not in serving.current().creator_ids
    import_creator(settings)
    serving.renew()
    assert "new" in serving.current().creator_ids


def test_a_new_champion_is_served_without_a_restart(
    home: Home, settings: Settings, crown: Tracker
) -> None:
    serving = Serving(settings)
    serving.renew()
    assert serving.current().name.history == "as_of"
    crown.crown(home.hindsight.tracked.version)
    serving.renew()
    assert serving.current().name.history == "hindsight"


def test_a_broken_new_champion_leaves_the_old_one_serving(
    home: Home, settings: Settings, crown: Tracker
) -> None:
    serving = Serving(settings)
    serving.renew()
    first = serving.current()
    crown.crown(home.hindsight.tracked.version)
    Serving(settings).renew()  # fetches it
    (bundle_kept(settings) / "views.lgb.txt").write_text("no trees")
    serving.renew()
    assert serving.current() is first


def test_a_server_with_a_broken_new_champion_stays_healthy(
    home: Home, settings: Settings, crown: Tracker
) -> None:
    serving = Serving(settings)
    serving.renew()
    crown.crown(home.hindsight.tracked.version)
    Serving(settings).renew()
    (bundle_kept(settings) / "manifest.json").write_text("{")
    serving.renew()
    assert serving.health()["status"] == "ok"


def test_a_champion_that_is_mended_is_served(
    home: Home, settings: Settings, crown: Tracker
) -> None:
    serving = Serving(settings)
    serving.renew()
    crown.crown(home.hindsight.tracked.version)
    Serving(settings).renew()
    weights = bundle_kept(settings) / "views.lgb.txt"
    whole = weights.read_text()
    weights.write_text("no trees")
    serving.renew()
    weights.write_text(whole)
    serving.renew()
    assert serving.current().name.history == "hindsight"


def test_a_lake_that_breaks_leaves_the_old_posts_served(settings: Settings) -> None:
    serving = Serving(settings)
    serving.renew()
    first = serving.current()
    for log in Path(settings.lake_root, "posts", "_delta_log").glob("*.json"):
        log.write_text("no log")
    serving.renew()
    assert serving.current() is first


def test_health_without_a_model_says_why(tmp_path: Path) -> None:
    serving = Serving(fast_settings(tmp_path))
    serving.renew()
    said = serving.health()
    assert said["status"] == "no model"
    assert "reelcast train" in said["reason"]


def test_renewal_goes_on_after_an_error_of_ours() -> None:
    called = threading.Semaphore(0)

    def renew() -> None:
        called.release()
        raise KeyError("a bug")

    renewal = Renewal(renew, 0.01)
    renewal.start()
    try:
        assert all(called.acquire(timeout=5) for _ in range(3))
    finally:
        renewal.stop()


def test_renewal_stops_at_once() -> None:
    before = set(threading.enumerate())
    renewal = Renewal(lambda: None, 3600)
    renewal.start()
    renewal.stop()
    assert set(threading.enumerate()) <= before


class Encoder:
    """Notes what it is asked to encode; loads once it may."""

    def __init__(self) -> None:
        self.may_load = threading.Event()
        self.asked: list[list[str]] = []

    def made(self) -> SentenceEncoder:
        assert self.may_load.wait(10)
        return cast(SentenceEncoder, self)

    def encode(self, texts: list[str]) -> None:
        self.asked.append(texts)


class Reading(Predictor):
    """A predictor whose model reads words."""

    reads_words = True


def served_with(settings: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setattr("inference.serving.Predictor", Reading)
    return Serving(settings, encoder.made)


def warmed() -> None:
    for thread in threading.enumerate():
        if thread.name == "warm":
            thread.join(10)


def test_the_encoder_loads_behind_a_model_that_reads_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Encoder()
    serving = served_with(settings, encoder, monkeypatch)
    serving.renew()  # does not wait for the encoder
    assert serving.health()["status"] == "ok"
    assert encoder.asked == []
    encoder.may_load.set()
    warmed()
    assert len(encoder.asked) == 1


def test_the_encoder_loads_once_however_often_the_model_is_renewed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Encoder()
    encoder.may_load.set()
    serving = served_with(settings, encoder, monkeypatch)
    serving.renew()
    import_creator(settings)
    serving.renew()
    warmed()
    assert len(encoder.asked) == 1


def test_a_model_that_reads_no_words_loads_no_encoder(settings: Settings) -> None:
    encoder = Encoder()
    serving = Serving(settings, encoder.made)
    serving.renew()
    assert [thread for thread in threading.enumerate() if thread.name == "warm"] == []
    assert encoder.asked == []


def test_a_server_without_the_encoders_package_serves_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> SentenceEncoder:
        raise MissingPackageError("transformers is not installed")

    monkeypatch.setattr("inference.serving.Predictor", Reading)
    serving = Serving(settings, missing)
    serving.renew()
    warmed()
    assert "the sentence encoder cannot be loaded" in caplog.text
    assert serving.health()["status"] == "ok"
