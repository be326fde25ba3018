"""The set-up scripts are not part of the package: they are found where they lie."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "prepare"))
