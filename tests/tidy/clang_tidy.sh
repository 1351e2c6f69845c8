#!/usr/bin/env bash
# The list in .clang-tidy over the product's deciding code; with GATEHOUSE_TIDY_ALL=1 also over the shell, where a file
# that includes Asio takes 10 s.
# Usage: clang_tidy.sh BUILD_DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
libraries='schemas|drivers|ledger|sync|edge|journal'
[ -z "${GATEHOUSE_TIDY_ALL:-}" ] || libraries="$libraries|drivers_shell|sync_shell|edge_shell"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 "$here/clang_database.py" "$1" "$work"
# Of what the build made only the lists of sources that are compiled as one; these alone may include sources.
/usr/bin/python3 - "$work/compile_commands.json" "$libraries" >"$work/files" <<'PY'
import json, re, sys
for entry in json.load(open(sys.argv[1])):
    ours = re.search(rf" -o CMakeFiles/({sys.argv[2]})\.dir/", entry["command"])
    if ours and not re.search(r"/embedded/|cmake_pch|\.S$", entry["file"]):
        print(entry["file"])
PY
[ -s "$work/files" ] || { echo "the build knows no file here"; exit 1; }
status=0
xargs -P "$(nproc)" -n 1 clang-tidy-19 --quiet --checks=-bugprone-suspicious-include -p "$work" <"$work/files" >"$work/out" 2>&1 || status=$?
grep -vE 'warnings? generated|Suppressed|Use -header-filter|^$' "$work/out" || true
[ "$status" -eq 0 ] || exit 1
judged=$(xargs cat <"$work/files" | grep -cE '^#include "/.*\.cpp"$' || true)
alone=$(grep -vc /Unity/ "$work/files" || true)
echo "$((judged + alone)) files tidy"
