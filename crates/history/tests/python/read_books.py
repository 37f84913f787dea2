"""Reads a bank's books with other people's libraries: what they say must be what we say.

usage: read_books.py LINES_STREAM ARCHIVE BANK ACCOUNT
prints one JSON object
"""

import glob
import json
import sys

import duckdb
import pyarrow.ipc as ipc
import pyarrow.parquet as parquet

CREDIT, RED = 1, 2

TRIAL_BALANCE = """
    select institution, unit, subject,
        sum(case when flags & 1 = 0 then amount * case when flags & 2 = 2 then -1 else 1 end end),
        sum(case when flags & 1 = 1 then amount * case when flags & 2 = 2 then -1 else 1 end end)
    from lines group by all order by all
"""

STATEMENT = """
    select business_date, entry, line, effect, balance_after, maker, summary, document
    from lines where account = ? order by business_date, entry, line
"""


def stream_lines(path):
    """The lines of one block, from the Arrow stream that the documentation describes."""
    with open(path, "rb") as file:
        lines = ipc.open_stream(file).read_all()
    return [list(row.values()) for row in lines.to_pylist()]


def trial_balance(rows):
    sums = {}
    for row in rows:
        key = (row["institution"], row["unit"], row["subject"])
        debit, credit = sums.get(key, (0, 0))
        amount = -row["amount"] if row["flags"] & RED else row["amount"]
        if row["flags"] & CREDIT:
            credit += amount
        else:
            debit += amount
        sums[key] = (debit, credit)
    return [[*key, *map(str, sums[key])] for key in sorted(sums)]


def statement(rows, account):
    own = [row for row in rows if row["account"] == account]
    own.sort(key=lambda row: (row["business_date"], row["entry"], row["line"]))
    names = ["entry", "line", "effect", "balance_after", "maker", "summary", "document"]
    return [[row["business_date"].isoformat(), *(row[name] for name in names)] for row in own]


def main():
    stream, archive, bank, account = sys.argv[1:]
    account = int(account)
    files = sorted(glob.glob(f"{archive}/{bank}/day=*/lines.parquet"))
    rows = [row for file in files for row in parquet.ParquetFile(file).read().to_pylist()]

    base = duckdb.connect()
    base.execute(
        f"create view lines as select * from "
        f"read_parquet('{archive}/{bank}/day=*/lines.parquet', hive_partitioning = true)"
    )
    base.execute(
        f"create view month as select * from "
        f"read_parquet('{archive}/{bank}/month=*/lines.parquet', hive_partitioning = true)"
    )
    duck_balance = [
        [*row[:3], str(row[3] or 0), str(row[4] or 0)]
        for row in base.execute(TRIAL_BALANCE).fetchall()
    ]
    days = base.execute("select distinct day from lines order by 1").fetchall()
    duck_statement = [
        [row[0].isoformat(), *row[1:]] for row in base.execute(STATEMENT, [account]).fetchall()
    ]
    one = parquet.ParquetFile(files[0])
    balances = parquet.ParquetFile(files[0].replace("lines", "balances"))
    gl = parquet.ParquetFile(files[-1].replace("lines", "gl"))
    answer = {
        "block_lines": stream_lines(stream),
        "arrow_balance": trial_balance(rows),
        "arrow_statement": statement(rows, account),
        "duck_balance": duck_balance,
        "duck_statement": duck_statement,
        "days": [str(day) for (day,) in days],
        "month_lines": base.execute("select count(*), sum(effect)::varchar from month").fetchall(),
        "rows": len(rows),
        "sorted_by": [
            one.schema_arrow.names[column.column_index]
            for column in one.metadata.row_group(0).sorting_columns
        ],
        "page_index": [
            one.metadata.row_group(0).column(1).has_column_index,
            one.metadata.row_group(0).column(1).has_offset_index,
        ],
        "columns": {field.name: str(field.type) for field in one.schema_arrow},
        "closing": [[row["account"], row["closing"]] for row in balances.read().to_pylist()],
        "gl_closing": [[row["subject"], str(row["closing"])] for row in gl.read().to_pylist()],
        "full_balances": balances.metadata.metadata[b"piaohao.full_balances"].decode(),
    }
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
