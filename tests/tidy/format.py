#!/usr/bin/env python3
"""Fails for files that clang-format would lay out differently. Usage: format.py CLANG_FORMAT"""

import re
import subprocess
import sys

import tree


def main() -> int:
    files = [str(tree.ROOT / source.path) for source in tree.sources()]
    done = subprocess.run([sys.argv[1], "--dry-run", "-Werror", *files], capture_output=True, text=True)
    bad = sorted(set(re.findall(r"^(/[^:\n]+):\d+:\d+: error:", done.stderr, re.M)))
    for path in bad:
        print(f"{path}: run clang-format-14 -i on it")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
