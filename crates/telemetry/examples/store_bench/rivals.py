"""The same questions asked of DuckDB and of ClickHouse in process (chdb), over the same detections as Parquet.

    python3 -m venv V && V/bin/pip install duckdb chdb
    cargo xtask bench detections --lines 9000000 --events events.tsv
    V/bin/python crates/telemetry/examples/store_bench/rivals.py events.tsv

Each question is asked by every engine in turn, so that what else the machine does meets all of them; times are in milliseconds.
"""

import os
import random
import statistics
import sys
import time

import duckdb
from chdb import session

ROUNDS = 15
DAY_US = 86_400_000_000
TOKYO_US = 9 * 3_600_000_000
COLUMNS = (
    "company VARCHAR, time_us BIGINT, device VARCHAR, rule VARCHAR, title VARCHAR, category VARCHAR, "
    "severity TINYINT, action TINYINT, source VARCHAR, destination VARCHAR, count BIGINT"
)
NAMES = [column.split()[0] for column in COLUMNS.split(", ")]


def parquet(events):
    """Sorted by company and time, as such a table would be laid down."""
    target = events + ".parquet"
    if not os.path.exists(target):
        types = ", ".join(f"'{one.split()[0]}': '{one.split()[1]}'" for one in COLUMNS.split(", "))
        duckdb.sql(
            f"COPY (SELECT * FROM read_csv('{events}', delim='\t', header=false, quote='', escape='', columns={{{types}}}) "
            f"ORDER BY company, time_us) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
    return target


def questions(first_us, last_us, companies):
    """SQL that both engines accept; `{t}` stands for the table. A month's figures take three statements, as they tell three things."""
    month = f"time_us >= {last_us - 30 * DAY_US} AND time_us <= {last_us}"
    day = f"CAST(floor((time_us + {TOKYO_US}) / {DAY_US}) AS BIGINT)"

    def company():
        return f"company = 'company {random.randrange(companies)}'"

    return {
        "a company's month": lambda: [
            f"SELECT rule, title, category, severity, action, sum(count) AS n FROM {{t}} WHERE {(own := company())} AND {month} "
            "GROUP BY rule, title, category, severity, action ORDER BY n DESC, rule LIMIT 100",
            f"SELECT {day} AS d, severity, action, sum(count) FROM {{t}} WHERE {own} AND {month} GROUP BY d, severity, action",
            f"SELECT count(DISTINCT source), count(DISTINCT destination) FROM {{t}} WHERE {own} AND {month}",
        ],
        "cohort's month": lambda: [
            f"SELECT company, sum(count) FROM {{t}} WHERE {month} GROUP BY company",
            f"SELECT rule, title, category, count(DISTINCT company) AS n FROM {{t}} WHERE {month} GROUP BY rule, title, category ORDER BY n DESC, rule LIMIT 10",
        ],
        "search: newest": lambda: [f"SELECT * FROM {{t}} WHERE {company()} ORDER BY time_us DESC LIMIT 50"],
        "search: an address": lambda: [
            f"SELECT * FROM {{t}} WHERE {company()} AND (source = '203.0.113.77' OR destination = '203.0.113.77') ORDER BY time_us DESC LIMIT 50"
        ],
        "needle": lambda: [
            f"SELECT company, {day} AS d, sum(count) FROM {{t}} WHERE source = '203.0.113.77' OR destination = '203.0.113.77' GROUP BY company, d"
        ],
    }


def main():
    file = parquet(sys.argv[1])
    con = duckdb.connect()
    clickhouse = session.Session()
    engines = {
        "DuckDB": lambda sql: con.execute(sql.replace("{t}", f"'{file}'")).fetchall(),
        "chDB": lambda sql: clickhouse.query(sql.replace("{t}", f"file('{os.path.abspath(file)}', Parquet)"), "TabSeparated").bytes(),
    }
    rows, first, last = con.execute(f"SELECT count(*), min(time_us), max(time_us) FROM '{file}'").fetchone()
    companies = con.execute(f"SELECT count(DISTINCT company) FROM '{file}'").fetchone()[0]
    print(f"{rows} detections of {companies} companies, {os.path.getsize(file) // 1_000_000} MB of Parquet, without raw lines")
    asked = questions(first, last, companies)
    for name, make in asked.items():
        times = {engine: [] for engine in engines}
        for _ in range(ROUNDS):
            statements = make()
            for engine, run in engines.items():
                started = time.perf_counter()
                for statement in statements:
                    run(statement)
                times[engine].append((time.perf_counter() - started) * 1000)
        told = "  ".join(f"{engine} p50 {statistics.median(all):7.1f} p95 {sorted(all)[-1]:7.1f}" for engine, all in times.items())
        print(f"{name:<20} {told}")


if __name__ == "__main__":
    main()
