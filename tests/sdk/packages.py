"""Installs what package-lock.json names, unless it is there already."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    installed = HERE / "node_modules" / ".package-lock.json"
    wanted = HERE / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
        return 0
    # Nothing that a package brings is run.
    return subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE,
                          check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
