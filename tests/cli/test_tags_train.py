"""`reelcast tags`: corrections are learned, measured on others, and stored contents read anew."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from content_tagging.contents import Content, keep
from content_tagging.tags import train
from content_tagging.tags.corpus import load_corpus
from content_tagging.tags.corrections import is_held_out
from reelcast.store import Lake
from tests.cli.command import Ran, reelcast
from tests.tagging.examples import SIGNALS

pytestmark = pytest.mark.slow
ENV = {"COLUMNS": "100"}
IDS = [sha256(str(number).encode()).hexdigest() for number in range(12)]
HELD = [content_id for content_id in IDS if is_held_out(content_id)]


def untagged(content_id: str) -> Content:
    """One of several copies of a talk, as a tagger of long ago left it."""
    return Content(
        content_id=content_id,
        name=content_id[:6],
        signals=SIGNALS.model_copy(update={"content_id": content_id}),
        measures={},
        tags=(),
        tags_version="0.gone",
        taxonomy_version="0",
        versions={"look": "1"},
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake in which all contents were tagged, and then corrected to a hook they do not have."""
    home = tmp_path_factory.mktemp("home")
    keep(Lake(home / "lake"), [untagged(content_id) for content_id in IDS])
    assert reelcast("tags", "remake", home=home, env=ENV).code == 0
    for content_id in IDS:
        ran = reelcast("tags", "correct", content_id, "--hook", "trend_sound", home=home, env=ENV)
        assert ran.code == 0, ran.err
    return home


@pytest.fixture(scope="module")
def trained(home: Path) -> Ran:
    """Training on every fortieth example of the corpus, and the corrections."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "load_corpus", lambda: load_corpus()[::40])
        return reelcast("tags", "train", home=home, env=ENV)


def test_the_held_out_corrections_are_met_after_and_not_before(trained: Ran) -> None:
    assert trained.code == 0, trained.err
    assert f"{len(IDS) - len(HELD)} corrected contents" in trained.out
    (row,) = (line.split() for line in trained.out.splitlines() if line.strip().startswith("hook"))
    assert row == ["hook", str(len(HELD)), "0%", "100%"]
    assert "reelcast tags remake" in trained.err


def test_a_remake_notices_the_new_heads(home: Path, trained: Ran) -> None:
    first, again = (reelcast("tags", "remake", "--json", home=home, env=ENV) for _ in range(2))
    assert (first.json()["made"], first.json()["known"]) == (len(IDS), 0)
    assert (again.json()["made"], again.json()["known"]) == (0, len(IDS))
    hooks = Lake(home / "lake").query(
        "SELECT DISTINCT label FROM taggings JOIN tags USING (content_id, version) "
        'WHERE "group" = \'hook\' AND "primary"'
    )
    assert hooks["label"].to_pylist() == ["trend_sound"]
