"""What a workload is for, as its images, its commands and its ports tell: which ones keep data,
which only repeat what the first one does, and which have nothing to answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lintscale.code.commands import runs_of
from lintscale.model.declared import Autoscaler, Container, Workload, is_for_monitoring
from lintscale.model.images import parse_image
from lintscale.platforms import TABLE
from lintscale.resolve.references import SERVERS
from lintscale.resolve.words import words
from lintscale.syntax.regex import regex

# -- images ---------------------------------------------------------------------------------------

_STORES = frozenset(
    {
        # relational, document, key-value, graph and vector databases
        "postgres", "postgresql", "postgis", "pgvector", "timescale", "mysql", "mariadb",
        "percona", "mssql", "sqlserver", "cockroach", "yugabyte", "tidb", "tikv", "citus", "crate",
        "voltdb", "mongo", "mongodb", "couchbase", "documentdb", "ravendb", "cassandra", "scylla",
        "hbase", "dynamodb", "redis", "valkey", "keydb", "memcached", "memcache", "aerospike",
        "hazelcast", "infinispan", "couchdb", "pouchdb", "rethinkdb", "surrealdb", "neo4j",
        "dgraph", "janusgraph", "memgraph", "graphd", "qdrant", "weaviate", "milvus", "opengauss",
        "firebird", "db2", "foundationdb", "rqlite", "dqlite", "ksqldb", "dragonflydb", "etcd",
        "zookeeper",
        # search and analysis
        "elasticsearch", "opensearch", "solr", "meilisearch", "typesense", "quickwit",
        "zincsearch", "clickhouse", "questdb", "influxdb", "victoriametrics", "opentsdb",
        "graphite", "pinot",
        # brokers and queues
        "kafka", "redpanda", "rabbitmq", "activemq", "artemis", "rocketmq", "pulsar", "nats",
        "nsqd", "mosquitto", "emqx", "hivemq", "vernemq", "beanstalkd", "eventstore", "kurrentdb",
        "iggy",
        # objects and files
        "minio", "seaweedfs", "ceph", "glusterfs", "hdfs", "namenode", "datanode", "zenko",
        "openldap", "nacos", "azurite", "localstack",
    }
)  # fmt: skip
"""Databases, caches, indexes, brokers and file stores, by the word that names one in an image."""

_STORE_ENDINGS = ("db", "sql", "mq")
"""How the names of most others end: arangodb, ferretdb, immudb, ibmmq."""

_WHOLE_STORES = frozenset(
    {
        "vault", "consul", "oracle", "oracle free", "oracle xe", "chroma", "dragonfly", "garnet",
        "druid", "ignite", "hive metastore", "vespa", "manticore", "sphinxsearch", "geode",
        "titan", "prometheus", "alertmanager", "pushgateway", "loki", "tempo", "mimir", "cortex",
        "zipkin", "victoria metrics", "victoria logs", "all in one jaegertracing",
        "jaeger all in one", "jaeger", "ldap", "slapd", "registry", "tarantool", "riak", "kudu",
        "stan", "sftp", "nfs", "whisper", "carbon", "tile38", "ydb",
    }
)  # fmt: skip
"""Those whose names are words of other names too ("vault-agent", "prometheus-adapter"): only where
nothing else is in the image's name."""

_APPLICATIONS = frozenset(
    {
        "jenkins", "gitea", "gogs", "forgejo", "nexus", "nexus3", "verdaccio", "artifactory",
        "sonarqube", "teamcity", "rundeck", "keycloak", "grafana", "jupyterhub", "jupyterlab",
        "jupyter", "notebook", "vaultwarden", "nextcloud", "owncloud", "portainer", "temporalio",
        "homeassistant", "pihole", "minecraft", "plex", "jellyfin", "ghost", "wordpress", "drupal",
        "redmine", "graylog", "zabbix", "netdata", "chartmuseum", "gerrit", "bitbucket", "jira",
        "confluence", "n8n", "openfire", "ejabberd", "uptime kuma", "home assistant", "pi hole",
        "code server", "rstudio", "mailhog", "mailpit", "maildev", "greenmail", "wiremock",
    }
)  # fmt: skip
"""Applications that keep sessions, jobs or files on their own disk or in their own memory."""

_APPLICATION_WORDS = frozenset({"notebook", "jupyter", "jenkins", "minecraft"})
"""Those of them that name one in whatever company."""

_LOAD = (
    "locust", "loadgenerator", "loadgen", "loadtest", "loadtester", "load generator", "load gen",
    "load test", "load tester", "traffic generator", "trafficgenerator", "k6", "jmeter", "gatling",
    "artillery", "vegeta", "fortio", "wrk", "wrk2", "nighthawk",
)  # fmt: skip
"""What sends requests for a test."""

_EXPORTERS = frozenset({"cadvisor", "heapster"}).union(*(each.exporters for each in TABLE.values()))
"""Exporters that are not called so."""

_EDITIONS = frozenset(
    {
        "alpine", "amd64", "arm64", "bookworm", "bullseye", "ce", "classic", "cluster",
        "community", "core", "custom", "debian", "docker", "ee", "enterprise", "free", "ha",
        "image", "jammy", "local", "lts", "management", "master", "minimal", "node", "oss",
        "primary", "redhat", "replica", "server", "secondary", "single", "slim", "standalone",
        "store", "ubi", "ubuntu", "x86", "xe", "setup", "auto", "cache",
        *(edition for each in TABLE.values() for edition in each.image_editions),
    }
)  # fmt: skip
"""Words that leave a server what it is. An image that is called nothing else has its name in the
part before ("mssql/server")."""

_TOOLS = frozenset(
    {
        "adapter", "admin", "agent", "api", "app", "backend", "backup", "bench", "benchmark",
        "bootstrap", "bridge", "browser", "check", "cli", "client", "commander", "connect",
        "connector", "console", "consumer", "controller", "copy", "cron", "dashboard", "demo",
        "downloader", "driver", "dump", "example", "exporter", "feeder", "frontend", "gateway",
        "gui", "handler", "importer", "ingest", "init", "insight", "job", "listener", "loader",
        "manager", "migrate", "migration", "migrations", "migrator", "mirror", "monitor",
        "operator", "peer", "proxy", "producer", "psql", "publisher", "reader", "reloader",
        "restore", "rest", "router", "schema", "seed", "seeder", "shipper", "sidecar", "sink",
        "sub", "subscriber", "sync", "template", "test", "tester", "tool", "toolbox", "tools",
        "ui", "updater", "utils", "viewer", "web", "webui", "worker", "writer", "box", "wait",
        "express",
    }
)  # fmt: skip
"""Words of programs that use a server or look after one ("redis-commander", "kafka-consumer")."""

_FLAVOURS = frozenset(
    {
        "base", "broker", "chart", "contrib", "data", "database", "db", "extended", "extension",
        "extensions", "extras", "fips", "fork", "galera", "hardened", "instance", "jetstream",
        "kraft", "mod", "modules", "patched", "plugin", "plugins", "repmgr", "rootless", "search",
        "secure", "sentinel", "shard", "ssl", "stack", "tls", "vector", "vectors", "volume", "with",
        "wolfi", "and", "for", "json", "timeseries", "cron", "keeper", "rust", "cdc", "preloaded",
    }
)  # fmt: skip
"""Words behind a store's name that say which one it is, or what was added to it."""

_PUBLISHERS = frozenset(
    {
        "library", "bitnami", "bitnamilegacy", "bitnamisecure", "chainguard", "rapidfort",
        "apache", "elastic", "confluentinc", "strimzi", "debezium", "wurstmeister", "yandex",
        "altinity", "zalando", "crunchydata", "supabase", "opensearchproject", "microsoft",
        *(publisher for each in TABLE.values() for publisher in each.publishers),
        "google_containers", "google_samples", "google-samples", "ibmcom", "icr",
        "rhscl", "rhel8", "rhel9", "sclorg", "centos7", "openshift", "ubuntu", "circleci", "cimg",
    }
)  # fmt: skip
"""Who publishes images of stores, and not one's own applications."""

_STORE_PORTS = frozenset(
    {
        "5432", "5433", "3306", "33060", "1433", "1521", "26257", "27017", "27018", "27019",
        "6379", "16379", "26379", "11211", "9042", "7000", "7199", "7687", "7474", "5984", "8086",
        "8123", "9200", "9300", "8983", "7700", "8108", "6333", "6334", "19530", "2379", "2380",
        "2181", "9092", "9093", "9094", "29092", "5672", "5671", "15672", "61616", "1883", "8883",
        "4222", "6222", "6650", "4150", "11300", "5701", "28015",
    }
)  # fmt: skip
"""The ports of stores, none of which applications are known by."""

_SQLITE = regex(r"(?:jdbc:)?sqlite3?(?:\+[a-z]+)?:(?!.*:memory:)", re.IGNORECASE)
_SQLITE_FILE = regex(r"(?:file:|\.{0,2}/)[^\s?]{1,300}\.(?:db|db3|sqlite|sqlite3)(?:\?|\Z)")
_DATABASE_WORDS = frozenset({"db", "database", "sqlite", "datasource", "dsn"})

_NUMBER = regex(r"[0-9]+\Z|v[0-9]+\Z")


def data_server_of(workload: Workload) -> str:
    """What a workload is that keeps data in servers which know each other: the engine of a
    database server, or the name of a broker, an index or a store; "" when it is none."""
    return next((found for each in _running(workload) if (found := _store(each))), "")


def singleton_of(workload: Workload) -> str:
    """What a workload is of which a second instance takes no share of the work: "exporter", "load
    generator" or "stateful application", or "possible store"; "" when it is none."""
    kinds = {_kind(each) for each in _running(workload)}
    if kinds == {"exporter"}:
        return "exporter"
    found = next((kind for kind in ("load generator", "stateful application") if kind in kinds), "")
    if not found and any(map(_writes_sqlite, _running(workload))):
        found = "stateful application"
    doubtful = any(_named_store(_image(each)) for each in _running(workload))
    return found or ("possible store" if doubtful else "")


def _writes_sqlite(container: Container) -> bool:
    """Whether a variable says that its database is a file of SQLite, which one process writes."""
    return any(
        _SQLITE.match(value)
        or (_SQLITE_FILE.match(value) and _DATABASE_WORDS & set(words(variable.name)))
        for variable in container.environment
        if (value := variable.value.value)
    )


def _store(container: Container) -> str:
    """The store that a container runs. Where its image's name leaves open whether it is the store
    or an application that uses it ("redis-orders"), its ports tell."""
    image = _image(container)
    found = store_in(image)
    if found:
        return found
    asked = {str(port.number) for port in container.ports} | {
        probe.port.value for probe in container.probes if probe.port.value
    }
    named = {port.name for port in container.ports}
    if asked and not asked & _STORE_PORTS and not any(map(_is_store_word, named)):
        return ""
    return _named_store(image)


_PASSES_ON = frozenset({"api", "gateway", "ingress", "nginx", "proxy", "server", "traefik", "web"})
"""Words of controllers that pass on their users' requests themselves."""

_LEADER = regex(r"--?(?:enable-)?leader-elect(?:ion)?(?:=true)?(?:\s|\Z)")


def is_operator(workload: Workload) -> bool:
    """Whether it is called an operator or a controller manager, or elects a leader."""
    texts = [workload.name, *workload.labels.values(), *map(_image, _running(workload))]
    for text in texts:
        name = words(parse_image(text).name)
        if "operator" in name or ("controller" in name and "manager" in name):
            return True
    return any(_LEADER.search(each.command.value or "") for each in _running(workload))


def is_controller(workload: Workload) -> bool:
    """Whether it is an operator, or is called a controller and may change objects of its cluster: a
    second one does the same work again, or waits."""
    if is_operator(workload):
        return True
    texts = [workload.name, *map(_image, _running(workload))] if workload.acts_on_cluster else []
    names = [words(parse_image(text).name) for text in texts]
    return any(name[-1:] == ("controller",) and not _PASSES_ON & set(name) for name in names)


def is_exporter(container: Container) -> bool:
    """Only monitoring asks it: its image is called an exporter, or its ports say so."""
    if _kind(container) == "exporter":
        return True
    return bool(container.ports) and all(
        only_monitored(port.name, container) for port in container.ports
    )


def store_in(image: str) -> str:
    """The engine, or the name, of the store that an image certainly is: it is called after it, or
    after what it is for with the store behind ("orders-redis", "catalogue-db"), or comes from who
    publishes stores. "redis-orders" may be an application; "redis-exporter" and "db-migrate" are
    none."""
    name = _words(image)
    if " ".join(name) in _WHOLE_STORES:
        return name[0]
    found = _named_store(image)
    if found and (_is_published(image) or _is_last(name)):
        return found
    last_is_database = bool(name) and name[-1] in ("db", "database") and not _TOOLS & set(name)
    return "database" if last_is_database and not found else ""


def _named_store(image: str) -> str:
    """The first store in an image's name that is no tool's."""
    name = _words(image)
    if _TOOLS & set(name):
        return ""
    found = next(filter(_is_store_word, name), "")
    bare = _without_version(found)
    return SERVERS.get(bare, bare)


def _is_last(name: Sequence[str]) -> bool:
    """Whether nothing but what says which store it is stands behind a store's name."""
    stores = [position for position, word in enumerate(name) if _is_store_word(word)]
    return all(word in _FLAVOURS for word in name[stores[-1] + 1 :])


def _is_published(image: str) -> bool:
    """Whether it is of a publisher of stores, or of the store's own."""
    reference = parse_image(image)
    path = reference.repository.removeprefix(reference.domain).strip("/").split("/")
    return any(each in _PUBLISHERS or _is_store_word(each) for each in path[:-1])


def _is_store_word(word: str) -> bool:
    bare = _without_version(word)
    return bare in _STORES or (len(bare) > 3 and bare.endswith(_STORE_ENDINGS))


def _without_version(word: str) -> str:
    return word if word in _STORES else word.rstrip("0123456789")


def _kind(container: Container) -> str:
    name = _words(_image(container))
    text = " ".join(name)
    if "exporter" in name or text in _EXPORTERS:
        return "exporter"
    if any(f" {each} " in f" {text} " for each in _LOAD):
        return "load generator"
    if text in _APPLICATIONS or _APPLICATION_WORDS & set(name):
        return "stateful application"
    return ""


def _words(image: str) -> tuple[str, ...]:
    """The words of the last part of an image's name that are neither a version nor an edition;
    where none is left, of the part before, with what the last one is called ("all in one
    jaegertracing")."""
    reference = parse_image(image)
    name = tuple(word for word in words(reference.name) if not _NUMBER.match(word))
    telling = tuple(word for word in name if word not in _EDITIONS)
    path = reference.repository.removeprefix(reference.domain).strip("/").split("/")
    before = words(path[-2]) if len(path) > 1 else ()
    if name == ("all", "in", "one"):
        return (*name, *before)
    return telling or before or name


def _running(workload: Workload) -> list[Container]:
    return [container for container in workload.containers if not container.init]


def _image(container: Container) -> str:
    return (container.image.value or "").lower()


# -- ports ----------------------------------------------------------------------------------------


def only_monitored(port_name: str, container: Container) -> bool:
    """Only monitoring asks at a port that is called so, unless that is what the program itself is
    called: a Prometheus answers its users at its port "prometheus"."""
    own = set(words(port_name)) & set(words(parse_image(_image(container)).name))
    return is_for_monitoring(port_name) and (not own or _kind(container) == "exporter")


def takes_work_from_queues(workload: Workload, autoscalers: Sequence[Autoscaler]) -> bool:
    """It is scaled by what waits in queues, and each of its ports is for monitoring, by its name
    or since its probes ask it."""
    effective = [each for each in autoscalers if each.effective and each.metrics]
    queued = [any(metric.kind == "queue" for metric in each.metrics) for each in effective]
    return bool(queued) and all(queued) and all(map(is_only_probed, _running(workload)))


def is_only_probed(container: Container) -> bool:
    """Each of its ports is for monitoring, by its name or since its probes ask it."""
    asked = {probe.port.value for probe in container.probes}
    return all(
        only_monitored(port.name, container) or {str(port.number), port.name} & asked
        for port in container.ports
    )


# -- commands -------------------------------------------------------------------------------------

_IDLE_PROGRAMS = frozenset({"sleep", "pause", "true", "false", ":", "trap", "wait", "echo", "date"})


def only_sleeps(workload: Workload) -> bool:
    """Its programs do nothing but wait, so that people or scripts can look into its pods."""
    running = _running(workload)
    return bool(running) and all(map(_sleeps, running))


def _sleeps(container: Container) -> bool:
    if _words(_image(container)) == ("pause",):
        return True
    runs = runs_of(container)
    return any(run.program in ("sleep", "pause", "tail") for run in runs) and all(
        run.program in _IDLE_PROGRAMS or (run.program == "tail" and "/dev/null" in run.arguments)
        for run in runs
    )
