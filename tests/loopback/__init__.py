"""Small real servers on this computer, for what leaves the house; their key is nobody's secret."""

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
CA: Final = HERE / "ca.pem"
KEY: Final = HERE / "server.pem"
