#!/usr/bin/env bash
# Every C++ file is as clang-format-19 writes it. Mend with: tests/tidy/format.sh --fix
set -euo pipefail
mapfile -t files < <(git ls-files -- '*.cpp' '*.hpp')
[ ${#files[@]} -gt 0 ] || { echo "git lists no file here: the check needs the clone, and git"; exit 1; }
if [ "${1:-}" = --fix ]; then exec clang-format-19 -i "${files[@]}"; fi
clang-format-19 --dry-run -Werror "${files[@]}"
echo "${#files[@]} files well formed"
