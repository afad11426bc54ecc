"""A finished conversions model: rates, shares and values, as a directory of plain files."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from reelcast.campaigns import brand_key
from reelcast.errors import MismatchError, NotFoundError
from reelcast.settings import Settings
from training.conversions_fit import Rates, unfitted
from training.conversions_prior import CLICK_PRIOR, CONVERSION_PRIOR, RatePrior, sources
from training.conversions_values import ValueGroup, Values

FORMAT = 1
_ARRAYS = "effects.npz"


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of a score (leads) by brand: how many, their mean and standard deviation."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class ConversionsModel:
    """Clicks per view, conversions per click, what conversions are worth and what follows them.

    `shares` are rates of conversions: `new` customers, `repeat` customers, `paid` trials; one is
    there where data has it. `manifest` names data, code and time; {} for the prior alone.
    """

    clicks: Rates
    conversions: Rates
    values: Values = field(default_factory=lambda: Values({}))
    shares: Mapping[str, Rates] = field(default_factory=dict)
    lead_scores: Mapping[str, Score] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """A short name of the model, `prior` where nothing was learned."""
        return str(self.manifest.get("version", "prior"))

    def window_days(self, brand: str) -> int | None:
        """Days after a post in which its sales counted where the rates were learned.

        Those of the brand, else those of most brands; None for the prior alone.
        """
        windows: Mapping[str, int] = self.manifest.get("windows", {})
        days = list(windows.values())
        usual = max(days, key=lambda n: (days.count(n), n), default=None)
        return windows.get(brand, usual)

    def brand_named(self, brand: str) -> str:
        """The brand as the model spells it, as given where it was never learned."""
        names = (*self.clicks.names, *self.conversions.names)
        known = {level for factor, level in names if factor == "brand"}
        known |= {group[0] for group in self.values.groups}
        same = sorted(name for name in known if brand_key(name) == brand_key(brand))
        return same[0] if same else brand


def prior_model() -> ConversionsModel:
    """The documented prior, before any campaign."""
    return ConversionsModel(unfitted(CLICK_PRIOR), unfitted(CONVERSION_PRIOR))


def save_model(model: ConversionsModel, path: Path) -> Path:
    """Write the model to the directory `path`, replacing one that is there, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    rates = {"clicks": model.clicks, "conversions": model.conversions, **model.shares}
    arrays = {f"{name}.{part}": getattr(of, part) for name, of in rates.items() for part in _PARTS}
    np.savez(draft / _ARRAYS, allow_pickle=False, **arrays)
    digest = hashlib.sha256((draft / _ARRAYS).read_bytes()).hexdigest()
    manifest = {
        **model.manifest,
        "format": FORMAT,
        "prior": sources(),
        "rates": {name: _said(of) for name, of in rates.items()},
        "values": [[*group, asdict(of)] for group, of in model.values.groups.items()],
        "lead_scores": {brand: asdict(of) for brand, of in model.lead_scores.items()},
        "sha256": {_ARRAYS: digest},
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))
    draft.chmod(0o755)
    if path.exists():
        shutil.rmtree(path)
    draft.rename(path)
    return path


def load_model(path: Path) -> ConversionsModel:
    """The model in a directory.

    Raises NotFoundError where there is none, MismatchError where it is another format or damaged.
    """
    if not (path / "manifest.json").is_file():
        raise NotFoundError(f"no conversions model in {path}: run `reelcast conversions train`")
    try:
        manifest = json.loads((path / "manifest.json").read_text())
        digest = hashlib.sha256((path / _ARRAYS).read_bytes()).hexdigest()
        if manifest["format"] != FORMAT or manifest["sha256"][_ARRAYS] != digest:
            raise MismatchError(
                f"the conversions model in {path} is of another format, or was changed after it "
                "was written: run `reelcast conversions train`"
            )
        with np.load(path / _ARRAYS, allow_pickle=False) as arrays:
            rates = {name: _rates(of, name, arrays) for name, of in manifest["rates"].items()}
        values = {tuple(group): ValueGroup(**of) for *group, of in manifest["values"]}
        scores = {brand: Score(**of) for brand, of in manifest["lead_scores"].items()}
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise MismatchError(
            f"the conversions model in {path} cannot be read ({exc}): run "
            "`reelcast conversions train`"
        ) from exc
    clicks, conversions = rates.pop("clicks"), rates.pop("conversions")
    return ConversionsModel(clicks, conversions, Values(values), rates, scores, manifest)


def conversions_home(settings: Settings) -> Path:
    """Where the conversions model lies: beside the caches, in the local home."""
    return settings.local_home / "conversions"


def load_or_prior(path: Path) -> ConversionsModel:
    """The model in a directory, the documented prior where none was trained yet."""
    return load_model(path) if (path / "manifest.json").is_file() else prior_model()


_PARTS = ("effect", "covariance")


def _said(of: Rates) -> dict[str, Any]:
    return {
        "prior": asdict(of.prior),
        "names": of.names,
        "variance": dict(of.variance),
        "log_shape": of.log_shape,
        "log_shape_sd": of.log_shape_sd,
        "rows_at": [of.rows_at[name] for name in of.names],
        "rows": of.rows,
    }


def _rates(said: Mapping[str, Any], name: str, arrays: Mapping[str, Any]) -> Rates:
    names = tuple((factor, level) for factor, level in said["names"])
    return Rates(
        prior=RatePrior(**said["prior"]),
        names=names,
        effect=arrays[f"{name}.effect"],
        covariance=arrays[f"{name}.covariance"],
        variance={factor: (var, dof) for factor, (var, dof) in said["variance"].items()},
        log_shape=said["log_shape"],
        log_shape_sd=said["log_shape_sd"],
        rows_at=dict(zip(names, said["rows_at"], strict=True)),
        rows=said["rows"],
    )
