"""Connections per database: for people, for other tools (version 1), for a job summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lintscale.api import CheckResult
from lintscale.model.resolved import Consumer
from lintscale.reports import PLAIN, Style
from lintscale.reports.secrets import mask
from lintscale.reports.styled import Row, to_text
from lintscale.reports.summary import skipped_rows
from lintscale.reports.text import as_json, cells, line_of, plural, printable, wrap
from lintscale.resolve.capacity import Capacity, capacities
from lintscale.resolve.connection_texts import TIMES, assumptions, labels

VERSION = 1

_BAR, _SHORTEST_BAR = 40, 8
"""Cells of a bar that stands for the larger of the limit and the peak."""

_SOURCES = {"declared": "declared", "library default": "library default"}


# -- for people -----------------------------------------------------------------------------------


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return to_text(_rows(result, style.width), color=style.color)


def _rows(result: CheckResult, width: int) -> Iterator[Row]:
    found = capacities(result.project)
    for capacity in found:
        yield from _database(capacity, width)
        yield []
    if not found:
        yield [("No database is used in the scanned files.", "heading")]
    else:
        files = plural(result.summary.files_checked, "file")
        yield [(f"{plural(len(found), 'database')} in {files}", "heading")]
    yield from skipped_rows(result, width)


def _database(capacity: Capacity, width: int) -> Iterator[Row]:
    database = capacity.database
    name = printable(mask(database.name))
    what = " ".join(part for part in (database.platform, database.engine or "database") if part)
    if database.environment:
        what += f", {database.environment}"
    fill = max(width - cells(name) - cells(what) - 2, 2)
    yield [(name, "file"), (f" {'─' * fill} ", "rule"), (printable(what), "dim")]
    yield [("  limit  ", ""), *_limit(capacity)]
    if capacity.consumers:
        yield from _table(capacity, width)
        yield from _verdict(capacity, width)
        yield from _assumptions(capacity, width)
    elif not capacity.left_out:
        yield [("  nothing among the scanned files uses it", "dim")]
    for consumer, label in zip(capacity.left_out, labels(capacity.left_out), strict=True):
        note = consumer.note or "it is not known"
        text = f"{printable(label)} is not counted: {note} {line_of(consumer.location)}"
        yield from _wrapped(text, width)


def _limit(capacity: Capacity) -> Row:
    database = capacity.database
    if database.limit.value is None:
        return [("not known", "dim"), (_hint(capacity), "dim")]
    text = str(database.limit.value)
    if database.reserved.value:
        text += f" − {database.reserved.value} reserved = {database.available}"  # noqa: RUF001
    return [(text, "heading"), (f"  {printable(_limit_source(capacity))}", "dim")]


def _hint(capacity: Capacity) -> str:
    name = capacity.database.name
    key = name if name.replace("-", "").replace("_", "").isalnum() else "NAME"
    return f"; say it in lintscale.toml: [databases.{key}] max-connections = …"


def _limit_source(capacity: Capacity) -> str:
    limit = capacity.database.limit
    where = f" at {line_of(limit.location)}" if limit.location and limit.written else ""
    return f"{limit.reason}{where}"


def _table(capacity: Capacity, width: int) -> Iterator[Row]:
    """Who takes how much: at least, at most, and while a deploy rolls, with a bar for the peak."""
    scale = max(capacity.total_deploy, capacity.database.available or 0, 1)
    rows = [
        (printable(label), _factors(consumer), *_numbers(consumer))
        for consumer, label in zip(capacity.consumers, labels(capacity.consumers), strict=True)
    ]
    totals = ("together", "", capacity.total_min, capacity.total_max, capacity.total_deploy)
    if len(rows) > 1:
        rows.append(totals)
    heads = ("", "", "min", "max", "deploy")
    widths = [
        max(cells(str(row[column])) for row in (heads, *rows)) for column in range(len(heads))
    ]
    label = f"limit {capacity.database.available}"
    indent = sum(widths) + 2 * len(widths) + 2
    bar = min(_BAR, max(width - indent, _SHORTEST_BAR))
    yield [(_columns(heads, widths), "dim")]
    for row in rows:
        _, _, _, largest, rolling = row
        full = _cells_of(largest, scale, bar)
        more = _cells_of(rolling, scale, bar) - full
        over = capacity.fits(rolling) is False
        yield [
            (_columns(row, widths), "heading" if row is totals else ""),
            ("  " + "█" * full, "error" if capacity.fits(largest) is False else "good"),
            ("▒" * more, "warning" if over else "good"),
        ]
    if capacity.database.available is not None:
        at = _cells_of(capacity.database.available, scale, bar)
        place = indent + max(at - 1, 0)
        if place + len(label) + 2 <= width:
            yield [(" " * place, ""), (f"▲ {label}", "dim")]
        else:
            yield [(" " * max(place - len(label) - 1, 2), ""), (f"{label} ▲", "dim")]


def _cells_of(count: int, scale: int, bar: int) -> int:
    return 0 if count <= 0 else max(1, round(count * bar / scale))


def _columns(row: tuple[Any, ...], widths: list[int]) -> str:
    parts = []
    for index, (value, width) in enumerate(zip(row, widths, strict=True)):
        text = str(value)
        pad = " " * (width - cells(text))
        parts.append(text + pad if index < 2 else pad + text)
    return "  " + "  ".join(parts)


def _factors(consumer: Consumer) -> str:
    """ "2-10 instances x 2 processes x 15 (5 + 10, assumed)", with real signs."""
    least, most = consumer.instances_min, consumer.instances_max
    instances = str(most) if least in (None, most) else f"{least}-{most}"
    pool = consumer.pool
    inner = []
    if pool.overflow.value:
        inner.append(f"{pool.size.value} + {pool.overflow.value}")
    if pool.declared != "declared":
        inner.append(pool.declared)
    size = str(pool.per_process.value)
    if inner:
        size += f" ({', '.join(inner)})"
    return f"{instances} {TIMES} {consumer.processes.value or 1} {TIMES} {size}"


def _numbers(consumer: Consumer) -> tuple[int, int, int]:
    each = consumer.per_instance or 0
    return tuple(
        each * (count or 0)
        for count in (consumer.instances_min, consumer.instances_max, consumer.instances_deploy)
    )  # type: ignore[return-value]


def _verdict(capacity: Capacity, width: int) -> Iterator[Row]:
    available = capacity.database.available
    if available is None:
        return
    peak = capacity.total_deploy
    about = " (with what is assumed)" if capacity.estimated else ""
    if capacity.total_max > available:
        text, ink = f"over by {capacity.total_max - available} at full size{about}", "error"
    elif peak > available:
        text, ink = f"over by {peak - available} while a deploy rolls{about}", "warning"
    else:
        share = round(100 * peak / available) if available else 0
        text, ink = f"fits{about}: {available - peak} left at the peak, {share} % taken", "good"
    yield [("  ", ""), (text, ink)]
    for consumer, label in zip(capacity.consumers, labels(capacity.consumers), strict=True):
        instances, pool = consumer.max_instances_that_fit, consumer.pool_that_fits
        if instances is None:
            continue
        told = "no instance" if instances == 0 else f"at most {plural(instances, 'instance')}"
        if pool is not None:
            told += ", or no pool at all" if pool == 0 else f", or a pool of {pool} per process"
        yield from _wrapped(f"{printable(label)}: {told}, would fit while a deploy rolls", width)


def _assumptions(capacity: Capacity, width: int) -> Iterator[Row]:
    """What was assumed, once, and for whom."""
    found: dict[str, list[str]] = {}
    for consumer, label in zip(capacity.consumers, labels(capacity.consumers), strict=True):
        for assumption in assumptions(consumer):
            found.setdefault(assumption, []).append(printable(label))
    for assumption, names in found.items():
        yield from _wrapped(f"assumed: {printable(assumption)} ({', '.join(names)})", width, "dim")


def _wrapped(text: str, width: int, ink: str = "") -> Iterator[Row]:
    for number, part in enumerate(wrap(text, width - 4)):
        yield [("  " if number == 0 else "    ", ""), (part, ink)]


# -- for other tools ------------------------------------------------------------------------------


def render_json(result: CheckResult) -> str:
    return as_json(report(result))


def report(result: CheckResult) -> dict[str, Any]:
    """Version 1; numbers are connections, null where unknown."""
    return {
        "version": VERSION,
        "databases": [_plain_database(each) for each in capacities(result.project)],
    }


def _plain_database(capacity: Capacity) -> dict[str, Any]:
    database = capacity.database
    totals = {
        "min": capacity.total_min,
        "max": capacity.total_max,
        "deploy": capacity.total_deploy,
    }
    return {
        "name": mask(database.name),
        "engine": database.engine or None,
        "platform": database.platform or None,
        "environment": database.environment or None,
        "limit": database.limit.value,
        "reserved": database.reserved.value,
        "limit_source": _limit_source(capacity) or None,
        "total": totals,
        "estimated": capacity.estimated,
        "fits": {name: capacity.fits(total) for name, total in totals.items()},
        "consumers": [
            *(_plain_consumer(consumer, counted=True) for consumer in capacity.consumers),
            *(_plain_consumer(consumer, counted=False) for consumer in capacity.left_out),
        ],
    }


def _plain_consumer(consumer: Consumer, *, counted: bool) -> dict[str, Any]:
    pool = consumer.pool
    return {
        "service": mask(consumer.service),
        "workload": mask(consumer.name),
        "platform": consumer.platform,
        "file": consumer.location.file,
        "line": consumer.location.line,
        "instances": {
            "min": consumer.instances_min,
            "max": consumer.instances_max,
            "deploy": consumer.instances_deploy,
        },
        "processes": consumer.processes.value,
        "pool_size": pool.size.value,
        "max_overflow": pool.overflow.value,
        "library": _slug(pool.library) or None,
        "source": _SOURCES.get(pool.declared, "assumed"),
        "per_instance": consumer.per_instance,
        "max_instances_that_fit": consumer.max_instances_that_fit,
        "pool_that_fits": consumer.pool_that_fits,
        "counted": counted,
        "note": consumer.note or None,
        "assumptions": [mask(assumption) for assumption in assumptions(consumer)],
    }


def _slug(library: str) -> str:
    """A library's name as other tools may compare it: "the MongoDB driver" is mongodb."""
    name = library.lower().removeprefix("the ").removesuffix(" driver")
    return name.removesuffix("'s blocking pool").replace(" ", "-")


# -- for a job summary ----------------------------------------------------------------------------


def render_markdown(result: CheckResult) -> str:
    found = capacities(result.project)
    if not found:
        return "No database is used in the scanned files.\n"
    return "\n".join(line for capacity in found for line in _markdown(capacity)) + "\n"


def _markdown(capacity: Capacity) -> Iterator[str]:
    database = capacity.database
    limit = "not known" if database.available is None else str(database.available)
    yield f"### {_escaped(database.name)}"
    yield ""
    reserved = f", {database.reserved.value} reserved" if database.reserved.value else ""
    source = _limit_source(capacity)
    yield f"Limit: {limit}{reserved}{f' ({_escaped(source)})' if source else ''}"
    yield ""
    factors = f"instances {TIMES} processes {TIMES} pool"
    yield f"| workload | {factors} | min | max | deploy | fits at most |"
    yield "|---|---|---:|---:|---:|---|"
    for consumer, label in zip(capacity.consumers, labels(capacity.consumers), strict=True):
        numbers = " | ".join(str(number) for number in _numbers(consumer))
        fit = consumer.max_instances_that_fit
        told = "" if fit is None else plural(fit, "instance")
        yield f"| {_escaped(label)} | {_factors(consumer)} | {numbers} | {told} |"
    totals = f"{capacity.total_min} | {capacity.total_max} | {capacity.total_deploy}"
    yield f"| **together** | | {totals} | {_fits_text(capacity)} |"
    for consumer in capacity.left_out:
        yield f"| {_escaped(consumer.name)} | not counted: {_escaped(consumer.note)} | | | | |"
    yield ""


def _fits_text(capacity: Capacity) -> str:
    fits = capacity.fits(capacity.total_deploy)
    if fits is None:
        return ""
    if fits:
        return "fits"
    return (
        "**too many**" if capacity.fits(capacity.total_max) is False else "**too many in a deploy**"
    )


def _escaped(text: str) -> str:
    """Text in a Markdown table's cell: nothing of it is markup."""
    text = printable(mask(text)).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|~>" else c for c in text)
