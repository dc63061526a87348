"""Railway's config as code in the common model: one workload per environment it tells apart.

Facts from docs.railway.com (config-as-code/reference, deployments, volumes), as of Aug 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from lintscale.model.declared import (
    BuildSource,
    Container,
    Deprecation,
    DocumentNote,
    EnvironmentVariable,
    Fragments,
    InstanceSize,
    Rollout,
    Shutdown,
    Workload,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.base import NO_NOTES, FileNotes, Reader, SchemaChoice, Versions
from lintscale.platforms.railway import scaling
from lintscale.platforms.railway.facts import ASIDE, CAP, MAX_COUNT
from lintscale.platforms.railway.shape import (
    ROOT_FOLDER_NAME,
    Layers,
    Target,
    recognise,
    scaling_places,
    targets,
    workload_name,
)
from lintscale.syntax.document import PROGRAMS, Document, ParseResult
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Scalar
from lintscale.syntax.regex import regex

__all__ = ["normalise", "recognise", "schemas"]

READ_UNTIL = "2026-12-01"
"""From this day on Railway no longer reads the format (docs.railway.com/config-as-code)."""

SUCCESSOR = ".railway/railway.ts"

_REFERENCE = regex(
    r"\s*\$\{\{\s*(?P<service>[\w -]{1,100})\.(?P<variable>\w{1,100})\s*\}\}\s*(?:\?\S*)?\Z"
)

_VARIABLE_KEYS = ("variables", "envVars", "env", "environmentVariables", "vars")
"""Where people put environment variables that Railway ignores in this file."""


def schemas(document: Document, file_name: str, versions: Versions) -> Iterable[SchemaChoice]:
    """That of the whole file. Scaling settings are in it: their findings are made elsewhere."""
    if document.format in PROGRAMS:
        return
    name, _ = workload_name(file_name)
    yield SchemaChoice(
        name="railway/config",
        reader="Railway",
        unknown_key_severity="warning",
        unknown_key_effect="Railway ignores it",
        violation_effect="Railway stops before the build",
        workload="" if name == ROOT_FOLDER_NAME else name,
    )


def normalise(document: Document, file_name: str) -> Fragments:
    """What the file says of its service; see :func:`workload_name` for what that is called."""
    if document.format in PROGRAMS:
        from lintscale.platforms.railway import graph

        return graph.normalise(document, file_name)
    name, environment = workload_name(file_name)
    root = Field.root(document)
    found = [
        (target, _workload(target, name, target.hint or environment, _folder(file_name)))
        for target in targets(document)
    ]
    workloads = [workload for _, workload in found]
    fragments = Fragments(workloads=workloads)
    for place in (root, root.get("deploy")):
        for block in scaling.blocks(place):
            fragments.autoscalers.append(scaling.autoscaler(block, name, ""))
            fragments.ignored_settings.append(scaling.ignored(block, workloads))
    for target, workload in found:
        for place in scaling_places(target):
            for block in scaling.blocks(place):
                hint = workload.environment_hint
                fragments.autoscalers.append(scaling.autoscaler(block, name, hint))
                fragments.ignored_settings.append(scaling.ignored(block, [workload]))
    fragments.notes.append(_retired(document, file_name, workloads[0].id))
    fragments.deprecations.extend(deprecations(root, workloads[0].id))
    return fragments


def _workload(target: Target, name: str, environment: str, folder: str) -> Workload:
    deploy = target.section("deploy")
    # An empty schedule is as good as none.
    scheduled = deploy.get("cronSchedule").present and deploy.get("cronSchedule").string() != ""
    volume = deploy.get("requiredMountPath").raw_text()
    command = deploy.get("startCommand").raw_text()
    return Workload(
        platform="railway",
        kind="service",
        name=name,
        location=target.location,
        role="job" if scheduled else "service",
        environment_hint=environment,
        replicas=_replicas(deploy),
        containers=(
            Container(
                name=name,
                image=ABSENT,
                location=target.location,
                command=command,
                environment=_variables(target),
            ),
        ),
        health_check_path=deploy.get("healthcheckPath").text(),
        health_check_timeout_seconds=deploy.get("healthcheckTimeout").integer(
            300, "Railway waits 300 s for a healthy answer when healthcheckTimeout is absent"
        ),
        serves_traffic=not scheduled,
        rollout=Rollout(surge_percent=_surge(target, volume)),
        shutdown=_shutdown(deploy),
        disk=volume,
        sleeps=deploy.get("sleepApplication").boolean(
            False, "Railway lets no service sleep unless sleepApplication or the dashboard says so"
        ),
        instance_size=_instance_size(deploy),
        cap=CAP,
        unscalable_reason="a service with a volume has one replica" if volume.written else "",
        can_autoscale=False,
        build=_build(target, folder),
        read_until=READ_UNTIL,
    )


def _folder(file_name: str) -> str:
    parent = PurePosixPath(file_name).parent
    return "/".join(part for part in parent.parts if part not in (".", "..", "/", ".railway"))


def _build(target: Target, folder: str) -> BuildSource:
    """Railway builds from the service's root directory, which the dashboard sets; the folder in
    which its config stands is taken for it (docs.railway.com/deployments/monorepo, Aug 2026). Its
    builders read a Procfile where no start command is set."""
    dockerfile = (target.section("build").get("dockerfilePath").text().value or "").lstrip("./")
    inside = f"{folder}/{dockerfile}" if folder and dockerfile else dockerfile
    return BuildSource(folder, inside, runs_procfile=True)


def _replicas(deploy: Layers) -> Sourced[int]:
    """The count over all regions, where regions are set; numReplicas otherwise."""
    regions = deploy.get("multiRegionConfig")
    if not regions.present or (regions.is_mapping and not regions.plain()):
        return deploy.get("numReplicas").integer(
            1, "Railway runs one replica unless numReplicas or the dashboard says otherwise"
        )
    # A region that is set to null has no replicas: the override took it away.
    counts = [
        region.get("numReplicas").integer()
        for _, region in regions.entries()
        if not (isinstance(region.node, Scalar) and region.node.value is None)
    ]
    values = [count.value for count in counts if count.value is not None]
    if len(counts) == 1 and counts[0].written:
        return counts[0]
    if not counts or len(values) < len(counts) or abs(sum(values)) > MAX_COUNT:
        unknown = "the count of a region is unknown"
        return Sourced(None, Source.FILE, regions.location, unknown)
    total = f"the sum over {len(counts)} regions"
    return Sourced(sum(values), Source.FILE, regions.location, total)


def _shutdown(deploy: Layers) -> Shutdown:
    """``drain_seconds`` is the time from SIGTERM to SIGKILL, ``pre_stop_seconds`` the time that
    the old deployment goes on serving beside the new one before that."""
    return Shutdown(
        drain_seconds=deploy.get("drainingSeconds").integer(
            0, "Railway kills the old deployment at once when drainingSeconds is absent"
        ),
        pre_stop_seconds=deploy.get("overlapSeconds").integer(
            0, "Railway stops the old deployment at the switch when overlapSeconds is absent"
        ),
    )


def _surge(target: Target, volume: Sourced[str]) -> Sourced[int]:
    """docs.railway.com/volumes/reference, "Caveats" (Aug 2026): never two deployments on one
    volume."""
    if volume.written:
        reason = "with a volume, Railway stops the old deployment before it starts the new one"
        return Sourced(0, Source.PLATFORM_DEFAULT, volume.location, reason)
    return Sourced(100, Source.ASSUMED, target.location, ASIDE)


def _instance_size(deploy: Layers) -> InstanceSize:
    limits = deploy.get("limitOverride", "containers")
    return InstanceSize(
        cpu_cores=limits.get("cpu").number(), memory_bytes=limits.get("memoryBytes").integer()
    )


def _variables(target: Target) -> tuple[EnvironmentVariable, ...]:
    """Variables that people write in the file, an environment's own before the base's. Railway
    does not set them, but whoever reads the repository reads them."""
    found: dict[str, EnvironmentVariable] = {}
    for place in (*target.overrides, target.root):
        for holder in (place, place.get("deploy")):
            for key in _VARIABLE_KEYS:
                for variable in _written_variables(holder.get(key)):
                    found.setdefault(variable.name, variable)
    return tuple(found.values())


def _written_variables(field: Field) -> list[EnvironmentVariable]:
    """A mapping of names to values (or to objects that hold one), or a list of named values."""
    if isinstance(field.node, Mapping):
        pairs = [(key, field.get(key)) for key, _ in field.entries()]
    else:
        pairs = [
            (item.first("name", "key").string() or "", item.get("value")) for item in field.items()
        ]
    return [
        EnvironmentVariable(name, holder.raw_text(), holder.location, *_reference(holder))
        for name, value in pairs
        if name
        for holder in (value.get("value") if value.is_mapping else value,)
    ]


def _reference(value: Field) -> tuple[str, str]:
    """What ``${{Postgres.DATABASE_URL}}`` refers to, and which of its variables: a service of the
    same project, or the project's shared variables (docs.railway.com/variables, Aug 2026)."""
    match = _REFERENCE.match(value.string() or "")
    if match is None:
        return "", ""
    if match["service"].lower() == "shared":
        return f"railway shared:{match['variable']}", match["variable"]
    return f"railway service:{match['service'].strip()}", match["variable"]


_LEFT_BEHIND = (
    "restartPolicyType", "restartPolicyMaxRetries", "sleepApplication", "drainingSeconds",
    "overlapSeconds", "limitOverride", "requiredMountPath", "registryCredentials", "runtime",
    "ipv6EgressEnabled", "useLegacyStacker",
)  # fmt: skip
_LEFT_BEHIND_OF_BUILD = ("nixpacks", "railpackVersion", "buildEnvironment")
"""What `railway config migrate` does not read of the old file (the CLI 5.71.0, Oct 2026,
src/commands/config/migrate.rs: CacFile and CacDeploy have no such fields)."""


def _retired(document: Document, file_name: str, workload_id: str) -> DocumentNote:
    name = PurePosixPath(file_name).name
    lost = ", ".join(_left_behind(Field.root(document)))
    found = name in ("railway.json", "railway.toml")
    detail = (
        "Run `railway config migrate`, which only shows the new file, and `railway config migrate"
        f" --apply`, which writes {SUCCESSOR}; "
        if found
        else f"`railway config migrate` skips {name}: it reads railway.json and railway.toml only."
        f" Write its settings into {SUCCESSOR} by hand; "
    )
    if found and lost:
        detail += f"add what it leaves behind ({lost}); "
    detail += (
        "then run `railway config migrate cutover`, `railway config plan` and `railway config"
        " apply`, and only then delete the old file."
    )
    return DocumentNote(
        "railway",
        "retired format",
        document.start(),
        detail,
        READ_UNTIL,
        workload_id,
        subject=name,
    )


def _left_behind(root: Field) -> Iterator[str]:
    """What of this file the migration does not take over."""
    build, deploy = root.get("build"), root.get("deploy")
    for key, value in build.entries():
        if value.present and key.startswith(_LEFT_BEHIND_OF_BUILD):
            yield f"build.{key}"
    for key in _LEFT_BEHIND:
        if deploy.get(key).present:
            yield f"deploy.{key}"
    if deploy.get("cronSchedule").string():
        yield "deploy.cronSchedule, of which it makes a comment"
    regions = [key for key in ("region", "multiRegionConfig") if deploy.get(key).present]
    if regions and deploy.get("numReplicas").present:
        yield f"deploy.numReplicas, which is beside {regions[0]}"
    elif regions == ["region"]:
        yield "the number of replicas, which becomes 1 in deploy.region"
    if root.get("environments").present:
        yield "the environments block"


def read_program(text: str, file_name: str) -> ParseResult:
    from lintscale.platforms.railway import program

    return program.documents(text, file_name)


def file_notes(document: Document, file_name: str) -> FileNotes:
    """What of a program cannot be known."""
    root = Field.root(document)
    reason = root.get("unread").string() if document.format in PROGRAMS else None
    if not reason:
        return NO_NOTES
    environment = root.get("environment").string()
    where = f" of {environment}" if environment else ""
    return FileNotes(left_out=(f"{reason}{where} cannot be known by reading the program",))


READER = Reader(recognise, normalise, schemas, file_notes, read_program=read_program)


# -- deprecations ------------------------------------------------------------------------------

NIXPACKS = "NIXPACKS"
RAILPACK = "RAILPACK"
"""The builder of before 2025 and its successor (docs.railway.com/builds/build-configuration:
services that have Nixpacks keep it, and move on by naming Railpack; Aug 2026)."""

_NIXPACKS_KEYS = ("nixpacksPlan", "nixpacksConfigPath", "nixpacksVersion")
"""What only Nixpacks reads: a file with one of them has more to move than the builder's name."""


def deprecations(root: Field, workload_id: str) -> Iterator[Deprecation]:
    """Everything of the kind in the file, that of its environments included."""
    yield from _build_deprecations(root.get("build"), workload_id)
    for _, environment in root.get("environments").entries():
        yield from _build_deprecations(environment.get("build"), workload_id)


def _build_deprecations(build: Field, workload_id: str) -> Iterator[Deprecation]:
    builder = build.get("builder")
    if (builder.string() or "").upper() != NIXPACKS:
        return
    needs_more = [key for key in _NIXPACKS_KEYS if build.get(key).present]
    detail = "Railpack builds a different image from the same source: test it before you deploy."
    if needs_more:
        detail += f" It does not read {', '.join(needs_more)}."
    yield Deprecation(
        platform="railway",
        old=f"builder: {builder.string()}",
        replacement=f"builder: {RAILPACK}",
        location=builder.location,
        detail=detail,
        new_value="" if needs_more else RAILPACK,
        equivalent=False,
        workload=workload_id,
    )
