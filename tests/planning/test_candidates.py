"""Candidates read from pasted rows."""

from __future__ import annotations

import pytest

from inference.candidates import read_candidates
from reelcast.errors import InputError
from reelcast.records import creator_id_of

SALT = "s"
ANA = creator_id_of("tiktok", "ana", SALT)
KNOWN = {ANA, "c1"}


def test_rows_without_a_head_are_creator_fee_and_slots() -> None:
    (one,) = read_candidates("c1;450;2", KNOWN, SALT).candidates
    assert (one.creator.creator_id, one.fee, one.slots) == ("c1", 450, 2)


def test_a_handle_becomes_the_id_that_the_lake_has() -> None:
    read = read_candidates("handle\tfee\n@Ana\t$1,200.50\n", KNOWN, SALT)
    assert read.candidates[0].creator.creator_id == ANA
    assert read.candidates[0].fee == 1200.5
    assert dict(read.handles) == {ANA: "@Ana"}


def test_a_new_creator_comes_with_platform_and_followers_and_leaves_no_handle() -> None:
    text = "creator,platform,followers,fee\n@new,tiktok,12K,90"
    (one,) = read_candidates(text, KNOWN, SALT).candidates
    assert one.creator.followers == 12_000
    assert one.creator.label == creator_id_of("tiktok", "new", SALT)
    assert one.creator.handle is None


def test_a_new_creator_may_come_with_a_niche() -> None:
    text = "creator,platform,followers,fee,niche\n@new,tiktok,12K,90,food\n@too,tiktok,1K,9,"
    read = read_candidates(text, KNOWN, SALT)
    assert [one.creator.niche for one in read.candidates] == ["food", None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no row is pasted"),
        ("creator,fee\n@new,90", "line 2: @new is not in the lake"),
        ("creator,fee\nc1,much", "line 2: fee 'much' is no number"),
        ("creator,fee\nc1,90\nc1,80", "line 3: c1 is named twice"),
        ("creator,fee,slots,must\nc1,90,1,2", "line 2: must is 2"),
        ("creator,fee,slots\nc1,90,some", "line 2: slots 'some'"),
        ("creator,fee\n,90", "line 2: no creator is named"),
        ("c1,1e400", "line 1: Input should be a finite number"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("'", ".")):
        read_candidates(text, KNOWN, SALT)
