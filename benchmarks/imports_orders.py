"""A shop's orders as CSV, of 100,000 and of 1,000,000 rows: rows per second, and memory.

The rows are made up, in the layout of Shopify's export: four orders in five have one row, 30% a
code, 40% a link in their notes. Each import has a process of its own.

python -m benchmarks.imports_orders
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target

ROWS = (100_000, 1_000_000)
MAX_MB = 2000
LINKS = 500
START = datetime(2025, 1, 1, tzinfo=UTC)
COLUMNS = (
    *("Name", "Email", "Financial Status", "Paid at", "Currency", "Subtotal", "Shipping", "Taxes"),
    *("Total", "Discount Code", "Discount Amount", "Created at", "Lineitem quantity"),
    *("Lineitem name", "Lineitem price", "Billing Name", "Billing Phone", "Note Attributes"),
    *("Cancelled at", "Refunded Amount", "Id", "Source", "Phone"),
)


def main() -> None:
    if "--child" in sys.argv:
        print(evidence.as_line(_import_twice(Path(sys.argv[-1]))))
        return
    started = time.monotonic()
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in ROWS:
            path = Path(folder) / f"orders_{rows}.csv"
            write_orders(path, rows)
            measured.append(evidence.in_child("benchmarks.imports_orders", str(path)))
            print(measured[-1], flush=True)
    figures = {"files": measured, "targets": _goals(measured)}
    print("wrote", evidence.write("imports_orders", figures, started))


def write_orders(path: Path, rows: int, seed: int = 7) -> None:
    """Write a CSV of so many rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(_rows(rows, random.Random(seed)))


def _rows(rows: int, rng: random.Random) -> Iterator[dict[str, str]]:
    made = 0
    while made < rows:
        order = _order(made, max(1, rows // 4), rng)
        yield order
        made += 1
        if rng.random() < 0.25 and made < rows:
            yield {"Name": order["Name"], "Email": order["Email"], "Lineitem name": "Soap"}
            made += 1


def _order(number: int, customers: int, rng: random.Random) -> dict[str, str]:
    who, link = rng.randrange(customers), rng.randrange(LINKS)
    at = f"{START + timedelta(seconds=30 * number):%Y-%m-%d %H:%M:%S} +0000"
    total = f"{rng.lognormvariate(3.7, 0.4):.2f}"
    return {
        "Name": f"#{1000 + number}",
        "Email": f"buyer{who}@made.example",
        "Financial Status": "paid",
        "Paid at": at,
        "Created at": at,
        "Currency": "EUR",
        "Total": total,
        "Refunded Amount": total if rng.random() < 0.05 else "0.00",
        "Lineitem name": "Serum",
        "Billing Name": f"Buyer {who}",
        "Id": str(5 * 10**12 + number),
        "Discount Code": f"CREATOR{link}" if rng.random() < 0.3 else "",
        "Note Attributes": f"utm_source: tiktok\nutm_campaign: spring\nutm_content: c{link}_1"
        if rng.random() < 0.4
        else "",
    }


def _import_twice(file: Path) -> dict[str, Any]:
    from ingest import ImportOptions, import_file
    from reelcast.store import Lake

    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        began, busy = time.monotonic(), time.process_time()
        first = import_file(file, lake, ImportOptions(evidence.SALT))
        seconds, cpu_s = time.monotonic() - began, time.process_time() - busy
        peak = evidence.peak_mb()
        before = lake.versions()
        again = import_file(file, lake, ImportOptions(evidence.SALT))
        return {
            "rows": first.rows_read,
            "orders": lake.read_columns("orders", ["order_hash"]).num_rows,
            "file_mb": round(file.stat().st_size / 1e6, 1),
            "seconds": round(seconds, 1),
            "cpu_s": round(cpu_s, 1),
            "rows_per_s": round(first.rows_read / seconds),
            "peak_mb": peak,
            "seconds_again": again.seconds,
            "unchanged_again": lake.versions() == before,
        }


def _goals(measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = measured[-1]
    what = f"import of {most['rows']:,} rows of orders"
    return [
        target(
            f"{what}: memory", most["peak_mb"], "MB", f"under {MAX_MB}", most["peak_mb"] < MAX_MB
        ),
        target(
            f"{what}, again: changes nothing",
            "yes" if most["unchanged_again"] else "no",
            "",
            "yes",
            bool(most["unchanged_again"]),
        ),
    ]


if __name__ == "__main__":
    main()
