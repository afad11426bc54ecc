"""What a forecast leaves in the ledger: all that was said, nothing of who a person is."""

from __future__ import annotations

import json
from datetime import timedelta

from inference.ledger_freeze import freeze
from inference.ledger_store import canonical
from reelcast.records import CreatorQuestion, PastPost, creator_id_of
from tests.ledger.made import MODEL, asked, entries_of, forecast
from tests.support import NOW


def test_the_entry_says_what_was_forecast_and_by_which_model() -> None:
    (entry,) = entries_of(forecast())
    assert entry.body["model"]["data_version"] == "posts@1"
    assert entry.body["model"]["code_version"] == "0.1.0"
    assert entry.body["targets"]["views"]["baselines"] == {"last5_median": 1000.0}
    assert set(entry.body["targets"]["views"]["quantiles"]) >= {"q05", "q50", "q95"}
    assert entry.body["made_at"] == NOW.isoformat()
    assert entry.body["due_at"] == (NOW + timedelta(days=7)).isoformat()


def test_neither_handle_nor_label_nor_mention_is_kept() -> None:
    person = CreatorQuestion(
        platform="tiktok", handle="@secret.name", label="Ana Maria", posts=(past(),)
    )
    question = asked(person=person, caption="with @another.name", theme="@third", script="hello")
    question = question.model_copy(
        update={"brief": question.brief.model_copy(update={"hashtags": ("#a", "@fourth")})}
    )
    (entry,) = freeze(question, (MODEL, [forecast(creator_id=None)]), (NOW, "api"), "salt")
    said = canonical(entry.body).decode()
    for word in (
        "secret.name",
        "Ana Maria",
        "another.name",
        "third",
        "fourth",
        "hello",
        "my caption",
    ):
        assert word not in said
    assert entry.creator_id == creator_id_of("tiktok", "secret.name", "salt")
    assert entry.body["question"]["brief"]["caption"] == "with @user"


def past() -> PastPost:
    return PastPost(published_at=NOW - timedelta(days=30), views=10, caption="my caption")


def test_posts_given_inline_are_kept_as_their_digest() -> None:
    person = CreatorQuestion(posts=(past(), past()))
    (entry,) = freeze(
        asked(person=person), (MODEL, [forecast(creator_id=None)]), (NOW, "api"), None
    )
    kept = entry.body["question"]["creator"]["posts"]
    assert kept["n"] == 2
    assert len(kept["sha256"]) == 64


def test_the_same_forecast_has_the_same_id_and_another_has_not() -> None:
    one, again = entries_of(forecast())[0], entries_of(forecast())[0]
    later = entries_of(forecast(), NOW + timedelta(seconds=1))[0]
    assert one == again
    assert one.entry_id != later.entry_id


def test_an_entry_is_json() -> None:
    (entry,) = entries_of(forecast(), caption="ünïcode 日本")
    assert json.loads(canonical(entry.body)) == entry.body
