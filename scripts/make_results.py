"""Makes up what the carrier would report for a batch folder: a result file as China Post gives it.

    python scripts/make_results.py out/demo/batch -o out/demo/results.csv

Every letter draws from its own random numbers, seeded by --seed and its id, so the same batch gives
the same bytes. A letter is signed for as often as its p_signed says. Bound numbers count; letters
without a tracking number are reported under their letter id, and cancelled ones were never posted.
Nothing in the file is real.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

HEADER = ("邮件号", "操作码", "操作名称", "操作时间", "机构", "签收情况", "未妥投原因")
SIGNERS = {
    "本人签收": 52,
    "他人代收": 24,
    "物业": 10,
    "收发室": 6,
    "包裹柜": 5,
    "家门口": 2,
    "其他": 1,
}
REASONS = {
    "查无此人": 33,
    "地址不详": 18,
    "迁移新址不明": 16,
    "逾期未领": 14,
    "拒收": 8,
    "收件人不在地址且无法联系": 6,
    "原址拆迁": 4,
    "破损": 1,
}
Line = tuple[str, str, datetime, str, str, str]


def _later(moment: datetime, rng: random.Random, low: float, high: float) -> datetime:
    """A later moment within working hours; `low` and `high` are days."""
    after = moment + timedelta(days=rng.uniform(low, high))
    hour, minute = rng.randint(8, 18), rng.randint(0, 59)
    return after.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _drawn(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _signed(moment: datetime, rng: random.Random) -> Iterator[Line]:
    signer = _drawn(rng, SIGNERS)
    if rng.random() < 0.02:
        # The courier booked too early and took it back: a delivery that is none, then a real one.
        yield ("704", "投递结果反馈-妥投", moment, "示例投递部", signer, "")
        moment += timedelta(hours=1)
        yield ("743", "投递妥投撤销", moment, "示例投递部", "", "")
        moment = _later(moment, rng, 1, 2)
        yield ("702", "投递下段", moment, "示例投递部", "", "")
        moment += timedelta(hours=2)
    yield ("704", "投递结果反馈-妥投", moment, "示例投递部", signer, "")


def _returned(moment: datetime, rng: random.Random) -> Iterator[Line]:
    reason = _drawn(rng, REASONS)
    yield ("705", "投递结果反馈-未妥投", moment, "示例投递部", "", reason)
    if reason in ("逾期未领", "收件人不在地址且无法联系"):
        moment = _later(moment, rng, 1, 3)
        yield ("702", "投递下段", moment, "示例投递部", "", "")
        yield ("705", "投递结果反馈-未妥投", moment + timedelta(hours=2), "示例投递部", "", reason)
    moment = _later(moment, rng, 1, 5)
    yield ("708", "退件登记", moment, "示例投递部", "", "")
    yield ("711", "退回妥投", _later(moment, rng, 2, 7), "示例营业部", "", "")


def trace(posted: datetime, p_signed: float, rng: random.Random) -> Iterator[Line]:
    """The whole life of one letter; the caller cuts it off at the day of the report."""
    yield ("203", "收寄计费信息", posted, "示例营业部", "", "")
    if rng.random() < 0.004:
        yield ("801", "撤单", posted + timedelta(hours=3), "示例营业部", "", "")
        return
    moment = _later(posted, rng, 0.5, 1.5)
    yield ("389", "处理中心封车", moment, "示例处理中心", "", "")
    if rng.random() < 0.003:
        lost = _later(moment, rng, 15, 20)
        yield ("987", "丢失已赔付（赔付给协议客户）", lost, "示例处理中心", "", "")
        return
    moment = _later(moment, rng, 1, 3)
    yield ("713", "到达投递机构", moment, "示例投递部", "", "")
    moment = _later(moment, rng, 0.5, 1.5)
    yield ("702", "投递下段", moment, "示例投递部", "", "")
    moment += timedelta(hours=2)
    if rng.random() < 0.03:
        # Into a parcel locker, and nobody has fetched it.
        yield ("747", "包裹柜/自提点已接收", moment, "示例投递部", "", "")
        return
    yield from (_signed if rng.random() < p_signed else _returned)(moment, rng)


def _posted(batch: Path) -> pl.DataFrame:
    """The manifest without cancelled letters, bound numbers filled in."""
    manifest = pl.read_parquet(batch / "manifest.parquet", glob=False)
    if (batch / "cancellations.parquet").is_file():
        gone = pl.read_parquet(batch / "cancellations.parquet", glob=False)
        manifest = manifest.join(gone, on="letter_id", how="anti", maintain_order="left")
    if (batch / "bindings.parquet").is_file():
        rows = pl.read_parquet(batch / "bindings.parquet", glob=False)
        bound = rows.select("letter_id", bound="tracking_no").unique("letter_id", keep="last")
        manifest = manifest.join(bound, on="letter_id", how="left", maintain_order="left")
        manifest = manifest.with_columns(tracking_no=pl.coalesce("bound", "tracking_no"))
    return manifest


def results(batch: Path, *, seed: int, posted: date | None, days: int) -> bytes:
    """The result file of a batch, UTF-8 with a byte-order mark, CRLF as spreadsheets write it."""
    manifest = _posted(batch)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for letter in manifest.iter_rows(named=True):
        rng = random.Random(f"{seed}:{letter['letter_id']}")
        day = posted or date.fromisoformat(str(letter["created_on"])[:10]) + timedelta(days=1)
        start = datetime(day.year, day.month, day.day, rng.randint(9, 16), rng.randint(0, 59))
        end = start + timedelta(days=days)
        chance = 0.35 if letter["p_signed"] is None else letter["p_signed"]
        for code, name, moment, office, signer, reason in trace(start, chance, rng):
            if moment <= end:
                number = letter["tracking_no"] or letter["letter_id"]
                writer.writerow((number, code, name, moment.isoformat(" "), office, signer, reason))
    return text.getvalue().encode("utf-8-sig")


def main() -> None:
    """Read the options and write the file."""
    parser = argparse.ArgumentParser(description="Makes up carrier results for a batch folder.")
    parser.add_argument("batch", type=Path, help="folder of `addrfix letters` or `addrfix run`")
    parser.add_argument("-o", "--output", type=Path, required=True, help="result file, CSV")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posted", type=date.fromisoformat, help="default: a day after printing")
    parser.add_argument("--days", type=int, default=12, help="days after posting (default 12)")
    options = parser.parse_args()
    content = results(options.batch, seed=options.seed, posted=options.posted, days=options.days)
    options.output.write_bytes(content)


if __name__ == "__main__":
    main()
