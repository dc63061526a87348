"""Connections per database: as tables, as JSON (version 1) and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from lintscale._record import record
from lintscale.api import CheckResult
from lintscale.model.resolved import Consumer, Source
from lintscale.reports import PLAIN, Style
from lintscale.reports.styled import grid, heading, render_rich, row_texts, styled
from lintscale.reports.summary import skipped_rows
from lintscale.reports.text import as_json, cells, line_of, plural, printable
from lintscale.resolve.capacity import Capacity, capacities, labels
from lintscale.secrets import mask

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

VERSION = 1

_MIN_BAR_WIDTH, _MAX_BAR_WIDTH = 10, 40
"""Of a bar in cells; the full bar is the larger of the limit and the peak."""

TIMES = "\N{MULTIPLICATION SIGN}"
_FACTORS = f"instances {TIMES} processes {TIMES} pool"

_NOTES = {
    "pooler": "it connects through a pooler",
    "assumed pool size": "no file sets the size of its pool",
    "unknown pool size": "its pool size is not known",
    "unbounded pool": "its pool has no bound",
    "unknown instances": "its number of instances is not known",
    "other file": "another file defines the same workload",
}
"""Why a consumer is in no total."""

_SOURCES = {"declared": "declared", "library default": "library default"}


# -- tables ---------------------------------------------------------------------------------------


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return render_rich(_tables(result, style.width), style)


def _tables(result: CheckResult, width: int) -> Iterator[RenderableType]:
    found = capacities(result.project)
    for capacity in found:
        yield from _database(capacity, width)
        yield ""
    if not found:
        yield styled("No database is used in the scanned files.", "heading")
    else:
        files = plural(result.summary.files_checked, "file")
        yield styled(f"{plural(len(found), 'database')} in {files}", "heading")
    yield from row_texts(skipped_rows(result, width))


def _database(capacity: Capacity, width: int) -> Iterator[RenderableType]:
    from rich.padding import Padding

    database = capacity.database
    about = " ".join(part for part in (database.platform, database.engine or "database") if part)
    if database.environment:
        about += f", {database.environment}"
    yield heading(mask(database.name), about)
    yield Padding(_limit(capacity), (0, 0, 0, 2))
    notes: list[Text] = []
    if capacity.consumers:
        yield Padding(_table(capacity, width), (0, 0, 0, 2), expand=False)
        notes += [*_verdict(capacity), *_assumptions(capacity), *_counts(capacity)]
    elif not capacity.left_out:
        notes.append(styled("no scanned file uses it", "dim"))
    for consumer, label in _labelled(capacity.left_out):
        notes.append(
            styled(f"{label} is not counted: {_note(consumer)} ({line_of(consumer.location)})")
        )
        notes += _of_one_instance(consumer, capacity)
    for text in notes:
        yield Padding(text, (0, 0, 0, 2))


def _labelled(consumers: Sequence[Consumer]) -> Iterable[tuple[Consumer, str]]:
    return zip(consumers, labels(consumers), strict=True)


def _note(consumer: Consumer) -> str:
    """Why it is in no total, with the source of a pool size that is not known; "" if it is."""
    note = _NOTES.get(consumer.note, "")
    reason = consumer.pool.per_process.reason
    if consumer.note != "unknown pool size" or not reason:
        return note
    # "DB_POOL_SIZE not known" says it by itself.
    return reason if reason.endswith("not known") else f"{note}: {reason}"


def _of_one_instance(consumer: Consumer, capacity: Capacity) -> Iterator[Text]:
    """What is known of a consumer whose number of instances is not, and how to ask for more."""
    each = consumer.per_instance
    if consumer.instances_max is not None or each is None or consumer.note == "pooler":
        return
    available = capacity.database.available
    processes = consumer.processes.value or 1
    factors = (
        f"{processes} {'process' if processes == 1 else 'processes'} {TIMES} {_size(consumer)}"
    )
    text = f"each instance of {consumer.name} takes {factors} = {each}"
    over = False
    if available is not None and each:
        over = each > available
        most = f"at most {plural(available // each, 'instance')} may run at a time"
        text += f": {'not even one fits' if over else most}"
    yield styled(text, "error" if over else "")
    name = consumer.service or consumer.name
    quoted = name if name.replace("-", "").replace("_", "").isalnum() else f"'{name}'"
    yield styled(f"ask for a number: lintscale capacity --what-if {quoted}.replicas=4", "dim")


def assumptions(consumer: Consumer) -> list[str]:
    """The reasons for those of a consumer's numbers that are assumed."""
    pool = consumer.pool
    assumed = [pool.size, pool.overflow] if pool.size.value is not None else []
    reasons = [
        value.reason
        for value in (*assumed, consumer.processes)
        if value.source is Source.ASSUMED and value.value and value.reason
    ]
    return list(dict.fromkeys(reasons))


def _limit(capacity: Capacity) -> Text:
    database = capacity.database
    text = styled("limit  ")
    if database.limit.value is None:
        name = database.name
        key = name if name.replace("-", "").replace("_", "").isalnum() else "NAME"
        hint = f"; set it in lintscale.toml: [databases.{key}] max-connections = …"
        return text.append_text(styled(f"not known{hint}", "dim"))
    limit = str(database.limit.value)
    if database.reserved.value:
        limit += f" − {database.reserved.value} reserved = {database.available}"  # noqa: RUF001
    source = styled(f"  {_limit_source(capacity)}", "dim")
    return text.append_text(styled(limit, "heading")).append_text(source)


def _limit_source(capacity: Capacity) -> str:
    limit = capacity.database.limit
    where = f" at {line_of(limit.location)}" if limit.location and limit.written else ""
    return f"{limit.reason}{where}"


def _table(capacity: Capacity, width: int) -> Table:
    """The connections of each workload: minimum, maximum and during a deploy, with a bar."""
    available = capacity.database.available
    scale = max(capacity.total_deploy, available or 0, 1)
    table = grid(6)
    table.show_header = True
    headers = ("workload", _FACTORS, "min", "max", "deploy")
    for column, header in zip(table.columns, headers, strict=False):
        column.header = styled(header, "dim")
    for column in table.columns[2:5]:
        column.justify, column.no_wrap = "right", True
    rows = [
        (label, _factors(consumer), *_numbers(consumer), "")
        for consumer, label in _labelled(capacity.consumers)
    ]
    # Names are broken last: the figures read well on two lines.
    table.columns[0].min_width = min(max(cells(row[0]) for row in rows), width // 4)
    if len(rows) > 1:
        totals = (capacity.total_min, capacity.total_max, capacity.total_deploy)
        rows.append(("total", "", *totals, "heading"))
    for label, text, least, most, deploy, style in rows:
        bar = _Drawing(partial(_bar, capacity, most, deploy), scale)
        numbers = (styled(str(number), style) for number in (least, most, deploy))
        table.add_row(styled(label, style), styled(text), *numbers, bar)
    if available is not None:
        mark = _Drawing(partial(_limit_mark, available), scale)
        table.add_row(styled("limit", "dim"), "", "", "", styled(str(available), "dim"), mark)
    return table


@record
class _Drawing:
    """What ``draw`` makes of the function from connections to cells; ``scale`` connections fill the
    column."""

    draw: Callable[[Callable[[int], int]], Text]
    scale: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield self.draw(lambda count: max(1, round(count * width / self.scale)) if count > 0 else 0)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        return Measurement(_MIN_BAR_WIDTH, _MAX_BAR_WIDTH)


def _bar(capacity: Capacity, most: int, deploy: int, cells: Callable[[int], int]) -> Text:
    """A bar for the maximum, continued for a deploy."""
    bar = styled("█" * cells(most), "error" if capacity.fits(most) is False else "good")
    rest = "▒" * (cells(deploy) - cells(most))
    return bar.append_text(styled(rest, "warning" if capacity.fits(deploy) is False else "good"))


def _limit_mark(limit: int, cells: Callable[[int], int]) -> Text:
    """The position of the limit below the bars."""
    return styled(f"{'▲':>{max(cells(limit), 1)}}", "dim")


def _factors(consumer: Consumer) -> str:
    """ "2-10 instances x 2 processes x 15 (5 + 10, assumed)", with real signs."""
    least, most = consumer.instances_min, consumer.instances_max
    instances = str(most) if least in (None, most) else f"{least}-{most}"
    return f"{instances} {TIMES} {consumer.processes.value or 1} {TIMES} {_size(consumer)}"


def _size(consumer: Consumer) -> str:
    pool = consumer.pool
    inner = []
    if pool.overflow.value:
        inner.append(f"{pool.size.value} + {pool.overflow.value}")
    if pool.declared != "declared":
        inner.append(pool.declared)
    size = str(pool.per_process.value)
    if inner:
        size += f" ({', '.join(inner)})"
    return size


def _numbers(consumer: Consumer) -> tuple[int, int, int]:
    each = consumer.per_instance or 0
    return tuple(
        each * (count or 0)
        for count in (consumer.instances_min, consumer.instances_max, consumer.instances_deploy)
    )  # type: ignore[return-value]


def _verdict(capacity: Capacity) -> Iterator[Text]:
    available = capacity.database.available
    if available is None:
        return
    peak = capacity.total_deploy
    about = " (partly assumed)" if capacity.estimated else ""
    if capacity.total_max > available:
        yield styled(f"{capacity.total_max - available} too many at maximum scale{about}", "error")
    elif peak > available:
        yield styled(f"{peak - available} too many during a deploy{about}", "warning")
    else:
        share = round(100 * peak / available) if available else 0
        free = available - peak
        yield styled(f"fits{about}: {share} % used at peak, {free} free", "good")
    for consumer, label in _labelled(capacity.consumers):
        instances, pool = consumer.max_instances_that_fit, consumer.pool_that_fits
        if instances is None:
            continue
        text = "no instance fits" if instances == 0 else f"at most {plural(instances, 'instance')}"
        if pool is not None:
            text += " or no pool at all" if pool == 0 else f" or a pool of {pool} per process"
        fit = "" if instances == 0 else (" fits" if instances == 1 and pool is None else " fit")
        yield styled(f"{label}: {text}{fit} during a deploy")


def _assumptions(capacity: Capacity) -> Iterator[Text]:
    """Each assumption once, with the workloads that it concerns."""
    found: dict[str, list[str]] = {}
    for consumer, label in _labelled(capacity.consumers):
        for assumption in assumptions(consumer):
            found.setdefault(assumption, []).append(label)
    for assumption, names in found.items():
        yield styled(f"assumed: {assumption} ({', '.join(names)})", "dim")


def _counts(capacity: Capacity) -> Iterator[Text]:
    """Where numbers of processes come from that another file says, or a choice of several."""
    for consumer, label in _labelled(capacity.consumers):
        count = consumer.processes
        if not count.written or count.location is None or count.value in (None, 1):
            continue
        if count.location.file != consumer.location.file or "," in count.reason:
            where = line_of(count.location)
            yield styled(f"{label}: {count.value} processes, {count.reason} at {where}", "dim")


# -- JSON -----------------------------------------------------------------------------------------


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
        "note": _note(consumer) or None,
        "assumptions": [mask(assumption) for assumption in assumptions(consumer)],
    }


def _slug(library: str) -> str:
    """A library's name for comparisons: "the MongoDB driver" becomes "mongodb"."""
    name = library.lower().removeprefix("the ").removesuffix(" driver")
    return name.removesuffix("'s blocking pool").replace(" ", "-")


# -- Markdown -------------------------------------------------------------------------------------


def render_markdown(result: CheckResult) -> str:
    found = capacities(result.project)
    if not found:
        return "No database is used in the scanned files.\n"
    return "\n\n".join([*(each for capacity in found for each in _markdown(capacity)), ""])


def _markdown(capacity: Capacity) -> Iterator[str]:
    database = capacity.database
    limit = "not known" if database.available is None else str(database.available)
    yield f"### {_escaped(database.name)}"
    reserved = f", {database.reserved.value} reserved" if database.reserved.value else ""
    source = _limit_source(capacity)
    yield f"Limit: {limit}{reserved}{f' ({_escaped(source)})' if source else ''}"
    yield "\n".join(_markdown_table(capacity))


def _markdown_table(capacity: Capacity) -> Iterator[str]:
    yield f"| workload | {_FACTORS} | min | max | deploy | fits at most |"
    yield "|---|---|---:|---:|---:|---|"
    for consumer, label in _labelled(capacity.consumers):
        numbers = " | ".join(str(number) for number in _numbers(consumer))
        fit = consumer.max_instances_that_fit
        fits = "" if fit is None else plural(fit, "instance")
        yield f"| {_escaped(label)} | {_factors(consumer)} | {numbers} | {fits} |"
    totals = f"{capacity.total_min} | {capacity.total_max} | {capacity.total_deploy}"
    yield f"| **total** | | {totals} | {_fits_text(capacity)} |"
    for consumer in capacity.left_out:
        note = _note(consumer)
        if consumer.instances_max is None and consumer.per_instance is not None:
            note += f"; each takes {consumer.per_instance}"
        yield f"| {_escaped(consumer.name)} | not counted: {_escaped(note)} | | | | |"


def _fits_text(capacity: Capacity) -> str:
    fits = capacity.fits(capacity.total_deploy)
    if fits is None:
        return ""
    if fits:
        return "fits"
    return (
        "**too many**"
        if capacity.fits(capacity.total_max) is False
        else "**too many during a deploy**"
    )


def _escaped(text: str) -> str:
    """Text for a cell of a Markdown table, escaped."""
    text = printable(mask(text)).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|~>" else c for c in text)
