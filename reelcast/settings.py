"""Typed settings: defaults here, once; a YAML file and REELCAST_* variables say what differs."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    YamlConfigSettingsSource,
)

from reelcast.errors import InputError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeatureSettings(_Section):
    """What a row sees."""

    history: Literal["auto", "as_of", "hindsight"] = Field(
        "auto",
        description="as_of: only counts observed before the decision. hindsight: counts of posts "
        "published `hindsight_gap_days` earlier stand in, as scraped. auto: as_of where the "
        "collection was observed repeatedly, else hindsight.",
    )
    hindsight_gap_days: float = Field(3.0, ge=0, description="days before the decision")
    text: Literal["auto", "always", "never"] = Field(
        "auto",
        description="sentence embeddings of caption and hashtags; auto: a target's model reads "
        "them where they lower its error on posts held out before calibration beyond doubt",
    )
    text_components: int = Field(8, ge=1, le=64, description="embedding components kept")
    content: Literal["auto", "always", "never"] = Field(
        "auto",
        description="tags, measures and words of the posts' tagged videos; auto: as for text",
    )
    calendar: Literal["auto", "always", "never"] = Field(
        "auto",
        description="local hour, weekday and public holidays where the posts' language names a "
        "place; auto: as for text",
    )


class TrainingSettings(_Section):
    """How a bundle is fitted, calibrated and tested."""

    seed: int = 7
    min_rows: int = Field(60, ge=20, description="fewest posts that a model is trained on")
    calibration_share: float = Field(0.2, gt=0.05, lt=0.5, description="latest share before test")
    test_share: float = Field(0.2, gt=0.02, lt=0.5, description="latest share of all posts")
    min_tier_rows: int = Field(60, ge=20, description="tiers with fewer calibration rows merge")
    trees: int = Field(300, ge=10, le=2000)
    leaves: int = Field(31, ge=4, le=255, description="of the median head")
    tail_leaves: int = Field(15, ge=4, le=255, description="of the other quantiles' heads")
    min_leaf_rows: int = Field(20, ge=1, description="fewest training rows in a leaf")
    learning_rate: float = Field(0.06, gt=0, le=1)
    threads: int = Field(0, ge=0, description="0: one for few rows, else one a core")


class TaggingSettings(_Section):
    """How videos are read: engines, and limits beyond which a file is refused in words."""

    transcriber: Literal["auto", "faster-whisper", "openai-whisper", "pocketsphinx", "none"] = (
        Field(
            "auto",
            description="auto: faster-whisper where its weights are at hand, else pocketsphinx "
            "(English only); captions beside the video go first in any case but none",
        )
    )
    whisper_model: str = Field("small", description="a size, or a folder of weights")
    face_weights: Path | None = Field(
        None, description="YuNet's ONNX file; unset: OpenCV's cascades"
    )
    clip_weights: Path | None = Field(
        None, description="folder of a CLIP model of transformers, for visual themes; unset: off"
    )
    sentence_weights: Path | None = Field(
        None, description="folder of another sentence encoder; heads must be trained for it"
    )
    max_bytes: int = Field(2_000_000_000, gt=0, description="largest file")
    max_duration_s: float = Field(1800.0, gt=0, description="longest video, seconds")
    max_gigapixels: float = Field(120.0, gt=0, description="most pixels decoded of one file, 10^9")
    max_frames: int = Field(200_000, gt=0, description="most frames decoded of one file")
    max_wall_s: float = Field(600.0, gt=0, description="longest work on one file, seconds")
    max_memory_mb: int = Field(3000, ge=500, description="most memory of one worker, 10^6 bytes")
    workers: int = Field(0, ge=0, description="processes; 0: one a core")
    threads: int = Field(0, ge=0, description="of one worker; 0: its share of the cores")


class ApiSettings(_Section):
    """Limits of the web server, and who may ask it."""

    keys: Literal["auto", "required", "off"] = Field(
        "auto",
        description="whether callers need an API key; auto: unless the server listens on loopback",
    )
    requests_per_s: float = Field(
        20.0, gt=0, le=100_000, description="of one key, or of an address without; with keys alone"
    )
    burst: int = Field(100, ge=1, le=1_000_000, description="requests that may come at once")
    allow_origins: tuple[str, ...] = Field(
        (), description="other sites whose pages may ask, e.g. https://team.example"
    )
    max_body_bytes: int = Field(5_000_000, gt=0)
    max_upload_bytes: int = Field(500_000_000, gt=0, description="of one uploaded file")
    max_creators: int = Field(1000, gt=0, description="creators in one request")
    max_lead_days: int = Field(30, gt=0, description="how far ahead a posting time may lie")


class JobSettings(_Section):
    """How a server does long work: tagging, imports."""

    workers: int = Field(2, ge=0, le=64, description="jobs side by side; 0: another server does")
    lease_s: float = Field(
        30.0, ge=1, le=3600, description="after which the job of a server that was killed is free"
    )


class LedgerSettings(_Section):
    """What is kept of forecasts made, and whether their intervals follow what came of them."""

    enabled: bool = Field(True, description="keep every forecast that the API and the CLI make")
    adaptive: bool = Field(
        False, description="widen or narrow new intervals as the ledger's outcomes ask for"
    )
    gamma: float = Field(0.02, gt=0, le=0.2, description="how far one outcome moves the step")
    match_hours: float = Field(
        24.0, gt=0, le=720, description="how far from the planned time a creator's post may lie"
    )


class Settings(BaseSettings):
    """All settings; unknown keys are errors. `REELCAST_TRAINING__TREES=100` sets a nested one."""

    model_config = SettingsConfigDict(
        env_prefix="REELCAST_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: str = Field("./var", description="folder or s3://, gs://, az:// prefix of the lake")
    salt: SecretStr | None = Field(
        None, min_length=1, description="secret for hashing creators' names"
    )
    storage_options: dict[str, str] = Field(default_factory=dict)
    tracking_uri: str | None = Field(None, description="MLflow; default SQLite in home")
    database_url: SecretStr | None = Field(
        None, description="ledger database: sqlite:///FILE or postgresql://...; default in home"
    )
    model: str = Field("models:/reelcast@champion", description="what the API serves")
    features: FeatureSettings = FeatureSettings()
    training: TrainingSettings = TrainingSettings()
    tagging: TaggingSettings = TaggingSettings()
    ledger: LedgerSettings = LedgerSettings()
    jobs: JobSettings = JobSettings()
    api: ApiSettings = ApiSettings()

    @cached_property
    def local_home(self) -> Path:
        """The folder for what is always local: caches, salt, the default tracking store."""
        return Path("./var" if "://" in self.home else self.home).resolve()

    @property
    def lake_root(self) -> str:
        return (
            f"{self.home.rstrip('/')}/lake" if "://" in self.home else str(self.local_home / "lake")
        )

    @property
    def sentence_cache(self) -> Path:
        """The SQLite file of sentence embeddings."""
        return self.local_home / "cache" / "sentences.sqlite"

    def run_bundle(self, run_id: str) -> Path:
        """Where the default tracking store keeps the bundle of a run."""
        return self.local_home / "mlartifacts" / run_id / "artifacts" / "bundle"

    @property
    def resolved_tracking_uri(self) -> str:
        return self.tracking_uri or f"sqlite:///{self.local_home / 'mlflow.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over the YAML file that REELCAST_CONFIG names."""
        path = os.environ.get("REELCAST_CONFIG")
        of_file = [YamlConfigSettingsSource(settings_cls, yaml_file=path)] if path else []
        return (init_settings, env_settings, *of_file)


def load_settings(**given: object) -> Settings:
    """Settings from defaults, the YAML of REELCAST_CONFIG, REELCAST_* and `given`, in that order.

    Raises InputError naming each wrong key.
    """
    config = os.environ.get("REELCAST_CONFIG")
    if config:
        _check_config(Path(config))
    _check_variables()
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as exc:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors())
        raise InputError(f"settings are not valid: {said}") from exc
    except SettingsError as exc:
        raise InputError(f"settings are not valid: {exc}: a mapping is given as JSON") from exc


def _check_config(path: Path) -> None:
    if not path.is_file():
        raise InputError(f"REELCAST_CONFIG names {path}, which is no file: correct or unset it")
    try:
        content = yaml.safe_load(path.read_text())
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} is not YAML: {exc}") from exc
    if not isinstance(content, dict | None):
        raise InputError(
            f"{path} holds no `key: value` lines: see the settings' names and defaults"
        )


def _check_variables() -> None:
    """Refuse REELCAST_* variables that set nothing, which would be left out silently."""
    known = {"CONFIG", *(name.upper() for name in Settings.model_fields)}
    for name in os.environ:
        first = name.upper().removeprefix("REELCAST_").split("__")[0]
        if name.upper().startswith("REELCAST_") and first not in known:
            raise InputError(f"{name} sets nothing: {', '.join(sorted(known))} follow REELCAST_")
