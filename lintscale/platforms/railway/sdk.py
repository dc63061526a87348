"""What the functions of Railway's SDKs make of what they are given.

As the sources of the npm package railway 3.11.0 (src/iac/sdk.ts) and of railway-sdk 0.7.0 on PyPI
have it (Aug and Oct 2026): the graph that `railway config plan` is given. What both drop without a
word is kept aside, so that it can be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lintscale._record import field, record
from lintscale.code.programs import methods
from lintscale.code.programs.follow import Follower
from lintscale.code.programs.values import (
    NOTHING,
    Fields,
    Items,
    Members,
    Native,
    Plain,
    Unknown,
    Value,
    is_null,
    text_of,
    truth,
)
from lintscale.model.location import Span

PROJECT = "project"
"""The kind of what ``project()`` returns."""

RESOURCE = "resource"

_OWN_KEYS = (
    "configFile", "parentServiceId", "groupId", "clusterRole", "replicaConfig", "clusterDisplay",
)  # fmt: skip

SERVICE_KEYS = frozenset(
    {"source", "root", "rootDirectory", "build", "deploy", "run", "start", "startCommand",
     "preDeploy", "preDeployCommand", "healthcheck", "healthcheckPath", "healthcheckTimeout",
     "replicas", "regions", "networking", "domains", "tcp", "tcpProxies", "env", "variables",
     "volumeMounts", "tracing", "cdn", *_OWN_KEYS}
)  # fmt: skip
"""What ``service()`` reads of its configuration; the newer blocks tracing and cdn are passed on
since railway-sdk 0.7.0, and refused by the types of npm's 3.11.0."""

FUNCTION_KEYS = SERVICE_KEYS | {"codeFile", "code_file", "runtime"}

_FUNCTION_IMAGE = "ghcr.io/railwayapp/function-bun:1.4.0"

_DATABASES = {
    "postgres": (
        "ghcr.io/railwayapp-templates/postgres-ssl:18", "DATABASE_URL", "/var/lib/postgresql/data",
    ),
    "mysql": ("mysql:9", "MYSQL_URL", "/var/lib/mysql"),
    "redis": ("railwayapp/redis:8.2", "REDIS_URL", "/bitnami"),
    "mongo": ("mongo:8", "MONGO_URL", "/data/db"),
}  # fmt: skip

_GO_NAMES = {
    "ServiceNamed": "service", "FunctionNamed": "fn", "FnNamed": "fn", "Function": "fn",
    "MySQL": "mysql", "GitHub": "github", "MongoDB": "mongo",
}  # fmt: skip
"""Of the Go SDK, as its README and the CLI's renderer write them (Oct 2026)."""

_NAMES = {"define_railway": "defineRailway", "define": "defineRailway"}


@record(frozen=False)
class Sdk:
    """``takes_empty``: an empty text counts as one that is not given, as in Python, whose SDK takes
    its settings with ``or``. ``main_branch``: what comes from a repository is its branch main where
    none is named, which in Go is the environment's own. ``made`` are the resources that calls made,
    in their order; ``dropped`` the settings that a function does not read, with the name of its
    resource; ``programs`` the functions that were defined."""

    takes_empty: bool
    keywords: bool
    main_branch: bool = True
    made: list[Fields] = field(default_factory=list)
    dropped: list[tuple[str, str, Span]] = field(default_factory=list)
    programs: list[Value] = field(default_factory=list)

    def function(self, name: str) -> Value | None:
        """The SDK's function of that name; None where it has none."""
        functions: dict[str, Callable[[list[Value], Fields, Span], Value]] = {
            "defineRailway": self._define,
            "project": self._project,
            "projectNamed": self._project_named,
            "newContext": lambda given, named, span: given[0] if given else NOTHING,
            "service": self._service,
            "fn": self._fn,
            "database": self._database,
            "github": self._github,
            "image": self._image,
            "template": self._template,
            "empty": self._empty,
            "volume": self._stored("volume"),
            "bucket": self._stored("bucket"),
            "group": self._group,
            "ref": self._ref,
            "preserve": lambda given, named, span: _made(span, type=Plain("preserve", span)),
            **{engine: self._known_database(engine) for engine in _DATABASES},
        }
        if name[:1].isupper():
            name = _GO_NAMES.get(name, name[:1].lower() + name[1:])
        call = functions.get(_NAMES.get(name, name))
        return Native(call) if call is not None else None

    def module(self) -> Value:
        """The SDK as a whole: ``import * as iac``."""

        def get(name: str) -> Value:
            found = self.function(name)
            return found if found is not None else Unknown(f"{name} of Railway's SDK")

        return Members(get)

    # -- programs and projects --------------------------------------------------------------------

    def _define(self, given: list[Value], named: Fields, span: Span) -> Value:
        program = given[0] if given else NOTHING
        self.programs.append(program)
        return program

    def _project(self, given: list[Value], named: Fields, span: Span) -> Value:
        definition = self._config(given[1:], named, span)
        node = Fields(span, PROJECT)
        node.put("name", given[0] if given else NOTHING)
        for key, value in definition.entries.items():
            if key not in ("resources", "services") or not self.keywords:
                node.put(key, value, definition.keys.get(key))
        listed = _first(definition, "resources", "services")
        resources = Items((), listed.span)
        if isinstance(listed, Items):
            resources = methods.flat(listed, 20 if self.keywords else 1)
        elif not is_null(listed):
            resources.complete = False
        resources.complete = resources.complete and definition.complete
        node.put("resources", resources, definition.keys.get("resources"))
        return node

    def _project_named(self, given: list[Value], named: Fields, span: Span) -> Value:
        """Go's: the resources come before the rest, whose names begin with capitals."""
        name, resources, *more = (*given, NOTHING, NOTHING)
        config = Fields(span)
        for each in more:
            if isinstance(each, Fields):
                for key, value in each.entries.items():
                    config.put(key[:1].lower() + key[1:], value, each.keys.get(key))
        config.put("resources", resources)
        return self._project([name, config], named, span)

    # -- sources ----------------------------------------------------------------------------------

    def _github(self, given: list[Value], named: Fields, span: Span) -> Value:
        options = self._config(given[1:], named, span)
        node = _made(span, type=Plain("github", span), repo=given[0] if given else NOTHING)
        main: Value = Plain("main", span) if self.main_branch else NOTHING
        node.put("branch", _or(options.get("branch"), main))
        node.take(options)
        if is_null(node.get("branch")):
            node.put("branch", main)
        return self._pruned(node)

    def _image(self, given: list[Value], named: Fields, span: Span) -> Value:
        node = _made(span, type=Plain("image", span), image=given[0] if given else NOTHING)
        options = self._config(given[1:], named, span).copy()
        if self.keywords and "auto_updates" in options.entries:
            options.put("autoUpdates", options.entries.pop("auto_updates"))
        node.take(options)
        return self._pruned(node)

    def _template(self, given: list[Value], named: Fields, span: Span) -> Value:
        node = _made(span, type=Plain("template", span), template=given[0] if given else NOTHING)
        node.take(self._config(given[1:], named, span))
        return self._pruned(node)

    def _empty(self, given: list[Value], named: Fields, span: Span) -> Value:
        node = _made(span, type=Plain("empty", span))
        node.take(named)
        return self._pruned(node)

    # -- resources --------------------------------------------------------------------------------

    def _service(self, given: list[Value], named: Fields, span: Span) -> Value:
        config = self._config(given[1:], named, span)
        known = SERVICE_KEYS if self.main_branch else SERVICE_KEYS | {"environments"}
        return self._service_node(given[0] if given else NOTHING, config, span, known)

    def _fn(self, given: list[Value], named: Fields, span: Span) -> Value:
        config = self._config(given[1:], named, span).copy()
        if self.keywords:
            code = _first(config, "code_file")
            runtime = text_of(config.get("runtime"))
            if not is_null(code) or runtime is not None:
                image = _FUNCTION_IMAGE if runtime in (None, "bun") else None
                if is_null(config.get("source")):
                    reference: Value = Plain(image, span) if image else Unknown("the runtime")
                    config.put("source", self._image([reference], Fields(), span))
                if not is_null(code):
                    config.put("start", Unknown("the function's source", "", span))
        name = given[0] if given else NOTHING
        node = self._service_node(name, config, span, FUNCTION_KEYS)
        node.put("kind", Plain("function", span))
        return node

    def _service_node(
        self, name: Value, config: Fields, span: Span, known: frozenset[str]
    ) -> Fields:
        root = _first(config, "root", "rootDirectory", empty=self.takes_empty)
        source = self._source(config.get("source"), root)
        kinds = {"github": "github", "image": "docker-image", "template": "template"}
        kind: Value = Plain("empty", span)
        if isinstance(source, Fields):
            kind = Plain(kinds.get(text_of(source.get("type")) or "", "empty"), span)
        elif isinstance(source, Unknown):
            kind = source
        node = Fields(span, RESOURCE)
        node.complete = config.complete
        node.put("address", _address("service", name))
        node.put("type", Plain("service", span))
        node.put("kind", kind)
        node.put("name", name)
        parts = {
            "source": source,
            "build": self._build(config.get("build")),
            "deploy": self._deploy(config),
            "networking": self._networking(config),
            "tracing": self._block(config.get("tracing")),
            "cdn": self._block(config.get("cdn")),
            "variables": self._variables(config),
            **self._mounts(config.get("volumeMounts")),
            **{key: config.get(key) for key in _OWN_KEYS},
            **({} if self.main_branch else {"environments": config.get("environments")}),
        }
        for key, value in parts.items():
            if not is_null(value) and (config.complete or key in config.entries or key == "deploy"):
                node.put(key, value, config.keys.get(key) or name.span)
        for key in config.entries:
            if key not in known:
                place = config.keys.get(key) or span
                self.dropped.append((text_of(name) or "", key, place))
        return self._referable(node, name)

    def _known_database(self, engine: str) -> Callable[[list[Value], Fields, Span], Value]:
        def call(given: list[Value], named: Fields, span: Span) -> Value:
            image, output, path = _DATABASES[engine]
            options = _made(
                span,
                image=Plain(image, span),
                output=Plain(output, span),
                defaultMountPath=Plain(path, span),
            )
            options.take(self._config(given[1:], named, span))
            name = given[0] if given else NOTHING
            return self._database([name, Plain(engine, span), options], Fields(), span)

        return call

    def _database(self, given: list[Value], named: Fields, span: Span) -> Value:
        name, engine = (*given, NOTHING, NOTHING)[:2]
        options = self._config(given[2:], named, span)
        image = options.get("image")
        node = Fields(span, RESOURCE)
        node.put("address", _address("database", name))
        node.put("type", Plain("database", span))
        node.put("kind", Plain("database", span))
        node.put("engine", engine)
        node.put("name", name)
        node.put("image", image, options.keys.get("image"))
        node.put("output", _or(options.get("output"), Plain("DATABASE_URL", span)))
        node.put("source", self._image([image], Fields(), span))
        path, region = options.get("defaultMountPath"), options.get("region")
        if not is_null(path):
            node.put("defaultMountPath", path)
        if truth(region):
            key = text_of(region)
            regions = _made(span)
            if key is not None:
                regions.put(key, _made(span, numReplicas=Plain(1, span)), region.span)
            node.put("deploy", _made(span, multiRegionConfig=regions), span)
        elif isinstance(region, Unknown):
            node.put("deploy", region)
        return self._referable(node, name)

    def _stored(self, kind: str) -> Callable[[list[Value], Fields, Span], Value]:
        """A volume or a bucket."""

        def call(given: list[Value], named: Fields, span: Span) -> Value:
            name = given[0] if given else NOTHING
            node = Fields(span, RESOURCE)
            node.put("address", _address(kind, name))
            node.put("type", Plain(kind, span))
            node.put("name", name)
            node.put("config", self._config(given[1:], named, span))
            node.keep = not self.keywords
            self.made.append(node)
            return node

        return call

    def _group(self, given: list[Value], named: Fields, span: Span) -> Value:
        name, listed, options = (*given, NOTHING, NOTHING, NOTHING)[:3]
        listed = named.entries.get("resources", listed)
        options = named.entries.get("options", options)
        if isinstance(listed, Fields):
            listed, options = NOTHING, listed
        node = Fields(span, RESOURCE)
        node.put("address", _address("group", name))
        node.put("type", Plain("group", span))
        node.put("name", name)
        if isinstance(options, Fields):
            node.take(options)
        self.made.append(node)
        if is_null(listed):
            return node
        if not isinstance(listed, Items):
            return Items([node], span, complete=False)
        tagged: list[Value] = [node]
        resources = methods.flat(listed, 20)
        for each in resources.items:
            if isinstance(each, Fields):
                copy = each.copy(each.kind)
                copy.span, copy.complete = each.span, each.complete
                copy.hidden = dict(each.hidden) if self.keywords else {}
                copy.put("groupId", name)
                self.made = [copy if made is each else made for made in self.made]
                tagged.append(copy)
            else:
                tagged.append(each)
        return Items(tagged, span, resources.complete)

    def _ref(self, given: list[Value], named: Fields, span: Span) -> Value:
        node, output = (*given, NOTHING, NOTHING)[:2]
        if not isinstance(node, Fields):
            return Unknown("a reference", "", span)
        return _reference(node.get("address"), output, span)

    def _referable(self, node: Fields, name: Value) -> Fields:
        """With ``env``, whose every member is a reference to a variable."""

        def get(variable: str) -> Value:
            span = node.span or Span(1, 1, 1, 2)
            return _reference(node.get("address"), Plain(variable), span)

        node.hidden["env"] = Members(get)
        node.hidden["Env"] = Native(
            lambda given, named, span: _reference(
                node.get("address"), given[0] if given else NOTHING, span
            )
        )
        # What is given to an attribute in Python stays on the object and is not sent.
        node.keep = not self.keywords
        self.made.append(node)
        return node

    # -- parts of a service -----------------------------------------------------------------------

    def _source(self, source: Value, root: Value) -> Value:
        if not isinstance(source, Fields):
            if is_null(source) and truth(root):
                return _made(root.span, type=Plain("empty", root.span), rootDirectory=root)
            return source
        if truth(source.get("type")):
            node = source.copy()
            own = source.get("rootDirectory")
            node.put("rootDirectory", root if is_null(own) else own)
            return self._pruned(node)
        node = Fields(source.span)
        if truth(source.get("repo")) is not False:
            branch = _or(source.get("branch"), Plain("main", source.span))
            parts = {"repo": source.get("repo"), "branch": branch}
            kind = "github"
        elif truth(source.get("image")) is not False:
            parts, kind = {"image": source.get("image")}, "image"
        elif truth(root):
            parts, kind = {}, "empty"
        else:
            return NOTHING
        node.put("type", Plain(kind, source.span))
        for key, value in parts.items():
            node.put(key, value, source.keys.get(key))
        node.put("rootDirectory", root)
        return self._pruned(node)

    def _build(self, build: Value) -> Value:
        if text_of(build) is not None:
            return _made(build.span, buildCommand=build)
        return self._block(build)

    def _block(self, block: Value) -> Value:
        return self._pruned(block.copy()) if isinstance(block, Fields) else block

    def _deploy(self, config: Fields) -> Value:
        run, deploy = config.get("run"), config.get("deploy")
        node = Fields(config.keys.get("deploy") or config.span)
        if isinstance(deploy, Fields):
            node.take(deploy)
        elif not is_null(deploy):
            node.complete = False
        empty = self.takes_empty
        self._put(
            node, "startCommand", empty, (config, "start"), (config, "startCommand"),
            (run, "command"), (deploy, "startCommand"),
        )  # fmt: skip
        self._put(
            node, "preDeployCommand", False, (config, "preDeploy"), (config, "preDeployCommand"),
            (run, "preDeploy"), (deploy, "preDeployCommand"),
        )  # fmt: skip
        command = node.get("preDeployCommand")
        if text_of(command) is not None and text_of(deploy_of(deploy, "preDeployCommand")) is None:
            if truth(command) or self.takes_empty:
                node.put("preDeployCommand", Items([command], command.span))
            else:
                node.put("preDeployCommand", deploy_of(deploy, "preDeployCommand"))
        self._put(
            node, "healthcheckPath", empty, (config, "healthcheck"), (config, "healthcheckPath"),
            (run, "healthcheck"), (deploy, "healthcheckPath"),
        )  # fmt: skip
        self._put(
            node, "healthcheckTimeout", False, (config, "healthcheckTimeout"),
            (run, "healthcheckTimeout"), (deploy, "healthcheckTimeout"),
        )  # fmt: skip
        self._replicas(node, config)
        return self._pruned(node)

    def _put(self, node: Fields, key: str, empty: bool, *sources: tuple[Value, str]) -> None:
        """Give ``key`` the first of the values that is there. What is not known may be absent, so
        that nothing later is a guess."""
        for holder, name in sources:
            if isinstance(holder, Unknown):
                node.put(key, holder)
                return
            if not isinstance(holder, Fields):
                continue
            value = holder.get(name)
            if is_null(value) or (empty and truth(value) is False):
                continue
            node.put(key, value, holder.keys.get(name) or holder.span)
            return
        node.entries.pop(key, None)

    def _replicas(self, node: Fields, config: Fields) -> None:
        """The number, or the regions, at the top go before those of ``deploy``."""
        replicas, regions = config.get("replicas"), config.get("regions")
        place = config.keys.get("replicas")
        if isinstance(replicas, Plain) and isinstance(replicas.value, int | float):
            node.put("numReplicas", replicas, place)
        elif isinstance(replicas, Fields):
            node.put("multiRegionConfig", self._regions(replicas), place)
        elif isinstance(replicas, Unknown):
            # It may be a number or regions; both are then not known.
            node.put("numReplicas", replicas, place)
            node.put("multiRegionConfig", replicas, place)
        elif isinstance(regions, Fields | Unknown):
            value = self._regions(regions) if isinstance(regions, Fields) else regions
            node.put("multiRegionConfig", value, config.keys.get("regions"))

    def _regions(self, regions: Fields) -> Fields:
        found = Fields(regions.span)
        found.complete = regions.complete
        for key, value in regions.entries.items():
            place = regions.keys.get(key)
            if isinstance(value, Fields):
                inner = Fields(value.span)
                name = "count" if not is_null(value.get("count")) else "replicas"
                inner.put("numReplicas", value.get(name), value.keys.get(name))
                inner.put("stackerAssignment", value.get("stacker"), value.keys.get("stacker"))
                pruned = self._pruned(inner)
                found.put(key, pruned if isinstance(pruned, Fields) else _made(value.span), place)
            else:
                found.put(key, _made(value.span, numReplicas=value), place)
        return found

    def _networking(self, config: Fields) -> Value:
        own = config.get("networking")
        if isinstance(own, Unknown):
            return own
        node = own.copy() if isinstance(own, Fields) else Fields(config.keys.get("networking"))
        node.entries.pop("customDomains", None)
        node.entries.pop("tcpProxies", None)
        domains = config.get("domains")
        if isinstance(domains, Items) and (domains.items or not self.takes_empty):
            node.put("customDomains", _domains(domains), config.keys.get("domains"))
        elif isinstance(domains, Unknown):
            node.put("customDomains", domains)
        for key in ("tcp", "tcpProxies"):
            ports = config.get(key)
            if isinstance(ports, Items) and (ports.items or not self.takes_empty):
                proxies = Fields(ports.span)
                for each in ports.items:
                    if isinstance(each, Plain):
                        proxies.put(methods.shown(each), Fields(each.span), each.span)
                    else:
                        proxies.complete = False
                node.put("tcpProxies", proxies, config.keys.get(key))
                break
        return self._pruned(node)

    def _variables(self, config: Fields) -> Value:
        sources = [config.get("variables"), config.get("env")]
        if all(is_null(each) for each in sources):
            return NOTHING
        whole = Fields(config.keys.get("env") or config.keys.get("variables"))
        for each in sources:
            if isinstance(each, Fields):
                whole.take(each)
            elif not is_null(each):
                whole.complete = False
        if not whole.entries and whole.complete and self.takes_empty:
            return NOTHING
        found = Fields(whole.span)
        found.complete = whole.complete
        for key, value in whole.entries.items():
            is_typed = isinstance(value, Fields) and "type" in value.entries
            kind = "literal" if text_of(value) is not None else "raw"
            if is_typed or isinstance(value, Unknown):
                found.put(key, value, whole.keys.get(key))
            elif not isinstance(value, Plain) or not value.absent or kind == "literal":
                node = _made(value.span, type=Plain(kind, value.span), value=value)
                found.put(key, node, whole.keys.get(key))
        return found

    def _mounts(self, mounts: Value) -> dict[str, Value]:
        if not isinstance(mounts, Fields):
            return {"volumeMounts": mounts}
        if not mounts.entries and mounts.complete and self.takes_empty:
            return {}
        raw, attached = Fields(mounts.span), Fields(mounts.span)
        raw.complete = mounts.complete
        for key, value in mounts.entries.items():
            place = mounts.keys.get(key)
            if isinstance(value, Fields) and text_of(value.get("type")) == "volume":
                node = Fields(value.span)
                node.put("volume", value.get("address"), place)
                node.put("mountPath", Plain(key, place), place)
                node.put("volumeConfig", value.get("config"), place)
                name = text_of(value.get("name"))
                if name is not None:
                    attached.put(name, self._pruned(node), place)
            else:
                raw.put(key, value, place)
        return {"volumeMounts": raw, "volumeAttachments": attached}

    # -- help -------------------------------------------------------------------------------------

    def _config(self, given: Iterable[Value], named: Fields, span: Span) -> Fields:
        """The settings that a call is given: a mapping, or keywords."""
        found = Fields(span)
        for each in (*given, named):
            if isinstance(each, Fields):
                found.take(each)
                if each is not named:
                    found.span = each.span
            elif not is_null(each):
                found.complete = False
        return found

    def _pruned(self, node: Fields) -> Value:
        """Without what is null; nothing at all where nothing is left."""
        for key in [key for key, value in node.entries.items() if is_null(value)]:
            del node.entries[key]
        return node if node.entries or not node.complete else NOTHING


def context(environment: str, follower: Follower) -> Fields:
    """What a program is given when it is evaluated for an environment; ``follower`` hears what
    that is compared with."""
    found = Fields(kind="context")

    def is_environment(given: list[Value], named: Fields, span: Span) -> Value:
        name = given[0] if given else NOTHING
        text = text_of(name)
        if text is None:
            return Unknown("computed", "", span)
        follower.compared.append(text)
        return Plain(text == environment, span)

    for key in ("environment", "environmentName", "Environment", "EnvironmentName"):
        found.hidden[key] = found.entries[key] = Plain(environment, mark="environment")
    for key in ("isEnvironment", "is_environment", "IsEnvironment"):
        found.hidden[key] = Native(is_environment)
    found.hidden["shared"] = Members(
        lambda name: _made(None, type=Plain("sharedReference"), name=Plain(name))
    )
    found.hidden["Shared"] = Native(
        lambda given, named, span: _made(
            span, type=Plain("sharedReference"), name=given[0] if given else NOTHING
        )
    )
    # Only where a pull request's environment is made.
    found.put("pr", NOTHING)
    found.put("PR", NOTHING)
    for key in ("command", "projectId", "projectName", "environmentId", "features"):
        found.put(key, Unknown(f"{key} of the deploy"))
    for key in ("randomString", "random_string"):
        found.hidden[key] = Native(lambda given, named, span: Unknown("a random text", "", span))
    return found


def deploy_of(deploy: Value, key: str) -> Value:
    return deploy.get(key) if isinstance(deploy, Fields) else NOTHING


def _domains(domains: Items) -> Fields:
    """A domain alone gets port 8080."""
    found = Fields(domains.span)
    found.complete = domains.complete
    for each in domains.items:
        name: Value = each
        port: Value = NOTHING
        if isinstance(each, Fields):
            name, port = each.get("domain"), each.get("port")
        text = text_of(name)
        if text is None:
            found.complete = False
            continue
        found.put(text, _made(each.span, port=_or(port, Plain(8080, each.span))), each.span)
    return found


def _made(span: Span | None, **entries: Value) -> Fields:
    node = Fields(span)
    for key, value in entries.items():
        node.put(key, value, value.span or span)
    return node


def _address(kind: str, name: Value) -> Value:
    text = text_of(name)
    if text is None:
        return Unknown("the name of a resource")
    return Plain(f"{kind}.{text}", name.span)


def _reference(address: Value, output: Value, span: Span) -> Fields:
    return _made(span, type=Plain("reference", span), resource=address, output=output)


def _or(value: Value, other: Value) -> Value:
    return other if is_null(value) else value


def _first(config: Fields, *keys: str, empty: bool = False) -> Value:
    for key in keys:
        value = config.get(key)
        if not is_null(value) and not (empty and truth(value) is False):
            return value
    return NOTHING
