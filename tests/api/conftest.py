from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from measurement.campaigns import save
from reelcast.campaigns import Deliverable
from reelcast.records import creator_id_of
from reelcast.settings import JobSettings, Settings, TaggingSettings
from reelcast.simulated import World
from reelcast.store import Lake
from tests.api.doors import client_of
from tests.inference.homes import SALT, Home, salted
from tests.measurement.campaigns import START, campaign
from tests.support import Tables, fast_settings, fill, table_of
from tests.tagging.clips import Clip, write_clip


@pytest.fixture(scope="session")
def client(home: Home) -> Iterator[TestClient]:
    """A client of the application that serves the champion; a bug is a 500, not an exception."""
    with client_of(home.settings) as serving:
        yield serving


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, world: World, tables: Tables) -> Settings:
    """Settings of a home with the simulated world, without a model, that tests may write to."""
    settings = fast_settings(
        tmp_path_factory.getbasetemp() / "shelf",
        salt=SALT,
        tagging=TaggingSettings(transcriber="none", workers=1, threads=1),
        jobs=JobSettings(workers=1),
    )
    lake = fill(Lake(settings.lake_root), salted(tables, world))
    ids = [creator_id_of(each.platform, each.handle, SALT) for each in world.creators]
    about = [{"creator_id": id_, "platform": "tiktok", "niche": "Beauty Care"} for id_ in ids]
    lake.merge("creators", table_of("creators", about))
    paid = Deliverable(creator_id=ids[0])
    save(lake, campaign(paid, type="always_on"), START)
    return settings


@pytest.fixture(scope="session")
def shelf_client(shelf: Settings) -> Iterator[TestClient]:
    with client_of(shelf) as serving:
        yield serving


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of two seconds that asks for something in words on screen."""
    words = ((0.0, 2.0, "use code SAVE20"),)
    return write_clip(tmp_path_factory.mktemp("clip") / "draft.mp4", Clip(words=words))
