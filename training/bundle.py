"""A finished model as a directory: a manifest and open-format weights, nothing pickled."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from features.blocks import columns_in, names
from features.rows import column_names
from features.state import State
from reelcast.errors import MismatchError, NotFoundError
from reelcast.packages import require
from reelcast.tables import TARGETS
from training.baselines import Baselines
from training.conformal import Calibration
from training.forecaster import TargetForecaster, columns_of
from training.joint import rates_from_json
from training.model import Model
from training.trajectories import Trajectories

FORMAT = 5


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model with its manifest: features, versions of data and code, settings, test scores.

    `cards` are pages for people, by file name, written beside the manifest; loading leaves them.
    """

    model: Model
    manifest: dict[str, Any]
    cards: dict[str, str] = field(default_factory=dict)
    trajectories: Trajectories = field(default_factory=Trajectories)

    @property
    def gap_days(self) -> float | None:
        """Days that a post must precede a decision to stand in; None where history is as-of."""
        gap = self.manifest["gap_days"]
        return None if gap is None else float(gap)


def save_bundle(bundle: Bundle, path: Path) -> Path:
    """Write the bundle to the directory `path`, replacing one that is there, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        _write(bundle, draft)
    except BaseException:
        shutil.rmtree(draft)
        raise
    old = draft.with_name(f"{draft.name}-old")
    if path.exists():
        path.rename(old)
    draft.rename(path)
    if old.exists():
        shutil.rmtree(old)
    return path


def _write(bundle: Bundle, draft: Path) -> None:
    model = bundle.model
    model.state.save(draft)
    bundle.trajectories.save(draft)
    for target, forecaster in model.forecasters.items():
        forecaster.model.save_model(draft / f"{target}.lgb.txt")
    for name, page in bundle.cards.items():
        (draft / name).write_text(page, encoding="utf-8")
    manifest = {
        **bundle.manifest,
        "format": FORMAT,
        "trained_until_s": model.trained_until_s,
        "n_rows": model.n_rows,
        "targets": {target: _target_json(model, target) for target in model.forecasters},
        "rates": {target: rate.to_json() for target, rate in model.rates.items()},
        "shared_noise": model.shared_noise,
        "sha256": {file.name: _sha256(file) for file in sorted(draft.iterdir())},
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    draft.chmod(0o755)


def _target_json(model: Model, target: str) -> dict[str, Any]:
    forecaster = model.forecasters[target]
    if forecaster.calibration is None:
        raise RuntimeError("calibrate before saving")
    return {
        "columns": forecaster.columns,
        "calibration": forecaster.calibration.to_json(),
        "youngest_days": forecaster.youngest_days,
        "curve_doubt": forecaster.curve_doubt,
        "trials": forecaster.trials,
        "baselines": model.baselines[target].to_json(),
    }


def load_bundle(path: Path) -> Bundle:
    """The bundle in a directory.

    Raises NotFoundError where there is none, MismatchError where this code builds other features.
    """
    manifest_path = path / "manifest.json"
    if not manifest_path.is_file():
        raise NotFoundError(f"no bundle in {path} (manifest.json is missing): run `reelcast train`")
    try:
        manifest = json.loads(manifest_path.read_text())
    except ValueError as exc:
        raise MismatchError(f"{manifest_path} is not JSON: train again") from exc
    stored = manifest.get("format") if isinstance(manifest, dict) else None
    if stored != FORMAT:
        raise MismatchError(
            f"bundle {path} has format {stored}, this code reads {FORMAT}: "
            "train again with this release"
        )
    try:
        return _load(path, manifest)
    except (KeyError, ValueError, TypeError) as exc:
        raise MismatchError(f"bundle {path} is damaged ({exc!r}): train again") from exc


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _load(path: Path, manifest: dict[str, Any]) -> Bundle:
    for name, digest in manifest["sha256"].items():
        if not (path / name).is_file():
            raise NotFoundError(f"bundle {path} lacks {name}: copy it whole or train again")
        if _sha256(path / name) != digest:
            raise MismatchError(
                f"{name} of bundle {path} was changed: copy it whole or train again"
            )
    state = State.load(path)
    forecasters = {
        target: _load_target(path, target, manifest["targets"][target], state)
        for target in TARGETS
        if target in manifest["targets"]
    }
    baselines = {
        target: Baselines.from_json(manifest["targets"][target]["baselines"])
        for target in forecasters
    }
    rates = rates_from_json(manifest["rates"])
    model = Model(
        state,
        forecasters,
        baselines,
        manifest["trained_until_s"],
        manifest["n_rows"],
        rates,
        float(manifest["shared_noise"]),
    )
    bundle = Bundle(model, manifest, trajectories=Trajectories.load(path))
    _ = bundle.gap_days  # a manifest without it is refused here, not at the first question
    return bundle


def _load_target(path: Path, target: str, data: dict[str, Any], state: State) -> TargetForecaster:
    columns = tuple(data["columns"])
    extra = [of for of in columns_in(state).values() if set(of) & set(columns)]
    if columns != columns_of(target, tuple(name for of in extra for name in of)):
        built = set(column_names(names(state)))
        differ = sorted(set(columns) - built) or ["some are missing or in another order"]
        raise MismatchError(
            f"bundle {path} reads other features than this code builds for {target}: "
            f"{', '.join(differ)}; train again, or install the reelcast release that made it"
        )
    weights = path / f"{target}.lgb.txt"
    forecaster = TargetForecaster(target, columns, state.growth)
    lightgbm = require("lightgbm")
    try:
        forecaster.model = lightgbm.Booster(model_file=weights)
    except lightgbm.basic.LightGBMError as exc:
        raise MismatchError(f"{weights} is no LightGBM model ({exc}): train again") from exc
    forecaster.calibration = Calibration.from_json(data["calibration"])
    forecaster.youngest_days = float(data["youngest_days"])
    forecaster.curve_doubt = float(data["curve_doubt"])
    forecaster.trials = dict(data["trials"])
    return forecaster
