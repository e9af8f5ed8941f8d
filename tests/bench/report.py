"""Figures of the benchmarks: a line in the terminal, an entry in build/bench.json."""

import json
from pathlib import Path

BENCH_JSON = Path(__file__).resolve().parent.parent.parent / "build" / "bench.json"


def report(name: str, value: float, unit: str, baseline: float | None = None) -> None:
    """Print a figure and keep it under its name; with a baseline also the ratio of the two."""
    ratio = round(value / baseline, 3) if baseline else None
    beside = f"   baseline {baseline:,.1f} {unit}, ratio {ratio}" if baseline else ""
    print(f"\nbench: {name}: {value:,.1f} {unit}{beside}")
    BENCH_JSON.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(BENCH_JSON.read_text()) if BENCH_JSON.exists() else []
    kept = [entry for entry in kept if entry["name"] != name]
    kept.append({"name": name, "value": round(value, 3), "unit": unit, "baseline": baseline, "ratio": ratio})
    BENCH_JSON.write_text(json.dumps(sorted(kept, key=lambda entry: entry["name"]), indent=2, ensure_ascii=False))
