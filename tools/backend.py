"""setuptools, with the browser's files built first, so that a wheel carries them.

Editable installs go through untouched: there `make setup` builds the assets.
"""

import shutil
from collections.abc import Mapping
from typing import Any

import assets
from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403 (every other hook is setuptools' own)

Settings = Mapping[str, Any] | None


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return build_meta.get_requires_for_build_sdist(config_settings) + assets.requirements()


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return build_meta.get_requires_for_build_wheel(config_settings) + assets.requirements()


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    assets.build()
    return build_meta.build_sdist(sdist_directory, config_settings)


def build_wheel(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    assets.build()
    # setuptools reuses this folder: what has been deleted since would come back in the wheel.
    shutil.rmtree(assets.ROOT / "build" / "lib", ignore_errors=True)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
